import { describe, expect, it } from 'vitest';
import { compositionMassG } from './composition.ts';
import { outletIds } from './outlets.ts';
import { newPlant, type LinePhase, type Plant } from './plant-state.ts';
import { linePhase } from './plc.ts';
import { pass, quiet, workingLine } from './test-line.ts';
import { upgradePlant } from './upgrade-plant.ts';

/** A plant as it was saved before it had a PLC: a line with a phase, no panel, a sorter without a table. */
function oldImage(plant: Plant, phase: LinePhase): string {
  const { plc: _plc, panel: _panel, sorter, ...rest } = plant;
  const { programme: _programme, divertTo: _divertTo, ...oldSorter } = sorter;
  const line = { phase, sinceMs: plant.timeMs - 1_000, resetDueMs: 0, guardClosed: true };
  return JSON.stringify({ ...rest, sorter: oldSorter, line });
}

describe('a plant saved before it had a PLC', () => {
  it.each(['off', 'stopped', 'starting', 'running', 'held', 'jammed', 'fault'] as const)(
    'goes on from %s, loses nothing, and runs again with its crew',
    (phase) => {
      const before = workingLine();
      const plant = upgradePlant(JSON.parse(oldImage(before, phase)));
      expect(plant).not.toHaveProperty('line');
      expect(plant.bins).toEqual(before.bins);
      const expected = { starting: 'stopped', jammed: 'held' } as const;
      expect(linePhase(plant)).toBe(expected[phase as keyof typeof expected] ?? phase);
      pass(plant, 30_000, { ...quiet, crewPresent: true });
      expect(plant.plc.state).toBe('execute');
      expect(plant.sorter.programme.routes.flax).toBe('buchettes');
    },
  );

  it('of today is left as it is', () => {
    const plant = newPlant(3);
    expect(upgradePlant(JSON.parse(JSON.stringify(plant)))).toEqual(plant);
  });
});

/** What a plant had that kept no account of fibres, damp and the axis of its NIR station. */
function withoutMaterials(plant: Plant): string {
  const newer = new Set(['fell', 'fellFabricsG', 'inside', 'dampG', 'driftNm']);
  return JSON.stringify(plant, (key, value: unknown) => (newer.has(key) ? undefined : value));
}

describe('a plant saved before it kept account of what things are made of', () => {
  const before = workingLine();

  it('knows that it does not know what lies and what fell, to the gram', () => {
    const plant = upgradePlant(JSON.parse(withoutMaterials(before)));
    for (const id of outletIds) {
      const { fell, inside, fellFabricsG, totalG, massG } = plant.bins[id];
      expect({ fell, inside, fellFabricsG }).toEqual({
        fell: { fibresG: {}, waterG: 0, unknownG: totalG },
        inside: { fibresG: {}, waterG: 0, unknownG: massG },
        fellFabricsG: {},
      });
    }
    expect(compositionMassG(plant.press.inside)).toBe(plant.press.massG);
    expect(compositionMassG(plant.baleScale.inside)).toBe(plant.baleScale.massG);
    expect(plant.nir.driftNm).toBe(0);
  });

  it('has the same garments on its way, with the water that they always held', () => {
    const plant = upgradePlant(JSON.parse(withoutMaterials(before)));
    expect(plant.infeedBelt.items.length).toBeGreaterThan(3);
    expect(plant.sortingBelt.items.length).toBeGreaterThan(1);
    expect(plant.infeedBelt).toEqual(before.infeedBelt);
    expect(plant.posts).toEqual(before.posts);
    expect(plant.sortingBelt).toEqual(before.sortingBelt);
    expect(plant.nir).toEqual(before.nir);
  });

  it('does from then on what it would have done', () => {
    const plant = upgradePlant(JSON.parse(withoutMaterials(before)));
    const other = structuredClone(before);
    for (const each of [plant, other]) pass(each, 10 * 60_000, { ...quiet, crewPresent: true });
    for (const id of outletIds) {
      const [bin, known] = [plant.bins[id], other.bins[id]];
      expect(bin.totalG).toBe(known.totalG);
      expect(compositionMassG(bin.fell)).toBe(bin.totalG);
      expect(bin.fell.unknownG).toBe(before.bins[id].totalG);
    }
    expect(plant.random).toEqual(other.random);
  });
});
