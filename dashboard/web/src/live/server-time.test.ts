import { describe, expect, it } from 'vitest';
import { onHeartbeat, onStamp, serverNowMs } from './server-time.ts';

const told = onHeartbeat(10_000, { wallMs: 500_000, monotonicMs: 1_000 });

describe('server time', () => {
  it('goes on from the last heartbeat, whatever the offset of the page', () => {
    expect(serverNowMs(told, { wallMs: 503_000, monotonicMs: 4_000 })).toBe(13_000);
  });

  it('does not stand still when the computer slept', () => {
    expect(serverNowMs(told, { wallMs: 560_000, monotonicMs: 1_500 })).toBe(70_000);
  });

  it('does not go back when the wall clock is set back', () => {
    expect(serverNowMs(told, { wallMs: 100_000, monotonicMs: 6_000 })).toBe(15_000);
  });

  it('is whole ms, as every stamp is, though the monotonic clock has fractions', () => {
    expect(serverNowMs(told, { wallMs: 503_000, monotonicMs: 4_000.7 })).toBe(13_000);
  });

  it('is the wall clock before the server has spoken', () => {
    expect(serverNowMs(null, { wallMs: 42, monotonicMs: 1 })).toBe(42);
  });

  it('is moved up by a stamp that lies ahead, never down', () => {
    const reading = { wallMs: 501_000, monotonicMs: 2_000 };
    expect(onStamp(told, 9_000, reading)).toBe(told);
    expect(serverNowMs(onStamp(told, 20_000, reading), reading)).toBe(20_000);
    expect(serverNowMs(onStamp(null, 20_000, reading), reading)).toBe(20_000);
  });
});
