/**
 * What the events of a ledger say: one schema for each type. Masses are whole grams, times ms since 1970 UTC.
 * A type that is not listed here comes from a newer edge: it is stored and forwarded, and means nothing yet.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { EVENT_TIME_MIN_MS, HASH_PATTERN, OPAQUE_ID_PATTERN, type LedgerPayload } from './ledger-event.ts';
import { GAP_REASONS } from './ledger-names.ts';
import { ALARM_PAYLOADS } from './alarms/alarm-events.ts';
import { CLASSIFICATION_PAYLOADS } from './classification/classification-events.ts';
import { CONTROL_PAYLOADS } from './control/control-events.ts';
import { MATERIAL_PAYLOADS } from './material/material-payloads.ts';
import { closed, literals, nullable } from './schema.ts';
import { ID_PATTERN } from './topics.ts';

/** A weighing of more than this is a fault of a register, not a load: 100 t. */
export const WEIGHING_GRAMS_MAX = 100_000_000;
/** What one counter may grow by in one event: 1 000 t. */
export const COUNT_GRAMS_MAX = 1_000_000_000;

const Id = Type.String({ pattern: ID_PATTERN });
const Text = (maxLength: number) => Type.String({ maxLength });
const Time = Type.Integer({ minimum: EVENT_TIME_MIN_MS, maximum: 8_640_000_000_000_000 });
const Grams = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** First event of every epoch. */
export const LedgerOpened = Type.Object(
  {
    /** `new`: a line begins. `replaced`, `restored`: a person opened this epoch after another one. */
    reason: literals(['new', 'replaced', 'restored'] as const),
    /** Where the epoch before ended on this edge; null when there was none. */
    previous: nullable(
      Type.Object(
        {
          epoch: Type.String({ pattern: OPAQUE_ID_PATTERN }),
          seq: Type.Integer({ minimum: 1 }),
          hash: Type.String({ pattern: HASH_PATTERN }),
        },
        closed,
      ),
    ),
    /** What the counters stood at: counted by other means before this ledger began. */
    countedBefore: Type.Array(Type.Object({ counter: Text(80), grams: Grams }, closed), { maxItems: 65 }),
  },
  closed,
);
export type LedgerOpened = Static<typeof LedgerOpened>;

export const EdgeStarted = Type.Object(
  {
    version: Text(40),
    /** Changes with every start. */
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    /** True when the run before did not end by a clean stop. */
    unclean: Type.Boolean(),
    /** Last sign of life of the run before; null when there was none. */
    lastAliveAt: nullable(Time),
  },
  closed,
);
export type EdgeStarted = Static<typeof EdgeStarted>;

export const EdgeStopped = Type.Object({ boot: Type.String({ pattern: '^[0-9a-f]{16}$' }) }, closed);
export type EdgeStopped = Static<typeof EdgeStopped>;

/** States of ISA-TR88.00.02 (PackML); `unknown`: the line does not say. */
export const LINE_STATES = [
  'clearing',
  'stopped',
  'starting',
  'idle',
  'suspended',
  'execute',
  'stopping',
  'aborting',
  'aborted',
  'holding',
  'held',
  'unholding',
  'suspending',
  'unsuspending',
  'resetting',
  'completing',
  'complete',
  'unknown',
] as const;
export type LineStateName = (typeof LINE_STATES)[number];

export const LineState = Type.Object(
  { state: literals(LINE_STATES), emergencyStop: nullable(Type.Boolean()) },
  closed,
);
export type LineState = Static<typeof LineState>;

export const DeviceState = Type.Object(
  {
    device: Id,
    state: literals(['online', 'offline'] as const),
    /** In words for a person; null when online. */
    reason: nullable(Text(300)),
  },
  closed,
);
export type DeviceState = Static<typeof DeviceState>;

/** Which register a count comes from. The generation grows when its total began anew (device replaced). */
export const CountSource = Type.Object(
  { device: Id, tag: Text(128), generation: Type.Integer({ minimum: 0, maximum: 1_000_000 }) },
  closed,
);
export type CountSource = Static<typeof CountSource>;

export const Count = Type.Object(
  {
    /** `input` or `outlet.<id>`. */
    counter: Text(80),
    /** Counted in this period. */
    grams: Type.Integer({ minimum: 1, maximum: COUNT_GRAMS_MAX }),
    /** Counted by this edge in its life, this period included. */
    totalGrams: Grams,
    source: CountSource,
    /**
     * The device's own total at the end of the period. With the source it tells which part of the device's
     * life was counted: a reader that has already counted up to there, by an edge that was since restored or
     * replaced, takes only what lies beyond.
     */
    sourceGrams: Grams,
  },
  closed,
);
export type Count = Static<typeof Count>;

