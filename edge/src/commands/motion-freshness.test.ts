import { MOTION_EXPIRY_MS } from '@trame/protocol/command';
import { describe, expect, it } from 'vitest';
import { HEARTBEATS_MAX, isMotionFresh, noteHeartbeat, type HeartbeatTimes } from './motion-freshness.ts';

const BOOT = '0123456789abcdef';

function said(...atMs: readonly number[]): HeartbeatTimes {
  let times: HeartbeatTimes = { boot: BOOT, said: [] };
  for (const [index, at] of atMs.entries()) times = noteHeartbeat(times, index + 1, at);
  return times;
}

describe('a request to move something', () => {
  it('is fresh for 10 s after the heartbeat that it quotes, and not a moment longer', () => {
    const times = said(0, 2000, 4000);
    const quoted = { boot: BOOT, tick: 2 };
    expect(isMotionFresh(quoted, 2000 + MOTION_EXPIRY_MS, times)).toBe(true);
    expect(isMotionFresh(quoted, 2001 + MOTION_EXPIRY_MS, times)).toBe(false);
  });

  it.each([
    ['of before a restart', { boot: 'fedcba9876543210', tick: 1 }],
    ['that was not said yet', { boot: BOOT, tick: 4 }],
    ['that never was', { boot: BOOT, tick: 0 }],
  ])('is void when it quotes a heartbeat %s', (_, quoted) => {
    expect(isMotionFresh(quoted, 4000, said(0, 2000, 4000))).toBe(false);
  });

  it('is void when its heartbeat was forgotten; only a few are remembered', () => {
    const times = said(...Array.from({ length: 100 }, (_, index) => index * 100));
    expect(times.said).toHaveLength(HEARTBEATS_MAX);
    expect(isMotionFresh({ boot: BOOT, tick: 1 }, 9900, times)).toBe(false);
    expect(said(0, 2000, 20_000).said.map(({ tick }) => tick)).toEqual([3]);
  });
});
