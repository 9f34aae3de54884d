/** What the line logic needs, bound to tags: every device and tag that is named here must exist. */
import {
  EnergyMeter,
  Safety,
  Outlet,
  OUTLET_ROUTES,
  Station,
  STATION_KINDS,
  type LineDescription,
} from '@trame/protocol/line-description';
import { FIBRES, type Composition } from '@trame/protocol/material';
import type { RolesConfig, TagRef } from '../domain/line-config.ts';
import { closest } from './closest.ts';
import { complete, listOf, readMap, type ConfigMap, type ConfigNode, type Reader } from './config-node.ts';
import { MAX_OUTLETS, MAX_STATIONS } from './limits.ts';
import { finiteNumber, identifier, Names, oneOf, text } from './scalar-readers.ts';
import type { TagIndex } from './tag-readers.ts';

const ROLE_KEYS = ['infeedScale', 'energy', 'safety', 'stations', 'outlets'] as const;
const INFEED_KEYS = ['device', 'gross', 'stable', 'total', 'baseline'] as const;
const ENERGY_TAGS = ['total', 'power'] as const;
const SAFETY_TAGS = ['emergencyStop'] as const;
const STATION_TAGS = ['state', 'running', 'speed', 'level', 'count', 'gross', 'stable', 'overload'] as const;
const OUTLET_TAGS = ['total', 'level', 'mass'] as const;
const BASELINES = ['first', 'zero'] as const;
const MAX_LABEL_CHARS = 40;
/** Roles that are a yes or no; every other one is a number. */
const BOOLEAN_ROLES: readonly string[] = ['stable', 'running', 'overload', 'emergencyStop'];
/** Shares are written with few decimals: what is off by less is rounding. */
const COMPOSITION_TOLERANCE = 0.001;

export const NO_ROLES: RolesConfig = {
  infeedScale: null,
  lineState: null,
  scales: [],
  description: { stations: [], outlets: [] },
};

export function roles(index: TagIndex): Reader<RolesConfig> {
  return (node) => {
    const map = readMap(node, ROLE_KEYS);
    if (map === undefined) return undefined;
    const stations = map.optional('stations', listOf(station(index, new Names('station')), MAX_STATIONS), []);
    const outlets = map.optional('outlets', listOf(outlet(index, new Names('outlet')), MAX_OUTLETS), []);
    const meter = map.optional('energy', energy(index), null);
    const circuit = map.optional('safety', safety(index), null);
    const described = complete<LineDescription>({ stations, outlets });
    return complete<RolesConfig>({
      infeedScale: map.optional('infeedScale', infeedScale(index), null),
      lineState: null,
      scales: [],
      description:
        described === undefined || meter === undefined || circuit === undefined
          ? undefined
          : {
              ...described,
              ...(meter === null ? {} : { energy: meter }),
              ...(circuit === null ? {} : { safety: circuit }),
            },
    });
  };
}

function infeedScale(index: TagIndex): Reader<NonNullable<RolesConfig['infeedScale']>> {
  return (node) => {
    const map = readMap(node, INFEED_KEYS);
    if (map === undefined) return undefined;
    const device = map.required('device', knownDevice(index));
    const tag = (key: string) => readRef(map, key, device, index);
    return complete<NonNullable<RolesConfig['infeedScale']>>({
      gross: tag('gross'),
      stable: tag('stable'),
      total: tag('total'),
      baseline: map.optional('baseline', oneOf(BASELINES), 'first' as const),
    });
  };
}

function energy(index: TagIndex): Reader<EnergyMeter> {
  return (node) => {
    const map = readMap(node, Object.keys(EnergyMeter.properties));
    if (map === undefined) return undefined;
    const device = map.required('device', knownDevice(index));
    const bound = readBound(map, ENERGY_TAGS, index);
    return device === undefined || bound === undefined ? undefined : { ...bound, device };
  };
}

function safety(index: TagIndex): Reader<Safety> {
  return (node) => {
    const map = readMap(node, Object.keys(Safety.properties));
    if (map === undefined) return undefined;
    const device = map.required('device', knownDevice(index));
    const bound = readBound(map, SAFETY_TAGS, index);
    return device === undefined || bound === undefined ? undefined : { ...bound, device };
  };
}

function station(index: TagIndex, names: Names): Reader<Station> {
  return (node) => {
    const map = readMap(node, Object.keys(Station.properties));
    if (map === undefined) return undefined;
    const bound = readBound(map, STATION_TAGS, index);
    const required = complete<Pick<Station, 'id' | 'kind' | 'label'>>({
      id: ownId(map, names),
      kind: map.required('kind', oneOf(STATION_KINDS)),
      label: map.required('label', text('a label', MAX_LABEL_CHARS)),
    });
    return required === undefined || bound === undefined ? undefined : { ...required, ...bound };
  };
}

