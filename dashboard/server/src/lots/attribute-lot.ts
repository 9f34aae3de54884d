/** Where a lot came from is known now, or was told wrong: what it brought is another collector's. */
import { account, accountName, UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { LotAttributeBody } from '@trame/protocol/material/lot-acts';
import type { Move } from '@trame/protocol/material/move';
import { recording, refused, type ActContext, type Decide, type Draft } from '../material/decision.ts';
import type { LotTable } from '../material/material-tables.ts';
import { originOf, type Origin } from './lot-origin.ts';

/** What is in stock stays as it is: only the balance of those who brought it changes. */
export const attributeLot: Decide<LotAttributeBody> = async (context, body, lot) => {
  const row = await context.book.lot(lot);
  if (row === undefined) return refused('unknown-lot', `no lot «${lot}»`, { lot });
  if (row.kind !== 'received') {
    return refused('wrong-state', `lot ${lot} is ${row.kind}: attribute the lots that it was made of`, {
      lot,
      state: row.kind,
    });
  }
  const known = await originOf(context, body);
  if (known.kind === 'refused') return known;
  const { origin, warnings } = known;
  if (isSame(row, origin)) {
    return refused('already-done', `lot ${lot} is attributed to ${row.collector ?? 'nobody'} like that`, {
      lot,
    });
  }
  const corrects =
    row.collector === null
      ? null
      : await context.book.diary.latest(account('lot', lot), ['lot.received', 'lot.attributed']);
  const moves = await balanceMoves(context, row, origin.collector);
  const payload = { lot, ...origin, corrects, note: body.note ?? '', moves };
  const { occurredAt } = context;
  const drafts: Draft[] = [{ type: 'lot.attributed', occurredAt, payload }];
  for (const part of await partsOf(context, lot)) {
    drafts.push({ type: 'lot.attributed', occurredAt, payload: { ...payload, lot: part, moves: [] } });
  }
  return recording(lot, drafts, { number: row.number, warnings });
};

/** @returns lots that were split off it, and off these: what came from somewhere came from there in all its parts. */
async function partsOf({ book }: ActContext, lot: string): Promise<string[]> {
  const family = new Set<string>([account('lot', lot)]);
  const parts: string[] = [];
  for (const one of family) {
    const name = accountName(one);
    const isPart = (await book.lot(name))?.kind === 'split';
    if (isPart) parts.push(name);
    // A loop over a set comes to what is added on the way too.
    if (!isPart && name !== lot) continue;
    for (const other of await book.diary.togetherWith(one, 'lot.split')) {
      if (other.startsWith('lot:')) family.add(other);
    }
  }
  return parts;
}

function isSame(row: LotTable, { collector, points, communes, allocation }: Origin): boolean {
  const listed = (list: string) => JSON.stringify(sorted(JSON.parse(list)));
  return (
    row.collector === collector &&
    row.allocation === allocation &&
    listed(row.points) === JSON.stringify(sorted(points)) &&
    listed(row.communes) === JSON.stringify(sorted(communes))
  );
}

/** Rows keep lists with their members in the order of names. */
function sorted(list: unknown): unknown {
  if (Array.isArray(list)) return list.map(sorted);
  if (typeof list !== 'object' || list === null) return list;
  return Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function balanceMoves(
  { book }: ActContext,
  { lot, collector }: LotTable,
  to: string | null,
): Promise<Move[]> {
  const before = collector ?? UNKNOWN_COLLECTOR;
  const after = to ?? UNKNOWN_COLLECTOR;
  if (before === after) return [];
  const stands = new Map((await book.whereabouts(lot)).map((place) => [place.account, place.grams]));
  const broughtGrams = -(stands.get(account('collector', before)) ?? 0);
  const moves: Move[] = [];
  if (broughtGrams > 0) {
    moves.push(move('collector', after, before, lot, broughtGrams));
  }
  // What was handed back to a stranger was handed back to who it turns out to be.
  const returnedGrams = stands.get(account('returned', before)) ?? 0;
  if (collector === null && returnedGrams > 0)
    moves.push(move('returned', before, after, lot, returnedGrams));
  return moves;
}

function move(kind: 'collector' | 'returned', from: string, to: string, lot: string, grams: number): Move {
  return { from: account(kind, from), to: account(kind, to), shares: [{ lot, grams }] };
}
