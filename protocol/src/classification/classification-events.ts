/** What the ledger keeps of sorting piece by piece. Times are ms since 1970 UTC, masses whole grams. */
import { Type, type Static } from 'typebox';
import { EVENT_TIME_MIN_MS, HASH_PATTERN } from '../ledger-event.ts';
import { Id, Words } from '../material/move.ts';
import { closed, literals, nullable } from '../schema.ts';
import { READINGS } from '../sort-programmes/programme-inputs.ts';
import { FibreShare, ModelRef } from './fibre-verdict.ts';
import { RECOGNISED_FIBRES } from './fibre-names.ts';
import { ITEM_ID_PATTERN, LIFE_PATTERN, OVERRIDE_REASONS } from './item-names.ts';

const Time = Type.Integer({ minimum: EVENT_TIME_MIN_MS, maximum: 8_640_000_000_000_000 });
const Count = Type.Integer({ minimum: 0, maximum: 1_000_000 });
/** UInt32, as stations number. */
const Seq = Type.Integer({ minimum: 0, maximum: 0xffff_ffff });

export const ProgrammeRef = Type.Object(
  {
    id: Id,
    version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    hash: Type.String({ pattern: HASH_PATTERN }),
  },
  closed,
);
export type ProgrammeRef = Static<typeof ProgrammeRef>;

/**
 * What was read and led to one outlet in one minute. Kilograms are counted where they fall (`throughput.counted`); here is what
 * they are made of. Which lot it was, the book says: an edge does not know.
 */
export const ItemsSorted = Type.Object(
  {
    device: Id,
    /** Of the station's numbers: with it and a number, a piece has its id (`device:life:seq`). */
    life: Type.String({ pattern: LIFE_PATTERN }),
    outlet: Id,
    fromAt: Time,
    toAt: Time,
    /** Numbers of the station, first and last of all that went to this outlet. */
    fromSeq: Seq,
    toSeq: Seq,
    items: Type.Integer({ minimum: 1, maximum: 100_000 }),
    readings: Type.Object(
      Object.fromEntries(READINGS.map((one) => [one, Count])) as Record<
        (typeof READINGS)[number],
        typeof Count
      >,
      closed,
    ),
    /** Mean of the pieces that have a composition; each counts the same. */
    composition: Type.Array(FibreShare, { maxItems: RECOGNISED_FIBRES.length }),
    /** How many have one. */
    described: Count,
    /** Root mean square error of the reading of one piece, points; null: none has a composition. */
    errorPoints: nullable(Type.Number({ minimum: 0, maximum: 100 })),
    /** Verdicts that the sorter did not get in time: it led those pieces to its own outlet for that. */
    late: Count,
    /** Null: there was none, all went to hand sorting. */
    programme: nullable(ProgrammeRef),
    model: nullable(ModelRef),
    /** SHA-256 over the canonical JSON of `[seq, rule, reading]` of all of them, in order. */
    hash: Type.String({ pattern: HASH_PATTERN }),
  },
  closed,
);
export type ItemsSorted = Static<typeof ItemsSorted>;

/** A person says otherwise of one piece. The verdict stays beside it. */
export const VerdictChanged = Type.Object(
  {
    line: Id,
    item: Type.String({ pattern: ITEM_ID_PATTERN }),
    from: Id,
    to: Id,
    reason: literals(OVERRIDE_REASONS),
    note: Words,
  },
  closed,
);
export type VerdictChanged = Static<typeof VerdictChanged>;

export const CLASSIFICATION_PAYLOADS = {
  'items.sorted': ItemsSorted,
  'verdict.changed': VerdictChanged,
} as const;
