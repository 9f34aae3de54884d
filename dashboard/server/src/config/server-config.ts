/** What a dashboard server may be told in `dashboard.yaml`; every key has a default for one PC. */
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type, type Static } from 'typebox';
import { CalendarSettings } from '../calendar/calendar-config.ts';
import { MaterialSettings } from '../material/material-config.ts';
import type { RecordsConfig } from '../records/records-config.ts';
import { ProgrammeSettings } from '../sort-programmes/programme-config.ts';
import { StopSettings } from '../stops/stop-config.ts';
import { TargetSettings } from '../trs/target-config.ts';

const File = Type.String({ minLength: 1, maxLength: 4096 });
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Name = Type.String({ minLength: 1, maxLength: 128 });

export const ExternalBroker = Type.Object(
  {
    url: Type.String({ pattern: '^(mqtts?|wss?)://[^\\s/]+' }),
    username: Type.Optional(Name),
    passwordFile: Type.Optional(File),
    caFile: Type.Optional(File),
    version: Type.Optional(Type.Union([Type.Literal('3.1.1'), Type.Literal('5'), Type.Literal(5)])),
  },
  { additionalProperties: false },
);
export type ExternalBroker = Static<typeof ExternalBroker>;

export const MqttAccount = Type.Object(
  { username: Name, passwordFile: File },
  { additionalProperties: false },
);

export const InfluxSettings = Type.Object(
  {
    url: Type.String({ pattern: '^https?://[^\\s/]+' }),
    database: Type.Optional(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' })),
    username: Type.Optional(Name),
    passwordFile: Type.Optional(File),
    retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660 })),
  },
  { additionalProperties: false },
);

export const PostgresSettings = Type.Object(
  {
    url: Type.String({ pattern: '^postgres(ql)?://[^\\s/]+/[^\\s/?#]+$' }),
    passwordFile: File,
    caFile: Type.Optional(File),
  },
  { additionalProperties: false },
);

export const ActorSettings = Type.Object(
  { keepMonths: Type.Integer({ minimum: 1, maximum: 120 }) },
  { additionalProperties: false },
);

export const ControlSettings = Type.Object(
  {
    /** Addresses and networks from which a line may be set in motion; left out: this machine and private networks. */
    consoles: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64 })),
  },
  { additionalProperties: false },
);

export const ConfigFile = Type.Object(
  {
    site: Type.Optional(Type.String({ pattern: ID_PATTERN })),
    role: Type.Optional(Type.Union([Type.Literal('site'), Type.Literal('region')])),
    installation: Type.Optional(Type.Union([Type.Literal('real'), Type.Literal('demo')])),
    host: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    port: Type.Optional(Port),
    timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    broker: Type.Optional(Type.Union([Type.Literal('embedded'), ExternalBroker])),
    mqttHost: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    mqttPort: Type.Optional(Port),
    mqttAccounts: Type.Optional(Type.Array(MqttAccount, { maxItems: 64 })),
    hostId: Type.Optional(Type.String({ pattern: ID_PATTERN })),
    history: Type.Optional(Type.Union([Type.Literal('embedded'), Type.Literal('influx')])),
    influx: Type.Optional(InfluxSettings),
    records: Type.Optional(Type.Union([Type.Literal('embedded'), PostgresSettings])),
    actors: Type.Optional(ActorSettings),
    material: Type.Optional(MaterialSettings),
    control: Type.Optional(ControlSettings),
    calendar: Type.Optional(CalendarSettings),
    stops: Type.Optional(StopSettings),
    targets: Type.Optional(TargetSettings),
    sortProgrammes: Type.Optional(ProgrammeSettings),
    webDir: Type.Optional(File),
  },
  { additionalProperties: false },
);
export type ConfigFile = Static<typeof ConfigFile>;

