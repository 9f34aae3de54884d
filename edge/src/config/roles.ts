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
import type { LineStateTag, RolesConfig } from '../domain/line-config.ts';
import { complete, listOf, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { MAX_OUTLETS, MAX_SCALES, MAX_STATIONS } from './limits.ts';
import { finiteNumber, identifier, Names, oneOf, text } from './scalar-readers.ts';
import { scale } from './scale.ts';
import type { TagIndex } from './tag-readers.ts';
import { knownDevice, readBound, readRef } from './tag-refs.ts';

const ROLE_KEYS = ['infeedScale', 'energy', 'safety', 'line', 'scales', 'stations', 'outlets'] as const;
const LINE_KEYS = ['device', 'packML'] as const;
const INFEED_KEYS = ['device', 'gross', 'stable', 'total', 'baseline'] as const;
const ENERGY_TAGS = ['total', 'power'] as const;
const SAFETY_TAGS = ['emergencyStop'] as const;
const STATION_TAGS = ['state', 'running', 'speed', 'level', 'count', 'gross', 'stable', 'overload'] as const;
const OUTLET_TAGS = ['total', 'level', 'mass'] as const;
const BASELINES = ['first', 'zero'] as const;
const MAX_LABEL_CHARS = 40;
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
      lineState: map.optional('line', lineState(index), null),
      scales: map.optional('scales', listOf(scale(index, new Names('scale')), MAX_SCALES), []),
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

function lineState(index: TagIndex): Reader<LineStateTag> {
  return (node) => {
    const map = readMap(node, LINE_KEYS);
    if (map === undefined) return undefined;
    const device = map.required('device', knownDevice(index));
    if (map.get('packML') === null) return map.at.missing('packML');
    const ref = readRef(map, 'packML', device, index);
    return ref === undefined || ref === null ? undefined : { ...ref, states: null };
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
