/** What the shape of a model file cannot say: numbers that do not go together, limits that make no sense. */
import type { ModelFile, RatioFile, UnmixingFile } from './model-file.ts';

/** How far a shape of length 1 may be off, having been written with seven digits. */
const LENGTH_TOLERANCE = 1e-5;
/** A fibre with less than this of the shape is not the larger part of anything. */
const LEAST_PURITY = 0.5;
/** A guard that lets half of another fibre pass is none. */
const MOST_GUARD_POINTS = 50;

/** @returns where it is wrong and how, or null. */
export function modelFault(file: ModelFile): string | null {
  return (
    gridFault(file) ?? transferFault(file) ?? (file.kind === 'ratio' ? ratioFault(file) : unmixingFault(file))
  );
}

/** Values of a shape. */
function channelCount({ input: { grid }, pretreatment: { channels } }: ModelFile): number {
  return Math.round((channels[1] - channels[0]) / grid.step) + 1;
}

function gridFault(file: ModelFile): string | null {
  const { grid } = file.input;
  const { savitzkyGolay, channels } = file.pretreatment;
  const { window } = savitzkyGolay;
  if (window % 2 === 0) return `pretreatment/savitzkyGolay/window: ${window} is even`;
  const [first, last] = channels.map((nm) => (nm - grid.from) / grid.step) as [number, number];
  if (!isWhole(first) || !isWhole(last)) return 'pretreatment/channels: not on the grid';
  if (last <= first) return 'pretreatment/channels: the last is not above the first';
  const half = (window - 1) / 2;
  if (first < half || last + half > grid.count - 1) {
    return 'pretreatment/channels: the window reaches beyond the grid';
  }
  return null;
}

function transferFault(file: ModelFile): string | null {
  if (file.transfer?.kind !== 'pds') return null;
  const { weights } = file.transfer;
  const n = channelCount(file);
  if (weights.length !== n) return `transfer/weights: ${weights.length} channels, the shape has ${n}`;
  const size = weights[0]?.length ?? 0;
  const isOdd = size % 2 === 1 && weights.every((row) => row.length === size);
  return isOdd ? null : 'transfer/weights: each channel needs the same odd number of weights';
}

function unmixingFault(file: UnmixingFile): string | null {
  const n = channelCount(file);
  const ids = file.atoms.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) return 'atoms: an id is there twice';
  if (!file.atoms.some(({ role }) => role === 'fibre')) return 'atoms: none may be named';
  for (const { id, role, fibre, shape } of file.atoms) {
    const at = `atoms/${id}`;
    if (shape.length !== n) return `${at}/shape: ${shape.length} values, the channels are ${n}`;
    const length = Math.hypot(...shape);
    if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) return `${at}/shape: its length is ${length}, not 1`;
    const isFibre = role === 'fibre' || role === 'other';
    if (isFibre !== (fibre !== null)) return `${at}/fibre: expected for a fibre, and for nothing else`;
  }
  return limitsFault(file) ?? probabilityFault(file) ?? errorFault(file);
}

function limitsFault({ atoms, limits }: UnmixingFile): string | null {
  if (limits.residual === 0 || limits.residual === 1)
    return 'limits/residual: refuses everything, or nothing';
  for (const { id, role } of atoms) {
    const purity = limits.purity[id];
    if (role !== 'fibre') continue;
    if (purity === undefined) return `limits/purity/${id}: missing`;
    if (purity < LEAST_PURITY) return `limits/purity/${id}: ${purity} is below ${LEAST_PURITY}`;
  }
  const ids = new Set(atoms.map(({ id }) => id));
  const stranger = Object.keys(limits.purity).find((id) => !ids.has(id));
  if (stranger !== undefined) return `limits/purity/${stranger}: there is no such shape`;
  for (const [id, guards] of Object.entries(limits.guard)) {
    for (const [other, points] of Object.entries(guards)) {
      const at = `limits/guard/${id}/${other}`;
      if (!ids.has(id) || !ids.has(other)) return `${at}: there is no such shape`;
      if (id === other) return `${at}: a fibre is not its own stranger`;
      if (points > MOST_GUARD_POINTS) return `${at}: ${points} points is above ${MOST_GUARD_POINTS}`;
    }
  }
  return null;
}

function probabilityFault({ probability: { b, clip } }: UnmixingFile): string | null {
  if (b <= 0) return 'probability/b: more purity may not be less likely';
  return clip[0] < clip[1] ? null : 'probability/clip: the upper end is not above the lower';
}

function errorFault({ error: { massPoints } }: UnmixingFile): string | null {
  const rises = massPoints.every(([points], i) => i === 0 || points > (massPoints[i - 1]?.[0] ?? 0));
  return rises ? null : 'error/massPoints: the points do not rise';
}

function ratioFault(file: RatioFile): string | null {
  const n = channelCount(file);
  const arrays = Object.entries({ mean: file.mean, coefficients: file.coefficients });
  for (const [name, values] of arrays) {
    if (values.length !== n) return `${name}: ${values.length} values, the channels are ${n}`;
  }
  for (const [i, loading] of file.loadings.entries()) {
    if (loading.length !== n) return `loadings/${i}: ${loading.length} values, the channels are ${n}`;
    const length = Math.hypot(...loading);
    if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) return `loadings/${i}: its length is ${length}, not 1`;
  }
  if (file.of === file.rest) return 'rest: the same fibre as «of»';
  if (file.range[0] >= file.range[1]) return 'range: the upper end is not above the lower';
  if (file.rmse <= 0) return 'rmse: nothing is measured without error';
  return file.limits.residual > 0 ? null : 'limits/residual: refuses everything';
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}
