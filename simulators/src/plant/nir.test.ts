import { describe, expect, it } from 'vitest';
import { emptyComposition, addGarment, fibreGrams } from './composition.ts';
import { garmentAt } from './garment.ts';
import { nirUpsets, noHazards, type Hazards } from './hazards.ts';
import { lotAt } from './lot.ts';
import type { Fibre } from './materials.ts';
import { driftNmPerMinute, lampShareAfter } from './nir-condition.ts';
import { binIds, type BinId } from './outlets.ts';
import { newPlant, stepMs, type Plant } from './plant-state.ts';
import { giveVerdict } from './sorter.ts';
import { stepPlant } from './step.ts';
import type { NirResult } from './step-events.ts';
import { pass, quiet, wrong } from './test-line.ts';

const calm = { ...quiet, crewPresent: true };

/** Every result of so many simulated minutes, with where it fell. */
function readsOf(plant: Plant, minutes: number, hazards: Partial<Hazards> = {}): Map<number, Read> {
  const inputs = { ...calm, hazards: { ...noHazards, ...hazards } };
  const reads = new Map<number, Read>();
  for (let step = 0; step < (minutes * 60_000) / stepMs; step += 1) {
    const { read, falls } = stepPlant(plant, inputs);
    if (read !== null) reads.set(read.seq, { result: read, outlet: null });
    for (const { seq, outlet } of falls) {
      const known = reads.get(seq);
      if (known !== undefined) reads.set(seq, { ...known, outlet });
    }
  }
  return reads;
}

interface Read {
  readonly result: NirResult;
  readonly outlet: BinId | null;
}

describe('a read of the NIR station', () => {
  it('tells of its garment what it is and weighs at that moment', () => {
    const plant = newPlant(4);
    const reads = readsOf(plant, 15);
    expect(reads.size).toBeGreaterThan(100);
    for (const { result } of reads.values()) {
      const garment = garmentAt(plant.seed, lotAt(plant.seed, result.lot), result.index);
      expect(result.fabric).toBe(garment.fabric);
      expect(result.massG).toBe(garment.massG - garment.surplusWaterG);
      expect(result.dampG).toBe(garment.dampG);
      expect(result.condition).toEqual({
        lensDirty: false,
        driftNm: 0,
        lampShare: expect.closeTo(1, 3),
        upsets: [],
      });
    }
  });

  it('cannot be named while something spoils it: the built-in programme leaves it to the hands', () => {
    const plant = newPlant(4);
    const reads = readsOf(plant, 10, { nirUpsets: [...nirUpsets] });
    expect(reads.size).toBeGreaterThan(100);
    expect(plant.nir.refused).toBe(reads.size);
    for (const { result, outlet } of reads.values()) {
      expect(result.called).toBe('unreadable');
      expect(result.condition.upsets).toEqual(nirUpsets);
      expect(outlet ?? 'manuel').toBe('manuel');
    }
  });

  it('knows how far the axis has walked: slowly there, and back at once when it is set right', () => {
    const plant = newPlant(4);
    const drifting = wrong({ nirDriftNm: -2 });
    pass(plant, 10 * 60_000, drifting);
    expect(plant.nir.driftNm).toBeCloseTo(-10 * driftNmPerMinute, 6);
    pass(plant, 60 * 60_000, drifting);
    expect(plant.nir.driftNm).toBe(-2);
    const read = [...readsOf(plant, 5, { nirDriftNm: -2 }).values()].at(-1);
    expect(read?.result.condition.driftNm).toBe(-2);
    pass(plant, stepMs, quiet);
    expect(plant.nir.driftNm).toBe(0);
  });

  it('is made by a lamp that ages with the hours it burns, and by one at its end', () => {
    expect(lampShareAfter(0)).toBe(1);
    expect(lampShareAfter(4_000 * 3_600_000)).toBeCloseTo(0.85, 9);
    expect(lampShareAfter(20_000 * 3_600_000)).toBeCloseTo(0.7, 9);
    const old = [...readsOf(newPlant(4), 8, { nirLampOld: true }).values()].at(-1);
    expect(old?.result.condition.lampShare).toBe(0.3);
  });
});

