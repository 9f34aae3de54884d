import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { COUNT_GRAMS_MAX, type LedgerPayloads } from '@trame/protocol/ledger-payloads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Records } from '../records/open-records.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { acceptEpoch } from './epoch-decision.ts';
import { rebuildProjections } from './rebuild-projections.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';
import { PROJECTION_TABLES } from './write-projections.ts';

const dayOf = localDayIn('Europe/Paris');
const LATER_MS = TEST_NOW_MS + 3_600_000;
const MINUTE_MS = 60_000;

type CountedBefore = LedgerPayloads['ledger.opened']['countedBefore'];

/** An epoch in which the edge's file began anew. */
function begun(name: string, countedBefore: CountedBefore = [], line = 'tri-1'): TestLedger {
  const ledger = new TestLedger({ name, line });
  ledger.add('ledger.opened', { reason: 'new', previous: null, countedBefore });
  return ledger;
}

async function dump(records: Records): Promise<string[]> {
  const rows: string[] = [];
  for (const table of PROJECTION_TABLES) {
    const all: readonly object[] = await records.selectFrom(table).selectAll().execute();
    rows.push(
      ...all
        .map((row) => JSON.stringify([table, ...Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))]))
        .sort(),
    );
  }
  return rows;
}

/** Stores the ledgers one after the other, each epoch accepted by a person, and makes everything again. */
async function take(records: Records, ledgers: readonly TestLedger[], size = 100): Promise<void> {
  const store = new RecordsLedgerStore(records, dayOf);
  for (const ledger of ledgers) {
    for (let from = 0; from < ledger.events.length; from += size) {
      const bytes = messageOf(ledger.events.slice(from, from + size));
      const { refusals } = await store.take(ledger, [{ kind: 'bytes', bytes }], LATER_MS);
      if (refusals.length === 0) continue;
      await acceptEpoch(records, ledger.line, ledger.epoch, null, LATER_MS);
      await store.take(ledger, [{ kind: 'bytes', bytes }], LATER_MS);
    }
  }
  const before = await dump(records);
  await rebuildProjections(records, dayOf);
  expect(await dump(records)).toStrictEqual(before);
}

