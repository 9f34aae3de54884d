import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sealFault } from '@trame/protocol/hash-chain';
import { EVENT_TIME_AHEAD_MAX_MS, type LedgerEvent } from '@trame/protocol/ledger-event';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLOCK_MARK } from '../pipeline/clock-keeper.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import { exportLedger } from './export-ledger.ts';
import { reopenLedger, type ReopenOptions } from './reopen-ledger.ts';
import { countingEntropy, NAMES, TestLedgers } from './test-line-ledger.ts';
import { verifyLedger } from './verify-ledger.ts';

let dir = '';
let ledgers: TestLedgers;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-ledger-'));
  ledgers = new TestLedgers(dir);
});
afterEach(() => {
  ledgers.close();
  rmSync(dir, { recursive: true, force: true });
});

const NOW_MS = 1_767_225_600_000;

function reopen(options: Partial<ReopenOptions> = {}) {
  return reopenLedger({
    dataDir: dir,
    names: NAMES,
    consumers: ['trame'],
    reason: 'restored',
    nowMs: NOW_MS,
    entropy: countingEntropy(1_000_000 + ledgers.lines.length),
    isForReal: true,
    ...options,
  });
}

async function recorded(count: number, upTo: number | null): Promise<readonly LedgerEvent[]> {
  const ledger = ledgers.open();
  await ledger.append(
    Array.from({ length: count }, (_, index) =>
      ledgers.record(`d${index}`, { key: `k${index}`, marks: { m: `${index}` } }),
    ),
  );
  if (upTo !== null)
    ledger.saveCursor('trame', { epoch: ledger.head.epoch, upTo, hash: ledger.hashOf(upTo) });
  const events = ledger.read(1, 1000);
  ledger.close();
  return events;
}

function exported(epoch: string | null = null, from: number | null = null): readonly LedgerEvent[] {
  let text = '';
  const outcome = exportLedger(dir, { epoch, from }, (lines) => (text += lines));
  const events = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LedgerEvent);
  expect(outcome).toEqual({ events: events.length, broken: null });
  return events;
}

/** What stays the same when an event is recorded again. */
function content({ id, type, occurredAt, recordedAt, clock, actorRef, payload, payloadHash }: LedgerEvent) {
  return { id, type, occurredAt, recordedAt, clock, actorRef, payload, payloadHash };
}

