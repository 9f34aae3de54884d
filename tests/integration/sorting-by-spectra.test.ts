/** A known heap goes in, and falls where its spectra say, twenty times as fast; and whatever is bad goes to hand sorting. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { EVERY_OUTLET_PROGRAMME } from '@trame/protocol/sort-programmes/examples/every-outlet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import { ROOT } from '../helpers/process.ts';
import { startSortingEdge, type SortingEdge, type TrueItem } from '../helpers/sorting-edge.ts';
import { until } from '../helpers/until.ts';

const SPEED = 20;
const MANUEL = 'manuel';
/** What may lie in an outlet; of a garment of several layers only the uppermost is seen. */
const BELONGS: Readonly<Record<string, readonly string[]>> = {
  effilochage: ['cotton', 'cotton-stretch', 'flax', 'viscose', 'wool', 'acrylic', 'multilayer'],
  polymere: ['polyester', 'polyamide', 'polypropylene', 'multilayer'],
};
/** Share of the pieces of one synthetic fibre, dry and whole, that the guard band may send to fuel. */
const GUARDED_MAX = 0.15;
/** Share of the mass in an outlet that may be something else. */
const STRANGE_MAX = 0.03;
/** On a machine that does other things, too. */
const LATE_MAX = 0.02;

function countBy(items: readonly TrueItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outlet } of items) if (outlet !== null) counts[outlet] = (counts[outlet] ?? 0) + 1;
  return counts;
}

function massOf(items: readonly TrueItem[]): number {
  return items.reduce((sum, { massG }) => sum + massG, 0);
}

function toldBy(sums: readonly ItemsSorted[]): Record<string, number> {
  const told: Record<string, number> = {};
  for (const { outlet, items } of sums) told[outlet] = (told[outlet] ?? 0) + items;
  return told;
}

async function untilSorted(line: SortingEdge, count: number): Promise<void> {
  await until(`${count} sorted pieces`, async () => (await line.health()).sorted >= count, 120_000);
}

/** Once each of these has fallen. */
async function fallen(line: SortingEdge, from: number, to: number): Promise<readonly TrueItem[]> {
  return until(
    'the last of them to fall',
    async () => {
      const items = (await line.items(from)).filter(({ seq }) => seq <= to);
      return items.every(({ outlet }) => outlet !== null) && items;
    },
    60_000,
  );
}

