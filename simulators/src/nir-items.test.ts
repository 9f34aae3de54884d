import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerItems } from './items-request.ts';
import { itemTruth } from './item-truth.ts';
import { maxItemsAnswered, NirItems } from './nir-items.ts';
import type { Fabric } from './plant/materials.ts';
import type { NirResult } from './plant/step-events.ts';
import { conditioned, findReads, isPlain, readOf } from './plant/test-reads.ts';
import { itemsKept } from './store.ts';

function readsFrom(first: number, count: number) {
  return Array.from({ length: count }, (_, index) => readOf('cotton', first + index));
}

function ring(count: number): NirItems {
  const items = new NirItems(7, []);
  items.add(readsFrom(1, count), []);
  return items;
}

describe('the truth about what the NIR station read', () => {
  it('is given from a number on, in order, a bounded number at once', () => {
    const items = ring(2_500);
    const seen: number[] = [];
    let from = 1;
    for (let page = 0; page < 10; page += 1) {
      const answer = items.answer(from, maxItemsAnswered);
      expect(answer.items.length).toBeLessThanOrEqual(maxItemsAnswered);
      expect(answer).toMatchObject({ oldest: 1, latest: 2_500 });
      seen.push(...answer.items.map(({ seq }) => seq));
      from = answer.next;
    }
    expect(seen).toEqual(readsFrom(1, 2_500).map(({ seq }) => seq));
    expect(items.answer(9_000, 5)).toEqual({ items: [], next: 9_000, oldest: 1, latest: 2_500 });
    expect(new NirItems(7, []).answer(1, 5)).toEqual({ items: [], next: 1, oldest: null, latest: null });
  });

  it('forgets the oldest, and takes no fall for a garment that it forgot', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 * itemsKept }), fc.nat(3 * itemsKept), (count, fall) => {
        const items = ring(count);
        items.add([], [{ seq: fall, outlet: 'csr' }]);
        const oldest = Math.max(1, count - itemsKept + 1);
        const first = items.answer(1, 1);
        expect(first).toMatchObject({ oldest, latest: count, next: oldest + 1 });
        expect(first.items.map(({ seq }) => seq)).toEqual([oldest]);
        const fallen = items.answer(Math.max(1, fall), 1).items.filter(({ outlet }) => outlet !== null);
        expect(fallen.map(({ seq }) => seq)).toEqual(fall >= oldest && fall <= count ? [fall] : []);
      }),
      { numRuns: 8 },
    );
  });

  it('does not take the fall of a forgotten garment for that of the one in its place', () => {
    const items = ring(itemsKept + 5);
    items.add([], [{ seq: 3, outlet: 'csr' }]);
    const [there] = items.answer(itemsKept + 3, 1).items;
    expect(there).toMatchObject({ seq: itemsKept + 3, outlet: null });
  });

  it('knows the outlet once the garment has fallen, also of what was saved', () => {
    const items = new NirItems(7, [{ result: readOf('wool', 3), outlet: 'manuel' }]);
    items.add([readOf('flax', 4)], []);
    expect(items.answer(1, 9).items.map(({ outlet }) => outlet)).toEqual(['manuel', null]);
    items.add([readOf('flax', 5)], [{ seq: 4, outlet: 'buchettes' }]);
    expect(items.answer(1, 9).items.map(({ outlet }) => outlet)).toEqual(['manuel', 'buchettes', null]);
  });

  it.each([
    ['/items?from=0', /\?from: expected a whole number from 1/u],
    ['/items?from=-3', /\?from/u],
    ['/items?from=1e3', /\?from/u],
    ['/items?from=', /\?from/u],
    ['/items?from=99999999999999999999', /\?from/u],
    ['/items?limit=1001', /\?limit: expected a whole number from 1 to 1000/u],
    ['/items?limit=two', /\?limit/u],
    ['/items?seq=4', /\?seq: expected from or limit/u],
  ])('refuses %s', (target, reason) => {
    const answer = answerItems((from, limit) => ring(1).answer(from, limit), target);
    expect(answer).toEqual({ status: 400, body: { error: expect.stringMatching(reason) } });
  });

  it('is asked for from the first on, by a thousand, and missing on a line without the station', () => {
    const asked: number[][] = [];
    const source = (from: number, limit: number) => {
      asked.push([from, limit]);
      return ring(1).answer(from, limit);
    };
    expect(answerItems(source, '/items').status).toBe(200);
    expect(answerItems(source, '/items?limit=7&from=12').status).toBe(200);
    expect(asked).toEqual([
      [1, 1_000],
      [12, 7],
    ]);
    expect(answerItems(null, '/items').status).toBe(404);
  });
});

function notes(fabric: Fabric, seq: number, rest: Partial<NirResult> = {}): readonly string[] {
  return itemTruth(7, { result: readOf(fabric, seq, rest), outlet: null }).notes;
}

function first(fabric: Fabric, wanted: Parameters<typeof findReads>[3]): number {
  return findReads(7, fabric, 1, wanted)[0] ?? 0;
}

describe('the truth about one garment', () => {
  const [plain = 0] = findReads(7, 'cotton', 1, (cloth, pose) => {
    return isPlain(cloth, pose) && cloth.shade === 'light';
  });

  it('tells its fabric, its fibres, its mass with water, and nothing of note of a plain one', () => {
    const item = itemTruth(7, { result: readOf('cotton-rich', plain), outlet: 'csr' });
    expect(item).toMatchObject({
      seq: plain,
      fabric: 'cotton-rich',
      fibres: { cotton: 0.65, polyester: 0.35 },
      upper: { cotton: 0.65, polyester: 0.35 },
      massG: 240,
      waterG: 0,
      outlet: 'csr',
      covered: 1,
      trim: null,
      notes: [],
    });
  });

  it('notes what makes its spectrum unlike its fabric’s', () => {
    expect(notes('cotton', plain, { dampG: 30 })).toEqual(['wet']);
    expect(notes('cotton', plain, { dampG: 3 })).toEqual([]);
    expect(
      notes(
        'polyamide',
        first('polyamide', ({ transmission }) => transmission > 0.5),
      ),
    ).toContain('see-through');
    expect(
      notes(
        'cotton',
        first('cotton', ({ shade }) => shade === 'black'),
      ),
    ).toContain('dark');
    expect(
      notes(
        'cotton',
        first('cotton', ({ shade }) => shade === 'carbon'),
      ),
    ).toContain('carbon-black');
    expect(
      notes(
        'polyester',
        first('polyester', ({ coating }) => coating > 0),
      ),
    ).toContain('coated');
    expect(notes('multilayer', 5)).toContain('layered');
    expect(
      notes(
        'cotton',
        first('cotton', (_, { placement }) => placement === 'edge'),
      ),
    ).toContain('edge');
    expect(
      notes(
        'cotton',
        first('cotton', (_, { covered }) => covered === 0),
      ),
    ).toContain('empty');
    expect(
      notes(
        'cotton',
        first('cotton', (_, { trim }) => trim === 'metal'),
      ),
    ).toContain('trim');
    expect(
      notes(
        'cotton',
        first('cotton', (_, { glare }) => glare > 0),
      ),
    ).toContain('glare');
    const station = { lensDirty: true, driftNm: -1.5, lampShare: 0.3, upsets: ['blank', 'nan'] as const };
    expect(notes('cotton', plain, conditioned(station))).toEqual([
      'empty',
      'lens-dirty',
      'drift',
      'lamp-old',
      'blank',
      'nan',
    ]);
  });
});
