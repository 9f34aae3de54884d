import { describe, expect, it } from 'vitest';
import type { FibreReading } from '@trame/protocol/sort-programmes/programme-inputs';
import type { ItemOverride } from '../domain/sorting/item.ts';
import { item, LIFE, START_MS } from '../domain/sorting/test-item.ts';
import { OVERRIDES_PER_ITEM_MAX, type ItemQuery } from '../ports/item-store.ts';
import { systemClock } from '../system/clock.ts';
import { BATCH_MAX, KEPT_TEXT_MAX, type SqliteItemStore } from './sqlite-item-store.ts';
import { fill, given, ItemSite, spectrumOf } from './test-items.ts';

const key = (seq: number, life = LIFE) => ({ device: 'nir', life, seq });
const OVERRIDE: ItemOverride = {
  atMs: START_MS,
  from: 'cotton',
  to: 'manual',
  reason: 'label-says',
  note: 'l’étiquette dit 60 % coton',
  actorRef: 'abcdef01',
};

/** All pages of a query, and how many there were. */
function pagesOf(store: SqliteItemStore, query: Omit<ItemQuery, 'after'>): readonly [number[], number] {
  const seqs: number[] = [];
  let [after, pages] = [null as string | null, 0];
  do {
    const { items, next } = given(store.page({ ...query, after }));
    seqs.push(...items.map((one) => one.item.seq));
    [after, pages] = [next, pages + 1];
  } while (after !== null);
  return [seqs, pages];
}

describe('a piece', () => {
  it('is there at once, and as it was, with its spectrum, after the edge was started again', () => {
    using site = new ItemSite();
    const before = site.open();
    const one = item(7, { wrote: 'late', decided: 'cotton', outlet: 'manual', facts: { weightG: 210 } });
    before.add(one, spectrumOf(7));
    before.add(item(8), null);
    expect(given(before.find(key(7)))).toEqual({ item: one, overrides: [] });
    expect(given(before.spectrumOf(key(7)))).toEqual(spectrumOf(7));
    before.close();
    const after = site.open();
    expect(given(after.find(key(7)))).toEqual({ item: one, overrides: [] });
    expect(given(after.spectrumOf(key(7)))).toEqual(spectrumOf(7));
    expect([
      given(after.spectrumOf(key(8))),
      given(after.find(key(9))),
      given(after.spectrumOf(key(9))),
    ]).toEqual([null, null, null]);
    expect(after.health).toEqual({
      state: 'ok',
      reason: null,
      items: 2,
      spectra: 1,
      waiting: 0,
      dropped: 0,
      unreadable: 0,
      setAsideAtMs: null,
    });
    after.close();
  });

  it('that is told a second time is not kept a second time', () => {
    using site = new ItemSite();
    const store = site.open();
    store.add(item(1), spectrumOf(1));
    store.flush();
    store.add(item(1, { outlet: 'other' }), spectrumOf(2));
    store.flush();
    expect(given(store.find(key(1)))?.item.outlet).toBe('cotton');
    expect(given(store.spectrumOf(key(1)))).toEqual(spectrumOf(1));
    expect(store.health).toMatchObject({ items: 1, spectra: 1 });
    store.close();
  });

  it('may carry a spectrum that is none, which is kept as far as it may be one', () => {
    using site = new ItemSite();
    const store = site.open();
    const regular = spectrumOf(1);
    const values = [Number.NaN, Infinity, 1e300];
    store.add(item(1), { ...regular, values });
    store.add(item(2), { ...regular, values: [] });
    store.add(item(3), { ...regular, values: new Float64Array(10_000) });
    const named = { quantity: 'reflectance', wavelengthsNm: [900, 900.1, 905], instrument: 'Nano' } as const;
    store.add(item(4), { ...named, values: [1, 2] });
    values.fill(0);
    store.flush();
    const kept = [1, 2, 3, 4].map((seq) => given(store.spectrumOf(key(seq))));
    expect(kept[0]).toEqual({ ...regular, values: Float32Array.of(Number.NaN, Infinity, Infinity) });
    expect(kept[1]).toEqual({ ...regular, values: new Float32Array() });
    expect(kept[2]).toEqual({ ...regular, values: new Float32Array(8192) });
    expect(kept[3]).toEqual({
      ...named,
      wavelengthsNm: Float64Array.of(900, 900.1, 905),
      values: Float32Array.of(1, 2),
    });
    store.close();
  });
});

