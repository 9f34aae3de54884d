import { describe, expect, it } from 'vitest';
import { doubtMsOf } from './uplink-options.ts';

describe('how long what was sent is in doubt', () => {
  it.each([
    ['a short keep-alive of the edge tells nothing of when a silent host is missed', 1, 20_000],
    ['the keep-alive of the examples', 5, 20_000],
    ['the default', 30, 60_000],
    ['a long one', 600, 1_200_000],
  ])('%s: %d s', (_name, keepAliveS, doubtMs) => {
    expect(doubtMsOf(keepAliveS)).toBe(doubtMs);
  });
});
