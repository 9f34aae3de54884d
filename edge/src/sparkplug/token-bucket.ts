/** A rate that holds on average: what is spent past the bucket is paid back before more may be spent. */
export interface TokenBucket {
  /** Below zero: a debt. */
  readonly tokens: number;
  /** Monotonic ms of the last filling. */
  readonly atMs: number;
}

export interface Rate {
  readonly perSecond: number;
  /** What may be spent at once after a pause. */
  readonly burst: number;
}

export function fullBucket({ burst }: Rate, atMs: number): TokenBucket {
  return { tokens: burst, atMs };
}

/** A clock that does not move, or goes back, fills nothing. */
export function refill(bucket: TokenBucket, { perSecond, burst }: Rate, atMs: number): TokenBucket {
  const elapsedMs = Math.max(0, atMs - bucket.atMs);
  return { tokens: Math.min(burst, bucket.tokens + (perSecond * elapsedMs) / 1000), atMs };
}

/** Anything may be spent as long as there is something left: a batch is not cut. */
export function spend(bucket: TokenBucket, tokens: number): TokenBucket {
  return { ...bucket, tokens: bucket.tokens - tokens };
}
