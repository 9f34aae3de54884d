import type { LedgerEvent } from '@trame/protocol/ledger-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDayIn } from '../tonnage/local-day.ts';
import { CountBook } from './count-book.ts';
import { newGrams } from './count-overlap.ts';
import { projectEvent, type ProjectionChange } from './project-event.ts';
import { TEST_NOW_MS, TEST_WEIGHING, TestLedger } from './test-ledger.ts';

const dayOf = localDayIn('Europe/Paris');

/** Folds events as the records do, in memory. */
function fold(events: readonly LedgerEvent[], before: Readonly<Record<string, number>> = {}) {
  const counts = new CountBook();
  const sorted: Record<string, number> = {};
  const rows: ProjectionChange[] = [];
  for (const event of events) {
    const changes = projectEvent(event, {
      dayOf,
      toldOf: (counter) => counts.toldOf(counter),
      edgeTotals: counts.edgeTotals,
      countedBeforeLedger: (outlet) => before[outlet] ?? null,
    });
    for (const change of changes) {
      switch (change.kind) {
        case 'row':
        case 'weighing':
          rows.push(change);
          break;
        case 'counted':
          rows.push(change);
          break;
        case 'alarm':
        case 'alarm-flood':
        case 'alarms-forgotten':
        case 'command-requested':
        case 'command-ended':
        case 'scale-seen':
        case 'material':
        case 'edge-started':
        case 'scale-verified':
        case 'programme-followed':
        case 'items':
          break;
        case 'told-life':
        case 'edge-total':
          counts.apply(change);
          break;
        case 'sorted': {
          const key = `${change.day} ${change.outlet}`;
          sorted[key] = (sorted[key] ?? 0) + change.grams;
        }
      }
    }
  }
  return { sorted, rows };
}

