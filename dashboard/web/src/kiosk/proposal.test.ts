import { describe, expect, it } from 'vitest';
import type { KioskProposal } from '../api/proposals.ts';
import { keptHere, namedClaim, proposalAtHand, waitingHere } from './proposal.ts';

const weighing = (id: string, grossGrams: number) => ({
  id,
  at: 1,
  scale: 'bale-scale',
  kind: 'recorded',
  grossGrams,
  netGrams: grossGrams,
});
const proposal = (id: string, more: Partial<KioskProposal> = {}): KioskProposal => ({
  id,
  outlet: 'creme',
  at: 1,
  weighing: null,
  ...more,
});
const atHand = (rows: readonly KioskProposal[], standing: Parameters<typeof proposalAtHand>[1]) =>
  proposalAtHand(rows, standing, ({ grossGrams }) => grossGrams)?.id ?? null;

describe('of the bales that the press gave out', () => {
  const first = proposal('p1', { weighing: weighing('w1', 180_000) });
  const second = proposal('p2', { weighing: weighing('w2', 181_000) });
  const third = proposal('p3');

  it('the oldest is the one to log while nothing stands on the scale', () => {
    expect(atHand([], null)).toBeNull();
    expect(atHand([first, second, third], null)).toBe('p1');
  });

  it('one that was weighed is not taken for another that stands on the scale', () => {
    expect(atHand([first, second, third], { grams: 180_000, weighing: 'w1' })).toBe('p1');
    expect(atHand([first, second, third], { grams: 181_000, weighing: 'w2' })).toBe('p2');
    expect(atHand([first, second, third], { grams: 90_000, weighing: 'w9' })).toBe('p3');
    expect(atHand([first, second], { grams: 90_000, weighing: null })).toBeNull();
  });

  it('the figure tells until the weighing is known, and the weighing tells twins apart', () => {
    const twin = proposal('p4', { weighing: weighing('w4', 180_000) });
    expect(atHand([first, twin], { grams: 180_000, weighing: null })).toBe('p1');
    expect(atHand([first, twin], { grams: 180_000, weighing: 'w4' })).toBe('p4');
  });

  it('the oldest that was not weighed stays the first, whatever is said of a younger one', () => {
    expect(atHand([proposal('p0'), second], { grams: 181_000, weighing: 'w2' })).toBe('p0');
  });
});

it('what was logged at this screen waits no more, unless the server has refused it', () => {
  const rows = [proposal('p1'), proposal('p2'), proposal('p3')];
  const logged = new Map([
    ['p1', 'k1'],
    ['p2', null],
  ]);
  const waiting = (refused: readonly string[]) =>
    waitingHere(rows, logged, new Set(refused)).map(({ id }) => id);
  expect(waiting([])).toEqual(['p3']);
  expect(waiting(['k1', 'k2'])).toEqual(['p1', 'p3']);
});

it('the weighing that it names is claimed when the scale shows the same, live, and it is the bale that is meant', () => {
  const rows = [proposal('p1', { weighing: weighing('w1', 180_000) }), proposal('p2')];
  const claim = (named: string | undefined, grams: number, how: 'live' | 'typed' = 'live') => {
    const choice = { kind: 'outlet', outlet: 'creme', ...(named === undefined ? {} : { proposal: named }) };
    return namedClaim(
      rows,
      { choice: { ...choice, kind: 'outlet' }, weight: { how, grams } },
      (row) => row.grossGrams,
    );
  };
  expect(claim('p1', 180_000)).toEqual({ weighing: 'w1', grams: 180_000 });
  expect(claim('p1', 180_500)).toBeNull();
  expect(claim('p1', 180_000, 'typed')).toBeNull();
  expect(claim('p2', 180_000)).toBeNull();
  expect(claim(undefined, 180_000)).toBeNull();
});

it('what is kept here and not sent yet is logged, whoever loaded the page again, unless it is annulled', () => {
  const bale = { kind: 'bale', press: 'presse-1', outlet: 'creme', grossGrams: 1, number: null } as const;
  const log = (key: string, named?: string) => ({
    key,
    about: bale,
    body: { occurredAt: 1, ...(named === undefined ? {} : { proposal: named }) },
  });
  const annul = {
    key: 'k9',
    about: { kind: 'void', of: 'k2', number: null } as const,
    body: { occurredAt: 2 },
  };
  expect(keptHere([log('k1', 'p1'), log('k2', 'p2'), log('k3'), annul])).toEqual(new Map([['p1', 'k1']]));
});
