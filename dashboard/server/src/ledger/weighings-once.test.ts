/** One weighing of a scale is one row, however often and by whichever ledger it is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerPayloads } from '@trame/protocol/ledger-payloads';
import type { Records } from '../records/open-records.ts';
import { freshRecordsOf, RECORDS_ENGINES, type FreshRecords } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { acceptEpoch } from './epoch-decision.ts';
import { rebuildProjections } from './rebuild-projections.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TEST_WEIGHING, TestLedger } from './test-ledger.ts';
import { PROJECTION_TABLES } from './write-projections.ts';

const dayOf = localDayIn('Europe/Paris');
const INSTRUMENT = {
  scale: 'bale-scale',
  serial: 'B-7',
  alibiEpoch: 1,
  use: 'bale',
  simulated: true,
} as const;

const kgOf = (number: number) => 100 + number * 7;

type Weighing = LedgerPayloads['weighing.recorded'];

const opened = (name: string, line = 'tri-1') => {
  const ledger = new TestLedger({ name, line });
  ledger.open();
  return ledger;
};

const weigh = (ledger: TestLedger, number: number | null, kg: number, changes: Partial<Weighing> = {}) =>
  ledger.add('weighing.recorded', { ...TEST_WEIGHING, number, netGrams: kg * 1000, ...changes });

const miss = (ledger: TestLedger, fromNumber: number, toNumber: number, kg: number | null) =>
  ledger.add('weighing.missed', {
    ...INSTRUMENT,
    fromNumber,
    toNumber,
    netGrams: kg === null ? null : kg * 1000,
  });

const see = (ledger: TestLedger, number: number) =>
  ledger.add('scale.seen', { ...INSTRUMENT, number, totalGrams: null });

/** Sends a ledger that follows another one of its line, once a person has accepted it, `size` events at a time. */
async function send(records: Records, ledger: TestLedger, size = 100): Promise<void> {
  const store = new RecordsLedgerStore(records, dayOf);
  const take = (from: number) => {
    const bytes = messageOf(ledger.events.slice(from, from + size));
    return store.take(ledger, [{ kind: 'bytes', bytes }], TEST_NOW_MS + 60_000);
  };
  if ((await take(0)).lastRefused?.code === 'unknown-epoch') {
    await acceptEpoch(records, ledger.line, ledger.epoch, null, TEST_NOW_MS);
  }
  for (let from = 0; from < ledger.events.length; from += size) await take(from);
}

/** In the order in which they were told first. */
async function rowsOf(records: Records) {
  const rows = await records
    .selectFrom('weighings')
    .innerJoin('ledger_events', (join) =>
      join.onRef('ledger_events.line', '=', 'weighings.line').onRef('ledger_events.id', '=', 'weighings.id'),
    )
    .selectAll('weighings')
    .orderBy('weighings.line')
    .orderBy('ledger_events.place')
    .execute();
  return rows.map(({ kind, number, toNumber, netGrams, missing, contradicts }) => ({
    kind,
    number,
    toNumber,
    kg: netGrams === null ? null : netGrams / 1000,
    missing,
    contradicts,
  }));
}

async function dump(records: Records): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const table of PROJECTION_TABLES) {
    const all: readonly object[] = await records.selectFrom(table).selectAll().execute();
    rows.push(
      ...all
        .map((row) =>
          JSON.stringify([table, ...Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))]),
        )
        .toSorted(),
    );
  }
  return rows;
}

const recorded = (number: number | null, kg: number, contradicts: string | null = null) => ({
  kind: 'recorded',
  number,
  toNumber: null,
  kg,
  missing: null,
  contradicts,
});

const missed = (number: number, toNumber: number, kg: number | null, missing = toNumber - number + 1) => ({
  kind: 'missed',
  number,
  toNumber,
  kg,
  missing,
  contradicts: null,
});

