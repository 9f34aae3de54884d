/**
 * The pictograms of outlets, the same as on the screens.
 *
 * Outlines of Lucide 1.48 (https://lucide.dev), on a square of 24, drawn with round strokes of 2.
 *
 * ISC License. Copyright (c) Lucide Icons and Contributors; portions (c) 2013–2022 Cole Bemis (Feather, MIT).
 * Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
 * granted, provided that the above copyright notice and this permission notice appear in all copies. THE SOFTWARE IS
 * PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE.
 */
import type { OutletRoute } from '@trame/protocol/line-description';

export const PICTOGRAM_GRID = 24;
export const PICTOGRAM_STROKE = 2;

const OUTLINES = {
  gem: 'M10.5 3 8 9l4 13 4-13-2.5-6M17 3a2 2 0 0 1 1.6.8l3 4a2 2 0 0 1 .013 2.382l-7.99 10.986a2 2 0 0 1-3.247 0l-7.99-10.986A2 2 0 0 1 2.4 7.8l2.998-3.997A2 2 0 0 1 7 3zM2 9h20',
  brush:
    'M16 22l-1-4M19 14a1 1 0 0 0 1-1v-1a2 2 0 0 0-2-2h-3a1 1 0 0 1-1-1V4a2 2 0 0 0-4 0v5a1 1 0 0 1-1 1H6a2 2 0 0 0-2 2v1a1 1 0 0 0 1 1M19 14H5l-1.973 6.767A1 1 0 0 0 4 22h16a1 1 0 0 0 .973-1.233zM8 22l1-4',
  spool:
    'M17 13.44 4.442 17.082A2 2 0 0 0 4.982 21H19a2 2 0 0 0 .558-3.921l-1.115-.32A2 2 0 0 1 17 14.837V7.66M7 10.56l12.558-3.642A2 2 0 0 0 19.018 3H5a2 2 0 0 0-.558 3.921l1.115.32A2 2 0 0 1 7 9.163v7.178',
  flask:
    'M14 2v6a2 2 0 0 0 .245.96l5.51 10.08A2 2 0 0 1 18 22H6a2 2 0 0 1-1.755-2.96l5.51-10.08A2 2 0 0 0 10 8V2M6.453 15h11.094M8.5 2h7',
  shirt:
    'M20.38 3.46 16 2a4 4 0 0 1-8 0L3.62 3.46a2 2 0 0 0-1.34 2.23l.58 3.47a1 1 0 0 0 .99.84H6v10c0 1.1.9 2 2 2h8a2 2 0 0 0 2-2V10h2.15a1 1 0 0 0 .99-.84l.58-3.47a2 2 0 0 0-1.34-2.23z',
  recycle:
    'M7 19H4.815a1.83 1.83 0 0 1-1.57-.881 1.785 1.785 0 0 1-.004-1.784L7.196 9.5M11 19h8.203a1.83 1.83 0 0 0 1.556-.89 1.784 1.784 0 0 0 0-1.775l-1.226-2.12M14 16l-3 3 3 3M8.293 13.596 7.196 9.5 3.1 10.598M9.344 5.811l1.093-1.892A1.83 1.83 0 0 1 11.985 3a1.784 1.784 0 0 1 1.546.888l3.943 6.843M13.378 9.633l4.096 1.098 1.097-4.096',
  factory:
    'M12 16h.01M16 16h.01M3 19a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V8.5a.5.5 0 0 0-.769-.422l-4.462 2.844A.5.5 0 0 1 15 10.5v-2a.5.5 0 0 0-.769-.422L9.77 10.922A.5.5 0 0 1 9 10.5V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2zM8 16h.01',
  flame:
    'M12 2c1 3 2.5 3.5 3.5 4.5A5 5 0 0 1 17 10a5 5 0 1 1-10 0c0-.3 0-.6.1-.9a2 2 0 1 0 3.3-2C8 4.5 11 2 12 2ZM5 22l14-4M5 18l14 4',
  bin: 'M10 11v6M14 11v6M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M3 6h18M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2',
  hand: 'M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15',
} as const;

export type PictogramId = keyof typeof OUTLINES;

export const PICTOGRAM_IDS = Object.keys(OUTLINES) as readonly PictogramId[];

const BY_ROUTE: Readonly<Record<OutletRoute, PictogramId>> = {
  reuse: 'shirt',
  recycling: 'recycle',
  csr: 'factory',
  energy: 'flame',
  disposal: 'bin',
  manual: 'hand',
};

/** Outlets that every sorter knows. */
const BY_OUTLET: ReadonlyMap<string, PictogramId> = new Map([
  ['creme', 'gem'],
  ['reemploi', 'shirt'],
  ['essuyage', 'brush'],
  ['effilochage', 'spool'],
  ['polymere', 'flask'],
  ['buchettes', 'flame'],
  ['csr', 'factory'],
  ['manuel', 'hand'],
  ['elimination', 'bin'],
]);
const UNKNOWN_OUTLET: PictogramId = 'recycle';

/**
 * The picture of an outlet.
 * @param name of a pictogram, or the id of an outlet.
 * @param route where its material goes, for outlets that nobody has drawn; null: not known.
 */
export function pictogramOf(name: string, route: OutletRoute | null): PictogramId {
  const named = PICTOGRAM_IDS.find((id) => id === name) ?? BY_OUTLET.get(name);
  return named ?? (route === null ? UNKNOWN_OUTLET : BY_ROUTE[route]);
}

/** @returns SVG path data on a square of `PICTOGRAM_GRID`, to be stroked. */
export function pictogramOutline(pictogram: PictogramId): string {
  return OUTLINES[pictogram];
}

const PATTERNS = ['plain', 'lines', 'dots', 'cross'] as const;
const COLOURS_ON_SCREEN = 6;

/** @param index place of the outlet in the line's description. @returns the hatch that screens give it too. */
export function patternOf(index: number): (typeof PATTERNS)[number] {
  return PATTERNS[(index + Math.floor(index / COLOURS_ON_SCREEN)) % PATTERNS.length] ?? 'plain';
}
