import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportLedger } from './export-ledger.ts';
import { LEDGER_FILE } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import { reopenLedger } from './reopen-ledger.ts';
import { countingEntropy, NAMES, TestLedgers } from './test-line-ledger.ts';
import { verifyLedger, type Verification } from './verify-ledger.ts';

let dir = '';
let ledgers: TestLedgers;
let whole: readonly LedgerEvent[] = [];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'trame-ledger-'));
  ledgers = new TestLedgers(dir);
  const ledger = ledgers.open();
  await ledger.append(
    Array.from({ length: 39 }, (_, index) => ledgers.record(`d${index}`, { key: `k${index}` })),
  );
  ledger.saveCursor('trame', { epoch: ledger.head.epoch, upTo: 40, hash: ledger.head.hash });
  whole = ledger.read(1, 100);
  ledger.close();
});
afterEach(() => {
  ledgers.close();
  rmSync(dir, { recursive: true, force: true });
});

function edit(sql: string): void {
  const db = new DatabaseSync(ledgers.file);
  db.exec(sql);
  db.close();
}

describe('a ledger in which somebody', () => {
  it.each([
    [
      'changed a payload',
      `UPDATE events SET payload = replace(payload, 'd20', 'd21') WHERE position = 22`,
      22,
    ],
    [
      'changed a payload and its hash',
      `UPDATE events SET payload = '{}', payload_hash = hash WHERE position = 22`,
      22,
    ],
    ['changed a date', 'UPDATE events SET occurred_at_ms = occurred_at_ms + 1 WHERE position = 7', 7],
    ['changed a type', `UPDATE events SET type = 'line.state' WHERE position = 7`, 7],
    ['changed a hash', `UPDATE events SET hash = replace(hash, 'a', 'b') || '' WHERE position = 40`, 40],
    ['took an event out', 'DELETE FROM events WHERE position = 13', 13],
    ['took the first event out', 'DELETE FROM events WHERE position = 1', 1],
    ['cut the end off', 'DELETE FROM events WHERE position > 30', 31],
    [
      'swapped two events',
      'UPDATE events SET position = CASE position WHEN 5 THEN -1 ELSE 5 END WHERE position IN (5, 6); UPDATE events SET position = 6 WHERE position = -1',
      5,
    ],
    ['renamed the line', `UPDATE meta SET value = 'tri-2' WHERE key = 'line'`, 1],
    ['renamed the epoch', `UPDATE epochs SET epoch = '${'0'.repeat(32)}'`, 1],
    [
      'put a number where none can be',
      'UPDATE events SET occurred_at_ms = 9223372036854775807 WHERE position = 9',
      9,
    ],
  ])('%s is found at that event', (_what, sql, seq) => {
    expect(verifyLedger(dir)).toEqual({ events: 40, lines: 1, firstBroken: null });
    edit(sql);
    const { events, firstBroken } = verifyLedger(dir);
    expect([events, firstBroken?.seq]).toEqual([seq - 1, seq]);
    expect(firstBroken?.reason).toMatch(/\w/u);
  });

  it('changed one of the last events is not opened, and not touched', async () => {
    edit(`UPDATE events SET payload = '{}' WHERE position = 22`);
    const before = readFileSync(ledgers.file);
    const opened = ledgers.try();
    expect(opened).toMatchObject({
      kind: 'unusable',
      message: expect.stringMatching(
        /is damaged: event 22: its payload is not the one.*ledger verify.*with a backup.*ledger reopen.*without one, start the edge/u,
      ) as string,
    });
    expect(await opened.ledger.append([ledgers.record('a')])).toMatchObject({ code: 'closed' });
    expect(readFileSync(ledgers.file).equals(before)).toBe(true);
  });

  it('changed an event under a running line closes it when it is read, and sends none of what follows', async () => {
    const ledger = ledgers.open();
    edit(`UPDATE events SET payload = '{}' WHERE position = 22`);
    expect(ledger.read(20, 10).map(({ seq }) => seq)).toEqual([20, 21]);
    expect(ledger.health).toMatchObject({
      state: 'closed',
      reason: expect.stringContaining('event 22') as string,
    });
    expect(await ledger.append([ledgers.record('a')])).toMatchObject({ code: 'closed' });
    expect(ledger.read(1, 10)).toEqual([]);
  });

  it('changed one of the last events is left behind as its advice says, with a backup or without', () => {
    const backup = readFileSync(ledgers.file);
    edit(`UPDATE events SET payload = '{}' WHERE position = 22`);
    expect(ledgers.try().kind).toBe('unusable');
    const old = whole[0]?.epoch;
    const entropy = countingEntropy(1000);
    const reopened = () =>
      reopenLedger({
        dataDir: dir,
        names: NAMES,
        consumers: ['trame'],
        reason: 'restored',
        nowMs: ledgers.clock.nowMs(),
        entropy,
        isForReal: true,
      });
    rmSync(ledgers.file);
    expect(reopened).toThrow(/There is no ledger: .* start the edge: it begins a new one/u);
    const begun = ledgers.open({ entropy });
    expect([begun.head.seq, begun.head.epoch === old]).toEqual([1, false]);
    begun.close();
    rmSync(ledgers.file);
    writeFileSync(ledgers.file, backup);
    expect(reopened().previous).toMatchObject({ epoch: old, seq: 40 });
    expect(ledgers.open().head.epoch).not.toBe(old);
  });

  it('erased a payload holds: its hash stays', () => {
    edit('UPDATE events SET payload = NULL WHERE position = 22');
    expect(verifyLedger(dir)).toEqual({ events: 40, lines: 1, firstBroken: null });
    const ledger = ledgers.open();
    expect(ledger.read(22, 1)[0]).toEqual({ ...whole[21], payload: null });
  });
});

