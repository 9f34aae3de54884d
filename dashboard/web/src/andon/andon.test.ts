/** What the andon shows and when: rotation stops on what asks for somebody at once, and nothing burns in. */
import { Andon } from '@trame/protocol/stops/stop-answers';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { isAndon } from '../api/read-stops.ts';
import { MORNING } from '../stops/test-stops.ts';
import {
  andonPages,
  BINS_PER_PAGE,
  driftAt,
  isOld,
  OLD_MS,
  PAGE_MS,
  pageAt,
  stateShape,
} from './andon-pages.ts';

const DRIFT_MAX_PX = 16;

function alarm(priority: number): NonNullable<Andon['worst']> {
  return { id: 'tri-1:a', label: 'Bourrage', priority, since: MORNING, response: 'Dégager.' };
}

function bins(count: number): Andon['bins'] {
  return Array.from({ length: count }, (_, index) => ({ outlet: `o${index}`, label: 'Bac', percent: index }));
}

describe('the pages', () => {
  it('turn: figures, then all bins, and again', () => {
    const pages = andonPages({ worst: null, bins: bins(BINS_PER_PAGE + 2) });
    const seen = [0, 1, 2, 3].map((step) => pageAt(pages, MORNING + step * PAGE_MS).kind);
    expect(pages.map(({ kind }) => kind)).toEqual(['figures', 'bins', 'bins']);
    expect(new Set(seen.slice(0, 3)).size).toBe(2);
    expect(seen[3]).toBe(seen[0]);
  });

  it('stand still on an alarm of the first priority, on no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.nat(30), fc.nat(100_000_000), (priority, count, ms) => {
        const pages = andonPages({ worst: alarm(priority), bins: bins(count) });
        expect(pageAt(pages, MORNING + ms).kind === 'alarm').toBe(priority === 1);
        const shown = pages.flatMap((page) => (page.kind === 'bins' ? page.bins : []));
        expect(shown.length).toBe(priority === 1 ? 0 : count);
      }),
    );
  });
});

describe('a screen that stands for years', () => {
  it('moves by little and slowly, and comes back', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000), (ms) => {
        const now = driftAt(MORNING + ms);
        const next = driftAt(MORNING + ms + 60_000);
        for (const { x, y } of [now, next]) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(Math.max(x, y)).toBeLessThanOrEqual(DRIFT_MAX_PX);
        }
        expect(Math.abs(next.x - now.x) + Math.abs(next.y - now.y)).toBe(4);
        expect(driftAt(MORNING + ms + 16 * 60_000)).toEqual(now);
      }),
    );
  });

  it('says when it is old, and not before it was ever told', () => {
    expect(isOld(null, MORNING)).toBe(false);
    expect([OLD_MS, OLD_MS + 1].map((age) => isOld(MORNING, MORNING + age))).toEqual([false, true]);
  });
});

it('a state has a shape of its own: what runs is filled, what is not known looks so', () => {
  expect(['execute', 'held', 'aborted', 'unknown'].map((state) => stateShape(state))).toEqual([
    'filled',
    'outline',
    'struck',
    'unknown',
  ]);
});

it('the answer is read as the contract has it', () => {
  const answer: Andon = {
    line: 'tri-1',
    at: MORNING,
    state: 'execute',
    stateSince: null,
    mode: null,
    shift: null,
    outputs: null,
    target: null,
    sortedKg: null,
    trs: null,
    teamKgPerHour: null,
    worst: alarm(2),
    bins: bins(2),
  };
  expect(Value.Check(Andon, answer) && isAndon(answer)).toBe(true);
  expect(isAndon({ ...answer, bins: null })).toBe(false);
});
