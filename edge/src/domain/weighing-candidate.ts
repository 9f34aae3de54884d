/**
 * Believing number and weight only when both are told twice. They stand in different registers, so a read across
 * a weighing tears them: the new number beside the old weight. Each read again and unchanged, they belong together.
 */
import { wasToldAgain } from './weighing-snapshot.ts';
import type { Instant, TagState } from './tag-state.ts';

/** One register of the set. */
export interface Part {
  readonly tag: TagState;
  readonly value: number;
}

interface SeenPart {
  readonly value: number;
  readonly readAtMs: number;
  readonly sinceMs: number;
}

export interface Candidate {
  /** Whose numbers these are. */
  readonly ownMark: string;
  readonly number: SeenPart;
  /** Net weight, or sum, of that number. */
  readonly grams: SeenPart;
  /** The total beside it, which may be read less often; null: none good. */
  readonly total: SeenPart | null;
  /** When the number was first seen, UTC ms. */
  readonly seenAtMs: number;
  /** The same, monotonic ms. */
  readonly sinceMs: number;
}

export interface CandidateReading {
  readonly ownMark: string;
  readonly number: Part;
  readonly grams: Part;
  readonly total: Part | null;
}

export interface CandidateStep {
  readonly candidate: Candidate;
  /** Number and weight belong together. */
  readonly isPair: boolean;
  /** The total belongs to them as well. */
  readonly hasTotal: boolean;
}

export function nextCandidate(
  before: Candidate | null,
  { ownMark, number, grams, total }: CandidateReading,
  at: Instant,
): CandidateStep {
  const isSame =
    before !== null &&
    before.ownMark === ownMark &&
    before.number.value === number.value &&
    before.grams.value === grams.value;
  if (!isSame) {
    const candidate = {
      ownMark,
      number: seen(number, at),
      grams: seen(grams, at),
      total: total === null ? null : seen(total, at),
      seenAtMs: at.wallMs,
      sinceMs: at.monotonicMs,
    };
    return { candidate, isPair: false, hasTotal: false };
  }
  const isPair = isAgain(before.number, number, at) && isAgain(before.grams, grams, at);
  if (total === null) return { candidate: { ...before, total: null }, isPair, hasTotal: false };
  if (before.total === null || before.total.value !== total.value) {
    return { candidate: { ...before, total: seen(total, at) }, isPair, hasTotal: false };
  }
  // The number was told once more after the total: else the total may be that of a later number.
  const isOfNumber = wasToldAgain(number.tag, before.total.readAtMs, before.total.sinceMs, at);
  return { candidate: before, isPair, hasTotal: isPair && isOfNumber && isAgain(before.total, total, at) };
}

function seen({ tag, value }: Part, { monotonicMs }: Instant): SeenPart {
  return { value, readAtMs: tag.readAtMs, sinceMs: monotonicMs };
}

function isAgain({ readAtMs, sinceMs }: SeenPart, { tag }: Part, at: Instant): boolean {
  return wasToldAgain(tag, readAtMs, sinceMs, at);
}
