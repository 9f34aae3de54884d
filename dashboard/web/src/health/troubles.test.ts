import { HEARTBEAT_STALE_MS } from '@trame/protocol/heartbeat-age';
import { describe, expect, it } from 'vitest';
import { edgeWord, lineKey, nextWaits, UNDER_WAY_MS, waitingEvents, type Waits } from './arrival.ts';
import { consumer, EPOCH, lineHealth, NOW, overview, refusal, type Said } from './test-health.ts';
import { GAP_NEWS_MS, lineTroubles, otherLedger, serverTroubles, troublesOf, verdictOf } from './troubles.ts';

const NONE: Waits = new Map();
const kinds = (said: Said) => lineTroubles(lineHealth({}, said), NONE, NOW).map(({ kind }) => kind);

const wordAt = (receivedAt: number) =>
  edgeWord(lineHealth({ heartbeat: { receivedAt, said: lineHealth().heartbeat!.said } }), NOW).kind;

/** What the page knows after having looked again and again for this long. */
function waitsAfter(line: ReturnType<typeof lineHealth>, ms: number): Waits {
  const first = { ...overview([line]), at: NOW - ms };
  return nextWaits(nextWaits(NONE, first), overview([line]));
}

const judge = (seen: ReturnType<typeof overview>) => verdictOf(seen, troublesOf(seen, NONE, NOW));

describe('the word of an edge', () => {
  it('is of the present for ten seconds, and never after', () => {
    expect(wordAt(NOW - HEARTBEAT_STALE_MS)).toBe('fresh');
    expect(wordAt(NOW - HEARTBEAT_STALE_MS - 1)).toBe('old');
    expect(edgeWord(lineHealth({ heartbeat: null }), NOW).kind).toBe('none');
  });

  it('that is old is not repeated as if it were so now', () => {
    const said = lineHealth({}, { ledger: { state: 'not-stored' }, clock: { state: 'behind' } }).heartbeat!
      .said;
    const line = lineHealth({ heartbeat: { receivedAt: NOW - 60_000, said } });
    expect(lineTroubles(line, NONE, NOW).map(({ kind }) => kind)).toEqual(['silent']);
  });
});

describe('what waits', () => {
  it('is what the edge has recorded beyond what is stored', () => {
    expect(waitingEvents(lineHealth({}, { ledger: { head: 1246 } }))).toBe(12);
    expect(waitingEvents(lineHealth({}, { ledger: { head: 1200 } }))).toBe(0);
    expect(waitingEvents(lineHealth({ heartbeat: null }))).toBeNull();
  });

  it('of another epoch is all of it', () => {
    expect(waitingEvents(lineHealth({}, { ledger: { epoch: 'b'.repeat(32), head: 7 } }))).toBe(7);
  });

  const late = lineHealth(
    { stored: { epoch: EPOCH, upTo: 1222, hash: null, at: NOW - 180_000 } },
    { ledger: { consumers: [] } },
  );

  it('is a trouble once nothing was stored for a while, and the page has seen it wait', () => {
    expect(lineTroubles(late, waitsAfter(late, UNDER_WAY_MS), NOW)).toEqual([
      { kind: 'waiting', level: 2, line: 'tri-1', events: 12, lastStoredAt: NOW - 180_000 },
    ]);
  });

  it('is none for the first event after a quiet hour', () => {
    expect(lineTroubles(late, waitsAfter(late, 5_000), NOW)).toEqual([]);
  });

  it('is none while more and more is stored', () => {
    const before = { ...overview([late]), at: NOW - 60_000 };
    const moving = lineHealth({ stored: { ...late.stored, upTo: 1230, at: NOW - 1000 } });
    const waits = nextWaits(nextWaits(NONE, before), overview([moving]));
    expect(waits.get(lineKey(moving))?.sinceMs).toBe(NOW);
    expect(lineTroubles(moving, waits, NOW)).toEqual([]);
  });

  it('is told with its cause, not beside it', () => {
    const stuck = consumer({ state: 'stuck', upTo: 1222, waiting: 12 });
    const line = lineHealth({ stored: late.stored }, { ledger: { consumers: [stuck] } });
    expect(lineTroubles(line, waitsAfter(line, 60_000), NOW).map(({ kind }) => kind)).toEqual(['consumer']);
    const refused = { ...line, refusals: [refusal('fork')], chain: 'refused' as const };
    expect(lineTroubles(refused, waitsAfter(line, 60_000), NOW).map(({ kind }) => kind)).toEqual(['refused']);
  });

  it('behind a missing event is the missing event', () => {
    const line = { ...late, chain: 'waiting' as const };
    expect(lineTroubles(line, waitsAfter(line, 60_000), NOW)).toMatchObject([
      { kind: 'missing', after: 1222 },
    ]);
  });
});

