/** Where the kilograms of a lot are, heaviest first, against what was received of it. */
import type { LotAnswer } from '@trame/protocol/material/material-answers';

export interface WhereaboutsView {
  readonly rows: readonly { readonly account: string; readonly grams: number }[];
  readonly totalGrams: number;
  /** Total less what was received, refused kilograms included; null: a lot made of others, or not weighed. */
  readonly differenceGrams: number | null;
}

export function whereaboutsView({
  lot,
  whereabouts,
}: Pick<LotAnswer, 'lot' | 'whereabouts'>): WhereaboutsView {
  const rows = whereabouts.filter(({ grams }) => grams !== 0).toSorted((a, b) => b.grams - a.grams);
  const totalGrams = rows.reduce((sum, { grams }) => sum + grams, 0);
  const isOwn = lot.kind === 'received' && lot.receivedGrams !== null;
  // What was refused went to `returned:…`, and is told among the places.
  const refused = rows.some(({ account }) => account.startsWith('returned:')) ? lot.refusedGrams : 0;
  return {
    rows,
    totalGrams,
    differenceGrams: isOwn ? totalGrams - ((lot.receivedGrams ?? 0) + refused) : null,
  };
}
