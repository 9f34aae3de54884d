/** The counting of one line, in the records. */
import type { Transaction } from 'kysely';
import type { Tables } from '../records/tables.ts';
import type { CountBook } from './count-book.ts';
import type { LineAddress } from './judge-event.ts';
import { parts } from './parts.ts';

export async function loadCounts(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  book: CountBook,
): Promise<void> {
  const lives = await transaction
    .selectFrom('count_lives')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .execute();
  for (const { site: _site, line: _line, counter, ...told } of lives) {
    book.load({ kind: 'told-life', counter, told });
  }
  const totals = await transaction
    .selectFrom('edge_totals')
    .select(['counter', 'grams'])
    .where('site', '=', site)
    .where('line', '=', line)
    .execute();
  for (const total of totals) book.load({ kind: 'edge-total', ...total });
}

/** Writes what has moved. */
export async function writeCounts(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  { movedLives, movedTotals }: Pick<CountBook, 'movedLives' | 'movedTotals'>,
): Promise<void> {
  for (const part of parts(movedLives.map(({ counter, told }) => ({ site, line, counter, ...told })))) {
    await transaction
      .insertInto('count_lives')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['site', 'line', 'counter', 'epoch', 'generation']).doUpdateSet((update) => ({
          life: update.ref('excluded.life'),
          countedUpTo: update.ref('excluded.countedUpTo'),
          countedAt: update.ref('excluded.countedAt'),
          heldGrams: update.ref('excluded.heldGrams'),
        })),
      )
      .execute();
  }
  for (const part of parts(movedTotals.map((total) => ({ site, line, ...total })))) {
    await transaction
      .insertInto('edge_totals')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .columns(['site', 'line', 'counter'])
          .doUpdateSet((update) => ({ grams: update.ref('excluded.grams') })),
      )
      .execute();
  }
}