describe('the truth about ten thousand garments', () => {
  it(
    'adds up: what fell where is what was read, garment by garment and fibre by fibre',
    { timeout: 60_000 },
    () => {
      const plant = newPlant(12);
      const reads = readsOf(plant, 330);
      const dropped =
        binIds.reduce((sum, id) => sum + plant.bins[id].items, 0) + plant.bins.elimination.items;
      expect(dropped).toBeGreaterThan(10_000);
      // Into these bins garments fall from the sorter alone, and only those that were read.
      for (const id of ['effilochage', 'polymere', 'buchettes', 'csr'] as const) {
        const fallen = [...reads.values()].filter(({ outlet }) => outlet === id).map(({ result }) => result);
        const bin = plant.bins[id];
        expect(fallen).toHaveLength(bin.items);
        expect(fallen.reduce((sum, { massG }) => sum + massG, 0)).toBe(bin.totalG);
        expect(fallen.reduce((sum, { dampG }) => sum + dampG, 0)).toBe(bin.fell.waterG);
        const fibresG: Partial<Record<Fibre, number>> = {};
        const fabricsG: Record<string, number> = {};
        for (const { fabric, massG, dampG } of fallen) {
          fabricsG[fabric] = (fabricsG[fabric] ?? 0) + massG - dampG;
          for (const [fibre, grams] of fibreGrams(fabric, massG - dampG)) {
            fibresG[fibre] = (fibresG[fibre] ?? 0) + grams;
          }
        }
        expect(bin.fell.fibresG).toEqual(fibresG);
        expect(bin.fellFabricsG).toEqual(fabricsG);
      }
      const onBelt = [...reads.values()].filter(({ outlet }) => outlet === null);
      expect(onBelt.map(({ result }) => result.seq)).toEqual(
        plant.sortingBelt.items.flatMap(({ seq }) => (seq === null ? [] : [seq])),
      );
    },
  );

  it(
    'is the garments themselves: everything that came, less what is still on its way',
    { timeout: 60_000 },
    () => {
      const plant = newPlant(31);
      const lotOf = new Map<number, number>();
      pass(plant, 120 * 60_000, calm, ({ infeedScale: { cage, phase } }) => {
        if (cage === null || phase !== 'tipping' || lotOf.has(cage.first)) return;
        for (let index = cage.first; index < cage.end; index += 1) lotOf.set(index, cage.lot);
      });
      const waiting = [
        ...plant.hopper.cages,
        ...(plant.infeedScale.cage === null ? [] : [plant.infeedScale.cage]),
      ];
      const onTheWay = new Set(
        [
          ...plant.infeedBelt.items.map(({ garment }) => garment),
          ...plant.posts.flatMap(({ hand }) => (hand === null ? [] : [hand.garment])),
          ...plant.nir.waiting,
          ...(plant.nir.reading === null ? [] : [plant.nir.reading.garment]),
          ...plant.sortingBelt.items.map(({ garment }) => garment),
        ].map(({ index }) => index),
      );
      const expected = emptyComposition();
      for (const [index, lot] of lotOf) {
        const inCage = waiting.some(({ first, end }) => index >= first && index < end);
        if (!inCage && !onTheWay.has(index)) {
          addGarment(expected, garmentAt(plant.seed, lotAt(plant.seed, lot), index));
        }
      }
      const found: Partial<Record<Fibre, number>> = {};
      for (const bin of Object.values(plant.bins)) {
        for (const [fibre, grams] of Object.entries(bin.fell.fibresG) as [Fibre, number][]) {
          found[fibre] = (found[fibre] ?? 0) + grams;
        }
      }
      expect(found).toEqual(expected.fibresG);
    },
  );
});

describe('a fall', () => {
  it('is told of every garment that was read, with the outlet that its verdict gave it', () => {
    const plant = newPlant(9);
    giveVerdict(plant, { seq: 0xffff, outlet: 'buchettes' });
    const reads: number[] = [];
    const outlets = new Map<number, BinId>();
    for (let step = 0; step < (8 * 60_000) / stepMs; step += 1) {
      const { read, falls } = stepPlant(plant, calm);
      if (read !== null) {
        reads.push(read.seq);
        giveVerdict(plant, { seq: read.seq, outlet: read.seq % 2 === 0 ? 'polymere' : 'csr' });
      }
      for (const { seq, outlet } of falls) {
        expect(outlets.has(seq)).toBe(false);
        outlets.set(seq, outlet);
      }
    }
    expect(outlets.size).toBeGreaterThan(40);
    const missed = [...outlets].filter(([, outlet]) => outlet === 'manuel').length;
    expect(missed).toBe(plant.sorter.missedEjections);
    const elsewhere = [...outlets].filter(([seq, outlet]) => {
      return outlet !== 'manuel' && outlet !== (seq % 2 === 0 ? 'polymere' : 'csr');
    });
    expect(elsewhere).toEqual([]);
    const onBelt = plant.sortingBelt.items.filter(({ seq }) => seq !== null).length;
    expect(outlets.size + onBelt).toBe(reads.length);
  });
});
