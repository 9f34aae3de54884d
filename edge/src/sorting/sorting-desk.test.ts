import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item } from '../domain/sorting/item.ts';
import { TestClock } from '../pipeline/test-clock.ts';
import type { WriteOutcome } from '../ports/device-writer.ts';
import type { SpectrumRead } from '../ports/spectrum-source.ts';
import type { SorterVerdict } from '../ports/verdict-writer.ts';
import { readModelFile, SHIPPED_FOLDER } from '../nir/shipped-models.ts';
import { keptLog } from '../uplink/test-uplink.ts';
import { judgeProgramme, type UsableProgramme } from './judge-programme.ts';
import { SortingDesk, type SortingDeskOptions } from './sorting-desk.ts';
import { CONFIG, OUTLETS, programme, RING } from './test-sorting.ts';

const CONFIRMED: WriteOutcome = { kind: 'confirmed', readBack: null };

function usable(value: unknown): UsableProgramme {
  const judgement = judgeProgramme(value, Object.keys(OUTLETS));
  if (judgement.kind === 'refused') throw new Error(JSON.stringify(judgement.findings));
  return judgement.usable;
}

function testDesk(
  { begunAt = 0, ...over }: Partial<SortingDeskOptions> & { readonly begunAt?: number } = {},
  outcome: () => Promise<WriteOutcome> | WriteOutcome = () => CONFIRMED,
) {
  const opened = readModelFile(`${SHIPPED_FOLDER}/sim-v1.json`);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const kept: Item[] = [];
  const writes: SorterVerdict[][] = [];
  const { log, lines } = keptLog();
  const desk = new SortingDesk({
    config: CONFIG,
    ring: RING,
    model: opened.model,
    programme: () => usable(programme()),
    items: { add: (item) => void kept.push(item), keep: () => true },
    sums: { take: () => undefined },
    drift: { take: () => undefined, missed: () => undefined },
    lastPlace: null,
    verdicts: {
      give: async (_device, verdicts) => {
        writes.push([...verdicts]);
        return outcome();
      },
    },
    signal: new AbortController().signal,
    clock: new TestClock(),
    log,
    ...over,
  });
  desk.begun('nir', { seq: begunAt, why: 'first' });
  return { desk, kept, writes, lines };
}

function reads(count: number, values: (seq: number) => Float64Array = ramp): SpectrumRead[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: index + 1,
    readAtMs: null,
    values: values(index + 1),
  }));
}

function unreadable(): Float64Array {
  return Float64Array.from({ length: 186 }, () => Number.NaN);
}

/** Nothing that a model knows. */
function ramp(): Float64Array {
  return Float64Array.from({ length: 186 }, (_, index) => 0.2 + 0.1 * Math.sin(index / 9));
}

