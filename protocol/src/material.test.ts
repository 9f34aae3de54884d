import { describe, expect, it } from 'vitest';
import { lhvAtRegainMJPerKg, lhvOfMixMJPerKg, type Fibre } from './material.ts';

describe('heat content', () => {
  // Values at agreed regain, MJ/kg, computed by hand from the formula.
  it.each<[Fibre, number]>([
    ['cotton', 14.9],
    ['flax', 14.4],
    ['wool', 18.2],
    ['viscose', 14.2],
    ['polyester', 22.0],
    ['polyamide', 28.1],
    ['acrylic', 28.2],
    ['polypropylene', 42.8],
    ['elastane', 30.4],
  ])('of %s holding its agreed moisture is %d MJ/kg', (fibre, expected) => {
    expect(lhvAtRegainMJPerKg(fibre)).toBeCloseTo(expected, 1);
  });

  it('of a mix weighs its shares, whatever they add up to', () => {
    const half = (lhvAtRegainMJPerKg('cotton') + lhvAtRegainMJPerKg('polyester')) / 2;
    expect(lhvOfMixMJPerKg({ cotton: 50, polyester: 50 })).toBeCloseTo(half, 9);
    expect(lhvOfMixMJPerKg({ cotton: 30, polyester: 30 })).toBeCloseTo(half, 9);
    expect(lhvOfMixMJPerKg({})).toBeNull();
  });
});