function outlet(index: TagIndex, names: Names): Reader<Outlet> {
  return (node) => {
    const map = readMap(node, Object.keys(Outlet.properties));
    if (map === undefined) return undefined;
    const bound = readBound(map, OUTLET_TAGS, index);
    const baseline = map.optional('baseline', oneOf(BASELINES), null);
    const shares = map.optional('composition', composition, null);
    const required = complete<Pick<Outlet, 'id' | 'label' | 'route'>>({
      id: ownId(map, names),
      label: map.required('label', text('a label', MAX_LABEL_CHARS)),
      route: map.required('route', oneOf(OUTLET_ROUTES)),
    });
    if (required === undefined || bound === undefined || baseline === undefined || shares === undefined) {
      return undefined;
    }
    return {
      ...required,
      ...bound,
      ...(baseline === null ? {} : { baseline }),
      ...(shares === null ? {} : { composition: shares }),
    };
  };
}

function ownId(map: ConfigMap, names: Names): string | undefined {
  const id = map.required('id', identifier);
  return id !== undefined && names.claim(id, map.get('id') ?? map.at) ? id : undefined;
}

const composition: Reader<Composition> = (node) => {
  const map = readMap(node, FIBRES);
  if (map === undefined) return undefined;
  const shares: Composition = {};
  let sum = 0;
  let right = true;
  for (const fibre of FIBRES) {
    const share = map.optional(fibre, percentage, null);
    if (share === undefined) right = false;
    if (typeof share !== 'number') continue;
    shares[fibre] = share;
    sum += share;
  }
  if (right && Math.abs(sum - 100) > COMPOSITION_TOLERANCE) {
    return node.fail(`the shares add up to ${Number(sum.toFixed(3))}, expected 100`);
  }
  return right ? shares : undefined;
};

const percentage: Reader<number> = (node) => {
  const share = finiteNumber(node);
  if (share === undefined || (share >= 0 && share <= 100)) return share;
  return node.fail(`expected a share from 0 to 100, got ${share}`);
};

function knownDevice(index: TagIndex): Reader<string> {
  return (node) => {
    const id = identifier(node);
    if (id === undefined || index.has(id)) return id;
    return node.fail(unknown('device', id, [...index.keys()]));
  };
}

/** @returns the device and the tags that are written, each checked; undefined when one is wrong. */
function readBound<K extends string>(
  map: ConfigMap,
  keys: readonly K[],
  index: TagIndex,
): ({ device?: string } & { [key in K]?: string }) | undefined {
  const device = map.optional('device', knownDevice(index), null);
  const bound: { device?: string } & { [key in K]?: string } = {};
  let right = device !== undefined;
  if (typeof device === 'string') Object.assign(bound, { device });
  for (const key of keys) {
    const node = map.get(key);
    if (node === null) continue;
    if (device === null) {
      node.fail('a tag needs the device that has it: device is missing');
      right = false;
      continue;
    }
    const tag = device === undefined ? undefined : readTag(node, key, device, index);
    if (tag === undefined) right = false;
    else Object.assign(bound, { [key]: tag });
  }
  return right ? bound : undefined;
}

function readRef(
  map: ConfigMap,
  key: string,
  device: string | undefined,
  index: TagIndex,
): TagRef | null | undefined {
  const node = map.get(key);
  if (node === null) return null;
  const tag = device === undefined ? undefined : readTag(node, key, device, index);
  return tag === undefined || device === undefined ? undefined : { device, tag };
}

function readTag(node: ConfigNode, role: string, device: string, index: TagIndex): string | undefined {
  const name = node.scalar;
  if (typeof name !== 'string')
    return node.fail(`expected the name of a tag of ${device}, got ${node.shown}`);
  const tags = index.get(device);
  if (tags === undefined || tags === null) return undefined;
  const type = tags.get(name);
  if (type === undefined) return node.fail(unknown(`tag of ${device}`, name, [...tags.keys()]));
  const expected = BOOLEAN_ROLES.includes(role) ? 'a bool' : 'a number';
  const fits =
    type === null || (expected === 'a bool' ? type === 'bool' : type !== 'bool' && type !== 'string');
  return fits ? name : node.fail(`${role} is ${expected}, but ${device}/${name} is a ${type}`);
}

const MAX_LISTED = 8;

function unknown(what: string, name: string, known: readonly string[]): string {
  const guess = closest(name, known);
  if (guess !== null) return `unknown ${what} ${JSON.stringify(name)}, did you mean ${guess}?`;
  if (known.length === 0) return `unknown ${what} ${JSON.stringify(name)}: there is none`;
  const listed = known.slice(0, MAX_LISTED).join(', ') + (known.length > MAX_LISTED ? ', …' : '');
  return `unknown ${what} ${JSON.stringify(name)}, expected one of ${listed}`;
}
