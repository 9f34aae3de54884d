/** What the page asks about alarms. */
import type { AlarmJournalRow, AlarmKpi, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import type { CommandAnswer } from '@trame/protocol/health-api';
import { address, type Query } from '../material/address.ts';
import { readActAnswer, readAlarms, readJournal, readKpi } from './read-alarms.ts';
import { request, type Answer } from './request.ts';

/** Every declared alarm and how it stands. @param line null: of all lines. */
export function listAlarms(line: string | null, signal: AbortSignal): Promise<Answer<readonly AlarmRow[]>> {
  const path = address('/api/v1/alarms', { state: 'all', line });
  return request({ method: 'GET', path, read: readAlarms, signal });
}

export interface JournalPage {
  readonly rows: readonly AlarmJournalRow[];
  readonly next: string | null;
}

/** Every change of an alarm, latest first. */
export function listAlarmJournal(query: Query, signal: AbortSignal): Promise<Answer<JournalPage>> {
  return request({
    method: 'GET',
    path: address('/api/v1/alarms/journal', query),
    read: readJournal,
    signal,
  });
}

export function getAlarmKpi(query: Query, signal: AbortSignal): Promise<Answer<AlarmKpi>> {
  return request({ method: 'GET', path: address('/api/v1/alarms/kpi', query), read: readKpi, signal });
}

/** What a person does about an alarm. The same `key` is the same act: recorded once. */
export function postAlarmAct(
  alarm: string,
  act: AlarmAct,
  body: object,
  key: string,
  signal: AbortSignal,
): Promise<Answer<Pick<CommandAnswer, 'id' | 'code'>>> {
  const path = `/api/v1/alarms/${encodeURIComponent(alarm)}/${act}`;
  return request({ method: 'POST', path, body, idempotencyKey: key, read: readActAnswer, signal });
}
