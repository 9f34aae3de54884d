import { ALARM_CAUSES, ALARM_STATES } from '@trame/protocol/alarms/alarm-names';
import { LINE_MODES } from '@trame/protocol/control/control-names';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Records } from '../records/open-records.ts';
import { itemsSorted } from '../classification/test-items.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { acceptEpoch } from './epoch-decision.ts';
import { rebuildProjections } from './rebuild-projections.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TEST_WEIGHING, TestLedger } from './test-ledger.ts';
import { PROJECTION_TABLES } from './write-projections.ts';

const dayOf = localDayIn('Europe/Paris');
const LATER_MS = TEST_NOW_MS + 3_600_000;
/** So few that weighings meet those of other ledgers, and runs of missed ones. */
const NUMBERS = 17;
const WEIGHTS = [400_000, 400_000, 390_000];
/** After so long a failure is made no smaller, and told with its seed as it is. */
const LONGEST_MS = 60_000;

/** Every row of every table that follows from the events, as one text each, in order. */
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

type Step =
  | { readonly kind: 'count'; readonly outlet: string; readonly grams: number; readonly hours: number }
  | {
      readonly kind:
        | 'weigh'
        | 'refuse'
        | 'miss'
        | 'seen'
        | 'state'
        | 'gap'
        | 'verify'
        | 'unknown'
        | 'alarm'
        | 'mode'
        | 'items';
      readonly n: number;
    }
  /** Another epoch begins; so many events of the one before are carried over. */
  | { readonly kind: 'reopen'; readonly carried: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('count' as const),
      outlet: fc.constantFrom('creme', 'csr', 'essuyage'),
      grams: fc.integer({ min: 1, max: 9_000 }),
      hours: fc.integer({ min: -40, max: 0 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'weigh',
        'refuse',
        'miss',
        'seen',
        'state',
        'gap',
        'verify',
        'unknown',
        'alarm',
        'alarm',
        'mode',
        'items',
        'items',
      ),
      n: fc.integer({ min: 0, max: 2 ** 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), carried: fc.nat(6) }) },
);

function append(
  ledger: TestLedger,
  totals: Map<string, number>,
  step: Exclude<Step, { kind: 'reopen' }>,
): void {
  const facts = {
    scale: 'bale-scale',
    serial: TEST_WEIGHING.serial,
    alibiEpoch: 1,
    use: 'bale',
    simulated: true,
  } as const;
  switch (step.kind) {
    case 'count': {
      const total = (totals.get(step.outlet) ?? 0) + step.grams;
      totals.set(step.outlet, total);
      ledger.count(step.outlet, step.grams, total, { to: TEST_NOW_MS + step.hours * 3_600_000 });
      return;
    }
    case 'weigh':
      ledger.add('weighing.recorded', {
        ...TEST_WEIGHING,
        number: step.n % NUMBERS,
        netGrams: WEIGHTS[step.n % 3] ?? 1,
      });
      return;
    case 'refuse':
      ledger.add('weighing.refused', { ...facts, reason: 'unstable', number: null, grossGrams: -5 });
      return;
    case 'miss':
      ledger.add('weighing.missed', {
        ...facts,
        fromNumber: step.n % NUMBERS,
        toNumber: (step.n % NUMBERS) + (step.n % 5),
        netGrams: step.n % 2 === 0 ? null : 400_000 * 5,
      });
      return;
    case 'seen':
      ledger.add('scale.seen', { ...facts, number: step.n % NUMBERS, totalGrams: null });
      return;
    case 'state':
      ledger.add('line.state', { state: 'execute', emergencyStop: step.n % 2 === 0 });
      ledger.add('device.state', { device: 'plc', state: 'offline', reason: 'a\0b' });
      return;
    case 'gap':
      ledger.add('telemetry.gap', {
        from: TEST_NOW_MS,
        to: TEST_NOW_MS + 9,
        samples: step.n,
        reason: 'too-old',
      });
      return;
    case 'verify': {
      const request = 'a'.repeat(32);
      ledger.add('scale.verified', { scale: 's', outcome: 'accepted', on: '2026-11-20', due: null, request });
      return;
    }
    case 'mode':
      ledger.add('mode.changed', { mode: LINE_MODES[step.n % 5] ?? null });
      return;
    case 'items':
      ledger.add(
        'items.sorted',
        itemsSorted({
          life: step.n % 7 === 0 ? '0000cafe' : '0000beef',
          outlet: step.n % 2 === 0 ? 'creme' : 'csr',
          fromSeq: Math.floor(step.n / 7) % 60,
          items: 1 + (step.n % 20),
        }),
      );
      return;
    case 'alarm':
      appendAlarm(ledger, step.n);
      return;
    case 'unknown':
      ledger.addAny('future.happened', { n: step.n });
  }
}

