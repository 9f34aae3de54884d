import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppendOutcome } from '../ports/ledger.ts';
import { RESERVE_FILE } from './disk-reserve.ts';
import { LAST_ROOM_BYTES } from './sqlite-ledger.ts';
import { FailingDisk, TestLedgers, type Fault } from './test-line-ledger.ts';
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

const FAULTS: readonly Fault[] = ['begin', 'event', 'commit', 'commit-untold'];

function code(outcome: AppendOutcome): string {
  return outcome.kind === 'stored' ? 'stored' : outcome.code;
}

describe('a disk that fails', () => {
  it.each(['begin', 'event', 'commit'] as const)(
    'at the %s stores nothing of the group, says so, and stores the same records at the next try',
    async (fault) => {
      const disk = new FailingDisk();
      const ledger = ledgers.open({ openFile: disk.openFile });
      const { head } = ledger;
      const records = [ledgers.record('a', { key: 'k', marks: { m: '1' } }), ledgers.record('b')];
      disk.fault = fault;
      const outcomes = await Promise.all([ledger.append(records), ledger.append([ledgers.record('c')])]);
      expect(outcomes).toEqual([
        { kind: 'not-stored', code: 'io-error', reason: 'disk I/O error' },
        { kind: 'not-stored', code: 'io-error', reason: 'disk I/O error' },
      ]);
      expect([ledger.head, ledger.mark('m'), ledger.find('k'), ledger.read(2, 9)]).toEqual([
        head,
        null,
        null,
        [],
      ]);
      expect(ledger.health).toEqual({
        state: 'not-stored',
        code: 'io-error',
        reason: 'disk I/O error',
        unstored: 0,
      });
      expect(code(await ledger.append(records))).toBe('stored');
      expect([ledger.head.seq, ledger.mark('m'), ledger.health.state]).toEqual([3, '1', 'ok']);
      expect(ledgers.lines.map(({ message }) => message)).toEqual([
        'the ledger does not store: what happens waits in memory',
        'the ledger stores again',
      ]);
    },
  );

  it('after the commit was done is asked what is there: it was stored, and is not stored again', async () => {
    const disk = new FailingDisk();
    const ledger = ledgers.open({ openFile: disk.openFile });
    disk.fault = 'commit-untold';
    expect(await ledger.append([ledgers.record('a', { marks: { m: '1' } })])).toMatchObject({
      results: [{ seq: 2 }],
    });
    expect([ledger.head.seq, ledger.mark('m'), ledger.health.state]).toEqual([2, '1', 'ok']);
  });

  it('while the ledger begins lets it begin later', async () => {
    const disk = new FailingDisk();
    disk.fault = 'event';
    const ledger = ledgers.open({ openFile: disk.openFile });
    expect([ledger.head.seq, ledger.health.state]).toEqual([0, 'not-stored']);
    expect(await ledger.append([ledgers.record('a')])).toMatchObject({ results: [{ seq: 2 }] });
  });

  it('that found damage closes the ledger for good', async () => {
    const disk = new FailingDisk();
    const ledger = ledgers.open({ openFile: disk.openFile });
    disk.fault = 'event';
    disk.errcode = 11;
    expect([code(await ledger.append([ledgers.record('a')])), ledger.health.state]).toEqual([
      'closed',
      'closed',
    ]);
    expect(code(await ledger.append([ledgers.record('a')]))).toBe('closed');
    ledger.close();
    expect(verifyLedger(dir)).toEqual({ events: 1, lines: 1, firstBroken: null });
  });

  it('whenever and however often, leaves what was said to be stored, all of it, once and in order', async () => {
    const append = fc.record({
      records: fc.array(fc.record({ key: fc.option(fc.constantFrom('k1', 'k2', 'k3')) }), {
        minLength: 1,
        maxLength: 4,
      }),
      fault: fc.option(fc.constantFrom(...FAULTS)),
      restart: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(append, { maxLength: 12 }), async (appends) => {
        const own = mkdtempSync(join(dir, 'run-'));
        const disk = new FailingDisk();
        const world = new TestLedgers(own);
        let ledger = world.open({ openFile: disk.openFile });
        const stored: string[] = [];
        const keys = new Set<string>();
        for (const [turn, { records, fault, restart }] of appends.entries()) {
          disk.fault = fault;
          const made = records.map(({ key }, index) => {
            const device = `d${turn}.${index}`;
            return world.record(device, { key, marks: { last: device } });
          });
          const markBefore = ledger.mark('last');
          const outcome = await ledger.append(made);
          const isStored = outcome.kind === 'stored';
          for (const { key, payload } of isStored ? made : []) {
            if (key === null || !keys.has(key)) stored.push(String(payload['device']));
            if (key !== null) keys.add(key);
          }
          expect(code(outcome)).toBe(isStored ? 'stored' : 'io-error');
          expect(ledger.mark('last')).toBe(isStored ? `d${turn}.${made.length - 1}` : markBefore);
          disk.fault = null;
          if (!restart) continue;
          ledger.close();
          ledger = world.open({ openFile: disk.openFile });
        }
        const found = ledger.read(2, 1000).map(({ payload }) => payload?.['device']);
        ledger.close();
        expect(found).toEqual(stored);
        expect(verifyLedger(own)).toEqual({ events: stored.length + 1, lines: 1, firstBroken: null });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a disk that is full', () => {
  it('gives up the reserve first, and gets it back when there is room again', async () => {
    const disk = new FailingDisk();
    disk.errcode = 13;
    const reserve = join(dir, RESERVE_FILE);
    const ledger = ledgers.open({ openFile: disk.openFile, reserveBytes: 5_000_000 });
    expect(statSync(reserve).size).toBe(5_000_000);
    // Emptying the log may be room enough.
    disk.fault = 'commit';
    expect(code(await ledger.append([ledgers.record('a')]))).toBe('stored');
    expect(existsSync(reserve)).toBe(true);
    ledgers.freeBytes = LAST_ROOM_BYTES - 1;
    expect(code(await ledger.append([ledgers.record('b')]))).toBe('stored');
    expect([existsSync(reserve), ledger.health.state]).toEqual([false, 'ok']);
    expect(code(await ledger.append([ledgers.record('c')]))).toBe('disk-full');
    expect(ledger.health).toMatchObject({
      state: 'not-stored',
      reason: expect.stringContaining('the disk is full') as string,
    });
    ledgers.freeBytes = LAST_ROOM_BYTES;
    await ledgers.clock.advance(60_000);
    expect(code(await ledger.append([ledgers.record('c')]))).toBe('stored');
    // There is room for a file like that, but not for it and as much again.
    ledgers.freeBytes = 9_999_999;
    await ledgers.clock.advance(60_000);
    await ledger.append([ledgers.record('d')]);
    expect(existsSync(reserve)).toBe(false);
    ledgers.freeBytes = 10_000_000;
    await ledgers.clock.advance(60_000);
    await ledger.append([ledgers.record('e')]);
    expect(statSync(reserve).size).toBe(5_000_000);
  });

  it('keeps its last room for closing and opening the file', async () => {
    const ledger = ledgers.open();
    ledgers.freeBytes = LAST_ROOM_BYTES - 1;
    expect(code(await ledger.append([ledgers.record('a')]))).toBe('disk-full');
    expect(ledger.health.reason).toContain('the disk is full');
    ledgers.freeBytes = LAST_ROOM_BYTES;
    expect(code(await ledger.append([ledgers.record('a')]))).toBe('stored');
    expect(ledger.health.state).toBe('ok');
    ledgers.freeBytes = null;
    expect(code(await ledger.append([ledgers.record('b')]))).toBe('stored');
  });
});
