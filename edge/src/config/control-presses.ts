/** Presses that are followed, and scales that can be asked to tare or zero. */
import type { PressConfig, ScaleControlConfig } from '../domain/control/control-config.ts';
import type { ScaleConfig } from '../domain/line-config.ts';
import { complete, listOf, readMap, type ConfigNode, type Reader } from './config-node.ts';
import { wholeKey } from './control-scalars.ts';
import type { DeviceBook } from './device-book.ts';
import { identifier, Names } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';
import { deviceOf, tagRef } from './target-refs.ts';

const MAX_PRESSES = 16;
const MAX_SCALES = 16;
const MAX_OUTLETS = 64;
const MAX_NUMBER = 65_535;

export function presses(book: DeviceBook, outlets: readonly string[]): Reader<PressConfig[]> {
  const names = new Names('press');
  return listOf((node) => {
    const map = readMap(node, ['id', 'device', 'phase', 'bales', 'outlet', 'outlets']);
    if (map === undefined) return undefined;
    const id = map.required('id', identifier);
    const device = map.required('device', deviceOf(book));
    const number: Reader<PressConfig['bales']> = (at) =>
      device === undefined ? undefined : tagRef({ book, device, kind: 'a whole number', use: 'read' })(at);
    if (map.get('outlet') !== null && map.get('outlets') === null) map.at.missing('outlets');
    if (map.get('outlets') !== null && map.get('outlet') === null) map.at.missing('outlet');
    if ((map.get('outlet') === null) !== (map.get('outlets') === null)) return undefined;
    return complete<PressConfig>({
      id: id !== undefined && names.claim(id, map.get('id') ?? node) ? id : undefined,
      device,
      phase: map.optional('phase', number, null),
      bales: map.required('bales', number),
      outlet: map.optional('outlet', number, null),
      outlets: map.optional('outlets', byNumber(outlets), new Map<number, string>()),
    });
  }, MAX_PRESSES);
}

function byNumber(outlets: readonly string[]): Reader<ReadonlyMap<number, string>> {
  return (node) => {
    const pairs = node.pairs('a map from the number that the press says to an outlet', MAX_OUTLETS);
    if (pairs === undefined) return undefined;
    const read = new Map<number, string>();
    let right = true;
    for (const [key, at, value] of pairs) {
      const number = wholeKey(key, at, 0, MAX_NUMBER);
      const outlet = knownOutlet(value, outlets);
      if (number === undefined || outlet === undefined) right = false;
      else read.set(number, outlet);
    }
    return right ? read : undefined;
  };
}

function knownOutlet(node: ConfigNode, outlets: readonly string[]): string | undefined {
  const outlet = node.scalar;
  if (typeof outlet === 'string' && outlets.includes(outlet)) return outlet;
  return node.fail(unknown('outlet', String(outlet), outlets));
}

export function scaleControls(
  book: DeviceBook,
  scales: readonly ScaleConfig[],
): Reader<ScaleControlConfig[]> {
  const names = new Names('scale');
  return listOf((node) => {
    const map = readMap(node, ['scale', 'tare', 'zero']);
    if (map === undefined) return undefined;
    const found = map.required('scale', (at) => {
      const known = scales.find(({ id }) => id === at.scalar);
      if (known === undefined) {
        return at.fail(
          unknown(
            'scale',
            String(at.scalar),
            scales.map(({ id }) => id),
          ),
        );
      }
      return names.claim(known.id, at) ? known : undefined;
    });
    if (found === undefined) return undefined;
    const key = tagRef({ book, device: found.device, kind: 'a bool', use: 'written' });
    const parts = complete<ScaleControlConfig>({
      scale: found.id,
      tare: map.optional('tare', key, null),
      zero: map.optional('zero', key, null),
    });
    if (parts?.tare === null && parts.zero === null) {
      return node.fail('expected tare or zero, or both: this scale can be asked for nothing');
    }
    if (parts !== undefined && found.intervalGrams === null && isFollowed(parts, found)) {
      node.warn(`${found.id} states no interval: a tare or zero is done only when it is shown to the gram`);
    }
    return parts;
  }, MAX_SCALES);
}

/** Whether what the indicator shows says that a key was followed. */
function isFollowed({ tare, zero }: ScaleControlConfig, shows: ScaleConfig): boolean {
  return shows.gross !== null && (zero !== null || (tare !== null && shows.tare !== null));
}
