import { describe, expect, it } from 'vitest';
import { counts, isPressed, neverPressed, nextPress, press, type LocalEnable } from './local-enable.ts';
import { isLost, lifeWritten, noLife } from './trame-life.ts';

describe('somebody at the panel', () => {
  it('presses the enable for a second every five while the line is to be started, so that it always counts', () => {
    let enable: LocalEnable = neverPressed;
    let pressedMs = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
      enable = nextPress(enable, true, nowMs);
      if (isPressed(enable, nowMs)) pressedMs += 100;
      expect(counts(enable, nowMs)).toBe(true);
    }
    expect(pressedMs).toBe(12_000);
  });

  it('does not press it otherwise, and a press counts for ten seconds after it ended', () => {
    expect(nextPress(neverPressed, false, 0)).toBe(neverPressed);
    const enable = press(1_000);
    expect(nextPress(enable, false, 9_000)).toBe(enable);
    expect([isPressed(enable, 1_999), isPressed(enable, 2_000)]).toEqual([true, false]);
    expect([counts(enable, 11_999), counts(enable, 12_000)]).toEqual([true, false]);
  });
});

describe('the life counter of the supervising system', () => {
  it('is missed five seconds after it stands still, once it has counted', () => {
    let watch = lifeWritten(noLife, 7, 0);
    watch = lifeWritten(watch, 8, 1_000);
    watch = lifeWritten(watch, 8, 4_000);
    expect([isLost(watch, 6_000), isLost(watch, 6_001)]).toEqual([false, true]);
    expect(isLost(lifeWritten(watch, 9, 20_000), 20_000)).toBe(false);
  });

  it('is never missed of who never wrote it, or wrote one value alone', () => {
    expect(isLost(noLife, 1e9)).toBe(false);
    expect(isLost(lifeWritten(lifeWritten(noLife, 5, 0), 5, 10), 1e9)).toBe(false);
  });
});