describe('what was sorted', () => {
  it('counts on the local day of the period’s end, by the best clock known', () => {
    const to = Date.parse('2026-11-20T22:59:00Z');
    const right = new TestLedger();
    right.count('creme', 500, 500, { to });
    const slow = new TestLedger({ clock: { state: 'checked', offsetMs: 120_000 } });
    slow.count('creme', 500, 500, { to });
    expect(fold(right.events).sorted).toEqual({ '2026-11-20 creme': 500 });
    expect(fold(slow.events).sorted).toEqual({ '2026-11-21 creme': 500 });
  });

  it('leaves out what is no outlet', () => {
    const ledger = new TestLedger();
    for (const counter of ['input', 'outlet.', 'outlet.a b', 'outlet.__proto__', 'outlets.a']) {
      const source = { device: 'd', tag: 't', generation: 0 };
      ledger.add('throughput.counted', {
        from: TEST_NOW_MS,
        to: TEST_NOW_MS,
        counts: [{ counter, grams: 1, totalGrams: 1, source, sourceGrams: 1 }],
      });
    }
    expect(fold(ledger.events).sorted).toEqual({});
  });

  it('does not count again the part of a register’s life that was counted', () => {
    const ledger = new TestLedger();
    ledger.count('creme', 1_000, 1_000);
    ledger.count('creme', 400, 900);
    ledger.count('creme', 400, 1_300);
    ledger.count('creme', 50, 50, { generation: 1 });
    expect(fold(ledger.events).sorted).toEqual({ '2026-11-20 creme': 1_000 + 0 + 300 + 50 });
  });

  it('is the life of the registers, whatever restored edges count again', () => {
    const periods = fc.array(fc.record({ fell: fc.integer({ min: 1, max: 5_000 }), restored: fc.nat(6) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(periods, (script) => {
        const ledger = new TestLedger();
        /** Where the counting of an edge stood at its backups: the register’s total. */
        const backups = [0];
        let register = 0;
        let counted = 0;
        for (const { fell, restored } of script) {
          register += fell;
          if (restored === 0) counted = backups.at(-1 - (register % backups.length)) ?? 0;
          if (register > counted) ledger.count('creme', register - counted, register);
          counted = register;
          if (restored === 1) backups.push(counted);
        }
        const sum = Object.values(fold(ledger.events).sorted).reduce((all, grams) => all + grams, 0);
        expect(sum).toBe(register);
      }),
    );
  });

  it('takes the part of a count that lies beyond', () => {
    expect(newGrams({ grams: 100, sourceGrams: 1_000 }, 900)).toBe(100);
    expect(newGrams({ grams: 100, sourceGrams: 1_000 }, 950)).toBe(50);
    expect(newGrams({ grams: 100, sourceGrams: 1_000 }, 1_000)).toBe(0);
    expect(newGrams({ grams: 100, sourceGrams: 1_000 }, 5_000)).toBe(0);
    expect(newGrams({ grams: 100, sourceGrams: 1_000 }, 100)).toBe(100);
  });
});

/** A ledger whose edge says what its counters stood at. */
const opened = (reason: 'new' | 'restored', grams: number, name = 'first') => {
  const ledger = new TestLedger({ name });
  ledger.add('ledger.opened', {
    reason,
    previous: null,
    countedBefore: [
      { counter: 'outlet.creme', grams },
      { counter: 'input', grams: 9 },
    ],
  });
  return ledger;
};

describe('where a ledger begins', () => {
  it('counts what its edge had counted beyond what telemetry told', () => {
    expect(fold(opened('new', 1_250).events, { creme: 1_000 }).sorted).toEqual({ '2026-11-20 creme': 250 });
    expect(fold(opened('new', 1_000).events, { creme: 1_000 }).sorted).toEqual({});
    expect(fold(opened('new', 900).events, { creme: 1_000 }).sorted).toEqual({});
  });

  it('counts nothing of an edge that another server counted, nor of one that was restored', () => {
    expect(fold(opened('new', 1_250).events).sorted).toEqual({});
    expect(fold(opened('restored', 1_250).events, { creme: 1_000 }).sorted).toEqual({});
  });

  it('counts nothing twice when the ledger begins a second time', () => {
    const first = opened('new', 1_250);
    first.count('creme', 50, 7_050, { totalGrams: 1_300 });
    const second = opened('new', 1_300, 'second');
    expect(fold([...first.events, ...second.events], { creme: 1_000 }).sorted).toEqual({
      '2026-11-20 creme': 300,
    });
  });
});

describe('rows of events', () => {
  it('tell weighings that count, that do not, and that nobody saw', () => {
    const ledger = new TestLedger();
    ledger.add('weighing.recorded', TEST_WEIGHING);
    const facts = { scale: 's', serial: null, alibiEpoch: 2, use: 'reception', simulated: false } as const;
    ledger.add('weighing.refused', { ...facts, reason: 'overload', number: null, grossGrams: null });
    ledger.add('weighing.missed', { ...facts, fromNumber: 4, toNumber: 6, netGrams: 90_000 });
    const rows = fold(ledger.events).rows.map((change) => (change.kind === 'weighing' ? change.said : null));
    expect(rows).toMatchObject([
      { kind: 'recorded', number: 41, toNumber: null, netGrams: 400_000, reason: null, simulated: 1 },
      { kind: 'refused', number: null, netGrams: null, reason: 'overload', source: null, simulated: 0 },
      { kind: 'missed', number: 4, toNumber: 6, netGrams: 90_000, reason: null, alibiEpoch: 2 },
    ]);
    expect(rows.map((row) => row?.id)).toEqual(ledger.events.map(({ id }) => id));
  });

  it('tell states, verifications and losses', () => {
    const ledger = new TestLedger({ clock: { state: 'checked', offsetMs: -60_000 } });
    ledger.add('line.state', { state: 'held', emergencyStop: true });
    ledger.add('line.state', { state: 'unknown', emergencyStop: null });
    ledger.add('device.state', { device: 'plc', state: 'offline', reason: 'no\0answer' });
    const request = 'a'.repeat(32);
    ledger.add('scale.verified', { scale: 's', outcome: 'refused', on: '2026-11-20', due: null, request });
    ledger.add('telemetry.gap', {
      from: TEST_NOW_MS,
      to: TEST_NOW_MS + 5,
      samples: null,
      reason: 'edge-cut-off',
    });
    expect(fold(ledger.events).rows).toMatchObject([
      { table: 'line_states', row: { at: TEST_NOW_MS + 1 - 60_000, state: 'held', emergencyStop: 1 } },
      { table: 'line_states', row: { state: 'unknown', emergencyStop: null } },
      { table: 'device_states', row: { device: 'plc', state: 'offline', reason: 'no\uFFFDanswer' } },
      { table: 'scale_verifications', row: { outcome: 'refused', verifiedOn: '2026-11-20', due: null } },
      { table: 'telemetry_gaps', row: { fromAt: TEST_NOW_MS, toAt: TEST_NOW_MS + 5, samples: null } },
    ]);
  });

  it('are not made of unknown, withheld or wrong payloads', () => {
    const ledger = new TestLedger();
    ledger.addAny('future.happened', { anything: 1 });
    const wrong = ledger.addAny('weighing.recorded', { netGrams: -1 });
    const withheld = { ...ledger.add('weighing.recorded', TEST_WEIGHING), payload: null };
    expect(fold([...ledger.events.slice(0, 1), wrong, withheld]).rows).toEqual([]);
  });
});
