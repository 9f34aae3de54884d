/** What goes on the line, what is moved by hand, and what is found when somebody looks closely. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { Account, Entry, EventId, Grams, GramsOrNone, Id, Moves, Name, Weight, Words } from './move.ts';

/** Lots at the infeed at once. */
export const LOTS_AT_INFEED_MAX = 20;

export const LineLoaded = Type.Object(
  {
    line: Id,
    /** Lots or containers. */
    from: Type.Array(Account, { minItems: 1, maxItems: LOTS_AT_INFEED_MAX }),
    /**
     * `all`: what is in them is on the line now. `weighed`: a part of them. `by-infeed`: the infeed scale counts what
     * goes on; nothing moves yet, and several at once are taken from in proportion to what is left of them.
     */
    counted: literals(['all', 'weighed', 'by-infeed'] as const),
    weight: nullable(Weight),
    moves: Moves,
  },
  closed,
);
export type LineLoaded = Static<typeof LineLoaded>;

/** Taken off the line: `from` is at the infeed no more; what was put on by weight goes back where it came from. */
export const LineUnloaded = Type.Object(
  { line: Id, from: Account, grams: GramsOrNone, note: Words, moves: Moves },
  closed,
);
export type LineUnloaded = Static<typeof LineUnloaded>;

/** The belt or the tables were emptied: what the book still has there is the difference. */
export const LineEmptied = Type.Object(
  { line: Id, bookedGrams: GramsOrNone, remainingGrams: GramsOrNone, note: Words, moves: Moves },
  closed,
);
export type LineEmptied = Static<typeof LineEmptied>;

/** Trolleys filled and emptied, bins fed by hand: from one place to another. */
export const MassMoved = Type.Object(
  {
    from: Account,
    to: Account,
    /** `all`: everything that is there. */
    counted: literals(['all', 'weighed', 'estimated'] as const),
    grams: Grams,
    weight: nullable(Weight),
    entry: Entry,
    corrects: nullable(EventId),
    /** It was sorted before this book began, or elsewhere: it is in no tonnage of what was sorted here. */
    sortedBefore: Type.Optional(Type.Literal(true)),
    moves: Moves,
  },
  closed,
);
export type MassMoved = Static<typeof MassMoved>;

/** A sample of an outlet, looked through piece by piece. Belongs to the outlet and the month, never to a post. */
export const OutletAudited = Type.Object(
  {
    line: Id,
    outlet: Id,
    sampledGrams: Grams,
    /** What did not belong there, by the outlet it belongs to. */
    misplaced: Type.Array(Type.Object({ outlet: Id, grams: Grams }, closed), { maxItems: 32 }),
    note: Words,
  },
  closed,
);
export type OutletAudited = Static<typeof OutletAudited>;

/** An audit was noted wrongly: it counts no more. Another one says how it was. */
export const AuditVoided = Type.Object({ line: Id, outlet: Id, corrects: EventId, reason: Words }, closed);
export type AuditVoided = Static<typeof AuditVoided>;

/** A head count per post, a count only; null: not known, and figures below the line are then hidden. */
export const ShiftOpened = Type.Object(
  {
    shift: Id,
    line: Id,
    team: Name,
    posts: Type.Array(
      Type.Object({ post: Id, heads: nullable(Type.Integer({ minimum: 0, maximum: 100 })) }, closed),
      { maxItems: 32 },
    ),
  },
  closed,
);
export type ShiftOpened = Static<typeof ShiftOpened>;

export const ShiftClosed = Type.Object(
  {
    shift: Id,
    /** Weighings of the shift that no lot and no output claims. */
    unclaimed: Type.Integer({ minimum: 0 }),
    note: Words,
  },
  closed,
);
export type ShiftClosed = Static<typeof ShiftClosed>;

export const CampaignOpened = Type.Object({ campaign: Id, line: Id, name: Name }, closed);
export type CampaignOpened = Static<typeof CampaignOpened>;

export const CampaignClosed = Type.Object({ campaign: Id, note: Words }, closed);
export type CampaignClosed = Static<typeof CampaignClosed>;

/** Of collectors that are told apart in a closed month; the smallest past that are told together. */
export const DECLARED_COLLECTORS_MAX = 200;
const Sorted = Type.Integer({ minimum: -1_000_000_000_000, maximum: 1_000_000_000_000 });

/**
 * Nothing is dated into a closed month any more: what is found later is an event of its own day. Whose a lot was may be
 * known later all the same: what was declared of the month is kept here.
 */
export const MonthClosed = Type.Object(
  {
    month: Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' }),
    note: Words,
    /** What was sorted in the month, as it was known when it was closed. */
    declared: Type.Optional(
      Type.Object(
        {
          outlets: Type.Array(Type.Object({ outlet: Id, grams: Sorted }, closed), { maxItems: 100 }),
          /** Collector null: unknown. */
          collectors: Type.Array(Type.Object({ collector: nullable(Id), grams: Sorted }, closed), {
            maxItems: DECLARED_COLLECTORS_MAX,
          }),
          /** Of all other collectors together. */
          otherGrams: Sorted,
        },
        closed,
      ),
    ),
  },
  closed,
);
export type MonthClosed = Static<typeof MonthClosed>;

/** What only people know after a power cut. */
export const RestartAnswered = Type.Object(
  {
    line: Id,
    /** Of the start that it answers. */
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    presses: Type.Array(
      Type.Object(
        { press: Id, holds: literals(['nothing', 'output'] as const), output: nullable(Id) },
        closed,
      ),
      { maxItems: 16 },
    ),
    bins: Type.Array(
      Type.Object({ outlet: Id, level: literals(['empty', 'half', 'full', 'unknown'] as const) }, closed),
      { maxItems: 64 },
    ),
    clockRight: Type.Boolean(),
    note: Words,
  },
  closed,
);
export type RestartAnswered = Static<typeof RestartAnswered>;

/** The log book of a scale. A verification is `scale.verified`. */
export const ScaleLogged = Type.Object(
  {
    scale: Id,
    entry: literals(['repair', 'seal-broken', 'sealed', 'note'] as const),
    on: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    text: Words,
  },
  closed,
);
export type ScaleLogged = Static<typeof ScaleLogged>;
