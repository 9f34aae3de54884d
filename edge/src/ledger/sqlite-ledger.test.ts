import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sealFault } from '@trame/protocol/hash-chain';
import { EVENT_TIME_AHEAD_MAX_MS, FIRST_PREV } from '@trame/protocol/ledger-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerRecord, type AppendOutcome, type LedgerHead } from '../ports/ledger.ts';
import { GROUP_RECORDS_MAX, READ_MAX } from './sqlite-ledger.ts';
import { NAMES, TestLedgers } from './test-line-ledger.ts';

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

function seqs(outcome: AppendOutcome): readonly number[] | string {
  return outcome.kind === 'stored' ? outcome.results.map(({ seq }) => seq) : outcome.code;
}

describe('a new ledger', () => {
  it('begins with ledger.opened, which says what was counted before it', () => {
    const countedBefore = [{ counter: 'input', grams: 12 }];
    const ledger = ledgers.open({ countedBefore });
    const [opened, ...rest] = ledger.read(1, 10);
    expect(opened).toMatchObject({
      ...NAMES,
      seq: 1,
      type: 'ledger.opened',
      prev: FIRST_PREV,
      payload: { reason: 'new', previous: null, countedBefore },
      clock: { state: 'checked', offsetMs: 5 },
    });
    expect(rest).toEqual([]);
    expect(ledger.head).toEqual({ epoch: opened?.epoch, seq: 1, hash: opened?.hash });
  });

  it('waits for a clock that was set, then begins, and keeps its epoch meanwhile', async () => {
    const setNow = ledgers.clock.nowMs();
    ledgers.clock.stepWall(-setNow);
    const first = ledgers.open();
    expect(first.head.seq).toBe(0);
    expect(first.health).toMatchObject({
      state: 'not-stored',
      reason: expect.stringContaining('clock') as string,
    });
    expect(await first.append([ledgers.record('plc')])).toMatchObject({ code: 'clock-not-set' });
    first.close();
    const second = ledgers.open();
    expect(second.head).toEqual(first.head);
    ledgers.clock.stepWall(setNow);
    expect(seqs(await second.append([ledgers.record('plc')]))).toEqual([2]);
    expect(second.read(1, 9).map(({ type }) => type)).toEqual(['ledger.opened', 'device.state']);
    expect(second.health).toEqual({ state: 'ok', code: null, reason: null, unstored: 0 });
  });
});

