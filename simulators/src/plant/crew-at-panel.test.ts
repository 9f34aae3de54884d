import { describe, expect, it } from 'vitest';
import { commandPlc } from './plc-command.ts';
import { pass, quiet, workingLine, wrong } from './test-line.ts';

describe('the crew at the panel', () => {
  const atWork = { ...quiet, crewPresent: true, enabled: false };

  it.each([
    ['a jam', { beltJam: true }],
    ['a full bin', { fullOutlets: ['csr' as const] }],
    ['an emergency stop', { emergencyStop: true }],
    ['an opened door', { guardOpen: true }],
  ])('brings the line back after %s, some seconds later', (_what, hazards) => {
    const plant = workingLine();
    pass(plant, 20_000, { ...wrong(hazards), crewPresent: true, enabled: false });
    expect(plant.plc.state).toBeOneOf(['held', 'aborted']);
    pass(plant, 2_900, atWork);
    expect(plant.plc.state).toBeOneOf(['held', 'aborted']);
    pass(plant, 20_000, atWork);
    expect(plant.plc.state).toBe('execute');
  });

  it.each(['stop', 'hold'] as const)('leaves alone what was brought to a %s from outside', (command) => {
    const plant = workingLine();
    expect(commandPlc(plant, command, 'outside', quiet)).toBeNull();
    pass(plant, 10 * 60_000, atWork);
    expect(plant.plc.state).toBe(command === 'stop' ? 'stopped' : 'held');
    commandPlc(plant, 'reset', 'outside', quiet);
    pass(plant, 60_000, atWork);
    expect(plant.plc.state).toBe(command === 'stop' ? 'idle' : 'held');
    // Also when an emergency stop comes and goes meanwhile.
    pass(plant, 5_000, { ...wrong({ emergencyStop: true }), crewPresent: true });
    pass(plant, 60_000, atWork);
    expect(plant.plc.state).toBe('aborted');
  });

  it('waits for the supervisor when it was told to', () => {
    const plant = workingLine();
    plant.panel.restarts = false;
    pass(plant, 10_000, { ...wrong({ sorterJam: true }), crewPresent: true });
    pass(plant, 120_000, atWork);
    expect(plant.plc.state).toBe('held');
    plant.panel.restarts = true;
    pass(plant, 20_000, atWork);
    expect(plant.plc.state).toBe('execute');
  });

  it('starts nothing in maintenance or manual mode, and does in school mode', () => {
    for (const [mode, state] of [
      [2, 'stopped'],
      [3, 'stopped'],
      [4, 'execute'],
    ] as const) {
      const plant = workingLine();
      commandPlc(plant, 'stop', 'outside', quiet);
      pass(plant, 12_000);
      plant.plc.why = 'jam';
      plant.plc.mode = mode;
      pass(plant, 30_000, atWork);
      expect(plant.plc.state).toBe(state);
    }
  });
});
