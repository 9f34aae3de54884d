/** `line.yaml`: read once, checked whole, trusted afterwards. */
import { isDeepStrictEqual } from 'node:util';
import { LINE_DEVICE, type DeviceLabel } from '@trame/protocol/line-description';
import type { TagType } from '@trame/protocol/tag';
import {
  DEFAULT_SPOOL,
  NO_COMMANDS,
  type DeviceConfig,
  type LineConfig,
  type LineStateTag,
  type ModbusLink,
  type RolesConfig,
} from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import { lineAlarms } from './alarms.ts';
import { checkControlRates } from './check-control-rates.ts';
import { checkScales } from './check-scales.ts';
import { checkTotals } from './check-totals.ts';
import { commands } from './commands.ts';
import { complete, ConfigNode, listOf, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { control } from './control.ts';
import { readDeviceLabel, withDeviceLabels } from './device-label.ts';
import { readStates } from './control-plc.ts';
import { byPosition, type Issue } from './issue.ts';
import { defaultLedger, ledger } from './ledger.ts';
import { MAX_DEVICES, MAX_ISSUES } from './limits.ts';
import { modbusDevice } from './modbus-device.ts';
import { opcuaDevice } from './opcua-device.ts';
import { NO_ROLES, roles } from './roles.ts';
import { identifier, Names, oneOf } from './scalar-readers.ts';
import { sorting } from './sorting.ts';
import { spool } from './spool.ts';
import type { TagIndex } from './tag-readers.ts';
import { DEFAULT_TIME_ZONE, timeZone } from './time-zone.ts';
import { uplink } from './uplink.ts';
import { YamlSource } from './yaml-source.ts';

const LINE_KEYS = [
  'site',
  'line',
  'timeZone',
  'uplink',
  'ledger',
  'spool',
  'commands',
  'devices',
  'roles',
  'control',
  'sorting',
  'alarms',
] as const;
const DRIVERS = ['modbus', 'opcua'] as const;

export interface LineConfigOptions {
  /** Relative file names of the configuration lie here. */
  readonly dataDir: string;
}

export type LineConfigParse =
  | { readonly kind: 'ok'; readonly config: LineConfig; readonly warnings: readonly Issue[] }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

/**
 * @param file how the file is called in messages.
 * @returns the configuration with defaults filled in, or every error at once, down the file, at most
 *   {@link MAX_ISSUES}. Never throws, whatever the text.
 */
export function parseLineConfig(text: string, file: string, options: LineConfigOptions): LineConfigParse {
  const source = new YamlSource(text, file);
  // A file that is not YAML has shifted everything after its first error: reading on would invent errors.
  const config = source.issues.length > 0 ? undefined : readLine(source, options);
  if (config !== undefined && source.issues.length === 0) {
    return { kind: 'ok', config, warnings: source.warnings.sort(byPosition) };
  }
  if (source.issues.length === 0) throw new Error('a configuration was refused without a reason');
  const issues = source.issues.sort(byPosition);
  if (issues.length <= MAX_ISSUES) return { kind: 'invalid', issues };
  const rest: Issue = {
    file,
    line: 0,
    column: 0,
    path: '',
    message: `${issues.length - MAX_ISSUES} more errors are not shown`,
  };
  return { kind: 'invalid', issues: [...issues.slice(0, MAX_ISSUES), rest] };
}

function readLine(source: YamlSource, { dataDir }: LineConfigOptions): LineConfig | undefined {
  const root = new ConfigNode(source, source.root, '');
  if (root.isNothing) return root.fail('the file is empty: expected at least site, line and devices');
  const map = readMap(root, LINE_KEYS);
  if (map === undefined) return undefined;
  const index: TagIndex = new Map();
  const labels: DeviceLabel[] = [];
  const site = map.required('site', identifier);
  const line = map.required('line', identifier);
  const devices = map.required('devices', listOf(anyDevice(index, labels, dataDir), MAX_DEVICES));
  // Roles name tags of devices: without any device that could be read, each of them would be an error.
  const areReadable = devices !== undefined || index.size > 0;
  const read = areReadable ? withStates(map, map.optional('roles', roles(index), NO_ROLES)) : undefined;
  const lineRoles = read === undefined ? undefined : withDeviceLabels(read, labels);
  // What controls the line names devices and roles: it is looked at once these are right.
  const isKnown = devices !== undefined && lineRoles !== undefined;
  const controlled = isKnown ? map.optional('control', control(devices, lineRoles), null) : undefined;
  const broker = map.optional('uplink', uplink(dataDir), null);
  const usualLedger = defaultLedger(broker?.primaryHost ?? null);
  const keeping = map.optional('ledger', ledger(usualLedger), usualLedger);
  const sorterOutlets = controlled?.sorter?.outlets ?? null;
  // What control says of outlets is wrong: that nothing is said here would be a second error for the same thing.
  const canSort = devices !== undefined && controlled !== undefined;
  const sorted = canSort
    ? map.optional('sorting', sorting({ devices, sorterOutlets, dataDir }), null)
    : undefined;
  const config = complete<LineConfig>({
    site,
    line,
    timeZone: map.optional('timeZone', timeZone, DEFAULT_TIME_ZONE),
    uplink: broker,
    ledger: keeping,
    spool: map.optional('spool', spool, DEFAULT_SPOOL),
    commands: map.optional('commands', commands(dataDir), NO_COMMANDS),
    devices,
    roles: lineRoles,
    control: controlled,
    sorting: sorted,
    alarms: lineAlarms(map, {
      devices,
      roles: lineRoles,
      uplink: broker,
      ledger: keeping,
      control: controlled,
      sorting: sorted,
    }),
  });
  const written = map.get('roles');
  if (config !== undefined && written !== null) {
    checkTotals(written, config);
    checkScales(written, config);
  }
  if (config !== undefined) checkControlRates(map, config);
  return config;
}

/** What the numbers of a line's state mean is said where it is commanded, and holds for whoever reads its state. */
function withStates(map: ConfigMap, read: RolesConfig | undefined): RolesConfig | undefined {
  const node = map.get('control')?.peek('states') ?? null;
  const states: LineStateTag['states'] | undefined =
    node === null || node.isNothing ? null : readStates(node);
  if (read === undefined || states === undefined) return undefined;
  return read.lineState === null ? read : { ...read, lineState: { ...read.lineState, states } };
}

function anyDevice(index: TagIndex, labels: DeviceLabel[], dataDir: string): Reader<DeviceConfig> {
  const names = new Names('device');
  const links = new SharedLinks();
  return (node) => {
    const id = readDeviceId(node, names);
    const types = new Map<string, TagType | null>();
    const device = readDevice(node, dataDir, (name, type) => types.set(name, type));
    if (id !== undefined) index.set(id, device === undefined && types.size === 0 ? null : types);
    if (device?.driver === 'modbus' && !links.claim(device.link, node.peek('url') ?? node)) return undefined;
    const label = readDeviceLabel(node);
    if (id === undefined || label === undefined) return undefined;
    if (label !== null) labels.push({ id, label });
    return device;
  };
}

/** Checks what concerns a device among others; that there is an id, and what it may hold, the driver reads. */
function readDeviceId(node: ConfigNode, names: Names): string | undefined {
  const at = node.peek('id');
  const id = at?.scalar;
  if (at === null || typeof id !== 'string') return undefined;
  if (id === LINE_DEVICE)
    return at.fail(`${LINE_DEVICE} is kept for what the edge computes: choose another id`);
  return names.claim(id, at) ? id : undefined;
}

function readDevice(
  node: ConfigNode,
  dataDir: string,
  onTag: (name: string, type: TagType | null) => void,
): DeviceConfig | undefined {
  const at = node.peek('driver');
  if (at === null) {
    return node.isMap ? node.missing('driver') : node.fail(`expected a map, got ${node.shown}`);
  }
  const driver = oneOf(DRIVERS)(at);
  switch (driver) {
    case 'modbus':
      return modbusDevice(onTag)(node);
    case 'opcua':
      return opcuaDevice({ dataDir, onTag })(node);
    case undefined:
      return undefined;
  }
}

/** Devices of one address share one link, so they have to agree on what it is. */
class SharedLinks {
  readonly #first = new Map<string, { readonly link: ModbusLink; readonly place: string }>();

  claim(link: ModbusLink, at: ConfigNode): boolean {
    const key = linkName(link);
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, { link, place: at.place });
      return true;
    }
    if (isDeepStrictEqual(first.link, link)) return true;
    at.fail(`${key} has other settings at ${first.place}: devices on one link share them`);
    return false;
  }
}
