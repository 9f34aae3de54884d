/** `ring` of an OPC UA device: where a station lays down its last spectra; `verdicts`: where a sorter takes outlets. */
import type { OpcuaRing, OpcuaVerdicts, SpectrumGrid } from '../domain/line-config.ts';
import { complete, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { MIN_PERIOD_MS } from './limits.ts';
import { nodeId } from './node-id.ts';
import { durationMs, finiteNumber, integer, oneOf } from './scalar-readers.ts';

const RING_KEYS = ['seq', 'size', 'result', 'every', 'wavelengths', 'quantity'] as const;
const RESULT_KEYS = ['seq', 'at', 'spectrum'] as const;
const GRID_KEYS = ['from', 'step', 'count'] as const;
const VERDICT_KEYS = ['node'] as const;
const QUANTITIES = ['absorbance', 'reflectance'] as const;

const PLACE = '{place}';
const MAX_PLACES = 65_536;
const DEFAULT_EVERY_MS = 50;
/** A sorter waits half a second for a verdict; a station asked less often than this is not worth reading. */
const MAX_EVERY_MS = 10_000;
/** From ultraviolet to far infrared, nm. */
const MIN_NM = 100;
const MAX_NM = 100_000;
const MAX_VALUES = 8192;

export const ring: Reader<OpcuaRing> = (node) => {
  const map = readMap(node, RING_KEYS);
  if (map === undefined) return undefined;
  return complete<OpcuaRing>({
    seq: map.required('seq', fixedNode),
    size: map.required('size', integer('places', 2, MAX_PLACES)),
    result: map.required('result', result),
    everyMs: map.optional('every', durationMs(MIN_PERIOD_MS, MAX_EVERY_MS), DEFAULT_EVERY_MS),
    wavelengths: map.required('wavelengths', grid),
    quantity: map.required('quantity', oneOf(QUANTITIES)),
  });
};

export const verdicts: Reader<OpcuaVerdicts> = (node) => {
  const map = readMap(node, VERDICT_KEYS);
  return map === undefined ? undefined : complete<OpcuaVerdicts>({ node: map.required('node', fixedNode) });
};

const result: Reader<OpcuaRing['result']> = (node) => {
  const map = readMap(node, RESULT_KEYS);
  if (map === undefined) return undefined;
  return complete<OpcuaRing['result']>({
    seq: map.required('seq', placeNode),
    at: map.required('at', placeNode),
    spectrum: map.required('spectrum', placeNode),
  });
};

/** A node with the number of a place in it. */
const placeNode: Reader<string> = (node) => {
  const written = nodeId(node);
  if (written === undefined || written.includes(PLACE)) return written;
  return node.fail(`expected ${PLACE} where the number of the place stands, got ${node.shown}`);
};

const fixedNode: Reader<string> = (node) => {
  const written = nodeId(node);
  if (written === undefined || !written.includes(PLACE)) return written;
  return node.fail(`expected one node: ${PLACE} is for the nodes of a result`);
};

const grid: Reader<SpectrumGrid> = (node) => {
  const map = readMap(node, GRID_KEYS);
  if (map === undefined) return undefined;
  const read = complete<SpectrumGrid>({
    fromNm: map.required('from', finiteNumber),
    stepNm: map.required('step', finiteNumber),
    count: map.required('count', integer('values', 2, MAX_VALUES)),
  });
  return read === undefined ? undefined : checkGrid(map, read);
};

function checkGrid(map: ConfigMap, read: SpectrumGrid): SpectrumGrid | undefined {
  const { fromNm, stepNm, count } = read;
  if (stepNm <= 0) return map.get('step')?.fail(`expected a step above 0 nm, got ${stepNm}`);
  const lastNm = fromNm + (count - 1) * stepNm;
  if (fromNm >= MIN_NM && lastNm <= MAX_NM) return read;
  return map.at.fail(
    `expected wavelengths in nm, from ${MIN_NM} to ${MAX_NM}: these go from ${fromNm} to ${lastNm}`,
  );
}