describe(`a heap sorted by its spectra, ${SPEED} times as fast`, () => {
  let line: SortingEdge;

  beforeAll(async () => {
    // What was on the belt before the first verdict is past.
    line = await begun(await startSortingEdge({ speed: SPEED }), (started) => untilSorted(started, 20));
  }, 150_000);

  afterAll(() => line[Symbol.asyncDispose]());

  it.each([
    ['nirNaN', 'nan'],
    ['nirBlank', 'blank'],
    ['nirSaturated', 'saturated'],
  ])(
    'spectra of %s send their pieces to hand sorting, and the line goes on',
    async (kind, note) => {
      const before = (await line.items(1)).at(-1)?.seq ?? 0;
      const fault = await line.simulation.addFault({ kind, target: 'nir' });
      const marked = async () => (await line.items(before + 1)).filter(({ notes }) => notes.includes(note));
      await until(`twenty pieces that are ${note}`, async () => (await marked()).length >= 20, 60_000);
      await line.simulation.removeFault(fault);
      const bad = await until(
        'them to fall',
        async () => {
          const items = await marked();
          return items.every(({ outlet }) => outlet !== null) && items;
        },
        60_000,
      );
      expect(countBy(bad)).toEqual({ [MANUEL]: bad.length });
      expect((await line.health()).failed).toBe(0);
      const sorted = (await line.health()).sorted;
      await untilSorted(line, sorted + 20);
    },
    180_000,
  );

  // Last, for while nobody tells the sorter, at this speed more comes to its gate than leaves it.
  it('falls where it belongs, and the ledger tells each piece once, over an end of the edge', async () => {
    const withoutBefore = await line.withoutVerdict();
    await untilSorted(line, 200);
    const first = await line.health();
    const without = (await line.withoutVerdict()) - withoutBefore;
    expect(first).toMatchObject({
      modelFault: null,
      programmeFault: null,
      missed: 0,
      failed: 0,
      unwritten: 0,
    });
    expect(first.items).toMatchObject({ state: 'ok', dropped: 0 });
    expect(without).toBeLessThanOrEqual(LATE_MAX * first.sorted);

    await line.stopEdge();
    const told = await line.sums();
    const last = Math.max(...told.map(({ toSeq }) => toSeq));
    const start = Math.min(...told.map(({ fromSeq }) => fromSeq));
    const items = await fallen(line, start, last);
    expect(told.reduce((sum, each) => sum + each.items, 0)).toBe(items.length);
    const [really, said] = [countBy(items), toldBy(told)];
    process.stdout.write(`fell ${JSON.stringify(really)}, told ${JSON.stringify(said)}, ${without} late\n`);
    // The first ones may have come to their gate before there was a verdict.
    const apart = Object.keys({ ...really, ...said }).map((outlet) =>
      Math.abs((really[outlet] ?? 0) - (said[outlet] ?? 0)),
    );
    expect(Math.max(...apart)).toBeLessThanOrEqual(10 + LATE_MAX * items.length);

    // In kilograms, by what the bins took: only what was read falls into these.
    const { outputKg } = await line.simulation.truth();
    const everything = await line.items(1);
    for (const outlet of ['effilochage', 'polymere', 'buchettes', 'csr']) {
      const read = massOf(everything.filter((item) => item.outlet === outlet)) / 1000;
      expect(Math.abs((outputKg[outlet] ?? Number.NaN) - read)).toBeLessThanOrEqual(0.5 + 0.03 * read);
    }

    const settled = items.slice(20);
    for (const [outlet, fabrics] of Object.entries(BELONGS)) {
      const there = settled.filter((item) => item.outlet === outlet);
      const strange = there.filter(({ fabric }) => !fabrics.includes(fabric));
      process.stdout.write(
        `${outlet}: ${(massOf(there) / 1000).toFixed(1)} kg, of it ${massOf(strange)} g of something else\n`,
      );
      expect(massOf(there)).toBeGreaterThan(3_000);
      expect(massOf(strange)).toBeLessThanOrEqual(STRANGE_MAX * massOf(there));
    }
    const clean = settled.filter(({ notes, fabric }) => notes.length === 0 && fabric !== 'multilayer');
    const byHand = clean.filter(({ outlet }) => outlet === MANUEL);
    process.stdout.write(`${clean.length} pieces without a note, of them ${byHand.length} sorted by hand\n`);
    expect(byHand.length).toBeLessThanOrEqual(0.1 * clean.length);

    const synthetic = clean.filter(({ fabric }) =>
      ['polyester', 'polyamide', 'polypropylene'].includes(fabric),
    );
    const guarded = synthetic.filter(({ outlet }) => outlet === 'csr');
    process.stdout.write(`${synthetic.length} of one synthetic fibre, of them ${guarded.length} to fuel\n`);
    expect(guarded.length).toBeLessThanOrEqual(GUARDED_MAX * synthetic.length);

    await line.startEdge();
    await untilSorted(line, 40);
    const { missed } = await line.health();
    await line.stopEdge();
    const all = await line.sums();
    const lives = [...new Set(all.map(({ life }) => life))];
    expect(lives).toHaveLength(2);
    const numbers = all.filter(({ life }) => life === lives[1]);
    const next = Math.min(...numbers.map(({ fromSeq }) => fromSeq));
    expect(next).toBeGreaterThan(last + 1);
    // Those that the station read meanwhile are told as missed, each of them.
    expect(missed).toBe(next - 1 - last);
  }, 240_000);
});

