/** Drift as a text that outlives the edge: what was learnt of an instrument takes hours to learn again. */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { closed, nullable } from '@trame/protocol/schema';
import { CUSUM_LIMIT } from './cusum.ts';
import { NOTHING_WATCHED, RECENT_PIECES, type DriftWatch } from './drift-watch.ts';
import {
  BLOCK_PIECES,
  NO_SHARES,
  RECENT_BLOCKS,
  REFERENCE_BLOCKS_MAX,
  type ShareDrift,
} from './share-drift.ts';

export interface KeptDrift {
  readonly spectra: DriftWatch;
  readonly shares: ShareDrift;
}

export const NO_DRIFT: KeptDrift = { spectra: NOTHING_WATCHED, shares: NO_SHARES };

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Counts = Type.Record(Type.String(), Count);
const Cusum = Type.Object(
  { score: Type.Number({ minimum: 0, maximum: CUSUM_LIMIT }), isRaised: Type.Boolean() },
  closed,
);
const Tally = Type.Object(
  { read: Count, refused: Count, fibres: Type.Record(Type.String(), Counts) },
  closed,
);
const Reference = Type.Object(
  {
    read: Type.Integer({ minimum: 1 }),
    refused: Count,
    fibres: Type.Record(
      Type.String(),
      Type.Object(
        { pieces: Type.Integer({ minimum: 1 }), median: Type.Number({ exclusiveMinimum: 0 }) },
        closed,
      ),
    ),
  },
  closed,
);
const Spectra = Type.Object(
  {
    model: nullable(Type.String()),
    learning: nullable(
      Type.Object({ hour: nullable(Type.Integer()), present: Tally, good: Tally, goodHours: Count }, closed),
    ),
    watching: nullable(
      Type.Object(
        {
          reference: Reference,
          farther: Cusum,
          refused: Cusum,
          ratios: Type.Array(Type.Number(), { maxItems: RECENT_PIECES }),
          refusals: Type.Array(Type.Union([Type.Literal(0), Type.Literal(1)]), { maxItems: RECENT_PIECES }),
        },
        closed,
      ),
    ),
  },
  closed,
);
const Shares = Type.Object(
  {
    block: Counts,
    pieces: Type.Integer({ minimum: 0, maximum: BLOCK_PIECES }),
    recent: Type.Array(Counts, { maxItems: RECENT_BLOCKS + 1 }),
    reference: Type.Array(Counts, { maxItems: REFERENCE_BLOCKS_MAX }),
    found: nullable(
      Type.Object(
        {
          isRaised: Type.Boolean(),
          strength: Type.Number({ minimum: 0 }),
          of: Type.String(),
          before: Type.Number(),
          now: Type.Number(),
        },
        closed,
      ),
    ),
  },
  closed,
);
const Kept = Type.Object({ version: Type.Literal(1), spectra: Spectra, shares: Shares }, closed);
const schema = Compile(Kept);

export function encodeDrift({ spectra, shares }: KeptDrift): string {
  const kept = { version: 1, spectra, shares };
  return JSON.stringify(kept);
}

/** @returns null: it is not what {@link encodeDrift} of this version wrote, and is learnt anew. */
export function decodeDrift(text: string): KeptDrift | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!schema.Check(value)) return null;
  const { spectra, shares }: Static<typeof Kept> = value;
  return { spectra, shares };
}
