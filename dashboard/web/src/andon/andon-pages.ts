/** What a screen at five metres shows, and when: pure. Times are server time, ms since 1970 UTC. */
import type { Andon } from '@trame/protocol/stops/stop-answers';

/** As long as a page stays: read at leisure from five metres. */
export const PAGE_MS = 12_000;
/** Bins that one page holds. */
export const BINS_PER_PAGE = 6;
/** Past this without news the screen says so: a picture must not look live. */
export const OLD_MS = 30_000;

export type AndonPage =
  | { readonly kind: 'figures' }
  | { readonly kind: 'bins'; readonly bins: Andon['bins'] }
  /** Nothing else turns while it stands. */
  | { readonly kind: 'alarm'; readonly alarm: NonNullable<Andon['worst']> };

/** Somebody has to act at once: rotation stops. */
const URGENT = 1;

export function andonPages({ worst, bins }: Pick<Andon, 'worst' | 'bins'>): readonly AndonPage[] {
  if (worst !== null && worst.priority <= URGENT) return [{ kind: 'alarm', alarm: worst }];
  const pages: AndonPage[] = [{ kind: 'figures' }];
  for (let at = 0; at < bins.length; at += BINS_PER_PAGE)
    pages.push({ kind: 'bins', bins: bins.slice(at, at + BINS_PER_PAGE) });
  return pages;
}

export function pageAt(pages: readonly AndonPage[], nowMs: number): AndonPage {
  const page = pages[Math.floor(nowMs / PAGE_MS) % pages.length];
  return page ?? { kind: 'figures' };
}

/** How far a screen that stands for years is moved, px: a step a minute along a square, so that nothing burns in. */
const STEP_MS = 60_000;
const STEP_PX = 4;
const STEPS = 4;

export function driftAt(nowMs: number): { readonly x: number; readonly y: number } {
  const step = Math.floor(nowMs / STEP_MS) % (STEPS * 4);
  const along = step % STEPS;
  const side = Math.floor(step / STEPS);
  const [x, y] = [
    [along, 0],
    [STEPS, along],
    [STEPS - along, STEPS],
    [0, STEPS - along],
  ][side] ?? [0, 0];
  return { x: (x ?? 0) * STEP_PX, y: (y ?? 0) * STEP_PX };
}

/** @param takenAt of the last answer; null: none came yet. */
export function isOld(takenAt: number | null, nowMs: number): boolean {
  return takenAt !== null && nowMs - takenAt > OLD_MS;
}

/** How a state looks: running is filled, what stands is an outline, what is broken off is struck through. */
export function stateShape(state: string): 'filled' | 'outline' | 'struck' | 'unknown' {
  if (state === 'execute') return 'filled';
  if (state === 'unknown') return 'unknown';
  return state === 'aborted' || state === 'aborting' ? 'struck' : 'outline';
}
