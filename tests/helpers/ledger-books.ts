/** What the events of a ledger add up to, reckoned without any code of edge or server. Masses in grams. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { knownEvent } from '@trame/protocol/ledger-payloads';

export const grams = (kg: number) => Math.round(kg * 1000);
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** @returns what each counter counted, by its name. */
export function countedGrams(ledger: readonly LedgerEvent[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const event of ledger) {
    const known = knownEvent(event);
    if (known?.type !== 'throughput.counted') continue;
    for (const { counter, grams: fell } of known.payload.counts) {
      counted.set(counter, (counted.get(counter) ?? 0) + fell);
    }
  }
  return counted;
}

export interface ScaleBook {
  /** Every number that the ledger names, in order. */
  readonly numbers: readonly number[];
  readonly netOf: ReadonlyMap<number, number>;
  /** Recorded and missed together. */
  readonly grams: number;
}

export function weighings(ledger: readonly LedgerEvent[], scale: string): ScaleBook {
  const numbers: number[] = [];
  const netOf = new Map<number, number>();
  let missedGrams = 0;
  for (const event of ledger) {
    const known = knownEvent(event);
    if (known?.type === 'weighing.recorded' && known.payload.scale === scale) {
      const number = known.payload.number ?? 0;
      numbers.push(number);
      netOf.set(number, known.payload.netGrams);
    }
    if (known?.type === 'weighing.missed' && known.payload.scale === scale) {
      const { fromNumber, toNumber, netGrams } = known.payload;
      for (let number = fromNumber; number <= toNumber; number += 1) numbers.push(number);
      missedGrams += netGrams ?? 0;
    }
  }
  return { numbers, netOf, grams: sum(netOf.values()) + missedGrams };
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