/** What fell in a period. The period belongs to the local day of its end. */
export const ThroughputCounted = Type.Object(
  { from: Time, to: Time, counts: Type.Array(Count, { minItems: 1, maxItems: 65 }) },
  closed,
);
export type ThroughputCounted = Static<typeof ThroughputCounted>;

/** A device's total fell: counting goes on from there, nothing is subtracted. */
export const TotalWentBack = Type.Object(
  { counter: Text(80), source: CountSource, fromGrams: Grams, toGrams: Grams },
  closed,
);
export type TotalWentBack = Static<typeof TotalWentBack>;

/** Another register than before is counted: counting goes on with what it grows from its first value. */
export const TotalReplaced = Type.Object(
  {
    counter: Text(80),
    source: CountSource,
    previous: CountSource,
    /** How far the total of the register before was counted. */
    previousGrams: Grams,
  },
  closed,
);
export type TotalReplaced = Static<typeof TotalReplaced>;

/** Where a weight comes from. The scale's alibi memory is the legal record; this is a copy with its number. */
export const WEIGHING_SOURCES = ['alibi', 'totaliser', 'stable-window'] as const;

const ScaleFacts = {
  scale: Id,
  /** Of the instrument; null when it does not tell and none is configured. */
  serial: nullable(Text(40)),
  /** Grows when the numbers of the alibi memory begin anew: with the serial, it makes a number unique. */
  alibiEpoch: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
};

