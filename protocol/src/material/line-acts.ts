/** Acts at the line and by hand around it; shifts, campaigns, closings, notes, and the log books of scales. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { happening, WeightBody } from './act-parts.ts';
import { Account, Day, EventId, Grams, GramsOrNone, Id, Name, Words } from './move.ts';

/** `POST /moves`: trolleys filled and emptied, bins fed by hand. Without grams and weight: all of it. */
export const MoveBody = Type.Object(
  {
    ...happening,
    from: Account,
    to: Account,
    weight: Type.Optional(nullable(WeightBody)),
    /** Estimated, when it is not weighed. */
    grams: Type.Optional(nullable(Grams)),
    /**
     * A weighed trolley is empty now: what the book has more in it is the difference. Left out: so when its gross was
     * weighed, for then all that was in it stood on the scale.
     */
    emptied: Type.Optional(Type.Boolean()),
    /** It was sorted before the book began, or elsewhere: what stands in the bins on the first day, for one. */
    sortedBefore: Type.Optional(Type.Boolean()),
    corrects: Type.Optional(EventId),
  },
  closed,
);
export type MoveBody = Static<typeof MoveBody>;

/** `POST /lines/{line}/load`: lots (`lot:…`) or containers (`container:…`) go on the line. */
export const LineLoadBody = Type.Object(
  {
    ...happening,
    from: Type.Array(Account, { minItems: 1, maxItems: 20 }),
    /** Left out: all of it, or `by-infeed` where the line has an infeed scale that counts. */
    counted: Type.Optional(literals(['all', 'weighed', 'by-infeed'] as const)),
    weight: Type.Optional(nullable(WeightBody)),
  },
  closed,
);
export type LineLoadBody = Static<typeof LineLoadBody>;

/** `POST /lines/{line}/unload`: `grams` go back into it; left out: it is only no longer at the infeed. */
export const LineUnloadBody = Type.Object(
  { ...happening, from: Account, grams: Type.Optional(nullable(Grams)), note: Type.Optional(Words) },
  closed,
);
export type LineUnloadBody = Static<typeof LineUnloadBody>;

/** `POST /lines/{line}/empty`: the belt or the tables are empty, or hold so much. */
export const LineEmptyBody = Type.Object(
  { ...happening, remainingGrams: Type.Optional(GramsOrNone), note: Type.Optional(Words) },
  closed,
);
export type LineEmptyBody = Static<typeof LineEmptyBody>;

/** `POST /lines/{line}/audits`. */
export const AuditBody = Type.Object(
  {
    ...happening,
    outlet: Id,
    sampledGrams: Grams,
    misplaced: Type.Array(Type.Object({ outlet: Id, grams: Grams }, closed), { maxItems: 32 }),
    note: Type.Optional(Words),
  },
  closed,
);
export type AuditBody = Static<typeof AuditBody>;

/** `POST /audits/{audit}/void`: the event of the audit. */
export const VoidAuditBody = Type.Object(
  { ...happening, reason: Type.String({ minLength: 1, maxLength: 500 }) },
  closed,
);
export type VoidAuditBody = Static<typeof VoidAuditBody>;

/** `POST /lines/{line}/restart`: what only people know after a power cut. */
export const RestartBody = Type.Object(
  {
    ...happening,
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    presses: Type.Array(
      Type.Object(
        { press: Id, holds: literals(['nothing', 'output'] as const), output: Type.Optional(nullable(Id)) },
        closed,
      ),
      { maxItems: 16 },
    ),
    bins: Type.Array(
      Type.Object({ outlet: Id, level: literals(['empty', 'half', 'full', 'unknown'] as const) }, closed),
      { maxItems: 64 },
    ),
    clockRight: Type.Boolean(),
    note: Type.Optional(Words),
  },
  closed,
);
export type RestartBody = Static<typeof RestartBody>;

export const NoteBody = Type.Object(
  { ...happening, about: Type.Optional(nullable(Type.String({ maxLength: 140 }))), text: Words },
  closed,
);
export type NoteBody = Static<typeof NoteBody>;

/** `POST /scales/{id}/log`: into its log book. */
export const ScaleLogBody = Type.Object(
  {
    ...happening,
    entry: literals(['verification', 'refusal', 'repair', 'seal-broken', 'sealed', 'note'] as const),
    on: Day,
    /** Of a verification that was passed: until when it holds. */
    due: Type.Optional(nullable(Day)),
    text: Type.Optional(Words),
  },
  closed,
);
export type ScaleLogBody = Static<typeof ScaleLogBody>;

/** `POST /shifts`. */
export const ShiftBody = Type.Object(
  {
    ...happening,
    line: Type.Optional(Id),
    team: Name,
    posts: Type.Array(
      Type.Object({ post: Id, heads: nullable(Type.Integer({ minimum: 0, maximum: 100 })) }, closed),
      { maxItems: 32 },
    ),
  },
  closed,
);
export type ShiftBody = Static<typeof ShiftBody>;

/** `POST /campaigns`. */
export const CampaignBody = Type.Object({ ...happening, line: Type.Optional(Id), name: Name }, closed);
export type CampaignBody = Static<typeof CampaignBody>;

/** `POST /closings`. */
export const ClosingBody = Type.Object(
  { ...happening, month: Type.String({ pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' }), note: Type.Optional(Words) },
  closed,
);
export type ClosingBody = Static<typeof ClosingBody>;
