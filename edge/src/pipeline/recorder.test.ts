import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { ThroughputCounted } from '@trame/protocol/ledger-payloads';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PRESENCE_HOLD_MS, UNKNOWN_HOLD_MS } from '../domain/line-events-states.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import { STATE_FILE } from '../state/edge-state.ts';
import { RETRY_MS } from './record-queue.ts';
import {
  EVERY_MS,
  good,
  modbusDevice,
  OUTLET_ROLES,
  outletRoles,
  RecordedLine,
} from './test-recorded-line.ts';

const DAY_MS = 24 * 3_600_000;

let dir = '';
let line: RecordedLine;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-recorder-'));
  line = new RecordedLine(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function types(): readonly string[] {
  return line.events().map(({ type }) => type);
}

/** Grams as a reader counts them that takes no part of a device's life twice. */
function countedByReader(events: readonly LedgerEvent[]): number {
  const upTo = new Map<string, number>();
  let sum = 0;
  for (const { payload } of events) {
    for (const { grams, source, sourceGrams } of (payload as ThroughputCounted).counts) {
      const life = JSON.stringify(source);
      sum += Math.max(0, sourceGrams - Math.max(sourceGrams - grams, upTo.get(life) ?? 0));
      upTo.set(life, Math.max(sourceGrams, upTo.get(life) ?? 0));
    }
  }
  return sum;
}

/** Two outlets: the first counted by the bins' total, the second by the scale's. */
function twoOutlets(first: string, second: string): typeof OUTLET_ROLES {
  const outlets = [
    ...outletRoles(first, 'bins', 'total1').description.outlets,
    ...outletRoles(second, 'scale', 'poids').description.outlets,
  ];
  return { ...OUTLET_ROLES, description: { ...OUTLET_ROLES.description, outlets } };
}

describe('what fell', () => {
  it('is recorded each interval, and the rest when the edge stops, to the gram', async () => {
    line.start();
    await line.total(1000);
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(1000);
    await line.total(1234);
    await line.pass(2000);
    await line.stop();
    line.start();
    expect([line.recordedGrams(), types().at(-1)]).toEqual([1234, 'edge.stopped']);
    const periods = line.events('throughput.counted').map(({ payload }) => payload as ThroughputCounted);
    expect((periods[0]?.to ?? 0) % EVERY_MS).toBe(EVERY_MS - 1);
    expect(periods.every(({ from, to }) => from <= to)).toBe(true);
    await line.stop();
  });

  it('while the edge was cut off is recorded when it is back, and what it had recorded is not told again', async () => {
    line.start();
    await line.total(1000);
    await line.pass(EVERY_MS + 2000);
    await line.total(1500);
    await line.pass(1000);
    await line.cutOff();
    line.start();
    await line.total(4000);
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(4000);
    await line.stop();
  });

  it('before the edge was cut off belongs to the time when it was last alive', async () => {
    line.start();
    await line.total(700);
    await line.pass(3000);
    const cutOffMs = line.clock.nowMs();
    await line.cutOff();
    await line.clock.advance(8 * 3_600_000);
    line.start();
    await line.pass(2000);
    const [event] = line.events('throughput.counted');
    expect(event?.occurredAt).toBeLessThanOrEqual(cutOffMs);
    expect(line.recordedGrams()).toBe(700);
    await line.stop();
  });

  it('before there was a ledger is not told again, though the edge is cut off at once', async () => {
    const state = line.openState();
    const source = { device: 'bins', tag: 'total1' };
    const counted = { lastGrams: 9000n, countedGrams: 9000n, wentBackFromGrams: null, generation: 0 };
    state.saveCounts([{ name: 'outlet.reuse', source, reads: 'bins/total1', state: counted, ended: [] }]);
    state.close();
    line.start();
    await line.cutOff();
    line.start();
    await line.total(9100);
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(100);
    const [opened] = line.events('ledger.opened');
    expect(opened?.payload).toMatchObject({ countedBefore: [{ counter: 'outlet.reuse', grams: 9000 }] });
    await line.stop();
  });

  it("is counted on from the ledger when the counters' own file is lost", async () => {
    line.start();
    await line.total(5000);
    await line.pass(EVERY_MS + 2000);
    await line.stop();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `${STATE_FILE}${suffix}`), { force: true });
    line.start();
    expect(line.warnings.join()).toContain('counting goes on from the ledger');
    await line.total(5060);
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(5060);
    expect(line.running.pipeline.kept[0]?.state.countedGrams).toBe(5060n);
    await line.stop();
  });

  it('in the two lives of an exchanged device is told apart, with the exchange between them', async () => {
    line.start();
    await line.total(5000);
    await line.pass(2000);
    await line.total(20);
    await line.pass(2000);
    await line.total(520);
    await line.pass(EVERY_MS + 2000);
    const told = line.events().filter(({ type }) => ['throughput.counted', 'total.wentBack'].includes(type));
    expect(told.map(({ type, payload }) => [type, payload])).toMatchObject([
      ['throughput.counted', { counts: [{ grams: 5000, sourceGrams: 5000, source: { generation: 0 } }] }],
      ['total.wentBack', { fromGrams: 5000, toGrams: 20, source: { generation: 1 } }],
      ['throughput.counted', { counts: [{ grams: 500, sourceGrams: 520, source: { generation: 1 } }] }],
    ]);
    await line.stop();
  });

  it('goes on, and nothing of it is lost or told twice, when device, tag and outlet get other names', async () => {
    line.devices = [modbusDevice('bins', 'total1', 5)];
    line.start();
    await line.total(5000);
    await line.pass(EVERY_MS + 2000);
    await line.total(5100);
    await line.stop();
    line.devices = [modbusDevice('scale', 'poids', 5)];
    line.roles = outletRoles('reuse', 'scale', 'poids');
    line.start();
    await line.total(5900, 'scale', 'poids');
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(5900);
    await line.stop();
    line.roles = outletRoles('autre', 'scale', 'poids');
    line.start();
    await line.total(6000, 'scale', 'poids');
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(6000);
    const counts = line.events('throughput.counted').flatMap(({ payload }) => {
      return (payload as ThroughputCounted).counts;
    });
    expect(counts.at(-1)).toMatchObject({ counter: 'outlet.autre', totalGrams: 100, sourceGrams: 6000 });
    expect(counts.every(({ source }) => source.generation === 0)).toBe(true);
    await line.stop();
    line.roles = outletRoles('reuse', 'scale', 'poids');
    line.start();
    await line.total(6007, 'scale', 'poids');
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(6007);
    expect(types()).not.toContain('total.replaced');
    await line.stop();
  });

  it('by another register begins at its first value, and that is an event and a warning', async () => {
    line.devices = [modbusDevice('bins', 'total1', 5)];
    line.start();
    await line.total(5000);
    await line.pass(1000);
    await line.cutOff();
    line.devices = [modbusDevice('bins', 'total1', 6)];
    line.start();
    await line.pass(2000);
    await line.total(90_000);
    await line.pass(1000);
    await line.cutOff();
    line.start();
    await line.total(90_300);
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(5300);
    expect(line.events('total.replaced').map(({ payload }) => payload)).toEqual([
      {
        counter: 'outlet.reuse',
        source: { device: 'bins', tag: 'total1', generation: 1 },
        previous: { device: 'bins', tag: 'total1', generation: 0 },
        previousGrams: 5000,
      },
    ]);
    expect(line.warnings).toContain('another total than before is counted, from its first value on');
    await line.stop();
  });

  it('goes on with two outlets that exchange their names', async () => {
    line.devices = [modbusDevice('bins', 'total1', 5), modbusDevice('scale', 'poids', 9)];
    line.roles = twoOutlets('a', 'b');
    line.start();
    await line.total(5000);
    await line.total(800, 'scale', 'poids');
    await line.pass(2000);
    await line.stop();
    line.roles = twoOutlets('b', 'a');
    line.start();
    await line.total(5010);
    await line.total(820, 'scale', 'poids');
    await line.pass(EVERY_MS + 2000);
    expect(line.recordedGrams()).toBe(5830);
    expect(line.running.pipeline.kept.map(({ name, state }) => [name, state.countedGrams])).toEqual([
      ['outlet.b', 810n],
      ['outlet.a', 5020n],
    ]);
    await line.stop();
  });

  it('of a total that jumps up and down begins few lives a minute, and tells as few', async () => {
    line.start();
    await line.total(9_000_000);
    for (let times = 0; times < 20; times += 1) {
      await line.total(1_000_000);
      await line.total(1_005_000);
      await line.pass(1000);
      await line.total(9_000_000);
      await line.pass(1000);
    }
    await line.pass(EVERY_MS);
    expect(line.events('total.wentBack').length).toBeLessThanOrEqual(4);
    expect(line.recordedGrams()).toBe(Number(line.running.pipeline.kept[0]?.state.countedGrams));
    await line.stop();
  });

  it('recorded + waiting = counted, whatever falls back, is cut off, or does not reach the disk', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ grow: fc.integer({ min: 0, max: 5000 }) }) },
      { weight: 3, arbitrary: fc.record({ pass: fc.integer({ min: 100, max: 2 * EVERY_MS }) }) },
      { weight: 1, arbitrary: fc.constant('exchange' as const) },
      { weight: 2, arbitrary: fc.constant('cut off' as const) },
      { weight: 1, arbitrary: fc.constant('stop' as const) },
      { weight: 1, arbitrary: fc.boolean() },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        dir = mkdtempSync(join(tmpdir(), 'trame-recorder-'));
        line = new RecordedLine(dir);
        line.start();
        let total = 0;
        for (const one of steps) {
          if (one === 'cut off' || one === 'stop') {
            await (one === 'stop' ? line.stop() : line.cutOff());
            line.start();
          } else if (one === 'exchange') {
            // Another device: its total begins lower, and grows before the old one could be back.
            await line.total(total);
            await line.pass(1000);
            total = Math.floor(total / 3);
            await line.total(total);
            await line.pass(1000);
            total += 100;
            await line.total(total);
            await line.pass(1000);
          } else if (typeof one === 'boolean') {
            line.freeBytes = one ? 0 : 10 ** 12;
          } else if ('grow' in one) {
            total += one.grow;
            await line.total(total);
          } else {
            await line.pass(one.pass);
          }
        }
        line.freeBytes = 10 ** 12;
        await line.total(total);
        await line.pass(EVERY_MS + 3 * RETRY_MS);
        expect(line.recordedGrams()).toBe(Number(line.running.pipeline.kept[0]?.state.countedGrams ?? 0n));
        expect(countedByReader(line.events('throughput.counted'))).toBe(line.recordedGrams());
        await line.stop();
        rmSync(dir, { recursive: true, force: true });
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe('the life of an edge', () => {
  it('is recorded with whether the one before ended cleanly, and when it was last alive', async () => {
    line.start();
    await line.pass(1000);
    await line.stop();
    line.start();
    await line.pass(25_000);
    const aliveMs = line.clock.nowMs();
    await line.cutOff();
    await line.clock.advance(3_600_000);
    line.start();
    await line.pass(1000);
    expect(line.running.ledger.mark('of-another')).toBe('begun');
    const started = line.events('edge.started').map(({ payload }) => payload);
    expect(started).toMatchObject([
      { unclean: false, lastAliveAt: null, version: '1.2.3' },
      { unclean: false, lastAliveAt: expect.any(Number) },
      { unclean: true, lastAliveAt: expect.any(Number) },
    ]);
    const lastAliveAt = Number(started[2]?.['lastAliveAt']);
    expect([aliveMs - lastAliveAt >= 0, aliveMs - lastAliveAt <= 11_000]).toEqual([true, true]);
    await line.stop();
  });
});