describe('what an edge says of itself', () => {
  it.each<[string, Said, string[]]>([
    ['all is well', {}, []],
    ['its file is damaged', { ledger: { state: 'closed', code: 'closed' } }, ['closed']],
    ['its file cannot be opened', { ledger: { state: 'closed', code: 'io-error' } }, ['not-written']],
    ['it had to give up records', { ledger: { lost: 3 } }, ['records-lost']],
    [
      'its disk is full',
      { ledger: { state: 'not-stored', code: 'disk-full' }, disk: { state: 'reserve' } },
      ['not-written'],
    ],
    [
      'its disk is full, and so nothing waits on it either',
      {
        ledger: { state: 'not-stored', code: 'disk-full' },
        disk: { state: 'reserve' },
        spool: { state: 'not-stored' },
      },
      ['not-written'],
    ],
    ['only the reserve is left', { disk: { state: 'reserve' } }, ['disk-reserve']],
    ['its disk fills', { disk: { state: 'low' } }, ['disk-low']],
    ['its clock is behind', { clock: { state: 'behind' } }, ['clock-behind']],
    [
      'its clock is behind, and known to be off',
      { clock: { state: 'behind', offsetMs: 7_000_000 } },
      ['clock-off'],
    ],
    ['its clock is off', { clock: { offsetMs: -61_000 } }, ['clock-off']],
    ['its clock is nearly right', { clock: { offsetMs: 59_000 } }, []],
    ['its spool is broken', { spool: { state: 'closed' } }, ['spool-not-written']],
    ['its spool fills', { spool: { bytes: 500_000_000 } }, ['spool-nearly-full']],
    ['it sorts by spectra, and all is well', { sorting: {} }, []],
    ['its model is altered', { sorting: { model: null, modelFault: 'altered' } }, ['sorting-model']],
    ['its programme cannot be used', { sorting: { programme: null } }, ['sorting-programme']],
    [
      'pieces are not kept',
      { sorting: { items: { state: 'not-stored', reason: 'io', dropped: 3 } } },
      ['items-not-stored'],
    ],
    [
      'pieces are not kept for a full disk',
      {
        sorting: { items: { state: 'not-stored', reason: 'full', dropped: 0 } },
        disk: { state: 'reserve' },
      },
      ['disk-reserve'],
    ],
    ['it publishes no telemetry', { spool: null }, []],
    ['a consumer has other events', { ledger: { consumers: [consumer({ state: 'fork' })] } }, ['diverged']],
    ['it was restored', { ledger: { consumers: [consumer({ state: 'cursor-ahead' })] } }, ['diverged']],
    [
      'a consumer is silent',
      { ledger: { consumers: [consumer({ state: 'silent', waiting: 3 })] } },
      ['consumer'],
    ],
    ['a silent consumer misses nothing', { ledger: { consumers: [consumer({ state: 'silent' })] } }, []],
  ])('%s', (_what, said, expected) => expect(kinds(said)).toEqual(expected));

  it.each(['disk-full', 'io-error', 'clock-not-set'] as const)('why it does not write: %s', (code) => {
    const line = lineHealth({}, { ledger: { state: 'not-stored', code, unstored: 3 } });
    expect(lineTroubles(line, NONE, NOW)[0]).toMatchObject({
      kind: 'not-written',
      cause: code,
      unstored: 3,
    });
  });
});

/** One that ended so many hours ago. */
const gapOf = (hours: number) => ({
  from: NOW - hours * 3_600_000 - 1000,
  to: NOW - hours * 3_600_000,
  samples: 5,
  reason: 'spool-full' as const,
});

describe('refusals and losses', () => {
  it('a refusal that is past blocks nothing', () => {
    const line = lineHealth({ refusals: [refusal('wrong-topic', { blocking: false })] });
    expect(lineTroubles(line, NONE, NOW)).toEqual([]);
  });

  it('losses of the last day are told once, the newest by name', () => {
    const line = lineHealth({ gaps: [gapOf(1), gapOf(2), gapOf(25)] });
    expect(lineTroubles(line, NONE, NOW)).toEqual([
      { kind: 'lost', level: 3, line: 'tri-1', gap: gapOf(1), count: 2 },
    ]);
  });
});

describe('two ledgers under one name', () => {
  const other = 'e'.repeat(32);
  const contested = lineHealth(
    {
      chain: 'contested',
      refusals: [
        refusal('fork', { blocking: false }),
        refusal('unknown-epoch', { blocking: false, epoch: other }),
      ],
    },
    { ledger: { head: 9, consumers: [consumer({ state: 'fork' })] } },
  );

  it('are told as such, once, whatever the two edges say in turn', () => {
    expect(lineTroubles(contested, NONE, NOW)).toEqual([
      { kind: 'contested', level: 1, line: 'tri-1', epoch: EPOCH, other, since: NOW - 180_000 },
    ]);
  });

  it('of which one is a copy offer nothing to decide', () => {
    const copied = { ...contested, refusals: [refusal('fork', { blocking: false })] };
    expect(lineTroubles(copied, NONE, NOW)).toMatchObject([{ kind: 'contested', other: null }]);
    expect(otherLedger(copied)).toBeNull();
  });
});

