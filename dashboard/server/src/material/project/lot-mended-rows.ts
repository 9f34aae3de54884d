/** What was entered of a lot and was not so. */
import { account } from '@trame/protocol/material/accounts';
import type { LotAmended, LotVoided } from '@trame/protocol/material/lot-events';
import { freeOfThing } from './claims.ts';
import type { Happened } from './happened.ts';
import { lotOf } from './lot-rows.ts';
import type { MaterialRows } from './material-rows.ts';

/** In no sum any more; its weighings are free for the delivery that they are of. */
export function lotVoided(rows: MaterialRows, happened: Happened, { lot }: LotVoided): void {
  rows.lots.put({ ...lotOf(rows, happened, lot), status: 'voided', receivedGrams: 0, refusedGrams: 0 });
  freeOfThing(rows, account('lot', lot));
}

export function lotAmended(rows: MaterialRows, happened: Happened, said: LotAmended): void {
  const { lot, corrects: _corrects, note: _note, ...now } = said;
  rows.lots.put({ ...lotOf(rows, happened, lot), ...now });
}
