/**
 * How spectra lie to the model when it is new on its instrument: kept of its first good hours, and what comes later is held
 * against it. An hour is good in which enough was read and little of it refused.
 */
import type { Item } from './item.ts';

export const GOOD_HOURS = 8;
/** Pieces read in a good hour at least, and how many of them may be refused, as a share. */
export const HOUR_PIECES_MIN = 60;
export const HOUR_REFUSED_MAX = 0.25;
/** Pieces of a fibre, and in all, without which a median says little. */
export const FIBRE_PIECES_MIN = 1000;
/** A distance that is no farther than this from the next one counts as the same. */
const BIN_RATIO = 1.02;
const DISTANCE_MIN = 1e-6;
const DISTANCE_MAX = 1e3;
const HOUR_MS = 3_600_000;

/** What was counted of some pieces. */
export interface DistanceTally {
  readonly read: number;
  readonly refused: number;
  /** By fibre, how many lie in each bin of the logarithm of the distance. */
  readonly fibres: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Learning {
  /** Hours since 1970 UTC; null: nothing was read yet. */
  readonly hour: number | null;
  readonly present: DistanceTally;
  readonly good: DistanceTally;
  readonly goodHours: number;
}

export interface DriftReference {
  readonly read: number;
  readonly refused: number;
  readonly fibres: Readonly<Record<string, { readonly pieces: number; readonly median: number }>>;
}

/** What of a piece is watched. */
export interface DriftReading {
  readonly isRefused: boolean;
  /** Which fibre it lies next to, and how far from it; null: it was refused, or not measured. */
  readonly near: { readonly fibre: string; readonly distance: number } | null;
}

const NO_TALLY: DistanceTally = { read: 0, refused: 0, fibres: {} };
export const NOTHING_LEARNT: Learning = { hour: null, present: NO_TALLY, good: NO_TALLY, goodHours: 0 };

/** @returns null: no model looked at it, so it says nothing of one. */
export function driftReading({ verdict, facts }: Item): DriftReading | null {
  if (verdict.model === null || facts.reading === 'none') return null;
  if (facts.reading !== 'pure' && facts.reading !== 'blend') return { isRefused: true, near: null };
  const distance = verdict.gates.find(({ gate }) => gate === 'distance')?.measured ?? null;
  const fibre = verdict.fibre ?? verdict.composition[0]?.fibre;
  const isMeasured = distance !== null && Number.isFinite(distance) && fibre !== undefined;
  return { isRefused: false, near: isMeasured ? { fibre, distance } : null };
}

/** @returns the reference once there is enough for one, else what was learnt. */
export function learn(state: Learning, reading: DriftReading, readAtMs: number): Learning | DriftReference {
  const hour = Math.floor(readAtMs / HOUR_MS);
  if (hour === state.hour) return { ...state, present: counted(state.present, reading) };
  const { present } = state;
  const isGood = present.read >= HOUR_PIECES_MIN && present.refused <= HOUR_REFUSED_MAX * present.read;
  const good = isGood ? together(state.good, present) : state.good;
  const goodHours = state.goodHours + (isGood ? 1 : 0);
  const fibres = Object.entries(good.fibres).flatMap(([fibre, bins]) => {
    const pieces = Object.values(bins).reduce((sum, count) => sum + count, 0);
    return pieces < FIBRE_PIECES_MIN ? [] : [[fibre, { pieces, median: medianOf(bins, pieces) }] as const];
  });
  if (goodHours >= GOOD_HOURS && fibres.length > 0) {
    return { read: good.read, refused: good.refused, fibres: Object.fromEntries(fibres) };
  }
  return { hour, present: counted(NO_TALLY, reading), good, goodHours };
}

function counted({ read, refused, fibres }: DistanceTally, { isRefused, near }: DriftReading): DistanceTally {
  const next = { read: read + 1, refused: refused + (isRefused ? 1 : 0), fibres };
  if (near === null) return next;
  const bins = fibres[near.fibre] ?? {};
  const bin = String(binOf(near.distance));
  return { ...next, fibres: { ...fibres, [near.fibre]: { ...bins, [bin]: (bins[bin] ?? 0) + 1 } } };
}

function together(a: DistanceTally, b: DistanceTally): DistanceTally {
  const fibres: Record<string, Record<string, number>> = {};
  for (const tally of [a, b]) {
    for (const [fibre, bins] of Object.entries(tally.fibres)) {
      const sums = (fibres[fibre] ??= {});
      for (const [bin, count] of Object.entries(bins)) sums[bin] = (sums[bin] ?? 0) + count;
    }
  }
  return { read: a.read + b.read, refused: a.refused + b.refused, fibres };
}

function binOf(distance: number): number {
  return Math.floor(Math.log(Math.min(DISTANCE_MAX, Math.max(DISTANCE_MIN, distance))) / Math.log(BIN_RATIO));
}

/** Within its bin in proportion. */
function medianOf(bins: Readonly<Record<string, number>>, pieces: number): number {
  let below = 0;
  for (const [bin, count] of Object.entries(bins).toSorted(([a], [b]) => Number(a) - Number(b))) {
    if (below + count >= pieces / 2) return BIN_RATIO ** (Number(bin) + (pieces / 2 - below) / count);
    below += count;
  }
  throw new Error('no bin holds the middle');
}