describe.each(RECORDS_ENGINES)('a weighing, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  /** @returns what stands in the records once the ledgers were sent, one after the other; the same after a rebuild. */
  async function told(...ledgers: readonly TestLedger[]) {
    await using fresh: FreshRecords = await freshRecords();
    for (const ledger of ledgers) await send(fresh.records, ledger);
    const before = await dump(fresh.records);
    await rebuildProjections(fresh.records, dayOf);
    expect(await dump(fresh.records)).toStrictEqual(before);
    return await rowsOf(fresh.records);
  }

  it('that another ledger tells again adds no row', async () => {
    const first = opened('first');
    weigh(first, 41, 400);
    weigh(first, 42, 410);
    const second = opened('second');
    weigh(second, 42, 410);
    weigh(second, 43, 420);
    expect(await told(first, second)).toEqual([recorded(41, 400), recorded(42, 410), recorded(43, 420)]);
  });

  it('that is told with another weight contradicts the first, once', async () => {
    const first = opened('first');
    const { id } = weigh(first, 41, 400);
    const second = opened('second');
    weigh(second, 41, 390);
    weigh(second, 41, 390);
    const third = opened('third');
    weigh(third, 41, 400);
    weigh(third, 41, 390);
    weigh(third, 41, 380);
    expect(await told(first, second, third)).toEqual([
      recorded(41, 400),
      recorded(41, 390, id),
      recorded(41, 380, id),
    ]);
  });

  it('is another one by its scale, serial, alibi epoch, number or kind of number', async () => {
    const ledger = opened('first');
    weigh(ledger, 41, 400);
    weigh(ledger, 41, 400, { scale: 'infeed-scale' });
    weigh(ledger, 41, 400, { serial: 'B-8' });
    weigh(ledger, 41, 400, { serial: null });
    weigh(ledger, 41, 400, { alibiEpoch: 2 });
    weigh(ledger, 41, 400, { source: 'totaliser' });
    weigh(ledger, 40, 400);
    const other = opened('other', 'tri-2');
    weigh(other, 41, 400);
    const rows = await told(ledger, other);
    expect(rows).toHaveLength(8);
    expect(rows.filter(({ contradicts }) => contradicts !== null)).toEqual([]);
  });

  it('without a number is always one of its own', async () => {
    const ledger = opened('first');
    weigh(ledger, null, 400, { source: 'stable-window' });
    weigh(ledger, null, 400, { source: 'stable-window' });
    expect(await told(ledger)).toEqual([recorded(null, 400), recorded(null, 400)]);
  });

  it('that is recorded is not missed: not by a ledger that begins anew either', async () => {
    const first = opened('first');
    see(first, 0);
    weigh(first, 1, 400);
    miss(first, 2, 3, 800);
    weigh(first, 4, 430);
    const all = opened('all');
    see(all, 0);
    miss(all, 1, 4, 1_630);
    const more = opened('more');
    see(more, 0);
    miss(more, 1, 6, 2_500);
    weigh(more, 7, 440);
    expect(await told(first, all, more)).toEqual([
      recorded(1, 400),
      missed(2, 3, 800),
      recorded(4, 430),
      missed(5, 6, 870),
      recorded(7, 440),
    ]);
  });

  it('that is recorded later is missed no longer', async () => {
    const first = opened('first');
    miss(first, 1, 5, 2_000);
    const second = opened('second');
    weigh(second, 1, 390);
    weigh(second, 3, 410);
    expect(await told(first, second)).toEqual([missed(2, 5, 1_200, 3), recorded(1, 390), recorded(3, 410)]);
    const third = opened('third');
    for (const number of [2, 5, 4]) weigh(third, number, 400);
    expect((await told(first, second, third)).map(({ kind, number }) => [kind, number])).toEqual(
      [1, 3, 2, 5, 4].map((number) => ['recorded', number]),
    );
  });

  it('is missed once, whoever missed it', async () => {
    const first = opened('first');
    miss(first, 10, 12, 1_200);
    miss(first, 11, 11, 400);
    const second = opened('second');
    miss(second, 1, 20, 8_000);
    weigh(second, 11, 410);
    miss(second, 18, 22, 2_000);
    expect(await told(first, second)).toEqual([
      missed(10, 12, 790, 2),
      missed(1, 20, 6_800, 17),
      recorded(11, 410),
      missed(21, 22, null),
    ]);
  });

  it('of a count that began anew is not the one that had its number before', async () => {
    const ledger = opened('first');
    const source = 'totaliser';
    see(ledger, 0);
    for (const number of [1, 2]) weigh(ledger, number, 400, { source });
    see(ledger, 0);
    weigh(ledger, 1, 400, { source });
    miss(ledger, 2, 3, 700);
    const again = opened('again');
    see(again, 0);
    miss(again, 1, 4, 1_550);
    expect(await told(ledger, again)).toEqual([
      recorded(1, 400),
      recorded(2, 400),
      recorded(1, 400),
      missed(2, 3, 700),
      missed(4, 4, 450),
    ]);
  });

  it(
    'is told right whatever is said again, however it is cut into messages',
    { timeout: 120_000 },
    async () => {
      await using fresh = await freshRecords();
      const { records } = fresh;
      const NUMBERS = 24;
      const number = fc.integer({ min: 1, max: NUMBERS });
      const event = fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({ kind: fc.constant('weigh' as const), from: number, span: fc.constant(0) }),
        },
        {
          weight: 2,
          arbitrary: fc.record({ kind: fc.constant('miss' as const), from: number, span: fc.nat(8) }),
        },
      );
      const script = fc.record({
        events: fc.array(event, { minLength: 1, maxLength: 25 }),
        size: fc.integer({ min: 1, max: 30 }),
      });
      let lines = 0;
      await fc.assert(
        fc.asyncProperty(script, async ({ events, size }) => {
          const line = `line-${(lines += 1)}`;
          const ledger = opened(line, line);
          const weighed = new Set<number>();
          const named = new Set<number>();
          for (const { kind, from, span } of events) {
            const to = Math.min(NUMBERS, from + span);
            let kg = 0;
            for (let one = from; one <= to; one += 1) {
              named.add(one);
              kg += kgOf(one);
            }
            if (kind === 'weigh') weigh(ledger, from, kgOf(from));
            else miss(ledger, from, to, kg);
            if (kind === 'weigh') weighed.add(from);
          }
          await send(records, ledger, size);
          const rows = await records.selectFrom('weighings').selectAll().where('line', '=', line).execute();
          const numbers = rows.filter(({ kind }) => kind === 'recorded').map((row) => row.number ?? 0);
          expect(numbers.toSorted((a, b) => a - b)).toEqual([...weighed].toSorted((a, b) => a - b));
          const runs = rows.filter(({ kind }) => kind === 'missed');
          const rest = new Set([...named].filter((one) => !weighed.has(one)));
          expect(runs.reduce((sum, run) => sum + (run.missing ?? 0), 0)).toBe(rest.size);
          for (const { number: from, toNumber } of runs) {
            expect([rest.has(from ?? 0), rest.has(toNumber ?? 0)]).toEqual([true, true]);
          }
          // Where runs overlapped in part, nobody knows the weight of what is left of one.
          if (runs.some(({ netGrams }) => netGrams === null)) return;
          const kg = rows.reduce((sum, row) => sum + (row.netGrams ?? 0), 0) / 1000;
          expect(kg).toBe([...named].reduce((sum, one) => sum + kgOf(one), 0));
        }),
        { numRuns: engine === 'sqlite' ? 150 : 40 },
      );
      const before = await dump(records);
      await rebuildProjections(records, dayOf);
      expect(await dump(records)).toStrictEqual(before);
    },
  );
});
