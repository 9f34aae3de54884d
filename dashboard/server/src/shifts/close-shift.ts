/** A team ends: which weighings of its time nothing claims is said then, while people still remember. */
import type { CloseBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type Decide } from '../material/decision.ts';

/** Counted no further than this: nobody looks through more. */
const UNCLAIMED_MAX = 1_000;

/** @param shift its id. `unclaimed-weighings`: some of its weighings are of nothing. */
export const closeShift: Decide<CloseBody> = async (context, body, shift) => {
  const { book, occurredAt } = context;
  const row = await book.shift(shift);
  if (row === undefined) return refused('unknown-shift', `no shift «${shift}»`, { shift });
  if (row.closedAt !== null) return refused('already-done', `shift ${shift} is closed`, { shift });
  if (occurredAt < row.openedAt) {
    return refused('wrong-state', `shift ${shift} was opened after that`, {
      shift,
      state: 'not-open-yet',
      openedAt: row.openedAt,
    });
  }
  const weighings = await book.unclaimed(row.openedAt, occurredAt, UNCLAIMED_MAX);
  const unclaimed = weighings.filter(({ line }) => line === row.line).length;
  const payload = { shift, unclaimed, note: body.note ?? '' };
  return recording(shift, [{ type: 'shift.closed', occurredAt, payload }], {
    warnings: unclaimed > 0 ? ['unclaimed-weighings'] : [],
  });
};
