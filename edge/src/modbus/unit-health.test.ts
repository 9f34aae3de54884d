import { describe, expect, it } from 'vitest';
import { connectDelayMs, unitRetryDelayMs } from './retry-delay.ts';
import { nextHealth, UNKNOWN_HEALTH, type HealthEvent, type UnitHealth } from './unit-health.ts';

const answered: HealthEvent = { kind: 'answered' };
const cut: HealthEvent = { kind: 'cut', reason: 'cut' };
const unreachable: HealthEvent = { kind: 'unreachable', reason: 'refused' };
const silent: HealthEvent = {
  kind: 'silent',
  reason: 'silent',
  nowMs: 0,
  isShared: false,
  leaveAloneMs: 0,
  canAskOther: false,
};

function play(...events: HealthEvent[]): { readonly said: string[]; readonly health: UnitHealth } {
  let health = UNKNOWN_HEALTH;
  const said: string[] = [];
  for (const event of events) {
    const next = nextHealth(health, event);
    health = next.health;
    if (next.effect.kind === 'online') said.push('online');
    if (next.effect.kind === 'offline') said.push(next.effect.reason);
  }
  return { said, health };
}

describe('the health of a unit', () => {
  it('is told when it changes, and only then', () => {
    expect(play(answered, answered, unreachable, unreachable, answered).said).toStrictEqual([
      'online',
      'refused',
      'online',
    ]);
  });

  it('outlives two failures in a row and not three', () => {
    expect(play(answered, silent, cut, answered, silent, silent).said).toStrictEqual(['online']);
    expect(play(answered, silent, cut, silent).said).toStrictEqual(['online', 'silent']);
  });

  it('is bad from the first failure when the unit never answered', () => {
    expect(play(silent, silent).said).toStrictEqual(['silent']);
    expect(play(cut).said).toStrictEqual(['cut']);
  });

  it('forgets its back-off when the link comes back', () => {
    expect(play(silent, silent, silent).health.retryAtMs).toBe(2000);
    expect(play(silent, silent, unreachable, { kind: 'reachable' }).health).toMatchObject({
      state: 'offline',
      failures: 0,
      retryAtMs: 0,
    });
  });

  it('asks at once for something else after the first silence, and only then', () => {
    const silentOnce: HealthEvent = { ...silent, nowMs: 50, canAskOther: true };
    expect(play(answered, silentOnce).health.retryAtMs).toBe(50);
    expect(play(answered, silentOnce, silentOnce).health.retryAtMs).toBe(1050);
    expect(play(silentOnce).health.retryAtMs).toBe(550);
    expect(play(answered, { ...silentOnce, leaveAloneMs: 200 }).health.retryAtMs).toBe(250);
  });

  it('leaves the unit alone at least as long as a late answer may take', () => {
    expect(play({ ...silent, nowMs: 50, leaveAloneMs: 3000 }).health.retryAtMs).toBe(3050);
  });
});

describe('delays between attempts', () => {
  it('find a unit that comes back within 10 s as long as it is alone on its link', () => {
    for (let failures = 1; failures < 1000; failures += 1) {
      expect(unitRetryDelayMs(failures, false)).toBeLessThanOrEqual(2000);
    }
  });

  it('grow for a dead unit among others, up to five minutes', () => {
    const delays = Array.from({ length: 200 }, (_, index) => unitRetryDelayMs(index + 1, true));
    expect(delays.slice(0, 8)).toStrictEqual([500, 1000, 2000, 2000, 2000, 4000, 6000, 8000]);
    expect(delays.at(-1)).toBe(300_000);
    expect(delays.every((delay, index) => delay >= (delays[index - 1] ?? 0))).toBe(true);
  });

  it('open a link that worked at once, and one that does not after at most 5 s', () => {
    expect(connectDelayMs(0, 0.9)).toBe(0);
    expect([1, 2, 3].map((failures) => connectDelayMs(failures, 1))).toStrictEqual([250, 500, 1000]);
    expect(connectDelayMs(1, 0)).toBe(125);
    for (let failures = 1; failures < 2000; failures += 1) {
      expect(connectDelayMs(failures, 0.999)).toBeLessThanOrEqual(5000);
      expect(connectDelayMs(failures, 0)).toBeGreaterThan(0);
    }
  });
});
