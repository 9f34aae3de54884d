/** The weight of a lot came late, or was set right. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { account } from '@trame/protocol/material/accounts';
import type { LotReceived, LotWeighed } from '@trame/protocol/material/lot-events';
import { claim, freeOfEvent, freeOfWeighing } from './claims.ts';
import type { Happened } from './happened.ts';
import { isEstimated, lotOf } from './lot-rows.ts';
import type { MaterialRows } from './material-rows.ts';

export function lotWeighed(rows: MaterialRows, happened: Happened, said: LotWeighed): void {
  const { lot, netGrams, weight, corrects, load, moves } = said;
  const about = account('lot', lot);
  const before = lotOf(rows, happened, lot);
  const loads = JSON.parse(before.loads) as LotReceived['loads'];
  const old = load === undefined ? undefined : loads.find(({ container }) => container === load.container);
  const now = load === undefined ? loads : loads.map((one) => (one === old ? load : one));
  rows.lots.put({
    ...before,
    receivedGrams: netGrams,
    refusedGrams: before.refusedGrams + (before.status === 'refused' ? sentBack(moves) : 0),
    loads: canonicalJson(now),
    estimated:
      load === undefined ? isEstimated(weight) : Math.max(0, ...now.map((one) => isEstimated(one.weight))),
    weightEvent: happened.id,
  });
  growMerged(rows, lot, moves);
  if (weight.weighing !== null) {
    if (load === undefined) freeOfEvent(rows, corrects);
    else if (typeof old?.weight.weighing === 'string') freeOfWeighing(rows, old.weight.weighing, about);
  }
  claim(rows, happened, weight, about);
}

/** @returns grams that went back to who brought them, less what came from there. */
function sentBack(moves: LotWeighed['moves']): number {
  return moves.reduce((grams, { from, to, shares }) => {
    const moved = (shares ?? []).reduce((all, share) => all + share.grams, 0);
    return grams + (to.startsWith('returned:') ? moved : from.startsWith('returned:') ? -moved : 0);
  }, 0);
}

/** A lot that was made of it weighs more or less with it. */
function growMerged(rows: MaterialRows, lot: string, moves: LotWeighed['moves']): void {
  for (const { from, to, shares } of moves) {
    const grams = (shares ?? []).reduce((all, share) => all + share.grams, 0);
    for (const [name, change] of [[from, -grams] as const, [to, grams] as const]) {
      const merged = name.startsWith('lot:') ? rows.lots.get(name.slice('lot:'.length)) : null;
      if (merged === null || merged.lot === lot || merged.receivedGrams === null) continue;
      rows.lots.put({ ...merged, receivedGrams: merged.receivedGrams + change });
    }
  }
}