describe('lines of two sites with one name', () => {
  it('are told apart by their sites, and only they', () => {
    const silent = { heartbeat: null };
    const lines = [
      lineHealth({ ...silent, site: 'site-a' }),
      lineHealth({ ...silent, site: 'site-b' }),
      lineHealth({ ...silent, id: 'tri-2', line: 'tri-2' }),
    ];
    const names = troublesOf(overview(lines), NONE, NOW).map(({ line }) => line);
    expect(names).toEqual(['tri-1 (site-a)', 'tri-1 (site-b)', 'tri-2']);
  });
});

describe('strangers', () => {
  const row = { site: 'x', line: 'y', code: 'wrong-topic' as const, detail: '', count: 7, lastAt: NOW };
  it('are good to know for a day, and make no line look ill', () => {
    const seen = { ...overview(), strangers: { count: 7, rows: [row] } };
    expect(troublesOf(seen, NONE, NOW)).toEqual([{ kind: 'strangers', level: 3, line: null, refused: 7 }]);
    expect(judge(seen).kind).toBe('arrived');
    expect(troublesOf(seen, NONE, NOW + GAP_NEWS_MS + 1).map(({ kind }) => kind)).not.toContain('strangers');
  });
});

describe('records that cannot be written', () => {
  it('are told on top, and what comes of them is not told of each line', () => {
    const stuck = lineHealth({}, { ledger: { head: 1250, consumers: [consumer({ state: 'stuck' })] } });
    const seen = overview([stuck], { records: { engine: 'sqlite', away: true } });
    expect(judge(seen)).toEqual({ kind: 'trouble', trouble: { kind: 'records-away', level: 1, line: null } });
    expect(troublesOf(seen, waitsAfter(stuck, UNDER_WAY_MS), NOW)).toHaveLength(1);
  });
});

describe('the server', () => {
  const { server } = overview();
  it('is well', () => expect(serverTroubles(server, NOW)).toEqual([]));
  it.each([
    [{ disk: { freeBytes: 1, state: 'low' as const } }, 'server-disk-low'],
    [{ history: { ...server.history, healthy: false, buffered: 9 } }, 'history-away'],
    [{ history: { ...server.history, refused: 1, overflowed: 2 } }, 'history-lost'],
    [{ lastBackup: null }, 'no-backup'],
    [{ lastBackup: { at: NOW - 8 * 86_400_000, bytes: 1 } }, 'old-backup'],
  ])('%j is %s', (change, kind) => {
    expect(serverTroubles({ ...server, ...change }, NOW).map((trouble) => trouble.kind)).toEqual([kind]);
  });
});

describe('the verdict', () => {
  it('is that all has arrived, until the oldest word that says so', () => {
    const other = lineHealth({
      id: 'tri-2',
      heartbeat: { receivedAt: NOW - 4000, said: lineHealth().heartbeat!.said },
    });
    expect(judge(overview([lineHealth(), other]))).toEqual({ kind: 'arrived', untilMs: NOW - 4000 });
  });

  it('does not change for what is only good to know', () => {
    expect(judge(overview([lineHealth()], { lastBackup: null })).kind).toBe('arrived');
  });

  it('names the worst', () => {
    const seen = overview(
      [
        lineHealth({}, { disk: { state: 'low' } }),
        lineHealth({ id: 'tri-2' }, { ledger: { state: 'closed', code: 'closed' } }),
      ],
      { lastBackup: null },
    );
    expect(troublesOf(seen, NONE, NOW).map(({ level }) => level)).toEqual([1, 2, 3]);
    expect(judge(seen)).toMatchObject({ kind: 'trouble', trouble: { kind: 'closed', line: 'tri-2' } });
  });

  it('does not say «arrived» of what is on its way, nor where no line is', () => {
    expect(judge(overview([lineHealth({}, { ledger: { head: 1240 } })]))).toEqual({
      kind: 'under-way',
      events: 6,
    });
    expect(judge(overview([lineHealth({}, { ledger: { unstored: 2 } })]))).toEqual({
      kind: 'under-way',
      events: 2,
    });
    expect(judge(overview([])).kind).toBe('no-line');
  });

  it('never says «arrived» of a line that had to give up records', () => {
    expect(judge(overview([lineHealth({}, { ledger: { lost: 1 } })]))).toMatchObject({
      kind: 'trouble',
      trouble: { kind: 'records-lost', level: 1, records: 1 },
    });
  });

  it('never says «arrived» of a line that is not heard', () => {
    expect(judge(overview([lineHealth({ heartbeat: null })]))).toMatchObject({
      kind: 'trouble',
      trouble: { kind: 'silent', lastAt: null },
    });
  });
});
