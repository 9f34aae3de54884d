/**
 * Lines of a site share one book, and each ledger only orders its own events. The order in which they were carried into
 * the book is kept, so that the book can be made again as it was: decisions were taken on it.
 */
import type { Transaction } from 'kysely';
import type { SiteTurnTable } from '../material/material-tables.ts';
import type { Tables } from '../records/tables.ts';
import type { LineAddress } from './judge-event.ts';

/** Turns in memory at a time. */
const PAGE_TURNS = 1_000;

/** @param place of the last event of the line that was carried over. */
export async function noteTurn(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  place: number,
): Promise<void> {
  const last = await transaction
    .selectFrom('site_turns')
    .selectAll()
    .where('site', '=', site)
    .where('turn', '>', 0)
    .orderBy('turn', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.line === line) {
    await transaction
      .updateTable('site_turns')
      .set({ place })
      .where('site', '=', site)
      .where('turn', '=', last.turn)
      .execute();
    return;
  }
  await transaction
    .insertInto('site_turns')
    .values({ site, turn: (last?.turn ?? 0) + 1, line, place })
    .execute();
}

/** @returns the turns of a site, in their order: first, below 0, what was told before there was a book. */
export async function* turnsOf(
  transaction: Transaction<Tables>,
  site: string,
): AsyncGenerator<SiteTurnTable, void> {
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const page = await transaction
      .selectFrom('site_turns')
      .selectAll()
      .where('site', '=', site)
      .where('turn', '>', after)
      .orderBy('turn')
      .limit(PAGE_TURNS)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.turn;
  }
}
