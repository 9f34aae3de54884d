/**
 * Contrast of the design tokens, computed from the style sheet itself: WCAG 2.2 asks 4.5:1 for text (1.4.3)
 * and 3:1 for graphics that carry meaning (1.4.11).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Theme = 'light' | 'dark';
const THEMES: readonly Theme[] = ['light', 'dark'];
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function colour(token: string, theme: Theme): string {
  const found = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`, 'u').exec(css);
  const value = found?.[theme === 'light' ? 1 : 2];
  if (value === undefined) throw new Error(`no token --${token}`);
  return value;
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const linear = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT: readonly (readonly [string, string])[] = [
  ['ink', 'bg'],
  ['ink', 'panel'],
  ['ink', 'track'],
  ['ink', 'hatch'],
  ['muted', 'bg'],
  ['muted', 'panel'],
  ['muted', 'track'],
  ['action', 'panel'],
  ['action', 'bg'],
  ['on-action', 'action'],
  ['on-banner', 'banner'],
  ['kiosk-ink', 'kiosk-bg'],
  ['kiosk-ink', 'kiosk-panel'],
  ['kiosk-ink', 'kiosk-press'],
  ['kiosk-muted', 'kiosk-bg'],
  ['kiosk-muted', 'kiosk-panel'],
  ['kiosk-muted', 'kiosk-press'],
  ['on-validate', 'validate'],
];

const OUTLETS = [1, 2, 3, 4, 5, 6].map((number) => `outlet-${number}`);
const GRAPHICS: readonly (readonly [string, string])[] = [
  ['equipment', 'panel'],
  ['equipment', 'bg'],
  ['action', 'panel'],
  ...OUTLETS.map((outlet) => [outlet, 'panel'] as const),
  ['kiosk-rule', 'kiosk-bg'],
  ['kiosk-rule', 'kiosk-panel'],
  ['validate', 'kiosk-bg'],
  ...OUTLETS.map((outlet) => [outlet, 'kiosk-panel'] as const),
  // Alarm marks always have an outline in ink: it carries the shape.
  ['ink', 'panel'],
  // The sign of an urgent banner.
  ['panel', 'alarm-1'],
];

describe.each(THEMES)('in the %s theme', (theme) => {
  it.each(TEXT)('text --%s can be read on --%s', (text, ground) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(GRAPHICS)('graphics --%s can be seen on --%s', (mark, ground) => {
    expect(contrast(colour(mark, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});

it('the measure itself is right: black on white is 21:1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
