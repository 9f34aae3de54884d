/** What a person says of a stop, as it is sent. */
import type { StopCauseAnswer, StopRow } from '@trame/protocol/stops/stop-answers';
import { given, plainDraft } from '../material/act-form.ts';
import { t } from '../messages/translate.ts';
import type { EntryDraft } from '../outbox/entry.ts';

/** As the contract has it. */
export const NOTE_MAX = 500;

export function explainDraft(
  stop: Pick<StopRow, 'id'>,
  cause: StopCauseAnswer,
  note: string,
  occurredAt: number,
): EntryDraft {
  const said = note.trim();
  const body = { cause: cause.id, ...given('note', said === '' ? null : said) };
  const path = `/stops/${encodeURIComponent(stop.id)}/explain`;
  return plainDraft(path, body, t('stop.act', { cause: cause.label }), occurredAt);
}
