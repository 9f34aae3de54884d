/**
 * What people ask for: bodies of the HTTP acts about material, `/api/v1`, in `lot-acts.ts`, `line-acts.ts`, `bale-acts.ts` and
 * `shipment-acts.ts`; here what they share. Masses are whole grams, times ms since 1970 UTC. What follows from an act
 * (numbers, shares, movements) is decided by the server. Every act takes an `Idempotency-Key` and answers
 * {@link ActAnswer}.
 */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { ToldFinding } from '../sort-programmes/programme-finding.ts';
import { Entry, EventId, Grams, GramsOrNone, Id, Time, Words } from './move.ts';

/** Of every act. */
export const happening = {
  /** When it happened, for what is told later (offline, paper); left out: now. */
  occurredAt: Type.Optional(Time),
  entry: Type.Optional(Entry),
};

/**
 * One weight as a person or a screen has it. `scale`: the weighing with this event id is claimed. `typed`, `paper`:
 * read off the indicator; a weighing of that scale with the same net, near in time, is claimed when there is one.
 */
export const WeightBody = Type.Union([
  Type.Object({ how: Type.Literal('scale'), weighing: EventId }, closed),
  Type.Object(
    {
      how: literals(['typed', 'paper', 'weighbridge', 'estimated'] as const),
      scale: Type.Optional(nullable(Id)),
      grossGrams: Type.Optional(nullable(Grams)),
      tareGrams: Type.Optional(nullable(GramsOrNone)),
      /** Left out when gross and tare are given. */
      netGrams: Type.Optional(nullable(Grams)),
    },
    closed,
  ),
]);
export type WeightBody = Static<typeof WeightBody>;

/** `POST /containers/{id}/place`, `POST /lots/{id}/place`, `POST /bales/{id}/place`. */
export const PlaceBody = Type.Object({ ...happening, zone: Id }, closed);
export type PlaceBody = Static<typeof PlaceBody>;

/** `POST /bales/{id}/void|missing`, `POST /lots/{id}/void`. */
export const ReasonBody = Type.Object({ ...happening, reason: Type.Optional(Words) }, closed);
export type ReasonBody = Static<typeof ReasonBody>;

/** `POST /shifts/{id}/close`, `POST /campaigns/{id}/close`. */
export const CloseBody = Type.Object({ ...happening, note: Type.Optional(Words) }, closed);
export type CloseBody = Static<typeof CloseBody>;

/** What every act answers once it is recorded for good. */
export const ActAnswer = Type.Object({
  /** Of what it made or changed: a lot, an output, a shipment. */
  id: Type.String(),
  /** Short number that people say; null where there is none. */
  number: nullable(Type.Integer()),
  /** Ids of the events, in order. */
  events: Type.Array(Type.String()),
  /** What somebody should look at: stable words, e.g. `unusual-weight`, `zone-80`, `scale-expired`, `not-printed`. */
  warnings: Type.Array(Type.String()),
  /** Of a sort programme that was saved: what its author should know. */
  findings: Type.Optional(Type.Array(ToldFinding)),
  /** True: this key was recorded before, nothing was done again. */
  replayed: Type.Boolean(),
});
export type ActAnswer = Static<typeof ActAnswer>;
