/** Movements of mass between accounts, and the parts that every event about material is written with. */
import { Type, type Static } from 'typebox';
import { EVENT_TIME_MIN_MS, HASH_PATTERN, OPAQUE_ID_PATTERN } from '../ledger-event.ts';
import { closed, literals, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { ACCOUNT_PATTERN } from './accounts.ts';

/** One movement carries more than this: a register at fault, or a mistyped figure. 1 000 t. */
export const MOVE_GRAMS_MAX = 1_000_000_000;
/** Source lots told apart in one movement; past that the smallest stay behind in the account they are in. */
export const SHARES_MAX = 200;
export const MOVES_MAX = 200;
export const ATTACHMENTS_MAX = 20;

export const Id = Type.String({ pattern: ID_PATTERN });
export const EventId = Type.String({ pattern: OPAQUE_ID_PATTERN });
export const Account = Type.String({ pattern: ACCOUNT_PATTERN, maxLength: 140 });
export const Time = Type.Integer({ minimum: EVENT_TIME_MIN_MS, maximum: 8_640_000_000_000_000 });
export const Grams = Type.Integer({ minimum: 1, maximum: MOVE_GRAMS_MAX });
export const GramsOrNone = Type.Integer({ minimum: 0, maximum: MOVE_GRAMS_MAX });
export const SignedGrams = Type.Integer({ minimum: -MOVE_GRAMS_MAX, maximum: MOVE_GRAMS_MAX });
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const Name = Type.String({ minLength: 1, maxLength: 120 });
/** Free words; pages warn against names of persons. */
export const Words = Type.String({ maxLength: 500 });
/** INSEE code of a commune. */
export const Insee = Type.String({ pattern: '^(?:\\d{5}|2[AB]\\d{3})$' });

/** So much of what moves came in with this lot. */
export const Share = Type.Object({ lot: Id, grams: Grams }, closed);
export type Share = Static<typeof Share>;

export const Move = Type.Object(
  {
    from: Account,
    to: Account,
    /** Null: everything that `from` holds. What this server's book holds of it then is moved, whatever it is. */
    shares: nullable(Type.Array(Share, { minItems: 1, maxItems: SHARES_MAX })),
  },
  closed,
);
export type Move = Static<typeof Move>;

export const Moves = Type.Array(Move, { maxItems: MOVES_MAX });

/** Where a weight comes from. */
export const WEIGHT_SOURCES = ['scale', 'typed', 'paper', 'weighbridge', 'estimated'] as const;
export type WeightSource = (typeof WEIGHT_SOURCES)[number];

export const Weight = Type.Object(
  {
    how: literals(WEIGHT_SOURCES),
    /** Event of the weighing that it claims, `weighing.recorded`; null: the scale is not linked, or none fits. */
    weighing: nullable(EventId),
    /** Scale, when one is named. */
    scale: nullable(Id),
    /** Scale interval; null when not known. Figures are no finer than this. */
    intervalGrams: nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  closed,
);
export type Weight = Static<typeof Weight>;

/** A photo or document: it lies on the server under its hash, the ledger holds the hash. */
export const Attachment = Type.Object(
  {
    sha256: Type.String({ pattern: HASH_PATTERN }),
    name: Name,
    media: Type.String({ minLength: 3, maxLength: 100 }),
    bytes: Type.Integer({ minimum: 1, maximum: 20_000_000 }),
    kind: literals(['photo', 'weighbridge-ticket', 'delivery-note', 'annex-vii', 'other'] as const),
  },
  closed,
);
export type Attachment = Static<typeof Attachment>;
export const Attachments = Type.Array(Attachment, { maxItems: ATTACHMENTS_MAX });

/** Whether a person stood at a screen, or copies it from a paper sheet afterwards. */
export const ENTRY_SOURCES = ['screen', 'paper'] as const;
export const Entry = literals(ENTRY_SOURCES);
