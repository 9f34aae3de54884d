/** Measured values that wait for the link: `spool: { maxBytes: 256MB, maxAge: 7d, replayPerSecond: 2000 }`. */
import { DEFAULT_SPOOL, type SpoolConfig } from '../domain/line-config.ts';
import { complete, readMap, type Reader } from './config-node.ts';
import { byteSize } from './quantity-readers.ts';
import { durationMs, integer } from './scalar-readers.ts';

const SPOOL_KEYS = ['maxBytes', 'maxAge', 'replayPerSecond'] as const;
const MIN_BYTES = 1e6;
const MAX_BYTES = 1e12;
const MIN_AGE_MS = 60_000;
const MAX_AGE_MS = 366 * 24 * 3_600_000;
const MAX_REPLAY_PER_SECOND = 100_000;

export const spool: Reader<SpoolConfig> = (node) => {
  const map = readMap(node, SPOOL_KEYS);
  if (map === undefined) return undefined;
  return complete<SpoolConfig>({
    maxBytes: map.optional('maxBytes', byteSize(MIN_BYTES, MAX_BYTES), DEFAULT_SPOOL.maxBytes),
    maxAgeMs: map.optional('maxAge', durationMs(MIN_AGE_MS, MAX_AGE_MS), DEFAULT_SPOOL.maxAgeMs),
    replayPerSecond: map.optional(
      'replayPerSecond',
      integer('samples a second', 1, MAX_REPLAY_PER_SECOND),
      DEFAULT_SPOOL.replayPerSecond,
    ),
  });
};
