/** Reads stops, TRS, the shift log and the andon. */
import type {
  Andon,
  ShiftLog,
  StopCauseAnswer,
  StopPareto,
  StopRow,
  TrsAnswer,
  TrsRow,
} from '@trame/protocol/stops/stop-answers';
import { MODE_WORDS } from '../control/control-words.ts';
import { NO_FIGURE_WORDS, PICTOGRAM_PATHS, STOP_KIND_WORDS, TOLD_KIND_WORDS } from '../stops/stop-words.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orNull, shape } from './shape.ts';

const someNumber = orNull(isNumber);
const isKind = keyOf(STOP_KIND_WORDS);
const isToldKind = keyOf(TOLD_KIND_WORDS);

export const isCause = shape<StopCauseAnswer>({
  id: isText,
  label: isText,
  kind: isKind,
  pictogram: keyOf(PICTOGRAM_PATHS),
});

export const isStop = shape<StopRow>({
  id: isText,
  site: isText,
  line: isText,
  from: isNumber,
  to: someNumber,
  durationMs: isNumber,
  state: isText,
  mode: orNull(keyOf(MODE_WORDS)),
  emergencyStop: isFlag,
  micro: isFlag,
  firstAlarm: orNull(shape<NonNullable<StopRow['firstAlarm']>>({ alarm: isText, label: isText })),
  proposed: orNull(isText),
  cause: orNull(isText),
  note: orNull(isText),
  kind: isToldKind,
});

export const isPareto = shape<StopPareto>({
  from: isNumber,
  to: isNumber,
  rows: listOf(
    shape<StopPareto['rows'][number]>({
      cause: isText,
      label: isText,
      kind: isToldKind,
      stops: isNumber,
      durationMs: isNumber,
      percent: isNumber,
      cumulativePercent: isNumber,
      proposed: isFlag,
    }),
  ),
  causesMs: isNumber,
  micro: orNull(shape<NonNullable<StopPareto['micro']>>({ stops: isNumber, durationMs: isNumber })),
  totalMs: isNumber,
});

type Figures = NonNullable<TrsRow['figures']>;

const isTrsRow = shape<TrsRow>({
  key: isText,
  team: orNull(isText),
  from: isNumber,
  to: isNumber,
  figures: orNull(
    shape<Figures>({
      totalMs: isNumber,
      openMs: isNumber,
      requiredMs: isNumber,
      runningMs: isNumber,
      netMs: someNumber,
      usefulMs: someNumber,
      planned: listOf(shape<Figures['planned'][number]>({ kind: isKind, durationMs: isNumber })),
      stops: listOf(
        shape<Figures['stops'][number]>({ kind: isToldKind, stops: isNumber, durationMs: isNumber }),
      ),
      unknownMs: isNumber,
      availability: someNumber,
      performance: someNumber,
      quality: someNumber,
      trs: someNumber,
      trg: someNumber,
      tre: someNumber,
      inputGrams: isNumber,
      refusedGrams: isNumber,
    }),
  ),
  teamKgPerHour: someNumber,
  why: orNull(keyOf(NO_FIGURE_WORDS)),
});

export const isTrs = shape<TrsAnswer>({ rows: listOf(isTrsRow), total: isTrsRow });

type Alarms = ShiftLog['alarms'];
type Material = ShiftLog['material'];

export const isShiftLog = shape<ShiftLog>({
  shift: orNull(
    shape<NonNullable<ShiftLog['shift']>>({
      id: isText,
      line: isText,
      team: isText,
      openedAt: isNumber,
      closedAt: someNumber,
    }),
  ),
  from: isNumber,
  to: isNumber,
  trs: isTrsRow,
  stops: listOf(isStop),
  unexplained: isNumber,
  alarms: shape<Alarms>({
    raised: isNumber,
    byPriority: listOf(shape<Alarms['byPriority'][number]>({ priority: isNumber, raised: isNumber })),
    standing: listOf(
      shape<Alarms['standing'][number]>({ id: isText, label: isText, priority: isNumber, since: isNumber }),
    ),
  }),
  commands: listOf(
    shape<ShiftLog['commands'][number]>({
      id: isText,
      at: isNumber,
      command: isText,
      outcome: orNull(isText),
      detail: orNull(isText),
    }),
  ),
  material: shape<Material>({
    inputGrams: someNumber,
    outlets: orNull(
      listOf(shape<NonNullable<Material['outlets']>[number]>({ outlet: isText, grams: isNumber })),
    ),
    outputs: someNumber,
    unclaimed: isNumber,
  }),
  notes: listOf(shape<ShiftLog['notes'][number]>({ id: isText, at: isNumber, text: isText })),
  signatures: listOf(
    shape<ShiftLog['signatures'][number]>({
      id: isText,
      side: keyOf({ leaving: true, arriving: true }),
      at: isNumber,
      text: isText,
      mine: isFlag,
      alone: isFlag,
    }),
  ),
});

export const isAndon = shape<Andon>({
  line: isText,
  at: isNumber,
  state: isText,
  stateSince: someNumber,
  mode: orNull(keyOf(MODE_WORDS)),
  shift: orNull(shape<NonNullable<Andon['shift']>>({ team: isText, openedAt: isNumber })),
  outputs: someNumber,
  target: orNull(shape<NonNullable<Andon['target']>>({ outputs: isNumber, soFar: isNumber })),
  sortedKg: someNumber,
  trs: someNumber,
  teamKgPerHour: someNumber,
  worst: orNull(
    shape<NonNullable<Andon['worst']>>({
      id: isText,
      label: isText,
      priority: isNumber,
      since: isNumber,
      response: isText,
    }),
  ),
  bins: listOf(shape<Andon['bins'][number]>({ outlet: isText, label: isText, percent: someNumber })),
});
