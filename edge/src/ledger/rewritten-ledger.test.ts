/** Somebody with the file and a program of his own: every hash is right, and it is another story. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqliteLedger } from './sqlite-ledger.ts';
import { TestLedgers } from './test-line-ledger.ts';
import { verifyLedger } from './verify-ledger.ts';

let dir = '';
let ledgers: TestLedgers;
let ledger: SqliteLedger;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'trame-ledger-'));
  ledgers = new TestLedgers(dir);
  ledger = await lived(ledgers, null);
});
afterEach(() => {
  ledgers.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The same ids and times each time; the event of this number says something else. */
async function lived(of: TestLedgers, otherAt: number | null): Promise<SqliteLedger> {
  const grown = of.open();
  const records = Array.from({ length: 39 }, (_, index) =>
    of.record(index + 2 === otherAt ? 'other' : `d${index}`),
  );
  await grown.append(records);
  return grown;
}

function acknowledge(consumer: string, upTo: number): void {
  ledger.saveCursor(consumer, { epoch: ledger.head.epoch, upTo, hash: ledger.hashOf(upTo) });
}

/** From this event on, all is sealed anew. */
async function rewriteFrom(seq: number): Promise<void> {
  ledger.close();
  const forge = mkdtempSync(join(tmpdir(), 'trame-ledger-'));
  const forged = new TestLedgers(forge);
  (await lived(forged, seq)).close();
  edit(`ATTACH '${forged.file}' AS forged;
    DELETE FROM events;
    INSERT INTO events SELECT * FROM forged.events`);
  rmSync(forge, { recursive: true });
}

function edit(sql: string): void {
  const db = new DatabaseSync(ledgers.file);
  db.exec(sql);
  db.close();
}

describe('a ledger that was sealed anew', () => {
  it('below what a consumer acknowledged is found, and what is known to hold before', async () => {
    acknowledge('trame', 30);
    acknowledge('region', 10);
    await rewriteFrom(22);
    expect(verifyLedger(dir)).toEqual({
      events: 10,
      lines: 1,
      firstBroken: {
        line: 'tri-1',
        epoch: ledger.head.epoch,
        seq: 30,
        reason: 'it is not the one that trame has acknowledged: this event or one before it was rewritten',
      },
    });
  });

  it('beyond what anybody acknowledged cannot be found here', async () => {
    acknowledge('trame', 21);
    await rewriteFrom(22);
    expect(verifyLedger(dir).firstBroken).toBeNull();
  });

  it('in an epoch that is over is found as well', async () => {
    acknowledge('trame', 30);
    const { epoch } = ledger.head;
    await rewriteFrom(22);
    edit(`INSERT INTO epochs (number, epoch, first_position) VALUES (2, '${'f'.repeat(32)}', 41)`);
    expect(verifyLedger(dir).firstBroken).toMatchObject({ epoch, seq: 30 });
  });
});

describe('a ledger of before acknowledged hashes were kept', () => {
  it('is verified as it is, and takes the new shape when its edge opens it', () => {
    acknowledge('trame', 30);
    const { epoch } = ledger.head;
    ledger.close();
    edit('ALTER TABLE cursors DROP COLUMN hash; PRAGMA user_version = 1');
    expect(verifyLedger(dir)).toEqual({ events: 40, lines: 1, firstBroken: null });
    ledger = ledgers.open();
    expect(ledger.loadCursor('trame')).toEqual({ epoch, upTo: 30, hash: null });
    acknowledge('trame', 40);
    ledger.close();
    ledger = ledgers.open();
    expect(ledger.loadCursor('trame')).toEqual({ epoch, upTo: 40, hash: ledger.head.hash });
    expect(ledger.head.seq).toBe(40);
  });
});
