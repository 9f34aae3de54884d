import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clothOf, coatingOdds, shadeOdds, thicknessOdds, transmissionOf, type Cloth } from './cloth.ts';
import { fabrics, type Fabric } from './materials.ts';
import { glareOdds, placementOdds, poseOf, trimOdds, type Pose } from './pose.ts';
import { mean, spread } from './test-reads.ts';

const fabricIds = Object.keys(fabrics) as Fabric[];
const many = 20_000;

function clothes(fabric: Fabric): Cloth[] {
  return Array.from({ length: many }, (_, index) => clothOf(3, index, fabric));
}

/** Whether a share found among so many draws is within five standard deviations of its odds. */
function isLikely(found: number, odds: number, draws = many): boolean {
  return Math.abs(found - odds) < 5 * Math.sqrt((odds * (1 - odds)) / draws) + 1e-9;
}

/** What was drawn more or less often than the table says. */
function unlikely<Choice>(
  drawn: readonly Choice[],
  table: readonly (readonly [Choice, number])[],
): readonly Choice[] {
  const total = table.reduce((sum, [, weight]) => sum + weight, 0);
  const off = table.filter(([choice, weight]) => {
    const found = drawn.filter((each) => each === choice).length / drawn.length;
    return !isLikely(found, weight / total, drawn.length);
  });
  const known = new Set(table.map(([choice]) => choice));
  return [...off.map(([choice]) => choice), ...drawn.filter((choice) => !known.has(choice))];
}

describe('the cloth of garments', () => {
  it('is a function of the seed and the garment, and what it says holds together', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.nat(10_000_000),
        fc.constantFrom(...fabricIds),
        (seed, index, fabric) => {
          const cloth = clothOf(seed, index, fabric);
          expect(clothOf(seed, index, fabric)).toEqual(cloth);
          const { low, high } = transmissionOf[cloth.thickness];
          expect(cloth.transmission).toBeGreaterThanOrEqual(low);
          expect(cloth.transmission).toBeLessThanOrEqual(high);
          expect(Object.values(cloth.upper).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
          expect(cloth.upper).toEqual(cloth.layered ? cloth.upper : fabrics[fabric]);
          expect(cloth.layered).toBe(fabric === 'multilayer');
          for (const fibre of Object.keys(cloth.upper)) expect(Object.keys(fabrics[fabric])).toContain(fibre);
        },
      ),
    );
  });

  it.each(['cotton', 'polyamide', 'wool', 'multilayer'] as const)(
    'of %s comes in colours, thicknesses and coatings by their odds',
    (fabric) => {
      const drawn = clothes(fabric);
      expect(
        unlikely(
          drawn.map(({ shade }) => shade),
          shadeOdds,
        ),
      ).toEqual([]);
      expect(
        unlikely(
          drawn.map(({ thickness }) => thickness),
          thicknessOdds(fabric),
        ),
      ).toEqual([]);
      expect(
        isLikely(drawn.filter(({ coating }) => coating > 0).length / many, coatingOdds[fabric] ?? 0),
      ).toBe(true);
    },
  );

  it('of several layers has each on top as often as it is heavy', () => {
    const tops = clothes('multilayer').map(({ upper }) => Object.keys(upper).join('+'));
    expect(unlikely(tops, Object.entries(fabrics.multilayer))).toEqual([]);
  });
});

describe('how garments lie', () => {
  const poses: Pose[] = Array.from({ length: many }, (_, index) => poseOf(3, index + 1, index));

  it('is a function of the seed, the read and the garment, by the odds', () => {
    expect(poseOf(3, 1, 0)).toEqual(poses[0]);
    expect(poseOf(3, 2, 0)).not.toEqual(poses[0]);
    expect(
      unlikely(
        poses.map(({ placement }) => placement),
        placementOdds,
      ),
    ).toEqual([]);
    const covering = poses.filter(({ covered }) => covered > 0);
    expect(
      unlikely(
        covering.map(({ trim }) => trim),
        trimOdds,
      ),
    ).toEqual([]);
    expect(isLikely(covering.filter(({ glare }) => glare > 0).length / covering.length, glareOdds)).toBe(
      true,
    );
  });

  it('makes the way of the light a little longer or shorter', () => {
    const depths = poses.map(({ depth }) => depth);
    expect(mean(depths)).toBeCloseTo(1, 2);
    expect(spread(depths)).toBeCloseTo(0.08, 2);
  });
});
