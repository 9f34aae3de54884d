/** How many spectra are refused, right, or called pure though they are not. */
import type { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import type { Tally } from '../domain/nir/model-file.ts';
import { rowKind, sharesOf, type LabelledRow } from './labelled-row.ts';

export interface JudgedRow {
  readonly row: LabelledRow;
  readonly verdict: FibreVerdict;
}

export function tally(judged: readonly JudgedRow[]): Tally {
  const of = (kind: ReturnType<typeof rowKind>) => judged.filter(({ row }) => rowKind(row) === kind);
  const [known, blends, unknown] = [of('known'), of('blend'), of('unknown')];
  return {
    known: { n: known.length, refused: refusedOf(known), right: known.filter(isRight).length },
    unknown: { n: unknown.length, refused: refusedOf(unknown) },
    blends: {
      n: blends.length,
      calledPure: blends.length - refusedOf(blends),
      rmsePoints: rmsePoints(blends),
    },
  };
}

function refusedOf(judged: readonly JudgedRow[]): number {
  return judged.filter(({ verdict }) => verdict.refusal !== null).length;
}

/** Named, and by the fibre of its label: viscose, flax and cotton are all cellulosic. */
export function isRight({ row, verdict }: JudgedRow): boolean {
  const [only, ...others] = sharesOf(row.label);
  if (only === undefined || others.length > 0 || verdict.refusal !== null) return false;
  return verdict.fibre === only.fibre;
}

/**
 * @returns root mean square error of the shares of the labelled fibres, points, over the rows for which a composition
 * is given; null when there is none.
 */
export function rmsePoints(judged: readonly JudgedRow[]): number | null {
  const errors = judged.flatMap(shareErrors);
  return errors.length === 0
    ? null
    : Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
}

/** Said less labelled, points, for each fibre of the label; none when nothing is said of the composition. */
function shareErrors({ row, verdict: { composition } }: JudgedRow): number[] {
  if (composition.length === 0) return [];
  return sharesOf(row.label).map(({ fibre, percent }) => {
    const said = composition.find((share) => share.fibre === fibre)?.percent ?? 0;
    return said - percent;
  });
}