describe('where pieces are sorted', () => {
  it('tells the sorter each piece by its number, at most 64 in a write, and keeps them in order', async () => {
    const { desk, kept, writes } = testDesk();
    await desk.spectra('nir', reads(150));
    expect(writes.map((write) => write.length)).toEqual([64, 64, 22]);
    expect(writes.flat()).toEqual(reads(150).map(({ seq }) => ({ seq, outlet: OUTLETS.csr })));
    expect(kept.map(({ seq }) => seq)).toEqual(reads(150).map(({ seq }) => seq));
    expect(kept[0]).toMatchObject({ decided: 'csr', rule: 'reste', wrote: 'in-time', outlet: 'csr' });
    expect(desk.counts).toMatchObject({ sorted: 150, late: 0, unwritten: 0, failed: 0 });
  });

  it('keeps pieces in order though a later write is answered first', async () => {
    const answers = [Promise.withResolvers<WriteOutcome>(), Promise.withResolvers<WriteOutcome>()];
    let asked = 0;
    const { desk, kept } = testDesk({}, () => answers[asked++]?.promise ?? CONFIRMED);
    const sorting = desk.spectra('nir', reads(100));
    answers[1]?.resolve(CONFIRMED);
    await Promise.resolve();
    expect(kept).toEqual([]);
    answers[0]?.resolve(CONFIRMED);
    await sorting;
    expect(kept.map(({ seq }) => seq)).toEqual(reads(100).map(({ seq }) => seq));
  });

  it.each([
    ['unconfirmed', 'late', { late: 3, unwritten: 0 }],
    ['refused', 'refused', { late: 0, unwritten: 3 }],
  ] as const)(
    'counts verdicts that were %s, and knows where those pieces went',
    async (kind, wrote, counts) => {
      const outcome: WriteOutcome =
        kind === 'refused' ? { kind, reason: 'away' } : { kind, reason: 'no answer', readBack: null };
      const { desk, kept } = testDesk({}, () => outcome);
      await desk.spectra('nir', reads(3));
      expect(kept.map((item) => [item.wrote, item.decided, item.outlet])).toEqual(
        Array.from({ length: 3 }, () => [wrote, 'csr', 'manuel']),
      );
      expect(desk.counts).toMatchObject({ sorted: 3, ...counts });
    },
  );

  it('counts as late what was read long before the latest, when many come together after an outage', async () => {
    const { desk, kept, writes } = testDesk();
    await desk.spectra(
      'nir',
      reads(6).map((read) => ({ ...read, readAtMs: read.seq === 3 ? null : 1_000_000 + 1000 * read.seq })),
    );
    // The sorter is told all the same: the belt may have stood.
    expect(writes.flat()).toHaveLength(6);
    expect(kept.map(({ seq, wrote, outlet }) => [seq, wrote, outlet])).toEqual([
      [1, 'late', 'manuel'],
      [2, 'late', 'manuel'],
      [3, 'in-time', 'csr'],
      [4, 'in-time', 'csr'],
      [5, 'in-time', 'csr'],
      [6, 'in-time', 'csr'],
    ]);
    expect(desk.counts.late).toBe(2);
  });

  it('counts as late what comes by itself, long after it was read: this program stood still', async () => {
    const clock = new TestClock();
    const { desk, kept } = testDesk({ clock });
    const give = async (seq: number, readAtMs: number) =>
      await desk.spectra('nir', [{ seq, readAtMs, values: ramp() }]);
    await give(1, 1_000_000);
    await clock.advance(9_000);
    await give(2, 1_000_500);
    await give(3, 1_008_900);
    expect(kept.map(({ seq, wrote }) => [seq, wrote])).toEqual([
      [1, 'in-time'],
      [2, 'late'],
      [3, 'in-time'],
    ]);
  });

  it('says of outlets that share a number what the first of them is called', async () => {
    const withRest = testDesk({ programme: () => usable(programme(1, 'elimination')) });
    await withRest.desk.spectra('nir', reads(1));
    expect(withRest.writes).toEqual([[{ seq: 1, outlet: 8 }]]);
    expect(withRest.kept[0]).toMatchObject({ decided: 'elimination', outlet: 'manuel' });
  });

  it('sends what could not be read to hand sorting whatever the programme says, and by no rule of it', async () => {
    const { desk, kept, writes } = testDesk();
    await desk.spectra(
      'nir',
      reads(3, (seq) => (seq === 2 ? ramp() : unreadable())),
    );
    expect(writes.flat().map(({ outlet }) => outlet)).toEqual([8, 7, 8]);
    expect(kept.map(({ decided, rule, facts }) => [facts.reading, decided, rule])).toEqual([
      ['unreadable', 'manuel', null],
      ['unknown', 'csr', 'reste'],
      ['unreadable', 'manuel', null],
    ]);
    // It was followed, and had no say.
    expect(kept[0]?.programme).toMatchObject({ id: 'essai' });
    expect(desk.counts.toFallback).toBe(2);
  });

  it('sends pieces to hand sorting without a programme, and without a model', async () => {
    const without = testDesk({ programme: () => null });
    await without.desk.spectra('nir', reads(1));
    expect(without.kept[0]).toMatchObject({ decided: 'manuel', rule: null, programme: null });
    const blind = testDesk({ model: null });
    await blind.desk.spectra('nir', reads(1));
    expect(blind.kept[0]).toMatchObject({
      decided: 'manuel',
      rule: null,
      facts: { reading: 'none' },
      verdict: { model: null },
    });
  });

  it('follows another programme from one piece to the next', async () => {
    let active = usable(programme());
    const { desk, kept } = testDesk({ programme: () => active });
    await desk.spectra('nir', reads(1));
    active = usable(programme(2, 'polymere'));
    await desk.spectra('nir', reads(1));
    expect(kept.map((item) => [item.outlet, item.programme?.version])).toEqual([
      ['csr', 1],
      ['polymere', 2],
    ]);
  });

  it('sends a piece whose judging fails to hand sorting, and goes on', async () => {
    let asked = 0;
    const { desk, kept, lines } = testDesk({
      programme: () => {
        asked += 1;
        if (asked === 2) throw new Error('a fault of this program');
        return usable(programme());
      },
    });
    await desk.spectra('nir', reads(3));
    expect(kept.map(({ outlet }) => outlet)).toEqual(['csr', 'manuel', 'csr']);
    expect(desk.counts.failed).toBe(1);
    expect(JSON.stringify(lines)).toContain('could not be judged');
  });

  it('tells the sorter of a piece that cannot be kept, and goes on', async () => {
    const { desk, writes } = testDesk({
      items: {
        add: () => {
          throw new Error('no room');
        },
        keep: () => false,
      },
    });
    await desk.spectra('nir', reads(2));
    expect([writes.flat().length, desk.counts.failed]).toEqual([2, 2]);
  });

  it('gives pieces of a station that counts anew another life, greater than any before', () => {
    const { desk, kept } = testDesk({ lastPlace: { life: 'f0000000', seq: 0 } });
    const both = async () => {
      await desk.spectra('nir', reads(1));
      desk.begun('nir', { seq: 0, why: 'went-back' });
      await desk.spectra('nir', reads(1));
    };
    return both().then(() => expect(kept.map(({ life }) => life)).toEqual(['f0000001', 'f0000002']));
  });

  it.each([
    ['counted on', 100, 148, 48],
    ['counted on over the end of its numbers', 2 ** 32 - 3, 4, 7],
    ['read nothing', 100, 100, 0],
    ['counts lower, for it was started anew', 100, 40, 0],
    ['counts so much higher that it cannot have read them', 100, 3_000_000, 0],
  ])('tells once what a station read while no edge ran: it %s', (_what, last, first, count) => {
    const missed: number[] = [];
    const marks: string[] = [];
    const { desk } = testDesk({
      lastPlace: { life: '69070000', seq: last },
      drift: { take: () => undefined, missed: (each) => void missed.push(each) },
      items: { add: () => undefined, keep: (name, text) => marks.push(`${name} ${text}`) > 0 },
      begunAt: first,
    });
    expect([desk.counts.missed, missed]).toEqual([count, count === 0 ? [] : [count]]);
    // The next start goes on from here, though no piece came.
    expect(marks.at(-1)).toMatch(new RegExp(`^begun\\.nir nir:[0-9a-f]{8}:${first}$`, 'u'));
    desk.begun('nir', { seq: first + 10, why: 'jumped-ahead' });
    expect(desk.counts.missed).toBe(count);
  });

  it('leaves spectra of other stations, and all of them once it ends', async () => {
    const ending = new AbortController();
    const { desk, kept, writes } = testDesk({ signal: ending.signal });
    await desk.spectra('nir-2', reads(1));
    desk.missed('nir-2', { fromSeq: 1, count: 3, why: 'overwritten' });
    ending.abort();
    await desk.spectra('nir', reads(1));
    expect([kept, writes, desk.counts.missed]).toEqual([[], [], 0]);
    desk.missed('nir', { fromSeq: 1, count: 3, why: 'overwritten' });
    expect(desk.counts.missed).toBe(3);
  });

  it('has a verdict for every read, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.float64Array({ maxLength: 400 }), { minLength: 1, maxLength: 8 }),
        async (all) => {
          const { desk, kept, writes } = testDesk();
          await desk.spectra(
            'nir',
            all.map((values, index) => ({ seq: index, readAtMs: null, values })),
          );
          expect(writes.flat()).toHaveLength(all.length);
          expect(kept).toHaveLength(all.length);
          expect(desk.counts.failed).toBe(0);
          const { manuel, csr } = OUTLETS;
          for (const { outlet } of writes.flat()) expect([manuel, csr]).toContain(outlet);
        },
      ),
      { numRuns: 60 },
    );
  });
});
