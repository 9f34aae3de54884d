import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDrift, encodeDrift, NO_DRIFT } from './drift-kept.ts';
import {
  acceptShares,
  BLOCK_PIECES,
  classOf,
  nextShares,
  NO_SHARES,
  REFERENCE_BLOCKS_MAX,
  shareCondition,
  type ShareDrift,
} from './share-drift.ts';
import { chance, runSeed, type Chance } from './test-chance.ts';
import { item } from './test-item.ts';

const seed = runSeed();
const CLASSES = ['cellulosic', 'polyester', 'polyamide', 'blend', 'unknown'] as const;
const USUAL = [0.45, 0.25, 0.05, 0.15, 0.1];
/** 15 points of cotton are called blends. */
const SHIFTED = [0.3, 0.25, 0.05, 0.3, 0.1];
const piece = (of: (typeof CLASSES)[number]) =>
  of === 'blend' || of === 'unknown'
    ? item(1, { facts: { reading: of } })
    : item(1, { verdict: { fibre: of }, facts: { reading: 'pure' } });
const PIECES = CLASSES.map(piece);

/** @param alike pieces in a row that are of one lot: half of what a lot is made of is its own class. */
function given(
  state: ShareDrift,
  luck: Chance,
  count: number,
  shares: readonly number[],
  alike = 1,
): readonly ShareDrift[] {
  const states: ShareDrift[] = [];
  let [next, own] = [state, 0];
  for (let index = 0; index < count; index += 1) {
    if (index % alike === 0) own = drawn(luck, shares);
    const of = alike > 1 && luck.next() < 0.3 ? own : drawn(luck, shares);
    next = nextShares(next, PIECES[of] ?? item(1));
    if (next.pieces === 0) states.push(next);
  }
  return states;
}

function drawn(luck: Chance, shares: readonly number[]): number {
  let left = luck.next();
  const of = shares.findIndex((share) => (left -= share) < 0);
  return of < 0 ? 0 : of;
}

const usual = (luck: Chance, alike = 1): ShareDrift =>
  given(NO_SHARES, luck, 40_000, USUAL, alike).at(-1) ?? NO_SHARES;
const isRaised = ({ found }: ShareDrift): boolean => found?.isRaised === true;

describe('what comes down the belt', () => {
  it('is called by its fibre, or by how it was read', () => {
    expect(PIECES.map(classOf)).toEqual([...CLASSES]);
    const unread = item(1, { facts: { reading: 'none' } });
    expect([classOf(unread), nextShares(NO_SHARES, unread)]).toEqual([null, NO_SHARES]);
  });

  it('is learnt first, and nothing is said', () => {
    const [first] = given(NO_SHARES, chance(seed), BLOCK_PIECES, USUAL);
    expect(shareCondition(first ?? NO_SHARES)).toMatchObject({ isRaised: null, value: null });
  });

  it.each([1, 50, 250])(
    'raises no alarm in 5 × 100 000 pieces while it stays the same, %d alike in a row',
    (alike) => {
      const counts = Array.from({ length: 5 }, (_, round) => {
        const luck = chance(seed + round);
        const states = given(usual(luck, alike), luck, 100_000, USUAL, alike);
        return states.filter((state, index) => isRaised(state) && !isRaised(states[index - 1] ?? NO_SHARES))
          .length;
      });
      process.stdout.write(
        `false alarms per 100 000 pieces (shares), ${alike} alike, seed ${seed}: ${counts.join(' ')}\n`,
      );
      expect(counts.reduce((a, b) => a + b)).toBeLessThanOrEqual(1);
    },
    60_000,
  );

  it.each([
    [1, 1500],
    [50, 5000],
  ])(
    'and changes by 15 points is found, with %d alike in a row within %d pieces',
    (alike, within) => {
      const delays = Array.from({ length: 20 }, (_, round) => {
        const luck = chance(seed + round);
        const start = usual(luck, alike);
        const index = given(start, luck, 10_000, SHIFTED, alike).findIndex(isRaised);
        return index < 0 ? Infinity : (index + 1) * BLOCK_PIECES;
      });
      process.stdout.write(
        `pieces until 15 points are found, ${alike} alike, seed ${seed}: ${delays.join(' ')}\n`,
      );
      expect(Math.max(...delays)).toBeLessThanOrEqual(within);
    },
    60_000,
  );

  it('and changed stays an alarm until a person says that it is so now, or it is as before', () => {
    const luck = chance(seed);
    const changed = given(usual(luck), luck, 20_000, SHIFTED).at(-1) ?? NO_SHARES;
    const { words, ...condition } = shareCondition(changed);
    expect(condition).toMatchObject({ isRaised: true, limit: 1 });
    expect(condition.value).toBeGreaterThan(1);
    expect(words).toMatch(
      /^(?:cellulosic|blend) : [23]\d,\d % des dernières pièces, [14]\d,\d % les jours d'avant$/u,
    );
    const accepted = given(acceptShares(changed), luck, 30_000, SHIFTED);
    expect(accepted.some(isRaised)).toBe(false);
    expect(shareCondition(accepted.at(-1) ?? NO_SHARES).isRaised).toBe(false);
    const before = given(changed, luck, 10_000, USUAL).at(-1) ?? NO_SHARES;
    expect(isRaised(before)).toBe(false);
  });

  it('may bring what was never seen before', () => {
    const luck = chance(seed);
    const start = given(NO_SHARES, luck, 40_000, [0.7, 0.3, 0, 0, 0]).at(-1) ?? NO_SHARES;
    const found = given(start, luck, 1000, [0.55, 0.25, 0, 0, 0.2]);
    expect(shareCondition(found.at(-1) ?? NO_SHARES)).toMatchObject({ isRaised: true });
  });

  it('is kept in bounds, counted whole, and as a text', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(1, 300), (own, alike) => {
        const luck = chance(own);
        const states = given(NO_SHARES, luck, 15_000, [0.2, 0.2, 0.2, 0.2, 0.2], alike);
        const last = states.at(-1) ?? NO_SHARES;
        for (const block of [...last.recent, ...last.reference]) {
          expect(Object.values(block).reduce((a, b) => a + b)).toBe(BLOCK_PIECES);
        }
        expect(last.reference.length).toBeLessThanOrEqual(REFERENCE_BLOCKS_MAX);
        expect(decodeDrift(encodeDrift({ ...NO_DRIFT, shares: last }))).toEqual({
          ...NO_DRIFT,
          shares: last,
        });
      }),
      { numRuns: 5 },
    );
  });
});