describe('pieces', () => {
  it('are kept by number: the oldest go, and of the spectra earlier', () => {
    using site = new ItemSite();
    const store = site.open({ items: 300, spectra: 50 });
    fill(store, 1, 400);
    store.flush();
    expect(store.override(key(101), OVERRIDE)).toBe('kept');
    fill(store, 401, 150);
    store.flush();
    expect(store.health).toMatchObject({ items: 300, spectra: 50, dropped: 0 });
    const [seqs] = pagesOf(store, { limit: 200 });
    expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => 550 - index));
    expect([given(store.spectrumOf(key(500))), given(store.spectrumOf(key(501)))]).toEqual([
      null,
      spectrumOf(501),
    ]);
    expect(store.override(key(101), OVERRIDE)).toBe('unknown-item');
    store.close();
    // With smaller bounds they go a little at a time, as others come.
    const smaller = site.open({ items: 10, spectra: 5 });
    for (let seq = 551; seq < 555; seq += 1) {
      fill(smaller, seq, 1);
      smaller.flush();
    }
    expect(smaller.health).toMatchObject({ items: 10, spectra: 5 });
    smaller.close();
  });

  it('are found by outlet, reading and time, newest first, page by page, each once', () => {
    using site = new ItemSite();
    const store = site.open();
    const outlets = ['cotton', 'polyester', 'manual'];
    const readings: FibreReading[] = ['pure', 'blend', 'unknown', 'see-through'];
    const all = Array.from({ length: 240 }, (_, seq) =>
      item(seq, {
        decided: outlets[seq % 3] ?? '',
        facts: { reading: readings[seq % 4] ?? 'none' },
        // Several at one moment, and a clock that was set back.
        readAtMs: START_MS + 1000 * Math.floor((seq % 160) / 4),
      }),
    );
    for (const one of all) store.add(one, null);
    store.flush();
    const queries: Omit<ItemQuery, 'after' | 'limit'>[] = [
      {},
      { outlet: 'manual' },
      { reading: 'blend' },
      { outlet: 'cotton', reading: 'pure' },
      { fromMs: START_MS + 3000, toMs: START_MS + 9000 },
      { outlet: 'polyester', reading: 'unknown', fromMs: START_MS + 1000 },
      { outlet: 'nowhere' },
    ];
    for (const query of queries) {
      const expected = all
        .filter(
          ({ outlet, facts, readAtMs }) =>
            (query.outlet ?? outlet) === outlet &&
            (query.reading ?? facts.reading) === facts.reading &&
            readAtMs >= (query.fromMs ?? 0) &&
            readAtMs <= (query.toMs ?? Infinity),
        )
        .toSorted((a, b) => b.readAtMs - a.readAtMs || b.seq - a.seq)
        .map(({ seq }) => seq);
      for (const limit of [1, 7, 200, 5000]) {
        const [seqs, pages] = pagesOf(store, { ...query, limit });
        expect([query, seqs]).toEqual([query, expected]);
        expect(pages).toBeGreaterThanOrEqual(Math.ceil(expected.length / 200));
      }
    }
    expect(given(store.page({ limit: 5, after: 'no cursor' }))).toEqual({ items: [], next: null });
    store.close();
  });

  it('of a time come in its order, as many as were asked for, while others are added', () => {
    using site = new ItemSite();
    const store = site.open();
    fill(store, 1, 1500);
    store.flush();
    const time = { fromMs: START_MS + 100_000, toMs: START_MS + 1_400_000 };
    const seqs: number[] = [];
    for (const { seq } of store.itemsOfTime(time, 10_000)) {
      seqs.push(seq);
      if (seq % 100 !== 0) continue;
      fill(store, 2000 + seq, 1);
      store.flush();
    }
    expect(seqs).toEqual(Array.from({ length: 1301 }, (_, index) => 100 + index));
    expect([...store.itemsOfTime(time, 700)].map(({ seq }) => seq)).toEqual(seqs.slice(0, 700));
    expect([...store.itemsOfTime({ fromMs: 0, toMs: 1 }, 700)]).toEqual([]);
    store.close();
  });

  it('after a place come in the order of places, those that wait too, also when they are written meanwhile', () => {
    using site = new ItemSite();
    const store = site.open();
    const after = (place: { life: string; seq: number } | null) => [...store.itemsAfter('nir', place)];
    expect([after(null), given(store.lastPlace('nir'))]).toEqual([[], null]);
    fill(store, 1, 1100);
    store.add(item(5, { device: 'other' }), null);
    store.flush();
    const later = 'ffff0000';
    for (let seq = 0; seq < 20; seq += 1) store.add(item(seq, { life: later }), null);
    expect(given(store.lastPlace('nir'))).toEqual({ life: later, seq: 19 });
    expect(after({ life: LIFE, seq: 1000 }).map(({ life, seq }) => [life, seq])).toEqual([
      ...Array.from({ length: 100 }, (_, index) => [LIFE, 1001 + index]),
      ...Array.from({ length: 20 }, (_, index) => [later, index]),
    ]);
    let count = 0;
    for (const { seq } of store.itemsAfter('nir', null)) {
      count += 1;
      if (count === 1100) store.flush();
      if (count === 1110) fill(store, 5000, 0);
      expect(seq).toBeGreaterThanOrEqual(0);
    }
    expect([count, after({ life: later, seq: 19 })]).toEqual([1120, []]);
    store.close();
    const again = site.open();
    expect(given(again.lastPlace('nir'))).toEqual({ life: later, seq: 19 });
    again.close();
  });
});