describe('appending', () => {
  it('numbers and chains, and finds everything again after a restart', async () => {
    const ledger = ledgers.open();
    await ledger.append([ledgers.record('plc', { marks: { a: '1', b: 'x' } }), ledgers.record('nir')]);
    await ledger.append([
      ledgers.record('press', { key: 'k', marks: { a: '2' }, actorRef: '0011223344556677' }),
    ]);
    ledger.saveCursor('trame', { epoch: ledger.head.epoch, upTo: 3, hash: ledger.hashOf(3) });
    const events = ledger.read(1, 100);
    const { head } = ledger;
    ledger.close();

    const again = ledgers.open();
    expect(again.head).toEqual(head);
    expect(again.read(1, 100)).toEqual(events);
    expect([again.mark('a'), again.mark('b'), again.mark('c')]).toEqual(['2', 'x', null]);
    expect([again.find('k'), again.find('j')]).toEqual([{ epoch: head.epoch, seq: 4 }, null]);
    expect([again.loadCursor('trame'), again.loadCursor('region')]).toEqual([
      { epoch: head.epoch, upTo: 3, hash: events[2]?.hash },
      null,
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(events.map(sealFault)).toEqual([null, null, null, null]);
    expect(events.slice(1).map(({ prev }) => prev)).toEqual(events.slice(0, -1).map(({ hash }) => hash));
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    expect([0, 1, 4, 5].map((seq) => again.hashOf(seq))).toEqual([
      null,
      events[0]?.hash,
      events[3]?.hash,
      null,
    ]);
  });

  it('shares one commit among what comes in one turn, and tells of it once', async () => {
    const heads: LedgerHead[] = [];
    const ledger = ledgers.open({ onStored: (head) => heads.push(head) });
    const waiting = [1, 2, 3].map((number) => ledger.append([ledgers.record(`d${number}`)]));
    expect(ledger.health.unstored).toBe(3);
    expect(ledger.head.seq).toBe(1);
    expect((await Promise.all(waiting)).map(seqs)).toEqual([[2], [3], [4]]);
    expect(heads.map(({ seq }) => seq)).toEqual([1, 4]);
    expect(heads.at(-1)).toEqual(ledger.head);
  });

  it('records what was meant when it was asked, whatever becomes of it afterwards', async () => {
    const payload = { device: 'plc', state: 'online', reason: null };
    const ledger = ledgers.open();
    const stored = ledger.append([ledgers.record('', { payload })]);
    payload.device = 'changed';
    await stored;
    expect(ledger.read(2, 1)[0]?.payload).toEqual({ device: 'plc', state: 'online', reason: null });
  });

  it('records under a key once: again, after a restart, and twice in one append', async () => {
    const first = ledgers.open();
    const alibi = { key: 'alibi:A:1:7' };
    const [one, two] = await Promise.all([
      first.append([ledgers.record('a', alibi)]),
      first.append([ledgers.record('b', { ...alibi, marks: { last: '7' } }), ledgers.record('c')]),
    ]);
    const { epoch } = first.head;
    expect(one).toEqual({ kind: 'stored', results: [{ seq: 2, epoch, duplicate: false }] });
    expect(two).toEqual({
      kind: 'stored',
      results: [
        { seq: 2, epoch, duplicate: true },
        { seq: 3, epoch, duplicate: false },
      ],
    });
    // Whoever recorded it has come to here all the same.
    expect(first.mark('last')).toBe('7');
    first.close();
    const second = ledgers.open();
    expect(await second.append([ledgers.record('d', alibi)])).toMatchObject({
      results: [{ seq: 2, duplicate: true }],
    });
    expect(second.head.seq).toBe(3);
  });

  it('of nothing is stored at once', async () => {
    expect(await ledgers.open().append([])).toEqual({ kind: 'stored', results: [] });
  });

  it('of more than a group holds is committed in several', async () => {
    const heads: number[] = [];
    const ledger = ledgers.open({ onStored: ({ seq }) => heads.push(seq) });
    const many = Array.from({ length: GROUP_RECORDS_MAX - 1 }, () => ledgers.record('plc'));
    const outcomes = await Promise.all([ledger.append(many), ledger.append(many.slice(0, 5))]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored']);
    expect(heads).toEqual([1, GROUP_RECORDS_MAX, GROUP_RECORDS_MAX + 5]);
    expect(seqs(await ledger.append([...many, ...many]))).toBe('invalid');
  });
});

describe('what can never be an event', () => {
  it.each<[string, object]>([
    ['a type nobody knows', { type: 'weather.changed' }],
    [
      'a payload with a member too many',
      { payload: { device: 'a', state: 'online', reason: null, note: '' } },
    ],
    ['a payload that is not of its type', { payload: {} }],
    ['a lone surrogate', { payload: { device: 'a', state: 'offline', reason: '\ud83d' } }],
    ['no time', { occurredAtMs: Number.NaN }],
    ['half a millisecond', { occurredAtMs: 1_700_000_000_000.5 }],
    ['the year 1970', { occurredAtMs: 0 }],
    ['a name for an actor', { actorRef: 'Jeanne Martin' }],
    ['an empty key', { key: '' }],
    ['a key without end', { key: 'a'.repeat(301) }],
    ['a key with a zero byte', { key: 'a\0b' }],
    ['a mark without end', { marks: { m: 'a'.repeat(4097) } }],
    ['a mark that is no text', { marks: { m: '\ud83d' } }],
    [
      'a crowd of marks',
      { marks: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`m${index}`, ''])) },
    ],
  ])('%s: its append alone fails, and says which', async (_what, change) => {
    const ledger = ledgers.open();
    const [before, wrong, after] = await Promise.all([
      ledger.append([ledgers.record('a')]),
      ledger.append([ledgers.record('b'), ledgers.record('c', change)]),
      ledger.append([ledgers.record('d')]),
    ]);
    expect([seqs(before), seqs(wrong), seqs(after)]).toEqual([[2], 'invalid', [3]]);
    expect(wrong).toMatchObject({ reason: expect.stringMatching(/^record 2 of 2: /u) as string });
    expect(ledger.health.state).toBe('ok');
  });

  it('what lies ahead of the clock is dated now: nothing happened after it is recorded', async () => {
    const ledger = ledgers.open();
    const nowMs = ledgers.clock.nowMs();
    const source = { device: 'scale', tag: 'total', generation: 0 };
    const counts = [{ counter: 'input', grams: 1, totalGrams: 1, source, sourceGrams: 1 }];
    const period = { from: nowMs + 1000, to: nowMs + 2 * EVENT_TIME_AHEAD_MAX_MS, counts };
    await ledger.append([
      ledgers.record('a', { occurredAtMs: nowMs + 5 }),
      ledgerRecord('throughput.counted', period.to, period),
      ledgers.record('b', { occurredAtMs: nowMs - 5 }),
    ]);
    const [a, fell, b] = ledger.read(2, 3);
    expect([a?.occurredAt, fell?.occurredAt, b?.occurredAt]).toEqual([nowMs, nowMs, nowMs - 5]);
    expect(fell?.payload).toEqual({ from: nowMs, to: nowMs, counts });
  });
});

