/**
 * Who leaves hands the line over, who arrives takes it over: each once a shift, by two accounts; whoever signed may say it
 * again, and the last one counts. One person alone may sign both sides by saying so, and the log of the shift tells it.
 */
import type { SignShiftBody } from '@trame/protocol/stops/stop-events';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';

/** @param shift its id; also of one that is closed: people sign when the other team is there. */
export const signShift: Decide<SignShiftBody> = async (context, body, shift) => {
  const { book, occurredAt } = context;
  const row = await book.shift(shift);
  if (row === undefined) return refused('unknown-shift', `no shift «${shift}»`, { shift });
  if (occurredAt < row.openedAt) {
    return refused('wrong-state', `shift ${shift} was opened after that`, {
      shift,
      state: 'not-open-yet',
      openedAt: row.openedAt,
    });
  }
  const refusal = await signerRefusal(context, body, shift);
  if (refusal !== null) return refusal;
  const { side, text = '' } = body;
  const payload = { shift, line: row.line, side, text: text.trim() };
  return recording(shift, [{ type: 'shift.signed', occurredAt, payload }]);
};

/** @returns null: this account may sign this side. */
async function signerRefusal(
  { book, actorRef }: ActContext,
  { side, alone = false }: SignShiftBody,
  shift: string,
): Promise<Refused | null> {
  const signed = await book.diary.signaturesOf(shift);
  const there = signed.find((one) => one.side === side);
  // A signature is whose it is. That of nobody, from before there were accounts, is anybody's.
  if (there !== undefined && there.actorRef !== null && there.actorRef !== actorRef) {
    return refused('signed-by-another', `another account signed as ${side}`, { shift, side });
  }
  const other = signed.find((one) => one.side !== side);
  if (other?.actorRef !== actorRef || alone) return null;
  const detail = `this account signed as ${other.side}: another one signs as ${side}, unless alone is true`;
  return refused('signed-by-you', detail, { shift, side: other.side });
}