describe('a ledger that is reopened', () => {
  it('says where it was, then records again what the consumer had not stored, under the same ids', async () => {
    const before = await recorded(9, 6);
    const done = reopen();
    const last = before.at(-1);
    expect(done).toMatchObject({
      carried: 4,
      previous: { epoch: last?.epoch, seq: 10, hash: last?.hash },
      cursors: [{ consumer: 'trame', cursor: { epoch: last?.epoch, upTo: 6 } }],
    });
    const ledger = ledgers.open();
    expect(ledger.head).toEqual(done.head);
    const [opened, ...again] = ledger.read(1, 100);
    expect(opened).toMatchObject({
      type: 'ledger.opened',
      seq: 1,
      epoch: done.head.epoch,
      occurredAt: NOW_MS,
      payload: { reason: 'restored', previous: done.previous, countedBefore: [] },
    });
    expect(again.map(content)).toEqual(before.slice(6).map(content));
    expect([opened, ...again].map((event) => event && sealFault(event))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(verifyLedger(dir)).toEqual({ events: 15, lines: 1, firstBroken: null });
    expect(exported()).toEqual([...before, ...ledger.read(1, 100)]);
    expect(exported(last?.epoch, 9)).toEqual(before.slice(8));
    expect(exported(null, 4)).toEqual(ledger.read(4, 100));
  });

  it('dates what was recorded days ahead now, so that a consumer takes it: same ids, same grams', async () => {
    const ledger = ledgers.open();
    await ledger.append([ledgers.record('before')]);
    ledgers.clock.stepWall(3 * EVENT_TIME_AHEAD_MAX_MS);
    const aheadMs = ledgers.clock.nowMs();
    const source = { device: 'bins', tag: 'total', generation: 0 };
    const counts = [{ counter: 'outlet.reuse', grams: 7, totalGrams: 7, source, sourceGrams: 7 }];
    await ledger.append([
      ledgers.record('ahead'),
      ledgerRecord('throughput.counted', aheadMs, { from: aheadMs - 5, to: aheadMs, counts }),
    ]);
    const before = ledger.read(1, 100);
    ledger.close();
    ledgers.clock.stepWall(-3 * EVENT_TIME_AHEAD_MAX_MS);
    const nowMs = ledgers.clock.nowMs();
    expect(reopen({ nowMs, isForReal: false })).toMatchObject({ carried: 4, datedAgain: 2 });
    expect(reopen({ nowMs })).toMatchObject({ carried: 4, datedAgain: 2 });
    const reopened = ledgers.open();
    const [, ...again] = reopened.read(1, 100);
    expect(again.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(again.slice(0, 2).map(content)).toEqual(before.slice(0, 2).map(content));
    const now = { occurredAt: nowMs, recordedAt: nowMs, clock: { state: 'unchecked', offsetMs: null } };
    expect(again.slice(2)).toMatchObject([
      { ...now, payload: { device: 'ahead' }, payloadHash: before[2]?.payloadHash },
      { ...now, payload: { from: nowMs, to: nowMs, counts } },
    ]);
    expect(again.map((event) => [sealFault(event), payloadFault(event.type, event.payload ?? {})])).toEqual(
      again.map(() => [null, null]),
    );
    expect(verifyLedger(dir)).toMatchObject({ firstBroken: null });
    expect(reopened.mark(CLOCK_MARK)).toBe(String(nowMs));
  });

  it('goes on: marks and keys are there, and the next event follows', async () => {
    await recorded(3, 4);
    const { head } = reopen({ reason: 'replaced' });
    const ledger = ledgers.open();
    expect([ledger.mark('m'), head.seq]).toEqual(['2', 1]);
    expect(
      await ledger.append([ledgers.record('again', { key: 'k1' }), ledgers.record('new')]),
    ).toMatchObject({
      results: [
        { seq: 3, duplicate: true },
        { seq: 2, epoch: head.epoch, duplicate: false },
      ],
    });
    expect(ledger.read(1, 1)[0]?.payload).toMatchObject({ reason: 'replaced' });
  });

  it('to be asked first says what would be, and changes nothing', async () => {
    const before = await recorded(9, 6);
    const bytes = readFileSync(ledgers.file);
    expect(reopen({ isForReal: false })).toMatchObject({ carried: 4 });
    expect(readFileSync(ledgers.file).equals(bytes)).toBe(true);
    expect(exported()).toEqual(before);
  });

  it('takes the consumer that is furthest behind; who was never heard of gets everything', async () => {
    const before = await recorded(9, 6);
    expect(reopen({ consumers: ['trame', 'region'], isForReal: false })).toMatchObject({ carried: 10 });
    const ledger = ledgers.open();
    ledger.saveCursor('region', { epoch: before[0]?.epoch ?? '', upTo: 8, hash: before[7]?.hash ?? null });
    ledger.close();
    expect(reopen({ consumers: ['region'], isForReal: false })).toMatchObject({ carried: 2 });
    expect(reopen({ consumers: ['trame', 'region'], isForReal: false })).toMatchObject({ carried: 4 });
  });

  it('twice before anybody accepted holds each event once in the last epoch, and none is missing', async () => {
    const before = await recorded(9, 6);
    reopen();
    const between = ledgers.open();
    await between.append([ledgers.record('between')]);
    const middle = between.read(1, 100);
    between.close();
    ledgers.lines.push({ level: 'info', message: 'other ids from here on' });
    reopen();
    const ids = ledgers
      .open()
      .read(2, 100)
      .map(({ id }) => id);
    expect(ids).toEqual(
      [...before.slice(6), ...middle.filter(({ seq }) => seq === 1 || seq === 6)].map(({ id }) => id),
    );
    expect(new Set(ids).size).toBe(6);
  });

  it('from a backup, after the line had gone on, keeps both the old epoch and what came since', async () => {
    await recorded(4, 3);
    mkdirSync(join(dir, 'backup'));
    copyFileSync(ledgers.file, join(dir, 'backup', 'ledger.sqlite'));
    const ahead = ledgers.open();
    expect(await ahead.append([ledgers.record('lost')])).toMatchObject({ results: [{ seq: 6 }] });
    ahead.saveCursor('trame', { epoch: ahead.head.epoch, upTo: 6, hash: ahead.hashOf(6) });
    ahead.close();
    copyFileSync(join(dir, 'backup', 'ledger.sqlite'), ledgers.file);
    const restored = ledgers.open();
    expect(await restored.append([ledgers.record('after')])).toMatchObject({ results: [{ seq: 6 }] });
    restored.close();
    expect(reopen()).toMatchObject({ carried: 3, previous: { seq: 6 } });
  });

  it('is refused without a ledger, without events, for another line, with a broken event, or without a clock', async () => {
    expect(() => reopen()).toThrow(/There is no ledger/u);
    ledgers.clock.stepWall(-ledgers.clock.nowMs());
    ledgers.open().close();
    expect(() => reopen()).toThrow(/no events yet/u);
    ledgers.clock.stepWall(NOW_MS);
    await recorded(9, 3);
    expect(() => reopen({ names: { site: 'caux', line: 'tri-2' } })).toThrow(/belongs to line «tri-1»/u);
    expect(() => reopen({ nowMs: 0 })).toThrow(/before 2020/u);
    const db = new DatabaseSync(ledgers.file);
    db.exec(`UPDATE events SET payload = '{}' WHERE position = 8`);
    db.close();
    const bytes = readFileSync(ledgers.file);
    expect(() => reopen()).toThrow(
      /Event 8 of epoch [0-9a-f]{32} is broken .*: put a backup in its place first/u,
    );
    expect(readFileSync(ledgers.file).equals(bytes)).toBe(true);
  });
});

describe('verifying and exporting', () => {
  it('work beside a running line, and see what was committed', async () => {
    const ledger = ledgers.open();
    await ledger.append([ledgers.record('a')]);
    expect(verifyLedger(dir)).toEqual({ events: 2, lines: 1, firstBroken: null });
    expect(exported()).toEqual(ledger.read(1, 9));
    await ledger.append([ledgers.record('b')]);
    expect(verifyLedger(dir).events).toBe(3);
    expect(ledger.health.state).toBe('ok');
  });

  it('of an epoch that is not there say so', async () => {
    await recorded(1, null);
    expect(() => exportLedger(dir, { epoch: '0'.repeat(32), from: null }, () => undefined)).toThrow(
      /has no epoch 0+/u,
    );
    expect(exported(null, 99)).toEqual([]);
  });
});
