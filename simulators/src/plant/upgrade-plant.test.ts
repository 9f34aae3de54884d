import { describe, expect, it } from 'vitest';
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