describe.each(RECORDS_ENGINES)('the lives of a counter, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  /** @returns what was sorted into «creme» by day, and what was not counted. */
  async function countedOf(...ledgers: readonly TestLedger[]) {
    await using fresh = await freshRecords();
    const { records } = fresh;
    await take(records, ledgers);
    const sorted = await records
      .selectFrom('sorted')
      .select(['day', 'grams'])
      .where('outlet', '=', 'creme')
      .orderBy('day')
      .execute();
    const uncounted = await records
      .selectFrom('uncounted')
      .select(['counter', 'grams', 'fromAt', 'toAt'])
      .orderBy('counter')
      .execute();
    return { grams: sorted.reduce((sum, { grams }) => sum + grams, 0), sorted, uncounted };
  }

  it('count what falls after a device was exchanged, and then the PC, whose generations begin at 0 again', async () => {
    const first = begun('first');
    first.count('creme', 66_000, 66_000);
    first.count('creme', 13_773, 13_773, { generation: 1 });
    const second = begun('second');
    second.count('creme', 55_000, 68_773);
    second.count('creme', 300, 69_073);
    expect(await countedOf(first, second)).toMatchObject({
      grams: 66_000 + 13_773 + 55_000 + 300,
      uncounted: [],
    });
  });

  it('count only what lies beyond, when a new edge counts the device’s whole life again', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 1_000);
    const second = begun('second');
    second.count('creme', 1_400, 1_400);
    expect(await countedOf(first, second)).toMatchObject({ grams: 1_400, uncounted: [] });
  });

  it('count another device whole, whose total is lower', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 1_000);
    const second = begun('second');
    second.count('creme', 40, 940);
    second.count('creme', 60, 1_000);
    expect(await countedOf(first, second)).toMatchObject({ grams: 1_100, uncounted: [] });
  });

  it('are told apart by what the edge says within an epoch, not by the names of its tags', async () => {
    const ledger = begun('first');
    ledger.count('creme', 1_000, 1_000);
    const counts = [
      { grams: 300, sourceGrams: 1_200, device: 'automate', generation: 0 },
      { grams: 50, sourceGrams: 5_050, device: 'other', generation: 1 },
    ];
    for (const { device, generation, ...count } of counts) {
      ledger.add('throughput.counted', {
        from: TEST_NOW_MS,
        to: TEST_NOW_MS,
        counts: [
          { counter: 'outlet.creme', totalGrams: 1, source: { device, tag: 't', generation }, ...count },
        ],
      });
    }
    expect(await countedOf(ledger)).toMatchObject({ grams: 1_000 + 200 + 50, uncounted: [] });
  });

  it('go on when a person takes back an epoch of before', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 1_000);
    const second = begun('second');
    second.count('creme', 500, 1_500);
    const before = first.events.length;
    const taken = Object.assign(begun('first'), { events: [] as LedgerEvent[] });
    first.count('creme', 300, 1_300);
    first.count('creme', 400, 1_700);
    taken.events.push(...first.events.splice(before));
    expect(await countedOf(first, second, taken)).toMatchObject({ grams: 1_700, uncounted: [] });
  });

  it('count a whole life in portions once, and hold the first ones until its height is known', async () => {
    const full = COUNT_GRAMS_MAX;
    const first = begun('first');
    first.count('creme', full, full);
    first.count('creme', full, 2 * full);
    first.count('creme', 500, 2 * full + 500);
    const again = begun('again');
    again.count('creme', full, full);
    again.count('creme', full, 2 * full);
    again.count('creme', 700, 2 * full + 700);
    expect(await countedOf(first, again)).toMatchObject({ grams: 2 * full + 700, uncounted: [] });
    const other = begun('other');
    other.count('creme', full, full);
    other.count('creme', 300, full + 300);
    expect(await countedOf(first, other)).toMatchObject({ grams: 3 * full + 800, uncounted: [] });
    const changed = begun('changed');
    changed.count('creme', full, full);
    changed.count('creme', 300, 300, { generation: 1 });
    changed.count('creme', 30, 330, { generation: 1 });
    changed.count('creme', 3, 3, { generation: 2 });
    expect(await countedOf(first, changed)).toMatchObject({ grams: 3 * full + 833 });
  });

  it('have holes that are told: what fell between two ledgers counts nothing', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 1_000, { to: TEST_NOW_MS - 60 * MINUTE_MS });
    const second = begun('second');
    second.count('creme', 50, 1_450, { to: TEST_NOW_MS - 10 * MINUTE_MS });
    second.count('creme', 50, 1_500, { to: TEST_NOW_MS - 5 * MINUTE_MS });
    const { grams, uncounted } = await countedOf(first, second);
    expect(grams).toBe(1_100);
    expect(uncounted).toEqual([
      {
        counter: 'outlet.creme',
        grams: 400,
        fromAt: TEST_NOW_MS - 60 * MINUTE_MS,
        toAt: TEST_NOW_MS - 11 * MINUTE_MS,
      },
    ]);
  });

  it('have no hole where another count came between, nor in the input, which is in no tonnage', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 1_000);
    const second = begun('second');
    second.count('creme', 600, 1_500);
    expect((await countedOf(first, second)).uncounted).toEqual([]);
    const input = (name: string, grams: number, sourceGrams: number) => {
      const ledger = begun(name);
      const source = { device: 'd', tag: 't', generation: 0 };
      ledger.add('throughput.counted', {
        from: TEST_NOW_MS,
        to: TEST_NOW_MS,
        counts: [{ counter: 'input', grams, totalGrams: grams, source, sourceGrams }],
      });
      return ledger;
    };
    expect((await countedOf(input('first', 9, 9), input('second', 5, 50))).uncounted).toEqual([]);
  });

  it('count what was in a ledger that was lost, on the day on which the next one began', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 7_000, { to: TEST_NOW_MS - 48 * 60 * MINUTE_MS, totalGrams: 1_000 });
    const second = begun('second', [
      { counter: 'outlet.creme', grams: 37_000 },
      { counter: 'outlet.csr', grams: 200 },
    ]);
    second.count('creme', 50, 43_050, { totalGrams: 37_050 });
    // Its file was lost as well, before it had told of 30 g.
    const third = begun('third', [{ counter: 'outlet.creme', grams: 37_080 }]);
    third.count('creme', 5, 43_085, { totalGrams: 37_085 });
    expect(await countedOf(first, second, third)).toEqual({
      grams: 37_085,
      sorted: [
        { day: '2026-11-18', grams: 1_000 },
        { day: '2026-11-20', grams: 36_085 },
      ],
      uncounted: [],
    });
  });

  it('count nothing twice when an edge begins with less than was told of it, or from nothing', async () => {
    const first = begun('first');
    first.count('creme', 1_000, 1_000, { totalGrams: 1_000 });
    const older = begun('older', [{ counter: 'outlet.creme', grams: 600 }]);
    older.count('creme', 500, 1_100, { totalGrams: 1_100 });
    const bare = begun('bare');
    bare.count('creme', 100, 1_200, { totalGrams: 100 });
    const lost = begun('lost', [{ counter: 'outlet.creme', grams: 140 }]);
    expect(await countedOf(first, older, bare, lost)).toMatchObject({ grams: 1_240, uncounted: [] });
  });

  it('are told, and count nothing, of a line that another server counted', async () => {
    const ledger = begun('first', [{ counter: 'outlet.creme', grams: 500 }]);
    ledger.count('creme', 20, 520, { totalGrams: 520 });
    expect(await countedOf(ledger)).toMatchObject({
      grams: 20,
      uncounted: [{ counter: 'outlet.creme', grams: 500, fromAt: null, toAt: TEST_NOW_MS + 1 }],
    });
  });

  it('are right for every edge that comes and goes, whatever it had told', { timeout: 120_000 }, async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    let lines = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        async (steps, size) => {
          const line = `line-${(lines += 1)}`;
          const { ledgers, counted, lost } = lineOf(line, steps);
          await take(records, ledgers, size);
          const sum = async (table: 'sorted' | 'uncounted') => {
            const rows = await records.selectFrom(table).select('grams').where('line', '=', line).execute();
            return rows.reduce((all, { grams }) => all + grams, 0);
          };
          expect(await sum('sorted')).toBe(counted);
          expect(await sum('uncounted')).toBe(lost);
        },
      ),
      { numRuns: 25 },
    );
  });
});