describe('states', () => {
  it('are recorded when they hold, and not again after a restart', async () => {
    line.start();
    await line.pass(PRESENCE_HOLD_MS + 2000);
    line.running.pipeline.readings('plc', [good('state', 6), good('stop', false)]);
    await line.pass(100);
    line.running.pipeline.offline('bins', '10.0.0.5 refused the connection');
    await line.pass(PRESENCE_HOLD_MS + 2000);
    const device = () => line.events('device.state').map(({ payload }) => payload);
    expect(device()).toEqual([
      { device: 'bins', state: 'online', reason: null },
      { device: 'plc', state: 'online', reason: null },
      { device: 'bins', state: 'offline', reason: '10.0.0.5 refused the connection' },
    ]);
    const states = () => line.events('line.state').map(({ payload }) => payload);
    expect(states()).toEqual([{ state: 'execute', emergencyStop: false }]);
    await line.stop();
    line.start();
    line.running.pipeline.readings('plc', [good('state', 6), good('stop', false)]);
    line.running.pipeline.offline('bins', 'still away');
    await line.pass(PRESENCE_HOLD_MS + 2000);
    expect([device().length, states().length]).toEqual([3, 1]);
    line.running.pipeline.readings('plc', [good('state', 9), good('stop', true)]);
    await line.pass(10);
    expect(states().at(-1)).toEqual({ state: 'aborted', emergencyStop: true });
    await line.stop();
  });
});

