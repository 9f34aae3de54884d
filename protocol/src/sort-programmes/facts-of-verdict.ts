/** From what a spectrum says, and what people said, to what a sort programme asks about a piece. */
import type { FibreRefusal, FibreVerdict } from '../classification/fibre-verdict.ts';
import type { FibreReading, PieceFacts } from './programme-inputs.ts';

/** What nobody and nothing but a person, a scale or a camera says of a piece; what is not given is not known. */
export type Said = Partial<
  Pick<PieceFacts, 'colour' | 'moisturePercent' | 'disruptors' | 'grade' | 'weightG' | 'category' | 'family'>
>;

/**
 * A bad spectrum, or one of another instrument, could not be read. What looks like nothing known, like nothing that may be
 * named, or lies outside of what a ratio was fitted for was read and is not recognised. Without a model nothing was read.
 */
const READING_OF_REFUSAL: Readonly<Record<FibreRefusal, FibreReading>> = {
  'not-a-number': 'unreadable',
  'wrong-length': 'unreadable',
  'wrong-grid': 'unreadable',
  'wrong-quantity': 'unreadable',
  flat: 'unreadable',
  saturated: 'unreadable',
  'wrong-instrument': 'unreadable',
  background: 'see-through',
  distance: 'unknown',
  'other-fibre': 'unknown',
  'out-of-range': 'unknown',
  blend: 'blend',
  'no-model': 'none',
};

/**
 * Shares are taken over from what was read as one fibre or as a blend, and only with their error: without it no guard band
 * would hold, so shares that have none count as not known.
 */
export function factsOfVerdict(verdict: FibreVerdict, said: Said): PieceFacts {
  const reading = readingOf(verdict);
  const isRead = reading === 'pure' || reading === 'blend';
  const { composition, errorPoints } = verdict;
  const isKnown = isRead && composition.length > 0 && errorPoints !== null;
  return {
    ...factsSaid(said),
    reading,
    composition: isKnown ? sharesOf(composition) : null,
    errorPoints: isKnown ? errorPoints : 0,
  };
}

function readingOf({ fibre, refusal }: FibreVerdict): FibreReading {
  if (refusal !== null) return READING_OF_REFUSAL[refusal];
  return fibre === null ? 'unknown' : 'pure';
}

function sharesOf(composition: FibreVerdict['composition']): NonNullable<PieceFacts['composition']> {
  const shares: Partial<Record<(typeof composition)[number]['fibre'], number>> = {};
  for (const { fibre, percent } of composition) shares[fibre] = (shares[fibre] ?? 0) + percent;
  return shares;
}

/** @returns what was said, with null for everything else. */
export function factsSaid(said: Said): Required<Said> {
  return {
    colour: said.colour ?? null,
    moisturePercent: said.moisturePercent ?? null,
    disruptors: said.disruptors ?? null,
    grade: said.grade ?? null,
    weightG: said.weightG ?? null,
    category: said.category ?? null,
    family: said.family ?? null,
  };
}
