/**
 * Not a gram is lost or made, whatever people do in whatever order: in = out + stock + water + missing + difference, for
 * every source lot. Real decisions, real records, real projection; the world that is expected knows of no movement.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { materialSite } from '../testing/test-material-site.ts';
import { ACT_NAMES, balances, Play, type ActName, type Step } from './test-play.ts';
import { holdings } from './test-world.ts';

/** Sequences of so many acts, so often: each is a second of real records. */
const STEPS_MAX = 50;
const RUNS = 12;
/** Afterwards no shorter sequence that fails is looked for, and no other one tried. */
const LOOKING_MS = 120_000;
/** Of a long day. */
const STEPS_OF_A_DAY_MAX = 600;

/** What needs several others before it comes more often than its turn. */
const OFTEN: readonly ActName[] = [
  ...ACT_NAMES,
  ...(['openShipment', 'loadShipment', 'loadShipment', 'dispatchShipment', 'dispatchShipment'] as const),
  ...(['returnShipment', 'bringBack', 'bringBack', 'receiveLot', 'logBale'] as const),
];

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...OFTEN),
  which: fc.nat(1_000_000),
  other: fc.nat(1_000_000),
  grams: fc.integer({ min: 1, max: 400_000 }),
  yes: fc.boolean(),
});

describe('mass', () => {
  it('is conserved to the gram by every sequence of acts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: STEPS_MAX, size: 'max' }),
        async (steps) => {
          await using site = await materialSite();
          const play = new Play(site);
          await play.begin();
          for (const one of [...OPENING, ...steps]) await play.step(one);
          balances(await holdings(site));
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: LOOKING_MS },
    );
  }, 300_000);

  it('is conserved by a long day in which every act is done at least once', async () => {
    await using site = await materialSite();
    const play = new Play(site);
    await play.begin();
    for (const one of OPENING) expect([one.act, await play.step(one)]).toEqual([one.act, 'recorded']);
    // The same every time, and long enough that nothing is left that was never done.
    let number = 1;
    const next = (): number => (number = (number * 48_271) % 2_147_483_647);
    for (let n = 0; n < STEPS_OF_A_DAY_MAX && play.recorded.size < ACT_NAMES.length; n += 1) {
      const act = OFTEN[next() % OFTEN.length] ?? 'logBale';
      const [which, other, grams] = [next(), next(), 1 + (next() % 100_000)];
      await play.step({ act, which, other, grams, yes: next() % 2 === 0 });
    }
    expect(ACT_NAMES.filter((act) => !play.recorded.has(act))).toEqual([]);
    balances(await holdings(site));
  }, 120_000);
});

/** Something to work with: two lots, one on the line, two outputs of it. */
const OPENING: readonly Step[] = [
  { act: 'receiveLot', which: 6, other: 0, grams: 300_000, yes: true },
  { act: 'receiveLot', which: 7, other: 1, grams: 200_000, yes: true },
  { act: 'loadLine', which: 1, other: 0, grams: 1, yes: true },
  { act: 'logBale', which: 2, other: 0, grams: 60_000, yes: false },
  { act: 'logBale', which: 4, other: 0, grams: 50_000, yes: true },
];
