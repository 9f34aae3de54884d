/** Reads how the control of a line stands and what it answers. A code without French words makes it unreadable. */
import type { CommandRow } from '@trame/protocol/control/control-answers';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type {
  ControlPicture,
  InterlockState,
  SetpointState,
  SortProgrammeName,
} from '@trame/protocol/control/control-picture';
import { LINE_COMMANDS } from '@trame/protocol/control/control-names';
import type { CommandAnswer } from '@trame/protocol/health-api';
import {
  LINE_STATE_WORDS,
  MODE_WORDS,
  MOTION_WORDS,
  OUTCOME_WORDS,
  PHASE_WORDS,
  PRESS_WORDS,
  REASON_WORDS,
  STATION_WORDS,
} from '../control/control-words.ts';
import { isRecord } from './json.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orNull, shape, type Guard } from './shape.ts';

type Busy = NonNullable<ControlPicture['busy']>;
type Last = NonNullable<ControlPicture['last']>;
type Sorter = NonNullable<ControlPicture['sorter']>;

const isReason = shape<CommandReason>({ code: keyOf(REASON_WORDS), ref: orNull(isText), words: isText });
export const isReasons = listOf(isReason);

const isInterlock = shape<InterlockState>({
  id: isText,
  words: isText,
  forbidding: isFlag,
  unknown: isFlag,
  forbids: listOf(keyOf(MOTION_WORDS)),
});

const isSetpoint = shape<SetpointState>({
  id: isText,
  label: isText,
  unit: orNull(isText),
  min: isNumber,
  max: isNumber,
  step: isNumber,
  value: orNull(isNumber),
});

const isSorter = shape<Sorter>({
  active: orNull(shape<NonNullable<Sorter['active']>>({ programme: isText, version: isNumber })),
  programmes: listOf(shape<SortProgrammeName>({ id: isText, label: isText, version: isNumber })),
  diverters: listOf(shape<Sorter['diverters'][number]>({ outlet: isText, to: orNull(isText) })),
});

function isRefusals(value: unknown): value is ControlPicture['refusals'] {
  return isRecord(value) && LINE_COMMANDS.every((command) => isReasons(value[command]));
}

/** How the control of a line stands, as its edge says it. */
export const isControlPicture: Guard<ControlPicture> = shape<ControlPicture>({
  v: (value): value is 1 => value === 1,
  boot: isText,
  n: isNumber,
  at: isNumber,
  commanded: isFlag,
  state: keyOf(LINE_STATE_WORDS),
  stateSince: isNumber,
  mode: orNull(keyOf(MODE_WORDS)),
  modes: listOf(keyOf(MODE_WORDS)),
  emergencyStop: orNull(isFlag),
  remote: orNull(isFlag),
  enableLeftMs: orNull(isNumber),
  holder: orNull(isText),
  asking: orNull(shape<NonNullable<ControlPicture['asking']>>({ actor: isText, passesAt: isNumber })),
  busy: orNull(
    shape<Busy>({
      request: isText,
      command: keyOf(MOTION_WORDS),
      phase: keyOf(PHASE_WORDS),
      station: orNull(isText),
      since: isNumber,
    }),
  ),
  last: orNull(
    shape<Last>({
      request: isText,
      command: keyOf(MOTION_WORDS),
      outcome: keyOf(OUTCOME_WORDS),
      reasons: isReasons,
      late: orNull(isText),
      detail: orNull(isText),
      at: isNumber,
    }),
  ),
  refusals: isRefusals,
  interlocks: listOf(isInterlock),
  stations: listOf(
    shape<ControlPicture['stations'][number]>({
      id: isText,
      state: orNull(keyOf(STATION_WORDS)),
      late: isFlag,
    }),
  ),
  setpoints: listOf(isSetpoint),
  sorter: orNull(isSorter),
  scales: listOf(shape<ControlPicture['scales'][number]>({ id: isText, tare: isFlag, zero: isFlag })),
  presses: listOf(
    shape<ControlPicture['presses'][number]>({
      id: isText,
      outlet: orNull(isText),
      phase: orNull(keyOf(PRESS_WORDS)),
      bales: orNull(isNumber),
    }),
  ),
});

/** What a line answers to an order, with its outcome. */
export type OrderAnswer = CommandAnswer & Required<Pick<CommandAnswer, 'outcome' | 'reasons'>>;

const isFlagOrMissing = (value: unknown): value is boolean | undefined =>
  value === undefined || typeof value === 'boolean';

const OUTCOMES = { ...OUTCOME_WORDS, checking: true } as const;

const isOrderAnswer = shape<OrderAnswer>({
  id: isText,
  code: isText,
  detail: orNull(isText),
  seq: orNull(isNumber),
  outcome: keyOf(OUTCOMES),
  reasons: isReasons,
  noted: isFlagOrMissing,
});

/** Of a row of the audit what a page needs to know what came of its own request. */
export type OrderRow = Pick<CommandRow, 'id' | 'outcome' | 'reasons' | 'detail' | 'late'>;

const isOrderRow = shape<OrderRow>({
  id: isText,
  outcome: keyOf(OUTCOMES),
  reasons: isReasons,
  detail: orNull(isText),
  late: orNull(isText),
});
const isOrderRows = shape<{ rows: OrderRow[] }>({ rows: listOf(isOrderRow) });

export function readOrderAnswer(body: unknown): OrderAnswer | null {
  return isOrderAnswer(body) ? body : null;
}

export function readOrderRow(body: unknown): OrderRow | null {
  return isOrderRow(body) ? body : null;
}

export function readOrderRows(body: unknown): readonly OrderRow[] | null {
  return isOrderRows(body) ? body.rows : null;
}