describe('the state of a line that numbers its states its own way', () => {
  it('is recorded by what its numbers mean', async () => {
    const states = new Map([
      [2, 'idle'],
      [10, 'execute'],
    ] as const);
    line.roles = { ...line.roles, lineState: { device: 'plc', tag: 'state', states } };
    line.start();
    for (const number of [2, 10]) {
      line.running.pipeline.readings('plc', [good('state', number), good('stop', false)]);
      await line.pass(20);
    }
    const told = line.events('line.state').map(({ payload }) => payload?.['state']);
    expect(told).toEqual(['idle', 'execute']);
    await line.stop();
  });
});

describe('the state of a line whose PLC goes away', () => {
  it('is unknown once that has lasted, and is not told before it is known', async () => {
    line.start();
    await line.pass(20);
    const states = () => line.events('line.state').map(({ payload }) => payload);
    line.running.pipeline.readings('plc', [good('state', 6), good('stop', false)]);
    await line.pass(20);
    line.running.pipeline.offline('plc', 'gone');
    await line.pass(UNKNOWN_HOLD_MS - 1000);
    expect(states()).toEqual([{ state: 'execute', emergencyStop: false }]);
    await line.pass(2000);
    expect(states().at(-1)).toEqual({ state: 'unknown', emergencyStop: null });
    await line.stop();
  });
});