/** Anything that may be said of three alarms, in any order. */
function appendAlarm(ledger: TestLedger, n: number): void {
  const alarm = `alarm-${n % 3}`;
  const kind = Math.floor(n / 3) % 6;
  if (kind === 0) {
    ledger.add('alarm.declared', {
      alarm,
      priority: 1,
      source: 'tag',
      label: `Alarme ${n % 7}`,
      cause: 'a\0b',
      consequence: '',
      response: '',
      latching: n % 2 === 0,
      group: null,
      station: 'trieur',
      device: null,
    });
    return;
  }
  if (kind === 1) {
    if (n % 2 === 0) ledger.add('alarm.withdrawn', { alarm });
    else ledger.add('alarm.flood', { phase: 'began', alarms: n % 50 });
    return;
  }
  ledger.add('alarm.changed', {
    alarm,
    occurrence: n % 11,
    from: ALARM_STATES[n % 9] ?? 'normal',
    to: ALARM_STATES[Math.floor(n / 9) % 9] ?? 'normal',
    because: ALARM_CAUSES[n % 4] ?? 'design',
    condition: [true, false, null][n % 3] ?? null,
    value: [1.5, 'bourré', true, null][n % 4] ?? null,
    first: n % 2 === 0,
    comment: n % 3 === 0 ? 'vu' : null,
    until: n % 2 === 0 ? TEST_NOW_MS : null,
  });
}

/** The ledgers of one line, one for each epoch, as its edge would have made them. */
function ledgersOf(line: string, steps: readonly Step[]): readonly TestLedger[] {
  let ledger = new TestLedger({ line, name: `${line} 0` });
  ledger.open();
  const ledgers = [ledger];
  const totals = new Map<string, number>();
  for (const one of steps) {
    if (one.kind !== 'reopen') {
      append(ledger, totals, one);
      continue;
    }
    const before = ledger;
    ledger = new TestLedger({ line, name: `${line} ${ledgers.length}` });
    const { epoch, seq, hash } = before.last;
    ledger.add('ledger.opened', { reason: 'restored', previous: { epoch, seq, hash }, countedBefore: [] });
    for (const { type, payload, id } of before.events.slice(1).slice(-one.carried)) {
      ledger.addAny(type, payload ?? {}, { id });
    }
    ledgers.push(ledger);
  }
  return ledgers;
}

/** Cuts events into messages that overlap, come twice, and lose what the first one brought out of order. */
function messagesOf(events: readonly LedgerEvent[], size: number): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let from = 0; from < events.length; from += size) {
    const piece = messageOf(events.slice(Math.max(0, from - 1), from + size));
    messages.push(piece, piece);
  }
  return messages;
}

describe.each(RECORDS_ENGINES)('what follows from the ledgers, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is the same, byte for byte, when it is made again', { timeout: 2 * LONGEST_MS }, async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const store = new RecordsLedgerStore(records, dayOf);
    let lines = 0;
    const script = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 30 }),
      size: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(script, async ({ steps, size }) => {
        const line = `line-${(lines += 1)}`;
        await records
          .insertInto('counters_before_ledger')
          .values({ site: 'caux', line, outlet: 'creme', grams: 1_000, resets: 0 })
          .execute();
        for (const [index, ledger] of ledgersOf(line, steps).entries()) {
          const bytes = messagesOf(ledger.events, size);
          if (index > 0) {
            await store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], LATER_MS);
            await acceptEpoch(records, line, ledger.epoch, null, LATER_MS);
          }
          for (const message of bytes)
            await store.take(ledger, [{ kind: 'bytes', bytes: message }], LATER_MS);
          const stored = (await store.cursors()).find((cursor) => cursor.line === line);
          expect(stored?.cursor).toEqual({
            epoch: ledger.epoch,
            upTo: ledger.events.length,
            hash: ledger.last.hash,
          });
        }
        const before = await dump(records);
        await rebuildProjections(records, dayOf);
        expect(await dump(records)).toStrictEqual(before);
      }),
      { numRuns: 20, interruptAfterTimeLimit: LONGEST_MS },
    );
    expect((await dump(records)).length).toBeGreaterThan(50);
  });

  it('is made from the events, and from nothing that stood there', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const store = new RecordsLedgerStore(records, dayOf);
    const ledger = new TestLedger();
    ledger.open();
    for (let n = 0; n < 700; n += 1) ledger.add('weighing.recorded', { ...TEST_WEIGHING, number: n });
    ledger.count('creme', 700, 700);
    for (let from = 0; from < 702; from += 100) {
      const bytes = messageOf(ledger.events.slice(from, from + 100));
      await store.take(ledger, [{ kind: 'bytes', bytes }], LATER_MS);
    }
    const right = await dump(records);
    await records.updateTable('sorted').set({ grams: 1 }).execute();
    await records.deleteFrom('weighings').where('number', '<', 300).execute();
    await records
      .insertInto('edge_totals')
      .values({ site: 'caux', line: 'tri-9', counter: 'outlet.x', grams: 5 })
      .execute();
    await records.updateTable('count_lives').set({ countedUpTo: 5 }).execute();
    expect(await dump(records)).not.toEqual(right);
    expect(await rebuildProjections(records, dayOf)).toEqual([{ site: 'caux', line: 'tri-1', events: 702 }]);
    expect(await dump(records)).toStrictEqual(right);
  });
});