export const Weighing = Type.Object(
  {
    ...ScaleFacts,
    use: literals(['reception', 'bale'] as const),
    source: literals(WEIGHING_SOURCES),
    /** Number in the alibi memory, or of a totalising indicator's weighing; null without either. */
    number: nullable(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** Null when the indicator only told the net. */
    grossGrams: nullable(Type.Integer({ minimum: 0, maximum: WEIGHING_GRAMS_MAX })),
    tareGrams: nullable(Type.Integer({ minimum: 0, maximum: WEIGHING_GRAMS_MAX })),
    tareKind: literals(['none', 'weighed', 'preset'] as const),
    netGrams: Type.Integer({ minimum: 1, maximum: WEIGHING_GRAMS_MAX }),
    /** Scale interval; null when not configured. */
    intervalGrams: nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** The indication stood still: anything else is refused, so it is always true. */
    stable: Type.Literal(true),
    /** `not-stated`: no verification date is configured. Expired: for internal use, not for payment. */
    verification: literals(['valid', 'expired', 'refused', 'not-stated'] as const),
    /** `YYYY-MM-DD`; null when not stated. */
    verificationDue: nullable(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    simulated: Type.Boolean(),
  },
  closed,
);
export type Weighing = Static<typeof Weighing>;

export const WEIGHING_REFUSALS = [
  'unstable',
  'overload',
  'below-min',
  'negative-net',
  'duplicate-alibi',
  /**
   * A number below the first that Trame saw of this memory: an old record is shown, or the memory began anew. In that
   * case its `alibiEpoch` has to be raised.
   */
  'went-back',
  'impossible-weight',
  /** It stood there and was taken away before its tare was known. */
  'no-tare',
  /** It stood there when Trame began to look, and the instrument keeps no numbers: was it recorded before? */
  'unwitnessed',
] as const;
export type WeighingRefusalReason = (typeof WEIGHING_REFUSALS)[number];

/** A load was weighed and does not count; why. */
export const WeighingRefused = Type.Object(
  {
    ...ScaleFacts,
    use: literals(['reception', 'bale'] as const),
    reason: literals(WEIGHING_REFUSALS),
    number: nullable(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** What was shown; null when it was no number. */
    grossGrams: nullable(Type.Integer({ minimum: -WEIGHING_GRAMS_MAX, maximum: WEIGHING_GRAMS_MAX })),
    simulated: Type.Boolean(),
  },
  closed,
);
export type WeighingRefused = Static<typeof WeighingRefused>;

/** From here on the weighings of this instrument are recorded; what it weighed before is not in this ledger. */
export const ScaleSeen = Type.Object(
  {
    ...ScaleFacts,
    use: literals(['reception', 'bale'] as const),
    /** Last number of its alibi memory, or its count of weighings. */
    number: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** What it had summed; null when it keeps no sum. */
    totalGrams: nullable(Grams),
    simulated: Type.Boolean(),
  },
  closed,
);
export type ScaleSeen = Static<typeof ScaleSeen>;

/** Weighings that the scale did while nobody read it; their numbers are on its tickets and in its memory. */
export const WeighingMissed = Type.Object(
  {
    ...ScaleFacts,
    use: literals(['reception', 'bale'] as const),
    /** Both included. */
    fromNumber: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    toNumber: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** Their sum by the scale's total; null when it keeps none. */
    netGrams: nullable(Type.Integer({ minimum: 0, maximum: COUNT_GRAMS_MAX })),
    simulated: Type.Boolean(),
  },
  closed,
);
export type WeighingMissed = Static<typeof WeighingMissed>;

/** The yearly verification of a scale, as a person states it. */
export const ScaleVerified = Type.Object(
  {
    scale: Id,
    outcome: literals(['accepted', 'refused'] as const),
    on: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    /** Null when refused. */
    due: nullable(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    /** Id of the request, for whoever asks again. */
    request: Type.String({ pattern: OPAQUE_ID_PATTERN }),
  },
  closed,
);
export type ScaleVerified = Static<typeof ScaleVerified>;

/** Measured values that never will arrive. */
export const TelemetryGap = Type.Object(
  {
    from: Time,
    /** Included. */
    to: Time,
    /** How many values; null when nobody can know. */
    samples: nullable(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    reason: literals(GAP_REASONS),
  },
  closed,
);
export type TelemetryGap = Static<typeof TelemetryGap>;

/** Records that were given up before the ledger had them: too many waited, or the ledger never would take them. */
export const RecordsLost = Type.Object(
  {
    /** When the first and the last of them were given up. */
    from: Time,
    to: Time,
    records: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    reason: literals(['queue-full', 'invalid'] as const),
  },
  closed,
);
export type RecordsLost = Static<typeof RecordsLost>;

/** The edge's wall clock jumped, by its monotonic clock. */
export const ClockStepped = Type.Object(
  { byMs: Type.Integer({ minimum: -8_640_000_000_000_000, maximum: 8_640_000_000_000_000 }) },
  closed,
);
export type ClockStepped = Static<typeof ClockStepped>;

/** A person says that the clock is right although it reads earlier than an event. */
export const ClockConfirmed = Type.Object(
  { at: Time, request: Type.String({ pattern: OPAQUE_ID_PATTERN }) },
  closed,
);
export type ClockConfirmed = Static<typeof ClockConfirmed>;

export const LEDGER_PAYLOADS = {
  'ledger.opened': LedgerOpened,
  'edge.started': EdgeStarted,
  'edge.stopped': EdgeStopped,
  'line.state': LineState,
  'device.state': DeviceState,
  'throughput.counted': ThroughputCounted,
  'total.wentBack': TotalWentBack,
  'total.replaced': TotalReplaced,
  'weighing.recorded': Weighing,
  'weighing.refused': WeighingRefused,
  'weighing.missed': WeighingMissed,
  'scale.seen': ScaleSeen,
  'scale.verified': ScaleVerified,
  'telemetry.gap': TelemetryGap,
  'records.lost': RecordsLost,
  'clock.stepped': ClockStepped,
  'clock.confirmed': ClockConfirmed,
  ...CONTROL_PAYLOADS,
  ...ALARM_PAYLOADS,
  ...MATERIAL_PAYLOADS,
  ...CLASSIFICATION_PAYLOADS,
} as const;
export type LedgerPayloads = { [K in keyof typeof LEDGER_PAYLOADS]: Static<(typeof LEDGER_PAYLOADS)[K]> };
export type LedgerEventType = keyof LedgerPayloads;

/** An event of a known type, with its payload typed. */
export type KnownEvent = {
  [K in LedgerEventType]: { readonly type: K; readonly payload: LedgerPayloads[K] };
}[LedgerEventType];

const validators = Object.fromEntries(
  Object.entries(LEDGER_PAYLOADS).map(([type, schema]) => [type, Compile(schema)]),
);

export function isKnownType(type: string): type is LedgerEventType {
  return Object.hasOwn(LEDGER_PAYLOADS, type);
}

/** @returns what of the payload of a known type cannot be, in words for a person; null when it is right or the type unknown. */
export function payloadFault(type: string, payload: LedgerPayload): string | null {
  const validator = isKnownType(type) ? validators[type] : undefined;
  if (validator === undefined || validator.Check(payload)) return null;
  const [first] = validator.Errors(payload);
  return `${type}${first?.instancePath ?? ''}: ${first?.message ?? 'not such a payload'}`;
}

/** @returns the event with its payload typed, or null: unknown type, payload withheld or not what it should be. */
export function knownEvent(event: {
  readonly type: string;
  readonly payload: LedgerPayload | null;
}): KnownEvent | null {
  const { type, payload } = event;
  if (payload === null || !isKnownType(type) || payloadFault(type, payload) !== null) return null;
  return { type, payload } as KnownEvent;
}
