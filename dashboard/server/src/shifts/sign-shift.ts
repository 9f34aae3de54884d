/** Who leaves hands the line over, who arrives takes it over: each once a shift, and said again the last one counts. */
import type { SignShiftBody } from '@trame/protocol/stops/stop-events';
import { recording, refused, type Decide } from '../material/decision.ts';

/** @param shift its id; also of one that is closed: people sign when the other team is there. */
export const signShift: Decide<SignShiftBody> = async ({ book, occurredAt }, { side, text = '' }, shift) => {
  const row = await book.shift(shift);
  if (row === undefined) return refused('unknown-shift', `no shift «${shift}»`, { shift });
  if (occurredAt < row.openedAt) {
    return refused('wrong-state', `shift ${shift} was opened after that`, {
      shift,
      state: 'not-open-yet',
      openedAt: row.openedAt,
    });
  }
  const payload = { shift, line: row.line, side, text: text.trim() };
  return recording(shift, [{ type: 'shift.signed', occurredAt, payload }]);
};
