/** A person fixes why the line stopped. */
import type { ExplainStopBody } from '@trame/protocol/stops/stop-events';
import { recording, refused, type Decide } from '../material/decision.ts';

/** @param stop event that began it. Said again, the last one counts; what Trame proposes may be said too. */
export const explainStop: Decide<ExplainStopBody> = async ({ book, reference, occurredAt }, body, stop) => {
  const began = await book.diary.stopBegin(stop, reference.lines);
  if (began === undefined) return refused('unknown-stop', `no stop began with «${stop}»`, { stop });
  const cause = reference.stopCauses.find(({ id }) => id === body.cause);
  if (cause === undefined) {
    const known = reference.stopCauses.map(({ id }) => id).join(', ');
    return refused('unknown-cause', `expected one of ${known}`, { cause: body.cause });
  }
  if (occurredAt < began.at) return refused('not-yet-there', 'the line stopped after that', { at: began.at });
  const note = body.note?.trim() ?? '';
  const payload = { line: began.line, stop, cause: cause.id, kind: cause.kind, note };
  return recording(stop, [{ type: 'stop.explained', occurredAt, payload }]);
};
