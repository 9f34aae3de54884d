import type { LiveTag } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import { lineFreshness, linkTrust, tagTrust, worseTrust, TRUSTED } from './freshness.ts';

const UP = { kind: 'up' } as const;
const NOW = 1_000_000;
const online = (lastMessageAt: number | null) => ({ state: 'online', since: 0, lastMessageAt }) as const;
const tag = (change: Partial<LiveTag>): LiveTag => ({
  value: 1,
  unit: null,
  quality: 'good',
  reason: null,
  sourceTime: 0,
  edgeTime: 0,
  ...change,
});

describe('lineFreshness', () => {
  it('is live up to ten seconds, late up to thirty, then lost', () => {
    expect(lineFreshness(online(NOW - 10_000), UP, NOW)).toEqual({ kind: 'live', ageMs: 10_000 });
    expect(lineFreshness(online(NOW - 10_001), UP, NOW)).toMatchObject({ kind: 'late', ageMs: 10_001 });
    expect(lineFreshness(online(NOW - 30_000), UP, NOW)).toMatchObject({ kind: 'late' });
    expect(lineFreshness(online(NOW - 30_001), UP, NOW)).toEqual({
      kind: 'lost',
      cause: 'silence',
      lastAt: NOW - 30_001,
    });
  });

  it('is never younger than now, whatever the clocks say', () => {
    expect(lineFreshness(online(NOW + 5_000), UP, NOW)).toEqual({ kind: 'live', ageMs: 0 });
  });

  it('is lost at once when the stream is cut, since the older of the two stamps', () => {
    const cut = { kind: 'cut', sinceMs: NOW - 2_000 } as const;
    expect(lineFreshness(online(NOW - 500), cut, NOW)).toEqual({
      kind: 'lost',
      cause: 'link',
      lastAt: NOW - 2_000,
    });
    expect(lineFreshness(online(NOW - 9_000), cut, NOW)).toMatchObject({ lastAt: NOW - 9_000 });
    expect(lineFreshness(online(null), { kind: 'cut', sinceMs: null }, NOW)).toMatchObject({ lastAt: null });
  });

  it('is lost when its edge is offline, however young the last message', () => {
    const line = { state: 'offline', since: NOW - 100, lastMessageAt: NOW - 100 } as const;
    expect(lineFreshness(line, UP, NOW)).toEqual({ kind: 'lost', cause: 'edge', lastAt: NOW - 100 });
  });

  it('is lost before the first message', () => {
    expect(lineFreshness(online(null), UP, NOW)).toMatchObject({
      kind: 'lost',
      cause: 'silence',
      lastAt: null,
    });
  });
});

describe('tagTrust', () => {
  const live = { kind: 'live', ageMs: 0 } as const;
  const late = { kind: 'late', ageMs: 12_000, lastAt: 1 } as const;

  it('trusts a good value of a live line only', () => {
    expect(tagTrust(tag({}), live)).toEqual(TRUSTED);
    expect(tagTrust(tag({}), late)).toEqual({ quality: 'stale', doubt: 'late' });
  });

  it('gives the reason of a value that is not good', () => {
    expect(tagTrust(tag({ quality: 'bad', reason: 'refused' }), live)).toEqual({
      quality: 'bad',
      doubt: 'refused',
    });
    expect(tagTrust(tag({ quality: 'bad', reason: null }), live)).toEqual({
      quality: 'bad',
      doubt: 'device-bad',
    });
  });

  it('keeps «bad» on a late line, but lets «uncertain» become old', () => {
    expect(tagTrust(tag({ quality: 'bad', reason: 'stale' }), late).quality).toBe('bad');
    expect(tagTrust(tag({ quality: 'uncertain', reason: 'overflow' }), late).quality).toBe('stale');
  });

  it('says that a tag is missing', () => {
    expect(tagTrust(undefined, live)).toEqual({ quality: 'missing', doubt: 'not-known' });
  });

  it.each(['link', 'edge', 'silence'] as const)('trusts nothing of a line that is lost (%s)', (cause) => {
    const trust = linkTrust({ kind: 'lost', cause, lastAt: 1 });
    expect(trust.quality).toBe('stale');
    expect(trust.doubt).not.toBeNull();
  });

  it('worseTrust keeps the worse, the first of equals', () => {
    const a = { quality: 'bad', doubt: 'refused' } as const;
    const b = { quality: 'bad', doubt: 'stale' } as const;
    expect(worseTrust(TRUSTED, a)).toBe(a);
    expect(worseTrust(a, TRUSTED)).toBe(a);
    expect(worseTrust(a, b)).toBe(a);
  });
});