describe('a ledger that does not store', () => {
  it('gets everything in order once it does, and nothing twice', async () => {
    line.start();
    await line.total(100);
    await line.pass(2000);
    const before = line.events().length;
    line.freeBytes = 0;
    await line.total(900);
    line.running.pipeline.readings('plc', [good('state', 6), good('stop', false)]);
    await line.pass(3 * EVERY_MS);
    expect([line.events().length, line.running.recorder.waiting > 0]).toEqual([before, true]);
    line.freeBytes = 10 ** 12;
    await line.pass(2 * RETRY_MS);
    expect([line.running.recorder.waiting, line.running.recorder.lost]).toEqual([0, 0]);
    expect(line.recordedGrams()).toBe(900);
    const times = line.events('throughput.counted').map(({ occurredAt }) => occurredAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await line.stop();
  });
});

describe('a clock that was days ahead while the ledger did not store', () => {
  it('loses nothing of what waited: it is dated when it is recorded', async () => {
    line.start();
    await line.pass(2000);
    await line.total(1000);
    await line.pass(EVERY_MS + 2000);
    line.clock.stepWall(2 * DAY_MS);
    line.freeBytes = 0;
    await line.total(6000);
    line.running.pipeline.readings('plc', [good('state', 6), good('stop', false)]);
    await line.pass(2 * EVERY_MS + 5000);
    line.clock.stepWall(-2 * DAY_MS);
    line.freeBytes = 10 ** 12;
    await line.pass(3 * RETRY_MS);
    await line.total(7000);
    await line.pass(2 * EVERY_MS);
    expect([line.recordedGrams(), line.running.recorder.lost]).toEqual([7000, 0]);
    const nowMs = line.clock.nowMs();
    expect(line.events().every(({ occurredAt, recordedAt }) => occurredAt <= recordedAt)).toBe(true);
    const periods = line.events('throughput.counted').map(({ payload }) => payload as ThroughputCounted);
    expect(periods.every(({ from, to }) => from <= to && to <= nowMs)).toBe(true);
    expect(types()).toContain('line.state');
    await line.stop();
  });
});

describe('what the ledger never would take', () => {
  it('of what fell is told again from what the ledger has, with all that came after it', async () => {
    line.start();
    await line.total(1000);
    await line.pass(EVERY_MS + 2000);
    const { ledger } = line.running;
    const append = ledger.append.bind(ledger);
    let refuses = true;
    ledger.append = (records: Parameters<typeof append>[0]) => {
      if (!refuses || records.every(({ type }) => type !== 'throughput.counted')) return append(records);
      return Promise.resolve({ kind: 'not-stored', code: 'invalid', reason: 'no record' });
    };
    await line.total(1500);
    await line.pass(EVERY_MS + 2000);
    expect([line.recordedGrams(), line.running.recorder.lost]).toEqual([1000, 0]);
    refuses = false;
    await line.total(1700);
    await line.pass(EVERY_MS + 2000);
    expect([line.recordedGrams(), line.running.recorder.lost]).toEqual([1700, 0]);
    await line.stop();
  });
});

describe('losses of telemetry', () => {
  it('are recorded once, however often they are told', async () => {
    line.start();
    await line.pass(1000);
    const from = line.clock.nowMs() - 500;
    const gap = { from, to: from + 400, samples: 12, reason: 'spool-full' as const };
    line.running.recorder.gap(gap, 'gap:1');
    line.running.recorder.gap(gap, 'gap:1');
    await line.pass(1000);
    line.running.recorder.gap(gap, 'gap:1');
    await line.pass(1000);
    expect(line.events('telemetry.gap').map(({ payload }) => payload)).toEqual([gap]);
    await line.stop();
  });
});

describe('a clock that the server says is days off', () => {
  it.each([3 * DAY_MS, -3 * DAY_MS])(
    'by %d ms records nothing under it; what fell is caught up',
    async (offMs) => {
      line.start();
      await line.total(1000);
      await line.pass(EVERY_MS + 2000);
      const { clockKeeper, ledger, recorder } = line.running;
      const rightMs = () => line.clock.nowMs() - offMs;
      line.clock.stepWall(offMs);
      clockKeeper.compare(rightMs(), line.clock.monotonicMs());
      const head = ledger.head.seq;
      await line.pass(2000);
      await line.total(1800);
      await line.pass(2 * EVERY_MS);
      expect(ledger.head.seq).toBe(head);
      expect(ledger.health).toMatchObject({ state: 'not-stored', code: 'clock-wrong' });
      expect(line.warnings.join()).toContain('more than a day off the server');
      line.clock.stepWall(-offMs);
      await line.pass(EVERY_MS + 3 * RETRY_MS);
      expect([line.recordedGrams(), recorder.lost, ledger.health.state]).toEqual([1800, 0, 'ok']);
      const nowMs = line.clock.nowMs();
      expect(
        line.events().every(({ occurredAt, recordedAt }) => Math.max(occurredAt, recordedAt) <= nowMs),
      ).toBe(true);
      await line.stop();
    },
  );
});

describe('the clock', () => {
  it('that was never set dates nothing; once it is, what fell meanwhile is recorded', async () => {
    const nowMs = line.clock.nowMs();
    line.clock.stepWall(-nowMs);
    line.start();
    await line.total(500);
    await line.pass(EVERY_MS + 2000);
    expect(line.events()).toEqual([]);
    line.clock.stepWall(nowMs);
    await line.pass(EVERY_MS + 2000);
    expect(types().slice(0, 2)).toEqual(['ledger.opened', 'edge.started']);
    expect(line.events('clock.stepped').map(({ payload }) => payload)).toEqual([{ byMs: nowMs }]);
    expect(line.recordedGrams()).toBe(500);
    await line.stop();
  });

  it('that jumps is recorded, and behind what is recorded until a person says that it is right', async () => {
    line.start();
    await line.pass(2000);
    line.clock.stepWall(-3_600_000);
    await line.pass(2000);
    const [stepped] = line.events('clock.stepped');
    expect(stepped).toMatchObject({ payload: { byMs: -3_600_000 }, clock: { state: 'behind' } });
    await line.stop();
    line.start();
    await line.pass(1000);
    expect(line.running.clockKeeper.eventClock.state).toBe('behind');
    const nowMs = line.clock.nowMs();
    const { ledger, clockKeeper } = line.running;
    const marks = clockKeeper.confirmationMarks(nowMs);
    await ledger.append([
      ledgerRecord('clock.confirmed', nowMs, { at: nowMs, request: 'ab'.repeat(16) }, { marks }),
    ]);
    clockKeeper.confirm();
    await line.pass(1000);
    expect(clockKeeper.eventClock.state).toBe('unchecked');
    await line.cutOff();
    line.start();
    await line.pass(1000);
    expect(line.running.clockKeeper.eventClock.state).toBe('unchecked');
    await line.stop();
  });
});
