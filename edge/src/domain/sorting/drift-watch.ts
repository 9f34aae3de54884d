/**
 * Whether an instrument still sees what its model was made for: each spectrum is held against those of the model's first good
 * hours, as a distance to the model and as a refusal.
 *
 * The distance is asked as «farther than half of the pieces of its fibre were»: without drift that is so for half of them,
 * however distances are spread and whatever is sorted today. Both questions go to a cumulative sum (`cusum.ts`), with at most
 * one false alarm each in {@link PIECES_PER_FALSE_ALARM} pieces as long as pieces do not hang together; a lot of one odd cloth
 * does, and may raise it.
 */
import { CALM, CUSUM_LIMIT, nextCusum, type Cusum, type Odds } from './cusum.ts';
import { frenchNumber, type DriftCondition } from './drift-condition.ts';
import {
  driftReading,
  GOOD_HOURS,
  learn,
  NOTHING_LEARNT,
  type DriftReading,
  type DriftReference,
  type Learning,
} from './drift-reference.ts';
import type { Item } from './item.ts';

/** Pieces of which medians and shares are shown. */
export const RECENT_PIECES = 500;
/** Those of the median: it is to say what has raised the alarm, and that was so for some hundred pieces. */
const MEDIAN_PIECES = 100;
/** How much more often than half a distance lies past the median of before, when it is to be found. */
const FARTHER_BY = 0.15;
/** How much more is refused when it is to be found: twice as much, and so much more. */
const REFUSED_BY = 0.05;
const REFUSED_TIMES = 2;
const REFUSED_MIN = 0.005;
/** What the reference itself may be off by, in its standard errors. */
const REFERENCE_SIGMAS = 3;

export interface Watching {
  readonly reference: DriftReference;
  readonly farther: Cusum;
  readonly refused: Cusum;
  /** Distances over the median of their fibre, latest last. */
  readonly ratios: readonly number[];
  /** 1: refused. */
  readonly refusals: readonly (0 | 1)[];
}

export interface DriftWatch {
  /** SHA-256 of the model; null: none looked at a piece yet. */
  readonly model: string | null;
  readonly learning: Learning | null;
  readonly watching: Watching | null;
}

export const NOTHING_WATCHED: DriftWatch = { model: null, learning: NOTHING_LEARNT, watching: null };

/** Another model begins anew. */
export function nextDrift(state: DriftWatch, item: Item): DriftWatch {
  const reading = driftReading(item);
  const model = item.verdict.model?.sha256;
  if (reading === null || model === undefined) return state;
  const { learning, watching } = model === state.model ? state : NOTHING_WATCHED;
  if (watching !== null) return { model, learning: null, watching: watch(watching, reading) };
  const learnt = learn(learning ?? NOTHING_LEARNT, reading, item.readAtMs);
  if ('goodHours' in learnt) return { model, learning: learnt, watching: null };
  const begun = { reference: learnt, farther: CALM, refused: CALM, ratios: [], refusals: [] };
  return { model, learning: null, watching: watch(begun, reading) };
}

/** What was learnt of this model is of before: lamp, window or reference are others now. */
export function learntAnew({ model }: DriftWatch): DriftWatch {
  return { ...NOTHING_WATCHED, model };
}

function watch(state: Watching, { isRefused, near }: DriftReading): Watching {
  const { reference } = state;
  const refused = {
    refused: nextCusum(state.refused, isRefused, refusedOdds(reference)),
    refusals: recent(state.refusals, isRefused ? 1 : 0),
  };
  const before = near === null ? undefined : reference.fibres[near.fibre];
  if (near === null || before === undefined) return { ...state, ...refused };
  const ratio = near.distance / before.median;
  return {
    ...state,
    ...refused,
    farther: nextCusum(state.farther, ratio > 1, fartherOdds(before.pieces)),
    ratios: recent(state.ratios, ratio),
  };
}

/** @param pieces of which the median was taken. */
export function fartherOdds(pieces: number): Odds {
  const p0 = 0.5 + REFERENCE_SIGMAS * Math.sqrt(0.25 / pieces);
  return { p0, p1: p0 + FARTHER_BY };
}

export function refusedOdds({ read, refused }: Pick<DriftReference, 'read' | 'refused'>): Odds {
  const share = Math.max(REFUSED_MIN, refused / read);
  const p0 = share + REFERENCE_SIGMAS * Math.sqrt((share * (1 - share)) / read);
  return { p0, p1: Math.min((1 + p0) / 2, Math.max(REFUSED_TIMES * p0, p0 + REFUSED_BY)) };
}

export interface DriftConditions {
  readonly distance: DriftCondition;
  readonly refused: DriftCondition;
}

export function driftConditions({ learning, watching }: DriftWatch): DriftConditions {
  if (watching === null) {
    const words = `apprentissage : ${learning?.goodHours ?? 0} bonnes heures sur ${GOOD_HOURS}`;
    const unknown = { isRaised: null, value: null, limit: CUSUM_LIMIT, words };
    return { distance: unknown, refused: unknown };
  }
  const { reference, farther, refused, refusals } = watching;
  const ratios = watching.ratios.slice(-MEDIAN_PIECES);
  const now = (100 * refusals.reduce<number>((sum, one) => sum + one, 0)) / Math.max(1, refusals.length);
  const before = (100 * reference.refused) / reference.read;
  return {
    distance: condition(
      farther,
      ratios.length === 0
        ? 'aucun spectre récent à comparer'
        : `les spectres sont à ${frenchNumber(medianOf(ratios), 2)} fois leur distance au modèle d'origine ` +
            `(médiane des ${ratios.length} dernières pièces)`,
    ),
    refused: condition(
      refused,
      `${frenchNumber(now, 1)} % de spectres refusés sur les ${refusals.length} dernières pièces, ` +
        `${frenchNumber(before, 1)} % à l'origine`,
    ),
  };
}

function condition({ score, isRaised }: Cusum, words: string): DriftCondition {
  return { isRaised, value: score, limit: CUSUM_LIMIT, words };
}

function recent<T>(values: readonly T[], value: T): readonly T[] {
  return [...values.slice(values.length >= RECENT_PIECES ? 1 : 0), value];
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
