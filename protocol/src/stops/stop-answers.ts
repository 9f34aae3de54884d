/** What `/api/v1/stops`, `/trs`, `/shift-log` and `/andon` answer. Times are ms since 1970 UTC, durations ms. */
import { Type, type Static } from 'typebox';
import { literals, nullable } from '../schema.ts';
import { LINE_MODES } from '../control/control-names.ts';
import { STOP_KINDS, STOP_PICTOGRAMS, TOLD_KINDS } from './stop-names.ts';

const Time = Type.Integer();
const Ms = Type.Integer({ minimum: 0 });

export const StopCauseAnswer = Type.Object({
  id: Type.String(),
  label: Type.String(),
  kind: literals(STOP_KINDS),
  pictogram: literals(STOP_PICTOGRAMS),
});
export type StopCauseAnswer = Static<typeof StopCauseAnswer>;

/** `GET /stops?line=&from=&to=`. `id` is that of the event that began it. */
export const StopRow = Type.Object({
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  from: Time,
  /** Null: it still lasts. */
  to: nullable(Time),
  durationMs: Ms,
  /** PackML state in which it began. */
  state: Type.String(),
  mode: nullable(literals(LINE_MODES)),
  emergencyStop: Type.Boolean(),
  micro: Type.Boolean(),
  /** First alarm of the stop; null: none stood. */
  firstAlarm: nullable(Type.Object({ alarm: Type.String(), label: Type.String() })),
  /** What Trame proposes. */
  proposed: nullable(Type.String()),
  /** What a person fixed; null: nobody yet. */
  cause: nullable(Type.String()),
  note: nullable(Type.String()),
  kind: literals(TOLD_KINDS),
});
export type StopRow = Static<typeof StopRow>;

/**
 * `GET /stops/pareto?line=&from=&to=`: causes, the most time first; of every stop the part that lies in the period.
 * Micro-stops that nobody explained stand apart, so that they hide no cause: percents are of the time of the causes.
 */
export const StopPareto = Type.Object({
  from: Time,
  to: Time,
  rows: Type.Array(
    Type.Object({
      cause: Type.String(),
      label: Type.String(),
      kind: literals(TOLD_KINDS),
      stops: Type.Integer(),
      durationMs: Ms,
      /** % of `causesMs`, and what it is together with those before it. */
      percent: Type.Number(),
      cumulativePercent: Type.Number(),
      /** True: nobody fixed the cause of some of them. */
      proposed: Type.Boolean(),
    }),
  ),
  causesMs: Ms,
  /** Null: there was none. */
  micro: nullable(Type.Object({ stops: Type.Integer(), durationMs: Ms })),
  /** Of causes and micro-stops. */
  totalMs: Ms,
});
export type StopPareto = Static<typeof StopPareto>;

/** Why there is no figure. */
export const NO_FIGURE = [
  /** Fewer than four people, or nobody counted heads. */
  'group-too-small',
  /** No opening hours in this period. */
  'closed',
  /** The line was never required to run. */
  'not-required',
  /** No nominal throughput is configured. */
  'no-nominal',
  /** The line does not say its states. */
  'no-states',
  /** A line of hands: `teamKgPerHour` instead. */
  'hand-line',
] as const;

/** The waterfall of time of NF E60-182 for one period, and the rates that follow from it. */
export const TrsRow = Type.Object({
  /** A shift, a local day, or `period`. */
  key: Type.String(),
  /** Of a shift; null: of none. */
  team: nullable(Type.String()),
  from: Time,
  to: Time,
  /** Null: no figure; `why` says why. */
  figures: nullable(
    Type.Object({
      /** tT ≥ tO ≥ tR ≥ tF ≥ tN ≥ tU, ms, each without `unknownMs`. Time of too few people is in tT and in none of the others. */
      totalMs: Ms,
      openMs: Ms,
      requiredMs: Ms,
      runningMs: Ms,
      netMs: nullable(Ms),
      usefulMs: nullable(Ms),
      /** Out of the open time, by kind: break, training… */
      planned: Type.Array(Type.Object({ kind: literals(STOP_KINDS), durationMs: Ms })),
      /** Out of the required time: own and induced stops by kind, and those that nobody explained. */
      stops: Type.Array(Type.Object({ kind: literals(TOLD_KINDS), stops: Type.Integer(), durationMs: Ms })),
      /** Opening hours of which nothing is known (edge or line silent): in none of the times and no stop. */
      unknownMs: Ms,
      /** 0–1. Do = tF/tR, Tp = tN/tF, Tq = tU/tN, TRS = tU/tR, TRG = tU/tO, TRE = tU/tT. */
      availability: nullable(Type.Number()),
      performance: nullable(Type.Number()),
      quality: nullable(Type.Number()),
      trs: nullable(Type.Number()),
      trg: nullable(Type.Number()),
      tre: nullable(Type.Number()),
      inputGrams: Type.Integer(),
      refusedGrams: Type.Integer(),
    }),
  ),
  /** On a hand line: what the team sorted in an hour of opening. */
  teamKgPerHour: nullable(Type.Number()),
  why: nullable(literals(NO_FIGURE)),
});
export type TrsRow = Static<typeof TrsRow>;

