import { describe, expect, it } from 'vitest';
import { newPlant, stepMs } from './plant-state.ts';
import { sorterClasses } from './sort-programme.ts';
import { giveVerdict } from './sorter.ts';
import { stepPlant } from './step.ts';
import { pass, quiet } from './test-line.ts';

const calm = { ...quiet, crewPresent: true };

describe('the table of the sorter', () => {
  it('is followed garment by garment from the moment it is written', () => {
    const plant = newPlant(9);
    for (const fabric of sorterClasses) plant.sorter.programme.routes[fabric] = 'buchettes';
    pass(plant, 10 * 60_000, calm);
    expect(plant.bins.buchettes.items).toBeGreaterThan(20);
    expect(plant.bins.effilochage.items + plant.bins.polymere.items + plant.bins.csr.items).toBe(0);
  });

  it('leaves the posts alone, who lead elsewhere what their bin is to lead elsewhere', () => {
    const plant = newPlant(9);
    plant.sorter.divertTo.reemploi = 'creme';
    pass(plant, 10 * 60_000, calm);
    expect(plant.bins.reemploi.items).toBe(0);
    expect(plant.bins.creme.items).toBeGreaterThan(50);
  });
});

describe('the sorter with verdicts from outside', () => {
  it('waits at the gate as long as it may, then sends the garment to hand sorting and counts it', () => {
    const plant = newPlant(9);
    pass(plant, 2 * 60_000, calm);
    giveVerdict(plant, { seq: 0xffff, outlet: 'csr' });
    const before = plant.bins.manuel.items;
    pass(plant, 5 * 60_000, { ...calm, verdictPatienceMs: 2_000 });
    expect(plant.sorter.withoutVerdict).toBeGreaterThan(5);
    expect(plant.bins.manuel.items - before).toBeGreaterThanOrEqual(plant.sorter.withoutVerdict - 3);
  });

  it('does not wait for a verdict that others have passed by, and so catches up with them', () => {
    const patient = { ...calm, verdictPatienceMs: 10_000 };
    const waited = newPlant(9);
    const caught = newPlant(9);
    for (const plant of [waited, caught]) {
      giveVerdict(plant, { seq: 0xffff, outlet: 'csr' });
      pass(plant, 8 * 60_000, patient);
    }
    const behind = caught.sortingBelt.items.filter(({ outlet }) => outlet === null).length;
    expect(behind).toBeGreaterThan(5);
    const latest = Math.max(...caught.sortingBelt.items.map(({ seq }) => seq ?? 0));
    giveVerdict(caught, { seq: latest, outlet: 'buchettes' });
    const before = caught.bins.buchettes.items;
    pass(waited, 60_000, patient);
    pass(caught, 60_000, patient);
    expect(caught.bins.buchettes.items).toBe(before + 1);
    expect(caught.sorter.withoutVerdict).toBeGreaterThan(waited.sorter.withoutVerdict + behind / 2);
  });

  it('sends every garment where its verdict says', () => {
    const plant = newPlant(9);
    giveVerdict(plant, { seq: 1, outlet: 'buchettes' });
    for (let step = 0; step < (6 * 60_000) / stepMs; step += 1) {
      const { read } = stepPlant(plant, calm);
      if (read !== null) giveVerdict(plant, { seq: read.seq, outlet: 'buchettes' });
    }
    expect(plant.sorter.withoutVerdict).toBe(0);
    expect(plant.bins.buchettes.items).toBeGreaterThan(30);
    expect(plant.bins.effilochage.items).toBe(0);
  });
});
