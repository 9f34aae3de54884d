import { expect, test } from 'vitest';
import { afterDeath, MAX_DEATHS, NEVER_DIED, WINDOW_MS, type RestartDecision } from './restart-policy.ts';

function decisions(deathsMs: readonly number[]): RestartDecision[] {
  let state = NEVER_DIED;
  return deathsMs.map((nowMs) => {
    const next = afterDeath(state, nowMs);
    state = next.state;
    return next.decision;
  });
}

test('a program that dies is started again after pauses that double, and given up at the last allowed death', () => {
  expect(decisions([0, 10, 20, 30, 40])).toEqual([
    { kind: 'restart', afterMs: 1_000 },
    { kind: 'restart', afterMs: 2_000 },
    { kind: 'restart', afterMs: 4_000 },
    { kind: 'restart', afterMs: 8_000 },
    { kind: 'give-up', deaths: MAX_DEATHS },
  ]);
});

test('deaths far apart are forgotten', () => {
  const apart = [0, 1, 2, 3, 4].map((index) => index * WINDOW_MS);
  expect(new Set(decisions(apart).map(({ kind }) => kind))).toEqual(new Set(['restart']));
});
