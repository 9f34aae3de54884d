import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ID_PATTERN } from '@trame/protocol/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONSOLES } from '../control/control-place.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { loadConfig, type ConfigSources } from './load-config.ts';
import { issueText, parseConfig } from './parse-config.ts';

function faults(text: string): string[] {
  const read = parseConfig(text);
  return read.kind === 'ok' ? [] : read.issues.map((issue) => issueText('dashboard.yaml', issue));
}

describe('dashboard.yaml', () => {
  it('may be empty, or say everything', () => {
    expect(faults('')).toEqual([]);
    expect(faults('# nothing yet\n')).toEqual([]);
    const all = `site: caux-vallee-de-seine
role: site
installation: real
host: 0.0.0.0
port: 8080
timeZone: Europe/Paris
broker:
  url: mqtts://broker.site:8883
  username: dashboard
  passwordFile: /etc/trame/mqtt.secret
  caFile: /etc/trame/ca.pem
  version: 3.1.1
hostId: trame
history: influx
influx: { url: "http://127.0.0.1:8086", database: trame, username: t, passwordFile: x, retentionDays: 30 }
records: embedded
mqttPort: 1883
actors: { keepMonths: 12 }
webDir: /usr/share/trame/web
`;
    expect(faults(all)).toEqual([]);
  });

  it.each([
    ['prot: 80', 'dashboard.yaml:1:1 prot: unknown key'],
    [
      'control:\n  consoles: [192.168.1.20, salle]',
      'dashboard.yaml:2:28 control.consoles.1: «salle» is no address or network: expected one such as 192.168.1.20 or 192.168.1.0/24',
    ],
    ['control:\n  console: [10.0.0.1]', 'dashboard.yaml:2:3 control.console: unknown key'],
    ['host: a\nport: http', 'dashboard.yaml:2:1 port: expected a port from 0 to 65535'],
    ['port: 99999', 'dashboard.yaml:1:1 port: expected a port from 0 to 65535'],
    ['site: Caux vallée', `dashboard.yaml:1:1 site: expected a name of the form ${ID_PATTERN}`],
    ['installation: test', 'dashboard.yaml:1:1 installation: expected real or demo'],
    [
      'broker: mosquitto',
      'dashboard.yaml:1:1 broker: expected embedded, or {url, username, passwordFile, caFile, version}',
    ],
    [
      'broker:\n  url: http://x',
      'dashboard.yaml:2:3 broker.url: expected mqtt://host:port, mqtts://, ws:// or wss://',
    ],
    ['broker:\n  url: mqtt://x\n  user: y', 'dashboard.yaml:3:3 broker.user: unknown key'],
    [
      'timeZone: Mars/Base',
      'dashboard.yaml:1:1 timeZone: «Mars/Base» is not a known time zone, expected one such as Europe/Paris',
    ],
    [
      'role: region',
      'dashboard.yaml:1:1 role: the region role is not available in this version: expected site',
    ],
    ['history: influx', 'dashboard.yaml:1:1 history: history: influx needs the key influx: {url, …}'],
    [
      'mqttHost: 0.0.0.0',
      'dashboard.yaml:1:1 mqttHost: the embedded broker listens beyond this machine only with mqttAccounts',
    ],
    [
      'mqttAccounts:\n  - username: a',
      'dashboard.yaml:2:5 mqttAccounts.0: must have required properties passwordFile',
    ],
    ['records: oracle', 'dashboard.yaml:1:1 records: expected embedded, or {url, passwordFile, caFile}'],
    [
      'records: { url: "postgres://a@127.0.0.1", passwordFile: p }',
      'dashboard.yaml:1:12 records.url: expected postgres://user@host:port/database',
    ],
    [
      'records: { url: "postgres://a:b@127.0.0.1:5432/t", passwordFile: p }',
      'dashboard.yaml:1:12 records.url: write the password in passwordFile, never in the address',
    ],
    [
      'records: { url: "postgres://127.0.0.1/t", passwordFile: p }',
      'dashboard.yaml:1:12 records.url: names no user: expected postgres://user@host:port/database',
    ],
    [
      'records: { url: "postgres://a@db.site/t", passwordFile: p }',
      'dashboard.yaml:1:12 records.url: a database on another machine is reached by TLS only: caFile names the authority of its certificate',
    ],
    [
      'records: { url: "postgres://a@127.0.0.1/t" }',
      'dashboard.yaml:1:1 records: expected embedded, or {url, passwordFile, caFile}',
    ],
    [
      'actors: { keepMonths: 0 }',
      'dashboard.yaml:1:11 actors.keepMonths: expected a number of months from 1 to 120',
    ],
    ['actors: 36', 'dashboard.yaml:1:1 actors: expected {keepMonths}'],
    ['- a', 'dashboard.yaml:1:1 a list of «key: value» lines'],
    ['host: ""', 'dashboard.yaml:1:1 host: expected an address to listen on, such as 127.0.0.1'],
  ])('%j: %s', (text, message) => {
    expect(faults(text)).toEqual([message]);
  });

  it('tells every fault at once, and where YAML itself ends', () => {
    expect(faults('port: x\nhostId: "a b"\nrecords: oracle\nzz: 1')).toHaveLength(4);
    expect(faults('port: 1\nport: 2')[0]).toMatch(/^dashboard\.yaml:2:1 .*unique/u);
    expect(faults('host: *nobody')[0]).toMatch(/^dashboard\.yaml:1:1 .*alias/u);
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]';
    expect(faults(bomb)[0]).toMatch(/^dashboard\.yaml:1:1 .*alias/u);
    expect(faults('host: [a')[0]).toMatch(/^dashboard\.yaml:1:\d+ /u);
  });

  it('never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['ok', 'invalid']).toContain(parseConfig(text).kind);
      }),
    );
  });
});

