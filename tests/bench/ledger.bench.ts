/**
 * How many events a second the ledger keeps, beside a bare node:sqlite loop that inserts the very same rows into a
 * table alike, with the same settings, in the same run; and how long it takes to open with a million events.
 * Usage: npm run bench -- ledger [rounds] [events at opening]
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { openLedger } from '@trame/edge/ledger/open-ledger';

const rounds = Number(process.argv[2] ?? 5);
const openingEvents = Number(process.argv[3] ?? 1_000_000);

/** Events of one round. */
const EVENTS = { single: 1000, grouped: 20_000 };
const GROUP = 100;
const NAMES = { site: 'caux-vallee-de-seine', line: 'tri-1' };

type Ledger = Extract<ReturnType<typeof openLedger>, { kind: 'open' }>['ledger'];
type Records = Parameters<Ledger['append']>[0];
type Row = Record<string, SQLInputValue>;

const folder = mkdtempSync(join(tmpdir(), 'trame-bench-ledger-'));
try {
  for (const size of [1, GROUP]) await compare(size);
  await measureOpening();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(size: number): Promise<void> {
  const count = size === 1 ? EVENTS.single : EVENTS.grouped;
  const ms = { ledger: 0, bare: 0 };
  // One after the other, round by round: what else the machine does falls on both.
  for (let round = 0; round < rounds; round += 1) {
    const dataDir = join(folder, `${size}-${round}`);
    const ledger = open(dataDir);
    const started = process.hrtime.bigint();
    for (let done = 0; done < count; done += size) await appendAll(ledger, weighings(done, size));
    ms.ledger += since(started);
    ledger.close();
    ms.bare += insertBare(join(dataDir, 'bare.sqlite'), rowsOf(dataDir), size);
    rmSync(dataDir, { recursive: true });
  }
  const perSecond = { ledger: (rounds * count * 1000) / ms.ledger, bare: (rounds * count * 1000) / ms.bare };
  const what = size === 1 ? 'one sync each' : `grouped by ${size}`;
  say(
    `${what.padEnd(16)} ledger ${whole(perSecond.ledger)} events/s, bare loop ${whole(perSecond.bare)} rows/s, ` +
      `ratio ${(perSecond.ledger / perSecond.bare).toFixed(2)}`,
  );
}

async function measureOpening(): Promise<void> {
  const dataDir = join(folder, 'opening');
  let ledger = open(dataDir);
  const started = process.hrtime.bigint();
  for (let done = 0; done < openingEvents; done += 5000) await appendAll(ledger, weighings(done, 5000));
  say(`filling           ${whole((openingEvents * 1000) / since(started))} events/s, grouped by 5000`);
  ledger.close();
  const bytes = statSync(join(dataDir, 'ledger.sqlite')).size;
  const before = process.hrtime.bigint();
  ledger = open(dataDir);
  const openMs = since(before);
  const { seq } = ledger.head;
  ledger.close();
  say(`opening           ${openMs.toFixed(0)} ms with ${seq} events, ${(bytes / 1e6).toFixed(0)} MB`);
}

function open(dataDir: string): Ledger {
  const opened = openLedger({
    dataDir,
    ...NAMES,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now(), sleep: () => Promise.resolve() },
    entropy: { random: Math.random, bytes: (count) => randomBytes(count) },
    witness: { eventClock: { state: 'checked', offsetMs: 12 }, wrongByMs: null },
    log: { debug: () => undefined, info: () => undefined, warn: say, error: say },
    reserveBytes: 0,
    freeBytes: () => null,
    countedBefore: [],
  });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  return opened.ledger;
}

async function appendAll(ledger: Ledger, records: Records): Promise<void> {
  // Each weighing is an append of its own: they share a commit because they come together.
  const outcomes = await Promise.all(records.map((record) => ledger.append([record])));
  if (outcomes.some(({ kind }) => kind !== 'stored')) throw new Error('an event was not stored');
}

function weighings(from: number, count: number): Records {
  return Array.from({ length: count }, (_, index) => ({
    type: 'weighing.recorded',
    occurredAtMs: Date.now(),
    actorRef: null,
    key: null,
    marks: {},
    payload: {
      scale: 'bale-scale',
      use: 'bale',
      source: 'alibi',
      serial: 'SN-204481',
      alibiEpoch: 1,
      number: from + index,
      grossGrams: 412_500,
      tareGrams: 12_500,
      tareKind: 'preset',
      netGrams: 400_000,
      intervalGrams: 500,
      stable: true,
      verification: 'valid',
      verificationDue: '2027-03-01',
      simulated: true,
    },
  }));
}

function rowsOf(dataDir: string): readonly Row[] {
  const db = new DatabaseSync(join(dataDir, 'ledger.sqlite'), { readOnly: true });
  const rows = db.prepare('SELECT * FROM events ORDER BY position').all();
  db.close();
  return rows;
}

/** @returns ms. */
function insertBare(file: string, rows: readonly Row[], size: number): number {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 1048576;
    PRAGMA wal_autocheckpoint = 512;
    CREATE TABLE events (position INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,
      occurred_at_ms INTEGER NOT NULL, recorded_at_ms INTEGER NOT NULL, clock_state TEXT NOT NULL,
      clock_offset_ms INTEGER, actor_ref TEXT, payload TEXT, payload_hash TEXT NOT NULL, hash TEXT NOT NULL) STRICT`);
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const values = rows.map((row) => Object.values(row));
  const started = process.hrtime.bigint();
  for (let done = 0; done < values.length; done += size) {
    db.exec('BEGIN IMMEDIATE');
    for (const row of values.slice(done, done + size)) insert.run(...row);
    db.exec('COMMIT');
  }
  const ms = since(started);
  db.close();
  return ms;
}

function since(started: bigint): number {
  return Number(process.hrtime.bigint() - started) / 1e6;
}

function whole(value: number): string {
  return Math.round(value).toString().padStart(7);
}

function say(...words: readonly unknown[]): void {
  process.stdout.write(`${words.map(String).join(' ')}\n`);
}
