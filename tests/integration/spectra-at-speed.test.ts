/** That every spectrum of the simulated station is read, and its piece falls where it was told to, twenty times as fast. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import { startSortingLine, type SortingLine } from '../helpers/sorting-line.ts';
import { until } from '../helpers/until.ts';

const SPEED = 20;
/** About 17 spectra a second: nobody slows the belt who tells the sorter nothing. */
const FASTEST = 60;
/** Longer than the ring of 256 lasts. */
const LONG_OUTAGE_MS = 25_000;
const POLYMERE = 5;
const CSR = 7;
const VALUES = 186;
/** The belt waits no longer for a verdict, ms. */
const PATIENCE_MS = 500;

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

describe(`a station that reads ${SPEED} times as fast`, () => {
  let line: SortingLine;

  beforeAll(async () => {
    line = await begun(
      await startSortingLine(SPEED, ({ seq }) => (seq % 2 === 0 ? POLYMERE : CSR)),
      async ({ reads }) => {
        await until('the first spectra', () => reads.length > 20, 60_000);
      },
    );
  }, 150_000);

  afterAll(() => line[Symbol.asyncDispose]());

  it('has every one of them read once, in order, in time for the sorter', async () => {
    const { reads, missed, given, simulation, plc, lives } = line;
    // What was on the belt before the first verdict is past.
    await until('some more', () => reads.length > 100, 60_000);
    const before = await simulation.truth();
    const lateBefore = plc('withoutVerdict');
    const from = reads.length;
    const startMs = Date.now();
    await until('more than two hundred spectra', () => reads.length >= from + 250, 90_000);
    const tookS = (Date.now() - startMs) / 1000;
    const after = await simulation.truth();

    const first = reads[0]?.read.seq ?? Number.NaN;
    expect(reads.map(({ read }) => read.seq)).toEqual(reads.map((_, index) => first + index));
    expect(missed).toEqual([]);
    expect(lives).toHaveLength(1);
    expect(reads.every(({ read }) => read.values.length === VALUES)).toBe(true);
    const ages = reads.slice(from).map(({ read, atMs }) => atMs - (read.readAtMs ?? Number.NaN));
    const writes = given.map(({ tookMs }) => tookMs);
    const figures = [
      `${((reads.length - from) / tookS).toFixed(1)} spectra/s`,
      `from the read to us p50 ${quantile(ages, 0.5)} ms, p99 ${quantile(ages, 0.99)} ms, max ${quantile(ages, 1)} ms`,
      `verdicts p50 ${quantile(writes, 0.5).toFixed(1)} ms, p99 ${quantile(writes, 0.99).toFixed(1)} ms`,
    ].join('; ');
    process.stdout.write(`${figures}\n`);
    expect(quantile(ages, 0.5)).toBeLessThan(PATIENCE_MS / 2);
    expect(given.filter(({ outcome }) => outcome !== 'confirmed')).toEqual([]);
    expect(plc('withoutVerdict') - lateBefore).toBeLessThanOrEqual(0.02 * (reads.length - from));
    // They fell where they were told to, and nowhere that the sorter's own programme knows beside.
    const grown = (outlet: string) => (after.outputKg[outlet] ?? Number.NaN) - (before.outputKg[outlet] ?? 0);
    expect(grown('polymere')).toBeGreaterThan(10);
    expect(grown('csr')).toBeGreaterThan(10);
    expect([grown('effilochage'), grown('buchettes')]).toEqual([0, 0]);
  }, 180_000);
});

it('what was read while nobody could ask is given as far as the ring holds it, and the rest is counted', async () => {
  await using line = await startSortingLine(FASTEST, null);
  const { reads, missed, simulation, lives } = line;
  const seen = (count: number) => until(`${count} spectra`, () => reads.length >= count, 60_000);
  const outage = async (ms: number) => {
    const fault = await simulation.addFault({ kind: 'disconnect', target: 'nir' });
    await sleep(ms);
    const before = reads.length;
    await simulation.removeFault(fault);
    await seen(before + 1);
    // The rest of the ring, and some more.
    await seen(reads.length + 300);
  };
  await seen(50);
  await outage(1_500);
  expect(missed).toEqual([]);
  await outage(LONG_OUTAGE_MS);
  const [first] = reads;
  const told = [
    ...reads.map(({ read }) => read.seq),
    ...missed.flatMap(({ fromSeq, count }) => Array.from({ length: count }, (_, index) => fromSeq + index)),
  ].toSorted((one, other) => one - other);
  process.stdout.write(`${reads.length} read, ${told.length - reads.length} missed\n`);
  expect(told.length).toBeGreaterThan(reads.length);
  expect(told).toEqual(told.map((_, index) => (first?.read.seq ?? Number.NaN) + index));
  expect(reads.map(({ read }) => read.seq)).toEqual(
    reads.map(({ read }) => read.seq).toSorted((one, other) => one - other),
  );
  expect(missed.every(({ why }) => why === 'overwritten')).toBe(true);
  expect(lives).toHaveLength(1);
}, 240_000);