const sources = (cwd: string, changes: Partial<ConfigSources> = {}): ConfigSources => ({
  configFile: null,
  dataDir: null,
  env: {},
  cwd,
  defaultWebDir: '/web',
  ...changes,
});

describe('the configuration', () => {
  it('has a default for everything', () => {
    using directory = tempDir();
    expect(loadConfig(sources(directory.path))).toEqual({
      kind: 'ok',
      config: {
        site: null,
        role: 'site',
        installation: 'real',
        host: '127.0.0.1',
        port: 8080,
        timeZone: 'Europe/Paris',
        broker: { kind: 'embedded', host: '127.0.0.1', port: 1883, accounts: [] },
        hostId: 'trame',
        history: { kind: 'embedded', retentionDays: 30 },
        records: { kind: 'embedded' },
        actorsKeepMonths: 36,
        material: {},
        calendar: null,
        stops: {},
        sortProgrammes: {},
        targets: {},
        consoles: DEFAULT_CONSOLES,
        webDir: '/web',
        dataDir: join(directory.path, '.trame', 'dashboard'),
        demoAccountsFile: join(directory.path, '.trame', 'demo-accounts.json'),
      },
    });
  });

  it('lets the environment say ports and places', () => {
    using directory = tempDir();
    const env = { TRAME_HTTP_PORT: '18080', TRAME_MQTT_PORT: '11883', TRAME_DATA_DIR: '/srv/t' };
    expect(loadConfig(sources(directory.path, { env }))).toMatchObject({
      config: {
        port: 18_080,
        broker: { port: 11_883 },
        dataDir: '/srv/t/dashboard',
        demoAccountsFile: '/srv/t/demo-accounts.json',
      },
    });
    expect(loadConfig(sources(directory.path, { env: { TRAME_HTTP_PORT: '80x' } }))).toEqual({
      kind: 'invalid',
      lines: ['TRAME_HTTP_PORT: «80x» is not a port, expected a number from 0 to 65535'],
    });
  });

  it('reads secrets from their files, and says which is missing', () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, 'pw'), 'hush\n');
    const file = join(directory.path, 'd.yaml');
    writeFileSync(file, 'broker: { url: "mqtt://b", username: u, passwordFile: pw }');
    expect(loadConfig(sources(directory.path, { configFile: file }))).toMatchObject({
      config: { broker: { kind: 'external', password: 'hush', version: 4 } },
    });
    writeFileSync(file, 'broker: { url: "mqtt://b", username: u, passwordFile: none }');
    const missing = loadConfig(sources(directory.path, { configFile: file }));
    expect(missing).toMatchObject({
      kind: 'invalid',
      lines: [expect.stringMatching(/^none: cannot be read/u)],
    });
  });

  it('takes a database, its password from a file', () => {
    using directory = tempDir();
    writeFileSync(join(directory.path, 'pw'), 'hush\n');
    const file = join(directory.path, 'd.yaml');
    writeFileSync(file, 'records: { url: "postgres://trame@127.0.0.1:5432/trame", passwordFile: pw }');
    expect(loadConfig(sources(directory.path, { configFile: file }))).toMatchObject({
      config: {
        records: {
          kind: 'postgres',
          url: 'postgres://trame@127.0.0.1:5432/trame',
          password: 'hush',
          ca: null,
        },
      },
    });
  });

  it('must be there when it is named', () => {
    using directory = tempDir();
    expect(loadConfig(sources(directory.path, { configFile: 'no.yaml' }))).toMatchObject({
      kind: 'invalid',
      lines: [expect.stringMatching(/^no\.yaml: cannot be read/u)],
    });
  });
});
