/** What is recorded for good, for whom, and how often: `ledger: { consumers: [trame], throughputEvery: 60s }`. */
import { DEFAULT_LEDGER, type LedgerConfig } from '../domain/line-config.ts';
import { complete, listOf, readMap, type Reader } from './config-node.ts';
import { MAX_CONSUMERS } from './limits.ts';
import { byteSize } from './quantity-readers.ts';
import { durationMs, identifier, Names } from './scalar-readers.ts';

const LEDGER_KEYS = ['consumers', 'throughputEvery', 'reserve'] as const;
/** Every zone of the world is a whole number of these off UTC: a part of it never crosses a local midnight. */
const QUARTER_MS = 900_000;
const MIN_EVERY_MS = 1000;
/** Below this the reserve would not hold one batch of events. */
const MIN_RESERVE_BYTES = 64_000;
const MAX_RESERVE_BYTES = 1e12;

/** @param primaryHost whose cursor is kept when no consumer is named; null: {@link DEFAULT_LEDGER}'s. */
export function defaultLedger(primaryHost: string | null): LedgerConfig {
  return primaryHost === null ? DEFAULT_LEDGER : { ...DEFAULT_LEDGER, consumers: [primaryHost] };
}

export function ledger(usual: LedgerConfig): Reader<LedgerConfig> {
  return (node) => {
    const map = readMap(node, LEDGER_KEYS);
    if (map === undefined) return undefined;
    return complete<LedgerConfig>({
      consumers: map.optional('consumers', consumers, usual.consumers),
      throughputEveryMs: map.optional('throughputEvery', partOfAQuarter, usual.throughputEveryMs),
      reserveBytes: map.optional(
        'reserve',
        byteSize(MIN_RESERVE_BYTES, MAX_RESERVE_BYTES),
        usual.reserveBytes,
      ),
    });
  };
}

const consumers: Reader<readonly string[]> = (node) => {
  const names = new Names('consumer');
  const consumer: Reader<string> = (item) => {
    const id = identifier(item);
    return id !== undefined && names.claim(id, item) ? id : undefined;
  };
  const ids = listOf(consumer, MAX_CONSUMERS)(node);
  return ids !== undefined && ids.length === 0 ? node.fail('expected at least one consumer') : ids;
};

const partOfAQuarter: Reader<number> = (node) => {
  const ms = durationMs(MIN_EVERY_MS, QUARTER_MS)(node);
  if (ms === undefined || QUARTER_MS % ms === 0) return ms;
  return node.fail(
    `expected a duration that divides 15min, such as 10s, 60s or 5min, got ${node.shown}: a period must end with the day`,
  );
};