/** What each key takes, in words, for whoever wrote something else. */
export const EXPECTED: Readonly<Record<string, string>> = {
  '': 'a list of «key: value» lines',
  '/site': `expected a name of the form ${ID_PATTERN}`,
  '/role': 'expected site or region',
  '/installation': 'expected real or demo',
  '/host': 'expected an address to listen on, such as 127.0.0.1',
  '/port': 'expected a port from 0 to 65535',
  '/timeZone': 'expected a time zone such as Europe/Paris',
  '/broker': 'expected embedded, or {url, username, passwordFile, caFile, version}',
  '/broker/url': 'expected mqtt://host:port, mqtts://, ws:// or wss://',
  '/broker/version': 'expected 3.1.1 or 5',
  '/mqttPort': 'expected a port from 0 to 65535',
  '/mqttAccounts': 'expected a list of {username, passwordFile}',
  '/hostId': `expected a name of the form ${ID_PATTERN}`,
  '/history': 'expected embedded or influx',
  '/influx': 'expected {url, database, username, passwordFile, retentionDays}',
  '/influx/url': 'expected http://host:port or https://',
  '/influx/database': 'expected letters, digits, _ and -',
  '/influx/retentionDays': 'expected a number of days from 1 to 3660',
  '/records': 'expected embedded, or {url, passwordFile, caFile}',
  '/records/url': 'expected postgres://user@host:port/database',
  '/actors': 'expected {keepMonths}',
  '/actors/keepMonths': 'expected a number of months from 1 to 120',
  '/material':
    'expected {bookKeeper, outlets, presses, zones, siteCeiling, containerKinds, scales, printers, gs1, ownDomain, kiosk}',
  '/material/bookKeeper': 'expected the name of a line',
  '/material/outlets': 'expected a list of {id, label, pictogram, group, family, unit, packagingKg, usualKg}',
  '/material/presses': 'expected a list of {id, label, line, scale, outlets}',
  '/material/zones': 'expected a list of {id, label, ceilingT, ceilingM3, kgPerM3}',
  '/material/siteCeiling': 'expected {t, m3, kgPerM3}',
  '/material/containerKinds': 'expected a list of {kind, tareKg}',
  '/material/scales': 'expected a list of {id, label, line, use, intervalKg}',
  '/material/printers': 'expected a list of {id, label, url: tcp://host:9100, presses}',
  '/material/gs1/prefix': 'expected the 6 to 12 digits of a GS1 company prefix, between quotes',
  '/material/ownDomain': 'expected https://… without a slash at its end',
  '/material/kiosk/dpi': 'expected pixels an inch, from 40 to 600',
  '/calendar': 'expected {open: {monday: ["08:00-12:00", …], …}, closed, breaks}',
  '/calendar/open': 'expected {monday, tuesday, … sunday}, each a list of hours such as "08:00-12:00"',
  '/calendar/closed': 'expected a list of days YYYY-MM-DD',
  '/calendar/breaks': 'expected a list of hours such as "10:00-10:15"',
  '/stops': 'expected {causes, microStop, propose}',
  '/stops/causes': 'expected a list of 6 to 8 {id, label, kind, pictogram}',
  '/stops/microStop': 'expected a time from 10s to 30min, such as 2min',
  '/stops/propose': 'expected a list of {alarm | group | station | state, cause}',
  '/targets': 'expected {nominalKgPerHour, outputsPerDay, andon, groupMin, lines}',
  '/targets/nominalKgPerHour': 'expected kilograms an hour, more than 0',
  '/targets/outputsPerDay': 'expected a number of outputs from 1 to 100000',
  '/targets/andon': 'expected true or false',
  '/targets/groupMin': 'expected a number of people, 4 or more',
  '/targets/lines': 'expected {<line>: {nominalKgPerHour, outputsPerDay}}',
  '/sortProgrammes': 'expected {approvals}',
  '/sortProgrammes/approvals': 'expected 1 or 2: how many accounts agree before a line follows a programme',
  '/control': 'expected {consoles}',
  '/control/consoles':
    'expected a list of addresses and networks, such as [192.168.1.20, 192.168.2.0/24]; an empty one: from nowhere',
  '/webDir': 'expected a folder',
};

export type BrokerConfig =
  | {
      readonly kind: 'embedded';
      readonly host: string;
      readonly port: number;
      readonly accounts: readonly { readonly username: string; readonly password: string }[];
    }
  | {
      readonly kind: 'external';
      readonly url: string;
      readonly username: string | null;
      readonly password: string | null;
      readonly ca: string | null;
      readonly version: 4 | 5;
    };

export interface InfluxConfig {
  readonly url: string;
  readonly database: string;
  readonly username: string | null;
  readonly password: string | null;
}

export type HistoryConfig = { readonly retentionDays: number } & (
  | { readonly kind: 'embedded' }
  | { readonly kind: 'influx'; readonly influx: InfluxConfig }
);

/** Everything that a server needs to know, checked; files with secrets are read. */
export interface ServerConfig {
  /** The only site that is heard; null: whatever the broker lets through. */
  readonly site: string | null;
  /** From a region no line is asked for anything. */
  readonly role: 'site' | 'region';
  readonly installation: 'real' | 'demo';
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly timeZone: string;
  readonly broker: BrokerConfig;
  readonly hostId: string;
  readonly history: HistoryConfig;
  readonly records: RecordsConfig;
  /** How long it is known who is behind an opaque reference of the ledger, after that person's last act. */
  readonly actorsKeepMonths: number;
  /** Outlets, presses, zones, printers; what is left out has a default. */
  readonly material: MaterialSettings;
  /** Addresses and networks from which a line may be set in motion. */
  readonly consoles: readonly string[];
  /** When lines are open; null: while a shift is open on them. */
  readonly calendar: CalendarSettings | null;
  /** Causes of stops, and what is proposed; what is left out has a default. */
  readonly stops: StopSettings;
  readonly targets: TargetSettings;
  /** Who agrees to sort programmes; what is left out has a default. */
  readonly sortProgrammes: ProgrammeSettings;
  readonly webDir: string;
  readonly dataDir: string;
  readonly demoAccountsFile: string;
}
