import { describe, expect, it } from 'vitest';
import { CALM_WATCH } from '../domain/sorting/test-watch.ts';
import type { SortingStatus } from '../ports/sorting-status.ts';
import { healthAnswer, type EdgeHealth } from './health.ts';

const SPOOL = {
  state: 'ok' as const,
  reason: null,
  samples: 3,
  bytes: 4096,
  maxBytes: 1e6,
  oldestAt: 4000,
  dropped: 0,
};

const SORTING: SortingStatus = {
  model: { id: 'sim-v1', sha256: 'c'.repeat(64) },
  modelFault: null,
  programme: { id: 'essai', version: 1, hash: 'd'.repeat(64) },
  programmeFault: null,
  sorted: 12,
  toFallback: 2,
  late: 1,
  unwritten: 0,
  missed: 0,
  failed: 0,
  items: {
    state: 'ok',
    reason: null,
    items: 12,
    spectra: 12,
    waiting: 0,
    dropped: 0,
    unreadable: 0,
    setAsideAtMs: 4000,
  },
  watch: CALM_WATCH,
};

const WELL: EdgeHealth = {
  phase: 'running',
  site: 'caux',
  line: 'tri-1',
  version: '0.1.0',
  startedAtMs: 0,
  nowMs: 5000,
  keepsCounts: true,
  devices: [
    {
      id: 'scale',
      state: 'online',
      reason: null,
      sinceMs: 1000,
      dataAgeMs: 12.4,
      tags: { good: 3, uncertain: 0, bad: 0 },
    },
  ],
  uplink: { state: 'born', reason: null, sinceMs: 2000, bdSeq: 4, owed: 0 },
  ledger: {
    state: 'ok',
    code: null,
    reason: null,
    epoch: 'a'.repeat(32),
    head: 7,
    hash: 'b'.repeat(64),
    unstored: 0,
    lost: 0,
    consumers: [{ consumer: 'trame', state: 'following', upTo: 7, waiting: 0, reason: null }],
  },
  spool: SPOOL,
  disk: { state: 'ok', freeBytes: 1e9, reserveBytes: 1e6 },
  clock: { state: 'checked', offsetMs: 12 },
};

function status(over: Partial<EdgeHealth>): readonly [number, unknown] {
  const { httpStatus, body } = healthAnswer({ ...WELL, ...over });
  return [httpStatus, 'status' in body ? body.status : null];
}

describe('the health of an edge', () => {
  it('is ok when every device answers and the broker takes its data', () => {
    expect(healthAnswer(WELL)).toMatchObject({
      httpStatus: 200,
      body: {
        status: 'ok',
        uptimeMs: 5000,
        uplink: { state: 'born', since: '1970-01-01T00:00:02.000Z' },
        devices: [{ id: 'scale', state: 'online', dataAgeMs: 12 }],
      },
    });
    expect(status({ uplink: null, devices: [] })).toEqual([200, 'ok']);
  });

  it('is degraded, not down, when a device, the broker or the disk is away', () => {
    const devices = WELL.devices.map((device) => ({ ...device, state: 'offline' as const }));
    const uplink = { state: 'disconnected', reason: 'x', sinceMs: 0, bdSeq: null, owed: 0 } as const;
    expect([status({ devices }), status({ uplink }), status({ keepsCounts: false })]).toEqual([
      [200, 'degraded'],
      [200, 'degraded'],
      [200, 'degraded'],
    ]);
  });

  it('tells ledger, spool, disk and clock as the heartbeat does, with times for a person', () => {
    expect(healthAnswer(WELL).body).toMatchObject({
      ledger: WELL.ledger,
      spool: { samples: 3, oldestAt: '1970-01-01T00:00:04.000Z' },
      disk: WELL.disk,
      clock: WELL.clock,
    });
    const idle = healthAnswer({ ...WELL, spool: { ...SPOOL, oldestAt: null } });
    expect(idle.body).toMatchObject({ spool: { oldestAt: null } });
    expect(status({ spool: null, disk: { ...WELL.disk, state: 'unknown' } })).toEqual([200, 'ok']);
  });

  it.each([
    ['the ledger does not store', { ledger: { ...WELL.ledger, state: 'not-stored' as const } }],
    ['a record was given up', { ledger: { ...WELL.ledger, lost: 1 } }],
    ['the ledger is damaged', { ledger: { ...WELL.ledger, state: 'closed' as const } }],
    [
      'a consumer does not follow',
      {
        ledger: {
          ...WELL.ledger,
          consumers: WELL.ledger.consumers.map((consumer) => ({ ...consumer, state: 'fork' as const })),
        },
      },
    ],
    ['the spool is damaged', { spool: { ...SPOOL, state: 'closed' as const } }],
    ['little room is left', { disk: { ...WELL.disk, state: 'low' as const } }],
    ['nothing can be read of spectra', { sorting: { ...SORTING, model: null, modelFault: 'altered' } }],
    ['no programme can be followed', { sorting: { ...SORTING, programme: null, programmeFault: 'none' } }],
    [
      'pieces are not kept',
      { sorting: { ...SORTING, items: { ...SORTING.items, state: 'closed' as const } } },
    ],
    ['the clock is behind', { clock: { state: 'behind' as const, offsetMs: null } }],
  ])('is degraded when %s', (_what, over) => {
    expect(status(over)).toEqual([200, 'degraded']);
  });

  it('tells how pieces are sorted, and nothing of it where they are not', () => {
    expect(status({ sorting: SORTING })).toEqual([200, 'ok']);
    expect(healthAnswer({ ...WELL, sorting: SORTING }).body).toMatchObject({
      sorting: { sorted: 12, late: 1, items: { items: 12, setAsideAt: '1970-01-01T00:00:04.000Z' } },
    });
    expect(healthAnswer(WELL).body).toMatchObject({ sorting: null });
  });

  it('is 503 while it starts or stops', () => {
    expect([status({ phase: 'starting' }), status({ phase: 'stopping' })]).toEqual([
      [503, 'starting'],
      [503, 'stopping'],
    ]);
  });
});