interface Look {
  /** Null: refused in words. */
  readonly verification: Verification | null;
  readonly exported: readonly LedgerEvent[];
  readonly isOpen: boolean;
}

/** What can be had of a damaged ledger. Throws what is neither SQLite's word nor ours. */
function look(): Look {
  const isOpen = ledgers.try().kind === 'open';
  ledgers.close();
  let verification: Verification | null = null;
  let text = '';
  try {
    verification = verifyLedger(dir);
    exportLedger(dir, { epoch: null, from: null }, (lines) => (text += lines));
  } catch (error) {
    const isSaid = error instanceof LedgerFileError || (error instanceof Error && 'errcode' in error);
    if (!isSaid) throw error;
  }
  const lines = text.split('\n').filter(Boolean);
  return { verification, exported: lines.map((line) => JSON.parse(line) as LedgerEvent), isOpen };
}

describe('a file that is torn', () => {
  it('at any place opens whole or not at all, and never shows another event than was recorded', () => {
    const bytes = readFileSync(ledgers.file);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length - 1 }), (length) => {
        writeFileSync(ledgers.file, bytes);
        truncateSync(ledgers.file, length);
        const { verification, exported, isOpen } = look();
        expect([isOpen, verification?.firstBroken === null]).toEqual([false, false]);
        expect(exported).toEqual(whole.slice(0, exported.length));
        expect(readFileSync(ledgers.file).equals(bytes.subarray(0, length))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('by random bytes: verifying finds it, or every event is as it was recorded', () => {
    const bytes = readFileSync(ledgers.file);
    const flip = fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 8 }), (flips) => {
        const torn = Buffer.from(bytes);
        for (const { at, by } of flips) torn[at] = (torn[at] ?? 0) ^ by;
        writeFileSync(ledgers.file, torn);
        for (const suffix of ['-wal', '-shm']) rmSync(`${ledgers.file}${suffix}`, { force: true });
        const { verification, exported } = look();
        const isFound = verification?.firstBroken !== null;
        expect(exported).toEqual(isFound ? whole.slice(0, exported.length) : whole);
      }),
      { numRuns: 150 },
    );
  });

  it('that is empty is a new ledger, and its consumers will not know it', () => {
    writeFileSync(join(dir, LEDGER_FILE), '');
    expect(ledgers.open().head.epoch).not.toBe(whole[0]?.epoch);
  });
});
