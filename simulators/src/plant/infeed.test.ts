import { describe, expect, it } from 'vitest';
import { noHazards, type PlantInputs } from './hazards.ts';
import { cageTareG, pressTare, pressZero } from './infeed.ts';
import { newPlant, stepMs, type InfeedPhase, type Plant } from './plant-state.ts';
import { stepPlant } from './step.ts';

const inputs: PlantInputs = {
  hazards: noHazards,
  crewPresent: true,
  incidents: false,
  verdictPatienceMs: 0,
  enabled: false,
  trameLost: false,
  wallMs: 0,
};

function runUntil(plant: Plant, reached: (plant: Plant) => boolean): void {
  for (let step = 0; step < 60_000 / stepMs; step += 1) {
    if (reached(plant)) return;
    stepPlant(plant, inputs);
  }
  throw new Error('not reached within a minute');
}

const inPhase =
  (phase: InfeedPhase) =>
  (plant: Plant): boolean =>
    plant.infeedScale.phase === phase;

describe('the reception scale', () => {
  it('swings when a cage is set down, settles, is recorded to the gram, and is emptied', () => {
    const plant = newPlant(2);
    runUntil(plant, inPhase('weighing'));
    const cage = { ...plant.infeedScale.cage };
    const seen: number[] = [];
    runUntil(plant, (now) => {
      seen.push(now.infeedScale.grossG);
      return inPhase('tipping')(now);
    });
    const settledG = seen.at(-1) ?? 0;
    expect(Math.max(...seen)).toBeGreaterThan(settledG + 1_000);
    expect(Math.abs(settledG - cageTareG - (cage.massG ?? 0))).toBeLessThanOrEqual(50);
    expect(plant.infeedScale.totalG).toBe(cage.massG);
    expect(plant.infeedScale.tareG).toBe(cageTareG);
    runUntil(plant, inPhase('empty'));
    expect(plant.infeedScale.totalG).toBe(cage.massG);
  });

  it('takes the standing weight as tare when its key is pressed, and refuses while it moves', () => {
    const plant = newPlant(2);
    runUntil(plant, inPhase('weighing'));
    stepPlant(plant, inputs);
    expect(pressTare(plant)).toBe(false);
    runUntil(plant, (now) => now.infeedScale.stable && inPhase('weighing')(now));
    expect(pressTare(plant)).toBe(true);
    expect(plant.infeedScale.tareG).toBe(plant.infeedScale.grossG);
  });

  it('records a cage that was tared with its content by its own tare, which somebody calls up again', () => {
    const plant = newPlant(2);
    runUntil(plant, (now) => now.infeedScale.stable && inPhase('weighing')(now));
    const contentG = plant.infeedScale.cage?.massG ?? 0;
    expect(pressTare(plant)).toBe(true);
    for (let step = 0; step < 5_000 / stepMs; step += 1) stepPlant(plant, inputs);
    expect(plant.infeedScale.phase).toBe('weighing');
    expect(plant.infeedScale.totalG).toBe(0);
    runUntil(plant, ({ infeedScale }) => infeedScale.tareG === cageTareG);
    expect(plant.infeedScale.totalG).toBe(0);
    runUntil(plant, inPhase('tipping'));
    expect(plant.infeedScale.totalG).toBe(contentG);
  });

  it('shows the lint on its platform until it is zeroed, and as much less once it is swept', () => {
    const plant = newPlant(2);
    const away = { ...inputs, crewPresent: false };
    const lint = { ...away, hazards: { ...noHazards, infeedScaleDirty: true } };
    const settle = (now: PlantInputs): void => {
      for (let step = 0; step < 60; step += 1) stepPlant(plant, now);
    };
    settle(lint);
    expect(plant.infeedScale.grossG).toBe(350);
    expect(pressZero(plant)).toBe(true);
    settle(lint);
    expect(plant.infeedScale.grossG).toBe(0);
    settle(away);
    expect(plant.infeedScale.grossG).toBe(-350);
    expect(pressZero(plant)).toBe(true);
    settle(away);
    expect(plant.infeedScale.grossG).toBe(0);
  });

  it('takes a new zero only near zero', () => {
    const plant = newPlant(2);
    runUntil(plant, (now) => now.infeedScale.stable && inPhase('weighing')(now));
    expect(pressZero(plant)).toBe(false);
    const empty = newPlant(2);
    for (let step = 0; step < 60; step += 1) stepPlant(empty, { ...inputs, crewPresent: false });
    expect(pressZero(empty)).toBe(true);
  });
});
