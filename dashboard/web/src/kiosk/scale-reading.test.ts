import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import { readScale, type KioskScale } from './scale-reading.ts';

const NOW = 1_000_000;
const SCALE: KioskScale = {
  id: 's',
  label: 'Bascule',
  line: 'tri-1',
  use: 'bale',
  live: { gross: 'tri-1/bale-scale/gross', net: null, stable: 'tri-1/bale-scale/stable' },
  intervalGrams: 100,
};
const UP = { kind: 'up' } as const;

function tag(value: LiveTag['value'], more: Partial<LiveTag> = {}): LiveTag {
  return { value, unit: null, quality: 'good', reason: null, sourceTime: NOW, edgeTime: NOW, ...more };
}

function lineWith(tags: Readonly<Record<string, LiveTag>>, more: Partial<LiveLine> = {}): LiveLine[] {
  const station = {
    id: 'b',
    kind: 'scale',
    label: 'x',
    device: 'bale-scale',
    gross: 'gross',
    overload: 'over',
  } as const;
  return [
    {
      id: 'tri-1',
      site: 'x',
      line: 'tri-1',
      state: 'online',
      since: 0,
      lastMessageAt: NOW,
      description: { stations: [station], outlets: [] },
      devices: { 'bale-scale': { state: 'online', since: 0, tags } },
      control: null,
      controlAt: null,
      ...more,
    },
  ];
}
const TAGS = { gross: tag(248.03, { unit: 'kg' }), stable: tag(true), over: tag(false) };

describe('what the scale says', () => {
  it('is grams, no finer than its interval', () => {
    expect(readScale(SCALE, lineWith(TAGS), UP, NOW)).toEqual({
      kind: 'value',
      grams: 248_000,
      stable: true,
    });
    const grams = lineWith({ ...TAGS, gross: tag(248_060, { unit: 'g' }) });
    expect(readScale(SCALE, grams, UP, NOW)).toMatchObject({ grams: 248_100 });
  });

  it('is nothing without scale, wire, link, unit or quality', () => {
    expect(readScale(null, lineWith(TAGS), UP, NOW)).toEqual({ kind: 'none' });
    const unlinked = (lines: LiveLine[], scale = SCALE, nowMs = NOW) =>
      readScale(scale, lines, UP, nowMs).kind;
    expect(unlinked(lineWith(TAGS), { ...SCALE, live: null })).toBe('unlinked');
    expect(unlinked([])).toBe('unlinked');
    expect(unlinked(lineWith(TAGS), SCALE, NOW + 11_000)).toBe('unlinked');
    expect(unlinked(lineWith(TAGS, { state: 'offline' }))).toBe('unlinked');
    expect(
      unlinked(lineWith({ ...TAGS, gross: tag(1, { unit: 'kg', quality: 'bad', reason: 'stale' }) })),
    ).toBe('unlinked');
    expect(unlinked(lineWith({ ...TAGS, gross: tag(248) }))).toBe('unlinked');
    expect(unlinked(lineWith({ ...TAGS, stable: tag(true, { quality: 'bad' }) }))).toBe('unlinked');
    expect(readScale(SCALE, lineWith(TAGS), { kind: 'cut', sinceMs: NOW }, NOW).kind).toBe('unlinked');
  });

  it('is nothing beyond the capacity', () => {
    expect(readScale(SCALE, lineWith({ ...TAGS, over: tag(true) }), UP, NOW)).toEqual({
      kind: 'unlinked',
      why: 'overload',
    });
  });
});
