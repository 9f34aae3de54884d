/** `sorting:`: whose spectra are judged, by which model and programme, and who is told where each piece goes. */
import { resolve } from 'node:path';
import { isId } from '@trame/protocol/topics';
import type { DeviceConfig, OpcuaDeviceConfig } from '../domain/line-config.ts';
import {
  DEFAULT_KEPT_PIECES,
  DEFAULT_KEPT_SPECTRA,
  type NamedPart,
  type SortingConfig,
} from '../domain/sorting-config.ts';
import { complete, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { identifier, integer, text } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';

const KEYS = ['nir', 'sorter', 'model', 'programme', 'fallback', 'outlets', 'keep'] as const;
const KEEP_KEYS = ['pieces', 'spectra'] as const;
const MAX_OUTLETS = 64;
const MAX_OUTLET_NUMBER = 65_535;
const MAX_PIECES = 5_000_000;
const MAX_SPECTRA = 500_000;
const FILE_ENDINGS = /[/\\]|\.(?:json|ya?ml)$/u;

export interface SortingContext {
  readonly devices: readonly DeviceConfig[];
  /** `control.sorter.outlets`; null: there is no such section. */
  readonly sorterOutlets: Readonly<Record<string, number>> | null;
  /** Relative file names lie here. */
  readonly dataDir: string;
}

export function sorting(context: SortingContext): Reader<SortingConfig> {
  const stations = opcuaDevices(context.devices).filter(({ ring }) => ring !== undefined);
  const sorters = opcuaDevices(context.devices).filter(({ verdicts }) => verdicts !== undefined);
  return (node) => {
    const map = readMap(node, KEYS);
    if (map === undefined) return undefined;
    const outlets = readOutlets(map, context.sorterOutlets);
    return complete<SortingConfig>({
      nir: map.required('nir', oneDevice('device with a ring', stations))?.id,
      sorter: map.required('sorter', oneDevice('device with verdicts', sorters))?.id,
      model: map.required('model', namedPart(context.dataDir)),
      programme: map.required('programme', namedPart(context.dataDir)),
      outlets,
      fallback: outlets === undefined ? undefined : map.required('fallback', oneOutlet(Object.keys(outlets))),
      keep: map.optional('keep', keep, { pieces: DEFAULT_KEPT_PIECES, spectra: DEFAULT_KEPT_SPECTRA }),
    });
  };
}

function opcuaDevices(devices: readonly DeviceConfig[]): OpcuaDeviceConfig[] {
  return devices.filter((device) => device.driver === 'opcua');
}

function oneDevice(what: string, devices: readonly OpcuaDeviceConfig[]): Reader<OpcuaDeviceConfig> {
  return (node) => {
    const id = identifier(node);
    if (id === undefined) return undefined;
    const ids = devices.map((device) => device.id);
    return devices.find((device) => device.id === id) ?? node.fail(unknown(what, id, ids));
  };
}

/** A file by its ending or by a slash; else something that the program brings along. */
function namedPart(dataDir: string): Reader<NamedPart> {
  return (node) => {
    const written = text('a file name, or the id of what is shipped,', 4096)(node);
    if (written === undefined) return undefined;
    return FILE_ENDINGS.test(written)
      ? { kind: 'file', path: resolve(dataDir, written) }
      : { kind: 'shipped', id: written };
  };
}

function oneOutlet(outlets: readonly string[]): Reader<string> {
  return (node) => {
    const id = identifier(node);
    if (id === undefined || outlets.includes(id)) return id;
    return node.fail(unknown('outlet of the sorter', id, outlets));
  };
}

function readOutlets(
  map: ConfigMap,
  usual: SortingContext['sorterOutlets'],
): Readonly<Record<string, number>> | undefined {
  if (map.get('outlets') === null && usual === null) return map.at.missing('outlets');
  return map.optional('outlets', outletNumbers, usual ?? {});
}

const outletNumbers: Reader<Readonly<Record<string, number>>> = (node) => {
  const pairs = node.pairs('a map of outlets and their numbers', MAX_OUTLETS);
  if (pairs === undefined) return undefined;
  if (pairs.length === 0) return node.fail('expected at least one outlet');
  const read: Record<string, number> = {};
  let right = true;
  for (const [id, at, value] of pairs) {
    const name = isId(id) ? id : at.fail(`«${id}» is no id of an outlet`);
    const number = integer('the number of the outlet', 1, MAX_OUTLET_NUMBER)(value);
    if (name === undefined || number === undefined) right = false;
    else read[name] = number;
  }
  return right ? read : undefined;
};

const keep: Reader<SortingConfig['keep']> = (node) => {
  const map = readMap(node, KEEP_KEYS);
  if (map === undefined) return undefined;
  return complete<SortingConfig['keep']>({
    pieces: map.optional('pieces', integer('pieces', 1, MAX_PIECES), DEFAULT_KEPT_PIECES),
    spectra: map.optional('spectra', integer('spectra', 0, MAX_SPECTRA), DEFAULT_KEPT_SPECTRA),
  });
};
