/** Every swatch judged by a model that never saw it; and many random splits, for the spread. */
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { UnmixingModel } from '../domain/nir/open-model.ts';
import { isLearnt, materialOf, namedFibres, type Material } from './fit-atoms.ts';
import { rowKind } from './labelled-row.ts';
import { draw, type Seeded } from './seeded.ts';
import type { ShapedRow } from './shaped-row.ts';
import { groupBy } from './statistics.ts';
import { tally, type JudgedRow } from './tally.ts';
import { unmixingModel, type UnmixingBase } from './unmixing-model.ts';

export interface LeftOut extends JudgedRow {
  readonly shaped: ShapedRow;
  /** That judged it, without its swatch. */
  readonly model: UnmixingModel;
}

export interface Library {
  readonly rows: readonly ShapedRow[];
  /** Swatches that shapes are never learnt from. */
  readonly excluded: ReadonlySet<string>;
  readonly base: UnmixingBase;
}

/** Which fibres may be named is settled by all swatches: with one left out there may be one left. */
export function namedOf({ rows, excluded }: Library): Set<Material> {
  return namedFibres(rows.filter((row) => isLearnt(row, excluded)));
}

/** A model of all swatches but those left out. */
export function modelWithout(library: Library, leftOut: ReadonlySet<string>): UnmixingModel {
  const learnt = library.rows.filter(
    (row) => isLearnt(row, library.excluded) && !leftOut.has(row.row.sample),
  );
  return unmixingModel(learnt, namedOf(library), library.base);
}

/** Each swatch in its turn. Of a material with one swatch nothing is known while that one is judged. */
export function leaveSwatchOut(library: Library): LeftOut[] {
  const swatches = groupBy(library.rows, ({ row }) => row.sample);
  return [...swatches].flatMap(([sample, reads]) => {
    const model = modelWithout(library, new Set([sample]));
    return reads.map((shaped) => ({
      shaped,
      row: shaped.row,
      model,
      verdict: judgeSpectrum(model, shaped.spectrum),
    }));
  });
}

/** Of one split, shares of the known reads that were left out. */
export interface Split {
  readonly n: number;
  readonly refusedShare: number;
  /** Of those that were named; null when none was. */
  readonly rightShare: number | null;
}

/** Of a fibre's swatches, one third is left out, at least one, never all. */
export function randomSplits(library: Library, count: number, seed: Seeded): Split[] {
  const known = library.rows.filter(({ row }) => rowKind(row) === 'known');
  const byFibre = groupBy(
    known.filter(({ row }) => !library.excluded.has(row.sample)),
    (row) => materialOf(row) ?? '',
  );
  const swatches = [...byFibre.values()].map((rows) => [...new Set(rows.map(({ row }) => row.sample))]);
  return Array.from({ length: count }, () => {
    const out = new Set(
      swatches.flatMap((all) =>
        draw(all, Math.min(all.length - 1, Math.max(1, Math.round(all.length / 3))), seed),
      ),
    );
    const model = modelWithout(library, out);
    const judged = known
      .filter(({ row }) => out.has(row.sample))
      .map(({ row, spectrum }) => ({ row, verdict: judgeSpectrum(model, spectrum) }));
    const { n, refused, right } = tally(judged).known;
    return { n, refusedShare: refused / n, rightShare: refused === n ? null : right / (n - refused) };
  });
}

/** Swatches most of whose reads do not show what their label says. */
export function doubtfulLabels(
  judged: readonly LeftOut[],
): { readonly sample: string; readonly label: string; readonly said: string }[] {
  const swatches = groupBy(
    judged.filter(({ row }) => rowKind(row) === 'known'),
    ({ row }) => row.sample,
  );
  return [...swatches].flatMap(([sample, reads]) => {
    const counts = groupBy(reads, ({ verdict }) => verdict.refusal ?? verdict.fibre ?? 'nothing');
    const [said = '', most = []] = [...counts].toSorted((a, b) => b[1].length - a[1].length)[0] ?? [];
    const isItsLabel = tally(most).known.right > 0;
    return isItsLabel ? [] : [{ sample, label: most[0]?.row.className ?? '', said }];
  });
}
