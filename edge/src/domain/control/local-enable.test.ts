import { expect, it } from 'vitest';
import { enableLeftMs, enableUsed, NEVER_PRESSED, nextEnable, type LocalEnable } from './local-enable.ts';

const WITHIN_MS = 10_000;

function after(
  ...looks: readonly (readonly [nowMs: number, pressed: boolean | null])[]
): (nowMs: number) => number {
  const enable = looks.reduce(
    (before, [nowMs, pressed]) => nextEnable(before, pressed, nowMs),
    NEVER_PRESSED,
  );
  return (nowMs) => enableLeftMs(enable, WITHIN_MS, nowMs);
}

it('counts from the moment the button goes down', () => {
  const left = after([0, false], [1_000, true], [1_500, false]);
  expect([left(1_000), left(6_000), left(10_999), left(11_000), left(60_000)]).toEqual([
    10_000, 5_000, 1, 0, 0,
  ]);
});

it('a button that is stuck counts no longer than a press', () => {
  expect(after([0, false], [1_000, true], [5_000, true], [30_000, true])(30_000)).toBe(0);
});

it('a button that was down already when it was first read, or after it was not readable, does not count', () => {
  expect(after([0, true])(0)).toBe(0);
  expect(after([0, false], [500, null], [1_000, true])(1_000)).toBe(0);
});

it('pressed again counts anew', () => {
  expect(after([0, false], [1_000, true], [2_000, false], [9_000, true])(12_000)).toBe(7_000);
});

function leftFor(enable: LocalEnable, request: string | null): number {
  return enableLeftMs(enable, WITHIN_MS, 2_000, request);
}

it('serves one request, until it is pressed again', () => {
  const pressed = nextEnable(nextEnable(NEVER_PRESSED, false, 0), true, 1_000);
  const used = enableUsed(pressed, 'a');
  expect([leftFor(pressed, null), leftFor(used, 'a'), leftFor(used, 'b'), leftFor(used, null)]).toEqual([
    9_000, 9_000, 0, 0,
  ]);
  const again = nextEnable(nextEnable(used, false, 1_500), true, 2_000);
  expect([leftFor(again, 'b'), leftFor(again, null)]).toEqual([10_000, 10_000]);
});
