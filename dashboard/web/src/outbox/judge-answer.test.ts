import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAnswer, retryDelayMs } from './judge-answer.ts';

const answer = { id: 'B1', number: 1, events: ['e'], warnings: [], replayed: false };

describe('the answer to an act', () => {
  it('that it is recorded ends it', () => {
    expect(judgeAnswer({ kind: 'ok', body: answer })).toEqual({ kind: 'recorded', answer });
  });

  it.each([
    [409, 'already-shipped'],
    [422, 'net-not-positive'],
    [400, 'invalid-request'],
    [403, 'forbidden'],
    [404, 'unknown-output'],
    [409, 'month-closed'],
    [409, 'key-reused'],
    [409, 'refused'],
    [413, 'body-too-large'],
  ])('%s %s is a refusal, for a person to look at', (status, code) => {
    expect(judgeAnswer({ kind: 'refused', status, code, params: { net: 1 } })).toEqual({
      kind: 'refused',
      refusal: { status, code, params: { net: 1 } },
    });
  });

  it.each([
    [500, 'internal-error', 'busy'],
    [500, '', 'busy'],
    [504, 'no-reply', 'line-away'],
    [409, 'stale', 'busy'],
    [409, 'not-stored', 'busy'],
    [409, 'unknown-key', 'line-trust'],
    [429, '', 'busy'],
    [408, '', 'busy'],
  ])('%s %s is no refusal: it is asked again', (status, code, why) => {
    expect(judgeAnswer({ kind: 'refused', status, code })).toEqual({ kind: 'again', why });
  });

  it('of nobody is asked again, of a server that does not know who asks waits for a sign-in', () => {
    expect(judgeAnswer({ kind: 'away' })).toEqual({ kind: 'again', why: 'away' });
    expect(judgeAnswer({ kind: 'refused', status: 401, code: 'not-signed-in' })).toEqual({
      kind: 'signed-out',
    });
  });
});

it('the pause grows, is never longer than half a minute, and never the same for all', () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, chance) => {
        const delay = retryDelayMs(attempt, chance);
        expect(delay).toBeGreaterThanOrEqual(500);
        expect(delay).toBeLessThanOrEqual(30_000);
      },
    ),
  );
  expect(retryDelayMs(3, 0)).toBe(4_000);
  expect(retryDelayMs(3, 0.5)).toBe(6_000);
});
