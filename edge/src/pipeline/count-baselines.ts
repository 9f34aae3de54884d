/** Up to where every counter was recorded, as the ledger says. */
import { knownEvent, type LedgerOpened } from '@trame/protocol/ledger-payloads';
import type { KeptCount } from '../domain/line-counts.ts';
import { countMarkName, decodeCountMark, type CountMark } from '../domain/throughput-mark.ts';
import type { Ledger } from '../ports/ledger.ts';

/**
 * A counter without a mark has not been recorded in this ledger: what it stood at when the ledger began was counted
 * by other means and is not told again. Nor is what a counter of an earlier configuration holds that is in neither.
 * @param counters names of the configured ones. @param kept all of them, as they are on disk.
 * @throws when a mark is not what was written.
 */
export function countBaselines(
  ledger: Pick<Ledger, 'mark' | 'read'>,
  counters: readonly string[],
  kept: readonly KeptCount[],
): ReadonlyMap<string, CountMark> {
  const before = countedBefore(ledger);
  const configured = new Set(counters);
  const retired = kept.filter(({ name }) => !configured.has(name));
  const marks = new Map<string, CountMark>();
  for (const name of counters) marks.set(name, { totalGrams: before.get(name) ?? 0n, life: null });
  for (const { name, state } of retired) {
    marks.set(name, { totalGrams: before.get(name) ?? state.countedGrams, life: null });
  }
  for (const name of marks.keys()) {
    const mark = markOf(ledger, name);
    if (mark !== null) marks.set(name, mark);
  }
  return marks;
}

/** @returns null when this counter was never recorded in this ledger. @throws when the mark is not what was written. */
export function markOf(ledger: Pick<Ledger, 'mark'>, counter: string): CountMark | null {
  const text = ledger.mark(countMarkName(counter));
  return text === null ? null : decodeCountMark(text);
}

function countedBefore(ledger: Pick<Ledger, 'read'>): ReadonlyMap<string, bigint> {
  const [first] = ledger.read(1, 1);
  const known = first === undefined ? null : knownEvent(first);
  if (known?.type !== 'ledger.opened') return new Map();
  return new Map(known.payload.countedBefore.map(({ counter, grams }) => [counter, BigInt(grams)]));
}

/** Counters that the first event of a ledger may name. */
const COUNTERS_MAX = 65;

/** @param counts the configured ones first. @returns what a ledger that begins now does not have to tell. */
export function standOf(counts: readonly KeptCount[]): LedgerOpened['countedBefore'] {
  return counts
    .filter(({ state }) => state.countedGrams > 0n && state.countedGrams <= BigInt(Number.MAX_SAFE_INTEGER))
    .slice(0, COUNTERS_MAX)
    .map(({ name, state }) => ({ counter: name, grams: Number(state.countedGrams) }));
}
