/** How a line that sorts pieces by their spectra says that it does, in its heartbeat. Counts are since the edge started. */
import { Type, type Static } from 'typebox';
import { ProgrammeRef } from './classification/classification-events.ts';
import { ModelRef } from './classification/fibre-verdict.ts';
import { closed, literals, nullable } from './schema.ts';
import { ID_PATTERN } from './topics.ts';

const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Words = Type.String({ maxLength: 500 });

export const SortingHealth = Type.Object(
  {
    /** Null: none can be used, and nothing is read of any piece; `modelFault` says why. */
    model: nullable(ModelRef),
    modelFault: nullable(Words),
    /** Null: none can be used, and every piece goes to `fallback`; `programmeFault` says why. */
    programme: nullable(ProgrammeRef),
    programmeFault: nullable(Words),
    /** Outlet where pieces go of which nothing can be said. */
    fallback: Type.String({ pattern: ID_PATTERN }),
    sorted: Whole,
    /** Of these, sent to `fallback`. */
    toFallback: Whole,
    /** Verdicts that came too late for their piece, or were not taken. */
    late: Whole,
    unwritten: Whole,
    /** Reads that could not be had. */
    missed: Whole,
    /** How pieces are kept for «why did it go there?» and for the sums. */
    items: Type.Object(
      {
        state: literals(['ok', 'not-stored', 'closed'] as const),
        /** Null when ok. */
        reason: nullable(Words),
        /** Pieces given up since the edge started: too many waited. */
        dropped: Whole,
      },
      closed,
    ),
  },
  closed,
);
export type SortingHealth = Static<typeof SortingHealth>;
