/**
 * Whether something happens more often than it did, asked after each piece: the cumulative sum of Page (1954) on
 * log-likelihood ratios of «p1» against «p0».
 *
 * With a limit of ln A there is, while it happens with p0 or less often, at most one false alarm in A pieces on average (Lorden,
 * Ann. Math. Statist. 42, 1971, theorem 2), if pieces do not hang together. Once it happens with p1, the alarm comes after about
 * ln A / K pieces, with K = p1·ln(p1/p0) + (1 − p1)·ln((1 − p1)/(1 − p0)).
 */

/** Pieces in which there is one false alarm, on average at most. */
export const PIECES_PER_FALSE_ALARM = 10_000_000;
export const CUSUM_LIMIT = Math.log(PIECES_PER_FALSE_ALARM);

export interface Cusum {
  /** 0 to {@link CUSUM_LIMIT}: what was seen long ago weighs no more than that. */
  readonly score: number;
  /** From the limit on, until the sum is back at 0. */
  readonly isRaised: boolean;
}

export interface Odds {
  readonly p0: number;
  readonly p1: number;
}

export const CALM: Cusum = { score: 0, isRaised: false };

/** @param happened with this piece. */
export function nextCusum({ score, isRaised }: Cusum, happened: boolean, { p0, p1 }: Odds): Cusum {
  const evidence = happened ? Math.log(p1 / p0) : Math.log((1 - p1) / (1 - p0));
  const next = Math.min(CUSUM_LIMIT, Math.max(0, score + evidence));
  return { score: next, isRaised: next >= CUSUM_LIMIT || (isRaised && next > 0) };
}

/** @returns pieces until the alarm, about, once it happens with p1. */
export function piecesToAlarm({ p0, p1 }: Odds): number {
  return CUSUM_LIMIT / (p1 * Math.log(p1 / p0) + (1 - p1) * Math.log((1 - p1) / (1 - p0)));
}
