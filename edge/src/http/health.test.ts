import { describe, expect, it } from 'vitest';
import { healthAnswer, type EdgeHealth } from './health.ts';

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

  it('is 503 while it starts or stops', () => {
    expect([status({ phase: 'starting' }), status({ phase: 'stopping' })]).toEqual([
      [503, 'starting'],
      [503, 'stopping'],
    ]);
  });
});
