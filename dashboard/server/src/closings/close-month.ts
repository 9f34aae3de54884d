/** A month is closed: nothing is dated into it any more, so what was declared of it stays true. */
import type { ClosingBody } from '@trame/protocol/material/line-acts';
import { declaredOf } from './declared.ts';
import { recording, refused, type ActContext, type Decide } from '../material/decision.ts';

/** Over, not closed yet, and none before it is open: the first one is the first in which anything happened. */
export const closeMonth: Decide<ClosingBody> = async (context, { month, note }) => {
  const { book, dayOf, nowMs, occurredAt } = context;
  const current = monthOf(dayOf(nowMs));
  if (month >= current) {
    return refused('in-the-future', `${month} is not over before ${nextMonth(month)}`, { month, current });
  }
  if (await book.isMonthClosed(month)) return refused('already-done', `${month} is closed`, { month });
  const next = await nextToClose(context);
  if (next !== null && month !== next) {
    return refused('wrong-state', `${next} comes before ${month}: months are closed in order`, {
      month,
      next,
      state: 'out-of-order',
    });
  }
  const declared = await declaredOf(context, month);
  const payload = { month, note: note ?? '', declared };
  return recording(month, [{ type: 'month.closed', occurredAt, payload }]);
};

/** @returns null: nothing ever happened, so that any month may be the first. */
async function nextToClose({ book: { diary } }: ActContext): Promise<string | null> {
  const last = await diary.lastClosedMonth();
  if (last !== null) return nextMonth(last);
  const first = await diary.firstDay();
  return first === null ? null : monthOf(first);
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? [year + 1, 1] : [year, number + 1];
  return `${String(next[0]).padStart(4, '0')}-${String(next[1]).padStart(2, '0')}`;
}
