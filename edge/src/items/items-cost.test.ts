import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { item } from '../domain/sorting/test-item.ts';
import { BATCH_MAX } from './sqlite-item-store.ts';
import { ItemSite, POINTS, spectrumOf } from './test-items.ts';

describe('keeping a piece', () => {
  it('costs the sorter microseconds a piece, and the disk some milliseconds a commit', () => {
    using site = new ItemSite();
    const store = site.open({ items: 3000, spectra: 2000 });
    const [adds, writes, tidies]: [number[], number[], number[]] = [[], [], []];
    const pieces = Array.from({ length: 100 * BATCH_MAX }, (_, seq) => item(seq));
    const spectrum = spectrumOf(1);
    for (const [index, one] of pieces.entries()) {
      timed(adds, () => store.add(one, spectrum));
      if (index % BATCH_MAX === BATCH_MAX - 1) timed(writes, () => store.flush());
      if (index % 1000 === 999) timed(tidies, () => store.tidy());
    }
    const bytes = statSync(site.file).size / store.health.items;
    store.close();
    const [add, write, tidy] = [adds, writes, tidies].map(percentiles);
    process.stdout.write(
      `piece with ${POINTS} points: taken in ${add?.text} ms; commit of ${BATCH_MAX} in ${write?.text} ms, ` +
        `${((1000 * (write?.mean ?? 0)) / BATCH_MAX).toFixed(0)} µs a piece; log moved in ${tidy?.text} ms; ` +
        `${bytes.toFixed(0)} bytes a piece on disk\n`,
    );
    // A budget that only a mistake of kind exceeds, on a machine that does other things as well.
    expect(add?.mean).toBeLessThan(0.2);
    expect((write?.mean ?? Infinity) / BATCH_MAX).toBeLessThan(1);
  });
});

function timed(times: number[], action: () => void): void {
  const from = performance.now();
  action();
  times.push(performance.now() - from);
}

function percentiles(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(3);
  const mean = sorted.reduce((sum, time) => sum + time, 0) / sorted.length;
  return { mean, text: `${mean.toFixed(3)} (p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)})` };
}