type Step =
  | { readonly kind: 'fell'; readonly grams: number }
  /** `told`: recorded and delivered. `kept`: recorded, and lies in the ledger's file alone. */
  | { readonly kind: 'told' | 'kept' }
  | { readonly kind: 'device' | 'pc' | 'ledger' | 'restored' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('fell' as const), grams: fc.integer({ min: 1, max: 9_000 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('told' as const, 'kept' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('device' as const, 'pc' as const, 'ledger' as const, 'restored' as const),
    }),
  },
);

/**
 * A line as its edges would tell of it. What is exchanged is exchanged when the line stands and all is told, but for
 * a PC or a ledger's file, which die when they like.
 * @returns what must be counted, and what nobody told that a total shows.
 */
function lineOf(line: string, steps: readonly Step[]) {
  let ledger = begun(`${line} 0`, [], line);
  const ledgers = [ledger];
  let register = 0;
  /** Of the edge: up to where of the register it counted, and its own total. */
  let edge = { upTo: 0, total: 0, generation: 0 };
  let backup = edge;
  /** At the server: up to where of the register's life; null: it knows nothing of this counter. */
  let delivered: number | null = null;
  let counted = 0;
  let lost = 0;
  let waiting: readonly (readonly [grams: number, register: number, total: number, generation: number])[] =
    [];

  const record = () => {
    const grams = register - edge.upTo;
    if (grams === 0) return;
    edge = { ...edge, upTo: register, total: edge.total + grams };
    waiting = [...waiting, [grams, register, edge.total, edge.generation]];
  };
  const deliver = () => {
    for (const [grams, upTo, totalGrams, generation] of waiting) {
      ledger.count('creme', grams, upTo, { totalGrams, generation });
      counted += Math.max(0, upTo - Math.max(upTo - grams, delivered ?? 0));
      // A hole shows with the first count after it.
      lost += delivered === null ? 0 : Math.max(0, upTo - grams - delivered);
      delivered = Math.max(delivered ?? 0, upTo);
    }
    waiting = [];
  };
  const begin = (countedBefore: CountedBefore) => {
    ledger = begun(`${line} ${ledgers.length}`, countedBefore, line);
    ledgers.push(ledger);
  };
  for (const one of steps) {
    switch (one.kind) {
      case 'fell':
        register += one.grams;
        break;
      case 'told':
        record();
        deliver();
        break;
      case 'kept':
        record();
        break;
      case 'device':
        record();
        deliver();
        // Without a count in this epoch nobody could tell it from the one before.
        if (!ledger.events.some(({ type }) => type === 'throughput.counted')) break;
        // Its successor has counted nothing; the edge sees that, and tells its first kilogram at once.
        register = 0;
        delivered = 0;
        edge = { ...edge, upTo: 0, generation: edge.generation + 1 };
        backup = edge;
        register += 1;
        record();
        deliver();
        break;
      case 'pc':
        waiting = [];
        edge = { upTo: register, total: 0, generation: 0 };
        backup = edge;
        begin([]);
        break;
      case 'ledger': {
        const told = edge.total;
        const from = Math.max(delivered ?? 0, edge.upTo - waiting.reduce((sum, [grams]) => sum + grams, 0));
        counted += Math.max(0, edge.upTo - from);
        if (delivered !== null) delivered += Math.max(0, edge.upTo - from);
        waiting = [];
        begin([{ counter: 'outlet.creme', grams: told }]);
        break;
      }
      case 'restored': {
        deliver();
        const { epoch, seq, hash } = ledger.last;
        const carried = ledger.events.slice(1).slice(-2);
        ledger = new TestLedger({ line, name: `${line} ${ledgers.length}` });
        ledger.add('ledger.opened', {
          reason: 'restored',
          previous: { epoch, seq, hash },
          countedBefore: [],
        });
        for (const { type, payload, id } of carried) ledger.addAny(type, payload ?? {}, { id });
        ledgers.push(ledger);
        edge = backup;
        break;
      }
    }
  }
  return { ledgers, counted, lost };
}