describe('what cannot be used', () => {
  const altered = readFileSync(join(ROOT, 'edge/models/sim-v1.json'), 'utf8').replace(
    '"residual":',
    '"residual": ',
  );
  const { rules } = AUTOMATIC_LINE_PROGRAMME;
  const noCatchAll = { ...AUTOMATIC_LINE_PROGRAMME, rules: rules.slice(0, -1) };

  it.each([
    ['a model that was altered', 'sim-v1', 'modelFault', /altered/u, altered.replace('0.4', '0.9')],
    ['a model that is not there', 'sim-v1', 'modelFault', /no such file/u, null],
    [
      'a programme without a rule for the rest',
      'ligne-automatique',
      'programmeFault',
      /dernière règle|règle/u,
      JSON.stringify(noCatchAll),
    ],
    ['a programme that nobody can read', 'ligne-automatique', 'programmeFault', /bad\.json/u, '{ "rules": ['],
    [
      'a programme for another sorter',
      'ligne-automatique',
      'programmeFault',
      /n'a pas/u,
      JSON.stringify(EVERY_OUTLET_PROGRAMME),
    ],
  ] as const)(
    '%s is told, its pieces go to hand sorting, and the line goes on',
    async (_what, shipped, fault, words, text) => {
      await using line = await startSortingEdge({
        speed: SPEED,
        edit: (yaml) => yaml.replace(`: ${shipped}`, ': bad.json'),
        files: text === null ? {} : { 'bad.json': text },
      });
      await untilSorted(line, 40);
      const health = await line.health();
      expect(health[fault]).toMatch(words);
      expect(health.toFallback).toBe(health.sorted);
      await line.stopEdge();
      // The sorter's own programme had those that came before the first verdict.
      const first = Math.min(...(await line.sums()).map(({ fromSeq }) => fromSeq));
      const later = (await line.items(first + 1)).filter(({ outlet }) => outlet !== null);
      expect(later.length).toBeGreaterThan(5);
      expect(countBy(later)).toEqual({ [MANUEL]: later.length });
    },
    120_000,
  );

  it('goes to hand sorting by a programme whose last rule takes all as well', async () => {
    const rule = { id: 'tout', label: 'Tout', when: {}, outlet: 'csr' };
    await using line = await startSortingEdge({
      speed: SPEED,
      edit: (yaml) => yaml.replace(': sim-v1', ': bad.json').replace(': ligne-automatique', ': fuel.json'),
      files: {
        'bad.json': altered.replace('0.4', '0.9'),
        'fuel.json': JSON.stringify({
          ...AUTOMATIC_LINE_PROGRAMME,
          thresholds: {},
          ceilings: [],
          rules: [rule],
        }),
      },
    });
    await untilSorted(line, 40);
    const health = await line.health();
    expect(health).toMatchObject({ model: null, programmeFault: null, toFallback: health.sorted });
    await line.stopEdge();
    expect(new Set((await line.sums()).map(({ outlet }) => outlet))).toEqual(new Set([MANUEL]));
  }, 120_000);

  it.each([
    ['another number of values', (yaml: string) => yaml.replace('count: 186', 'count: 150'), ['unreadable']],
    [
      'another grid',
      (yaml: string) => yaml.replace('from: 940, step: 4', 'from: 1350, step: 2'),
      'unreadable',
    ],
    [
      'a model of another instrument',
      (yaml: string) => yaml.replace('model: sim-v1', 'model: nirscan-nano-2026-11'),
      ['unreadable', 'unknown', 'see-through'],
    ],
  ] as readonly [string, (yaml: string) => string, readonly string[]][])(
    'of a station that gives spectra of %s nothing is taken for read, and the line goes on',
    async (_what, edit, expected) => {
      await using line = await startSortingEdge({ speed: SPEED, edit });
      await untilSorted(line, 40);
      const health = await line.health();
      expect(health).toMatchObject({ modelFault: null, programmeFault: null, failed: 0 });
      expect(health.toFallback).toBe(health.sorted);
      await line.stopEdge();
      const readings = (await line.sums()).flatMap(({ readings: told }) => Object.entries(told));
      const read = new Set(readings.flatMap(([name, pieces]) => (pieces > 0 ? [name] : [])));
      expect([...read].filter((each) => !expected.includes(each))).toEqual([]);
    },
    120_000,
  );
});