/** `GET /trs?line=&from=&to=&by=shift|day`. */
export const TrsAnswer = Type.Object({ rows: Type.Array(TrsRow), total: TrsRow });
export type TrsAnswer = Static<typeof TrsAnswer>;

/** `GET /shift-log?line=&shift=`: pre-filled from what was recorded; a person adds notes and signs. */
export const ShiftLog = Type.Object({
  shift: nullable(
    Type.Object({
      id: Type.String(),
      line: Type.String(),
      team: Type.String(),
      openedAt: Time,
      closedAt: nullable(Time),
    }),
  ),
  from: Time,
  to: Time,
  trs: TrsRow,
  /** That touch the shift; `durationMs` is the part that lies in it. */
  stops: Type.Array(StopRow),
  /** Stops whose cause nobody fixed. */
  unexplained: Type.Integer(),
  alarms: Type.Object({
    raised: Type.Integer(),
    byPriority: Type.Array(Type.Object({ priority: Type.Integer(), raised: Type.Integer() })),
    /** Without those whose condition is over and that only wait for somebody to have seen them. */
    standing: Type.Array(
      Type.Object({ id: Type.String(), label: Type.String(), priority: Type.Integer(), since: Time }),
    ),
  }),
  commands: Type.Array(
    Type.Object({
      id: Type.String(),
      at: Time,
      command: Type.String(),
      outcome: nullable(Type.String()),
      detail: nullable(Type.String()),
    }),
  ),
  /** Null: no figure, fewer than four people were counted. */
  material: Type.Object({
    inputGrams: nullable(Type.Integer()),
    outlets: nullable(Type.Array(Type.Object({ outlet: Type.String(), grams: Type.Integer() }))),
    outputs: nullable(Type.Integer()),
    /** Weighings that nothing claims. */
    unclaimed: Type.Integer(),
  }),
  notes: Type.Array(Type.Object({ id: Type.String(), at: Time, text: Type.String() })),
  /** Who hands over and who takes over, each with the sentence to pass on. */
  signatures: Type.Array(
    Type.Object({
      id: Type.String(),
      side: literals(['leaving', 'arriving'] as const),
      at: Time,
      text: Type.String(),
      /** Whether it is the one who asks. */
      mine: Type.Boolean(),
      /** The same account signed the other side: nobody else was there, as it said. */
      alone: Type.Boolean(),
    }),
  ),
});
export type ShiftLog = Static<typeof ShiftLog>;

/** `GET /andon?line=`: what a screen at five metres shows. */
export const Andon = Type.Object({
  line: Type.String(),
  at: Time,
  state: Type.String(),
  stateSince: nullable(Time),
  mode: nullable(literals(LINE_MODES)),
  shift: nullable(Type.Object({ team: Type.String(), openedAt: Time })),
  /** Of the hours of the day in which four people or more were counted; null: there were none, or too few are there now. */
  outputs: nullable(Type.Integer()),
  /** Null: targets are off, as they are unless configured. */
  target: nullable(Type.Object({ outputs: Type.Integer(), soFar: Type.Integer() })),
  /** Of the day; null as with `outputs`. */
  sortedKg: nullable(Type.Number()),
  /** Of the present shift; null: no figure. */
  trs: nullable(Type.Number()),
  teamKgPerHour: nullable(Type.Number()),
  /** Whose condition stands, or that waits for a reset. */
  worst: nullable(
    Type.Object({
      id: Type.String(),
      label: Type.String(),
      priority: Type.Integer(),
      since: Time,
      response: Type.String(),
    }),
  ),
  bins: Type.Array(
    Type.Object({ outlet: Type.String(), label: Type.String(), percent: nullable(Type.Number()) }),
  ),
});
export type Andon = Static<typeof Andon>;
