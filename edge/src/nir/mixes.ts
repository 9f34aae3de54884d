/** Blends that nobody measured: cotton and polyester added in absorbance, both of swatches that the model never saw. */
import { unmix } from '../domain/nir/unmix.ts';
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { UnmixingModel } from '../domain/nir/open-model.ts';
import { unitShape } from '../domain/nir/unit-shape.ts';
import { isLearnt, materialOf, type Material } from './fit-atoms.ts';
import type { Trial } from './fit-probability.ts';
import { modelWithout, type LeftOut, type Library } from './leave-out.ts';
import { rowKind } from './labelled-row.ts';
import { draw, pick, type Seeded } from './seeded.ts';
import type { ShapedRow } from './shaped-row.ts';
import { mean, standardDeviation } from './statistics.ts';

const MIX_OF: Material = 'cotton';
const MIX_WITH: Material = 'polyester';
/** Swatches of the second fibre that are left out of the model of a round. */
const LEFT_OUT = 4;
const READS = 10;
/** Thicker cloth, whose spectrum is its own and not its background's. */
const MIXED_MEAN_MAX = 0.45;
const TRIAL_ROUNDS = 40;
const TRIAL_SHARES = [0.15, 0.5] as const;

interface Round {
  readonly model: UnmixingModel;
  readonly of: readonly Float64Array[];
  readonly with: readonly Float64Array[];
}

/** Rounds in which the swatches of the first fibre take turns; none where there are too few swatches. */
function rounds(library: Library, count: number, seed: Seeded): Round[] {
  const learnt = library.rows.filter((row) => isLearnt(row, library.excluded));
  const first = learnt.filter((row) => materialOf(row) === MIX_OF);
  const second = learnt.filter(
    (row) => materialOf(row) === MIX_WITH && (row.shaped?.mean ?? 1) < MIXED_MEAN_MAX,
  );
  const [ofSwatches, withSwatches] = [swatchesOf(first), swatchesOf(second)];
  if (ofSwatches.length < 2 || withSwatches.length < LEFT_OUT + 1) return [];
  return Array.from({ length: count }, (_, round) => {
    const out = ofSwatches[round % ofSwatches.length] ?? '';
    const others = new Set(draw(withSwatches, LEFT_OUT, seed));
    return {
      model: modelWithout(library, new Set([out, ...others])),
      of: absorbances(first.filter(({ row }) => row.sample === out)),
      with: absorbances(second.filter(({ row }) => others.has(row.sample))),
    };
  });
}

function swatchesOf(rows: readonly ShapedRow[]): string[] {
  return [...new Set(rows.map(({ row }) => row.sample))];
}

function absorbances(rows: readonly ShapedRow[]): Float64Array[] {
  return rows.flatMap(({ shaped }) => (shaped === null ? [] : [shaped.absorbance]));
}

function mixed(round: Round, share: number, seed: Seeded): Float64Array {
  const [a, b] = [pick(round.of, seed), pick(round.with, seed)];
  return a.map((value, i) => (1 - share) * value + share * (b[i] ?? 0));
}

/** What the curve of the chance is fitted to: swatches left out, mixes of 15 to 50 %, and all that is not one fibre. */
export function trialsOf(library: Library, judged: readonly LeftOut[], seed: Seeded): Trial[] {
  const real = judged.flatMap(({ row, shaped, model }) => {
    const isPure = rowKind(row) === 'known';
    if (shaped.shaped === null || (isPure && library.excluded.has(row.sample))) return [];
    if (isPure && shaped.shaped.mean > library.base.gate.meanMax) return [];
    return [{ group: row.sample, purity: namedPurity(model, shaped.shaped.shape), isPure }];
  });
  const mixes = rounds(library, TRIAL_ROUNDS, seed).flatMap((round, i) =>
    Array.from({ length: READS }, () => {
      const [low, high] = TRIAL_SHARES;
      const absorbance = mixed(round, low + (high - low) * seed.next(), seed);
      const { shape } = unitShape(absorbance, round.model.pretreatment);
      return { group: `mix ${i}`, purity: namedPurity(round.model, shape), isPure: false };
    }),
  );
  return [...real, ...mixes];
}

/** Largest share among the fibres of one that may be named. */
function namedPurity(model: UnmixingModel, shape: Float64Array): number {
  const { coefficients } = unmix(model, shape);
  let [fibres, most] = [0, 0];
  model.file.atoms.forEach(({ role, fibre }, i) => {
    const share = coefficients[i] ?? 0;
    if (fibre === null) return;
    fibres += share;
    if (role === 'fibre') most = Math.max(most, share);
  });
  return fibres > 0 ? most / fibres : 0;
}

export interface MixFigures {
  /** True share of polyester, %. */
  readonly percent: number;
  /** Called pure cotton, % of the mixes: mean and spread over rounds. */
  readonly passedPercent: number;
  readonly passedSpread: number;
  /** Read less true share of polyester, points; null when nothing was read. */
  readonly bias: number | null;
  readonly spread: number | null;
}

const PASS_ROUNDS = 30;
export const PASS_PERCENTS = [0, 5, 10, 15, 20, 30, 45] as const;

/** What the limits cost and catch: mixes that are called pure, by the polyester in them. */
export function mixFigures(library: Library, seed: Seeded): MixFigures[] {
  const made = rounds(library, PASS_ROUNDS, seed);
  if (made.length === 0) return [];
  return PASS_PERCENTS.map((percent) => {
    const errors: number[] = [];
    const passed = made.map((round) => {
      const verdicts = Array.from({ length: READS }, () =>
        judgeSpectrum(round.model, {
          quantity: 'absorbance',
          wavelengthsNm: round.model.pretreatment.grid,
          values: mixed(round, percent / 100, seed),
          instrument: null,
        }),
      );
      for (const { composition } of verdicts) {
        if (composition.length === 0) continue;
        errors.push((composition.find(({ fibre }) => fibre === MIX_WITH)?.percent ?? 0) - percent);
      }
      return (100 * verdicts.filter(({ refusal }) => refusal === null).length) / READS;
    });
    return {
      percent,
      passedPercent: mean(passed),
      passedSpread: standardDeviation(passed),
      bias: errors.length === 0 ? null : mean(errors),
      spread: errors.length === 0 ? null : standardDeviation(errors),
    };
  });
}
