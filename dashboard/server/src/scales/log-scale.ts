/** The log book of a scale: repairs, broken and new seals, notes. */
import type { ScaleLogBody } from '@trame/protocol/material/line-acts';
import { recording, refused, type ActContext, type Decide } from '../material/decision.ts';
import { scaleOf } from '../material/reference.ts';
import { isDay } from '../tonnage/local-day.ts';

/**
 * @param scale its id. A verification and its refusal are recorded by the line of the scale itself, which stamps every
 * weighing with them: they are no entries of this kind.
 */
export const logScale: Decide<ScaleLogBody> = async (context, { entry, on, text }, scale) => {
  if (scaleOf(context.reference, scale) === undefined) {
    return refused('unknown-scale', `no scale «${scale}»`, { scale });
  }
  if (entry === 'verification' || entry === 'refusal') {
    return refused('wrong-state', `a ${entry} is recorded by the line of scale «${scale}» itself`, {
      scale,
      state: entry,
    });
  }
  const wrong = dayRefusal(context, on);
  if (wrong !== null) return wrong;
  const payload = { scale, entry, on, text: text ?? '' };
  return recording(scale, [{ type: 'scale.logged', occurredAt: context.occurredAt, payload }]);
};

function dayRefusal({ dayOf, nowMs }: ActContext, on: string) {
  if (!isDay(on)) return refused('wrong-state', `${on} is no day of the calendar`, { on, state: 'no-day' });
  const today = dayOf(nowMs);
  return on > today ? refused('in-the-future', `${on} is after today, ${today}`, { on, today }) : null;
}
