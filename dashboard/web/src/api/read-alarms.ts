/** Reads alarms, their journal and how they do. */
import type { AlarmJournalRow, AlarmKpi, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type { CommandAnswer } from '@trame/protocol/health-api';
import { ALARM_STATE_WORDS, BECAUSE_WORDS, SOURCE_WORDS } from '../alarms/alarm-words.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orNull, shape, type Guard } from './shape.ts';

function isMeasured(value: unknown): value is AlarmRow['value'] {
  return value === null || isNumber(value) || isFlag(value) || isText(value);
}

export const isAlarmRow: Guard<AlarmRow> = shape<AlarmRow>({
  id: isText,
  site: isText,
  line: isText,
  alarm: isText,
  priority: isNumber,
  source: keyOf(SOURCE_WORDS),
  label: isText,
  cause: isText,
  consequence: isText,
  response: isText,
  group: orNull(isText),
  station: orNull(isText),
  device: orNull(isText),
  state: keyOf(ALARM_STATE_WORDS),
  occurrence: isNumber,
  condition: orNull(isFlag),
  value: isMeasured,
  raisedAt: orNull(isNumber),
  changedAt: isNumber,
  first: isFlag,
  comment: orNull(isText),
  until: orNull(isNumber),
});

const isJournalRow = shape<AlarmJournalRow>({
  id: isText,
  site: isText,
  line: isText,
  alarm: isText,
  label: isText,
  priority: isNumber,
  at: isNumber,
  occurrence: isNumber,
  from: keyOf(ALARM_STATE_WORDS),
  to: keyOf(ALARM_STATE_WORDS),
  because: keyOf(BECAUSE_WORDS),
  condition: orNull(isFlag),
  value: isMeasured,
  first: isFlag,
  comment: orNull(isText),
});

const isKpi = shape<AlarmKpi>({
  from: isNumber,
  to: isNumber,
  raised: isNumber,
  perHour: orNull(isNumber),
  peakPerTenMinutes: isNumber,
  floodPercent: isNumber,
  byPriority: listOf(
    shape<AlarmKpi['byPriority'][number]>({ priority: isNumber, raised: isNumber, percent: isNumber }),
  ),
  top: listOf(
    shape<AlarmKpi['top'][number]>({
      id: isText,
      label: isText,
      priority: isNumber,
      raised: isNumber,
      percent: isNumber,
    }),
  ),
  chattering: listOf(shape<AlarmKpi['chattering'][number]>({ id: isText, label: isText, times: isNumber })),
  stale: listOf(shape<AlarmKpi['stale'][number]>({ id: isText, label: isText, since: isNumber })),
  medianToAcknowledgeMs: orNull(isNumber),
});

const isAlarms = shape<{ rows: AlarmRow[] }>({ rows: listOf(isAlarmRow) });
const isJournal = shape<{ rows: AlarmJournalRow[]; next: string | null }>({
  rows: listOf(isJournalRow),
  next: orNull(isText),
});
const isActAnswer = shape<Pick<CommandAnswer, 'id' | 'code'>>({ id: isText, code: isText });

export function readAlarms(body: unknown): readonly AlarmRow[] | null {
  return isAlarms(body) ? body.rows : null;
}

export function readJournal(
  body: unknown,
): { readonly rows: readonly AlarmJournalRow[]; readonly next: string | null } | null {
  return isJournal(body) ? body : null;
}

export function readKpi(body: unknown): AlarmKpi | null {
  return isKpi(body) ? body : null;
}

export function readActAnswer(body: unknown): Pick<CommandAnswer, 'id' | 'code'> | null {
  return isActAnswer(body) ? body : null;
}