describe('reading', () => {
  it('gives the asked part of the present epoch, and no more than a bound', async () => {
    const ledger = ledgers.open();
    await ledger.append(Array.from({ length: READ_MAX + 10 }, () => ledgers.record('plc')));
    const part = (from: number, max: number) => ledger.read(from, max).map(({ seq }) => seq);
    expect(part(3, 2)).toEqual([3, 4]);
    expect(part(READ_MAX + 10, 5)).toEqual([READ_MAX + 10, READ_MAX + 11]);
    expect([part(READ_MAX + 12, 5), part(0, 5), part(1, 0), part(1, -1)]).toEqual([[], [], [], []]);
    expect(ledger.read(1, 10_000)).toHaveLength(READ_MAX);
  });
});

describe('a file that is not to be written', () => {
  it('of another line is refused, in words that say what to do', () => {
    ledgers.open().close();
    for (const other of [{ line: 'tri-2' }, { site: 'rouen' }]) {
      const opened = ledgers.try(other);
      if (opened.kind !== 'unusable') throw new Error('it was opened');
      expect(opened.message).toContain('belongs to line «tri-1» of site «caux»');
      expect(opened.message).toContain('give this line a data directory of its own');
      expect(opened.mayPass).toBe(false);
      expect(opened.ledger.health).toEqual({
        state: 'closed',
        code: 'closed',
        reason: opened.message,
        unstored: 0,
      });
    }
  });

  it('of a newer edge, of no database, or in a folder that is a file is told in one line', async () => {
    ledgers.open().close();
    const db = new DatabaseSync(ledgers.file);
    db.exec('PRAGMA user_version = 9');
    db.close();
    const newer = ledgers.try();
    writeFileSync(ledgers.file, 'no database '.repeat(1000));
    const nothing = ledgers.try();
    writeFileSync(join(dir, 'plain'), '');
    const inFile = ledgers.try({ dataDir: join(dir, 'plain') });
    const messages = [newer, nothing, inFile].map((opened) =>
      opened.kind === 'unusable' ? opened.message : 'open',
    );
    expect(messages).toEqual([
      'The ledger was written by a newer version of the edge: use that version',
      expect.stringMatching(/is damaged: file is not a database\. Nothing is appended to it.*ledger reopen/u),
      expect.stringMatching(/cannot be opened: EEXIST/u),
    ]);
    expect(messages.join('')).not.toContain('\n');
    // Only what the folder says may be otherwise later without a person.
    expect([newer, nothing, inFile].map((opened) => opened.kind === 'unusable' && opened.mayPass)).toEqual([
      false,
      false,
      true,
    ]);
    expect(await nothing.ledger.append([ledgers.record('a')])).toMatchObject({
      kind: 'not-stored',
      code: 'closed',
    });
    expect([
      nothing.ledger.read(1, 9),
      nothing.ledger.mark('a'),
      nothing.ledger.find('a'),
      nothing.ledger.hashOf(1),
    ]).toEqual([[], null, null, null]);
    expect(() => nothing.ledger.saveCursor('trame', { epoch: 'e', upTo: 1, hash: null })).toThrow(
      /is damaged/u,
    );
  });

  it('because another program wrote into it is left to it', async () => {
    const first = ledgers.open();
    const second = ledgers.open();
    await second.append([ledgers.record('b')]);
    expect(await first.append([ledgers.record('a')])).toMatchObject({
      code: 'closed',
      reason: 'The ledger is damaged: another program has written into it',
    });
    expect(first.health.state).toBe('closed');
    expect(seqs(await second.append([ledgers.record('c')]))).toEqual([3]);
    expect(second.read(1, 9)).toHaveLength(3);
  });

  it('because it was moved away is not written into the void', async () => {
    const ledger = ledgers.open();
    renameSync(ledgers.file, join(dir, 'elsewhere.sqlite'));
    expect(await ledger.append([ledgers.record('a')])).toMatchObject({
      code: 'closed',
      reason: expect.stringContaining('moved away') as string,
    });
  });

  it('because it was closed stores what waited before, and nothing after', async () => {
    const ledger = ledgers.open();
    const waiting = ledger.append([ledgers.record('a')]);
    ledger.close();
    expect(seqs(await waiting)).toEqual([2]);
    expect(seqs(await ledger.append([ledgers.record('b')]))).toBe('closed');
    expect(ledgers.open().head.seq).toBe(2);
  });
});