describe('what people say of a piece', () => {
  it('stands beside it in the order in which it was said, so many times, and changes nothing of it', () => {
    using site = new ItemSite();
    const store = site.open();
    store.add(item(1), null);
    const said = Array.from({ length: OVERRIDES_PER_ITEM_MAX }, (_, index) => ({
      ...OVERRIDE,
      to: `bin${index}`,
    }));
    // The piece still waits for the disk.
    for (const one of said) expect(store.override(key(1), one)).toBe('kept');
    expect(store.override(key(1), OVERRIDE)).toBe('too-many');
    expect(store.override(key(2), OVERRIDE)).toBe('unknown-item');
    store.close();
    const again = site.open();
    expect(given(again.find(key(1)))).toEqual({ item: item(1), overrides: said });
    expect(given(again.page({ limit: 1, after: null })).items[0]?.overrides).toEqual(said);
    again.close();
  });
});

describe('a text', () => {
  it('that is kept is there after the edge was started again, and one that is too long is not taken', () => {
    using site = new ItemSite();
    const store = site.open();
    expect([store.keep('drift', 'one'), store.keep('drift', 'two'), store.kept('other')]).toEqual([
      true,
      true,
      null,
    ]);
    expect(store.keep('drift', 'x'.repeat(KEPT_TEXT_MAX + 1))).toBe(false);
    store.close();
    const again = site.open();
    expect(again.kept('drift')).toBe('two');
    for (let name = 0; name < 63; name += 1) expect(again.keep(`name ${name}`, '')).toBe(true);
    expect([again.keep('one too many', ''), again.keep('drift', 'three')]).toEqual([false, true]);
    again.close();
  });
});

describe('the store', () => {
  it('writes by itself until it is stopped, in commits of some pieces', async () => {
    using site = new ItemSite();
    const store = site.open({}, { clock: systemClock });
    const stop = new AbortController();
    const running = store.run(stop.signal);
    fill(store, 1, 5 * BATCH_MAX);
    await expect.poll(() => store.health.waiting, { timeout: 5000 }).toBe(0);
    stop.abort();
    await running;
    fill(store, 1000, 3);
    store.close();
    const again = site.open();
    expect(again.health.items).toBe(5 * BATCH_MAX + 3);
    again.close();
  });
});
