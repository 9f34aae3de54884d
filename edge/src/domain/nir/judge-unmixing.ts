/** The verdict on a shape by what it is made of. */
import type { FibreShare } from '@trame/protocol/classification/fibre-verdict';
import type { RecognisedFibre } from '@trame/protocol/classification/fibre-names';
import type { GateLog } from './gate-log.ts';
import type { UnmixingFile } from './model-file.ts';
import type { UnmixingModel } from './open-model.ts';
import type { Said } from './said.ts';
import { unmix, type Unmixing } from './unmix.ts';

/** Goes through the gates of the model, in order: background, distance, another fibre, blend. */
export function judgeUnmixing(model: UnmixingModel, shape: Float64Array, log: GateLog): Said {
  const { file } = model;
  const { limits } = file;
  const found = unmix(model, shape);
  const { background, residual, top } = found;
  const seen = { background, fibre: null, probability: null, composition: [], errorPoints: null };
  if (!log.take('background', background <= limits.background, background, limits.background)) return seen;
  if (!log.take('distance', residual <= limits.residual, residual, limits.residual)) return seen;
  if (!log.take('other-fibre', top.role === 'fibre')) return seen;
  const composition = compositionOf(file, found);
  const isPure = takeBlendGate(file, found, log);
  return {
    fibre: isPure ? top.fibre : null,
    probability: probabilityOf(file, found.purity),
    composition,
    errorPoints: composition.length === 0 ? null : errorOf(file, composition),
    background,
  };
}

function takeBlendGate({ atoms, limits }: UnmixingFile, found: Unmixing, log: GateLog): boolean {
  const { top, purity, massPercent } = found;
  const least = limits.purity[top.id] ?? 1;
  const guards = limits.guard[top.id] ?? {};
  // Where the purity would pass, a guard may still have seen a stranger.
  const stranger = atoms.findIndex(({ id }, i) => (massPercent[i] ?? 0) > (guards[id] ?? Infinity));
  if (purity >= least && stranger >= 0) {
    return log.take('blend', false, massPercent[stranger] ?? null, guards[atoms[stranger]?.id ?? ''] ?? null);
  }
  return log.take('blend', purity >= least, purity, least);
}

/** Largest first; several shapes of one fibre are one. */
function compositionOf({ atoms }: UnmixingFile, { massPercent }: Unmixing): FibreShare[] {
  const byFibre = new Map<RecognisedFibre, number>();
  atoms.forEach(({ fibre }, i) => {
    const percent = massPercent[i] ?? 0;
    if (fibre !== null && percent > 0) byFibre.set(fibre, (byFibre.get(fibre) ?? 0) + percent);
  });
  return [...byFibre]
    .map(([fibre, percent]) => ({ fibre, percent: Math.min(100, percent) }))
    .sort((a, b) => b.percent - a.percent);
}

export function probabilityOf({ probability: { a, b, clip } }: UnmixingFile, purity: number): number {
  return Math.min(clip[1], Math.max(clip[0], 1 / (1 + Math.exp(-(a + b * purity)))));
}

/** Straight lines between the points of the table; level beyond its ends. */
function errorOf({ error: { massPoints } }: UnmixingFile, [largest]: readonly FibreShare[]): number {
  const rest = 100 - (largest?.percent ?? 0);
  const after = massPoints.findIndex(([points]) => points >= rest);
  if (after === 0) return massPoints[0]?.[1] ?? 0;
  if (after < 0) return massPoints.at(-1)?.[1] ?? 0;
  const [x0, y0] = massPoints[after - 1] ?? [0, 0];
  const [x1, y1] = massPoints[after] ?? [0, 0];
  return y0 + ((y1 - y0) * (rest - x0)) / (x1 - x0);
}
