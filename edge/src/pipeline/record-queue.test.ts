import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger } from '../ledger/open-ledger.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { ledgerRecord, type LedgerRecord } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { RECORDS_MAX, RecordQueue, RETRY_MS } from './record-queue.ts';
import { TestClock } from './test-clock.ts';

let dir = '';
let clock: TestClock;
let freeBytes = 0;
let ledger: SqliteLedger;
let errors: string[] = [];
const error = (_fields: object, message: string): number => errors.push(message);
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-queue-'));
  clock = new TestClock();
  freeBytes = 10 ** 12;
  errors = [];
  const opened = openLedger({
    dataDir: dir,
    site: 'caux',
    line: 'tri-1',
    clock,
    entropy: { random: () => 0.5, bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
    witness: { eventClock: { state: 'unchecked', offsetMs: null }, wrongByMs: null },
    log: { ...log, error: () => {} },
    reserveBytes: 0,
    freeBytes: () => freeBytes,
    countedBefore: [],
  });
  if (opened.kind !== 'open') throw new Error(opened.message);
  ledger = opened.ledger;
});
afterEach(() => {
  ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

function newQueue(): RecordQueue {
  return new RecordQueue({ ledger, clock, log, marks: () => ({ 'clock.latest': '5' }) });
}

function state(device: string, more: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    ...ledgerRecord('device.state', clock.nowMs(), { device, state: 'online', reason: null }),
    ...more,
  };
}

function devices(): readonly unknown[] {
  const states = ledger.read(2, 1000).filter(({ type }) => type === 'device.state');
  return states.map(({ payload }) => payload?.['device']);
}

/** What the ledger says of records that it never got. */
function losses(): readonly unknown[] {
  const last = ledger.read(Math.max(1, ledger.head.seq - 500), 1000);
  return last.flatMap(({ type, payload }) => (type === 'records.lost' ? [payload] : []));
}

/** A commit takes a few turns of the event loop. */
async function pass(ms: number): Promise<void> {
  await clock.advance(ms);
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

describe('records that wait for the disk', () => {
  it('are asked for again each second, in order, and end with the marks of their last one', async () => {
    const queue = newQueue();
    const end = new AbortController();
    const run = queue.run(end.signal);
    freeBytes = 0;
    queue.push([state('a', { marks: { m: '1' }, key: 'k' })]);
    await pass(0);
    queue.push([state('b', { marks: { m: '2' } })]);
    await pass(RETRY_MS);
    expect([queue.waiting, devices(), ledger.mark('m')]).toEqual([2, [], null]);
    // Whoever asks what is recorded is told what will be.
    expect([queue.mark('m'), queue.isKnown('k'), queue.isKnown('other')]).toEqual(['2', true, false]);
    freeBytes = 10 ** 12;
    await pass(RETRY_MS);
    expect([queue.waiting, devices(), queue.mark('m'), ledger.mark('m')]).toEqual([0, ['a', 'b'], '2', '2']);
    expect([queue.isKnown('k'), ledger.mark('clock.latest')]).toEqual([true, '5']);
    end.abort();
    await run;
  });

  it('lose only the one that is no record', async () => {
    const queue = newQueue();
    const wrong = state('x', { payload: { device: 'x', state: 'asleep', reason: null } });
    queue.push([state('a'), wrong, state('b'), state('c')]);
    await queue.drain();
    expect([devices(), queue.waiting, queue.lost]).toEqual([['a', 'b', 'c'], 0, 1]);
    const nowMs = clock.nowMs();
    expect(losses()).toEqual([{ records: 1, from: nowMs, to: nowMs, reason: 'invalid' }]);
    expect(errors).toEqual(['the ledger never will take this record; it is lost']);
  });

  it('are bounded: what is past the bound is counted and said', async () => {
    const queue = newQueue();
    queue.push(Array.from({ length: RECORDS_MAX }, (_, index) => state(`d${index}`)));
    queue.push([state('late', { key: 'late', marks: { m: 'late' } })]);
    expect([queue.waiting, queue.lost, queue.isKnown('late'), queue.mark('m')]).toEqual([
      RECORDS_MAX,
      1,
      false,
      null,
    ]);
    expect(errors).toEqual(['too much waits for the ledger; this is lost']);
    const fromMs = clock.nowMs();
    await clock.advance(60_000);
    queue.push([state('later')]);
    await queue.drain();
    // What the ledger has of it is how much is missing, and since when; the queue's own event is not lost again.
    expect([queue.waiting, queue.lost, ledger.head.seq]).toEqual([0, 2, RECORDS_MAX + 2]);
    expect(losses()).toEqual([{ records: 2, from: fromMs, to: fromMs + 60_000, reason: 'queue-full' }]);
  });

  it('are left when the ledger refuses at the end', async () => {
    const queue = newQueue();
    freeBytes = 0;
    queue.push([state('a')]);
    await queue.drain();
    expect([queue.waiting, devices()]).toEqual([1, []]);
  });
});

describe('a record that is made now or not at all', () => {
  const kept = new AbortController().signal;

  it('is told of once it is on the disk, after what came before it', async () => {
    const queue = newQueue();
    const end = new AbortController();
    const run = queue.run(end.signal);
    queue.push([state('a', { marks: { m: '1' } })]);
    const asked = queue.ask(state('b', { marks: { m: '2' }, key: 'k' }), kept);
    queue.push([state('c')]);
    await expect(asked).resolves.toBe(true);
    expect(devices().slice(0, 2)).toEqual(['a', 'b']);
    expect([ledger.mark('m'), ledger.find('k')?.seq]).toEqual(['2', 3]);
    end.abort();
    await run;
  });

  it('is left out when the disk refuses it, and leaves no mark and no key behind', async () => {
    const queue = newQueue();
    const end = new AbortController();
    const run = queue.run(end.signal);
    freeBytes = 0;
    queue.push([state('a', { marks: { m: '1' } })]);
    await expect(queue.ask(state('b', { marks: { m: '2' }, key: 'k' }), kept)).resolves.toBe(false);
    expect([queue.waiting, queue.mark('m'), queue.isKnown('k')]).toEqual([1, '1', false]);
    // While the disk refuses nobody waits for it.
    await expect(queue.ask(state('c'), kept)).resolves.toBe(false);
    freeBytes = 10 ** 12;
    await pass(RETRY_MS);
    expect(devices()).toEqual(['a']);
    await expect(queue.ask(state('d'), kept)).resolves.toBe(true);
    expect([devices(), queue.lost]).toEqual([['a', 'd'], 0]);
    end.abort();
    await run;
  });

  it('is given up when nobody waits for it any more', async () => {
    const queue = newQueue();
    const given = new AbortController();
    queue.push([state('a')]);
    const asked = queue.ask(state('b', { key: 'k' }), given.signal);
    given.abort();
    await expect(asked).resolves.toBe(false);
    await expect(queue.ask(state('c'), given.signal)).resolves.toBe(false);
    await queue.drain();
    expect([devices(), queue.isKnown('k')]).toEqual([['a'], false]);
  });

  it('is refused when it is no record, and costs nothing else', async () => {
    const queue = newQueue();
    queue.push([state('a')]);
    const wrong = state('x', { payload: { device: 'x', state: 'asleep', reason: null } });
    const asked = queue.ask(wrong, kept);
    queue.push([state('b')]);
    await queue.drain();
    await expect(asked).resolves.toBe(false);
    expect([devices(), queue.waiting, queue.lost]).toEqual([['a', 'b'], 0, 0]);
  });
});
