import { describe, expect, it } from 'vitest';
import type { PlantInputs } from './hazards.ts';
import { packMlNumber } from './packml.ts';
import type { Plant } from './plant-state.ts';
import { fullPatienceMs, hornMs, hornSounds, linePhase } from './plc.ts';
import { commandPlc } from './plc-command.ts';
import { startOrder, type SequencedStation, type StationMotion } from './plc-state.ts';
import { stationDelayMs } from './sequence.ts';
import { stationStates } from './stations.ts';
import { pass, quiet, workingLine, wrong } from './test-line.ts';

function give(plant: Plant, command: 'reset' | 'start' | 'stop' | 'hold' | 'unhold' | 'clear'): void {
  expect(commandPlc(plant, command, 'outside', quiet)).toBeNull();
}

/** When each station came into a motion, in the order in which it did. */
function watch(plant: Plant, ms: number, motion: StationMotion, inputs: PlantInputs = quiet) {
  const seen: { station: SequencedStation; atMs: number }[] = [];
  const fromMs = plant.timeMs;
  pass(plant, ms, inputs, () => {
    for (const station of startOrder) {
      const isNew = !seen.some((each) => each.station === station);
      if (isNew && plant.plc.motions[station] === motion) seen.push({ station, atMs: plant.timeMs - fromMs });
    }
  });
  return seen;
}

function stopped(): Plant {
  const plant = workingLine();
  give(plant, 'stop');
  pass(plant, 12_000);
  expect(plant.plc.state).toBe('stopped');
  return plant;
}

function idle(): Plant {
  const plant = stopped();
  give(plant, 'reset');
  pass(plant, 1_500);
  expect(plant.plc.state).toBe('idle');
  return plant;
}

describe('the sequence', () => {
  it('starts after the horn, downstream first, one station every 400 ms', () => {
    const plant = idle();
    give(plant, 'start');
    const came = watch(plant, 8_000, 'running');
    expect(came.map(({ station }) => station)).toEqual(startOrder);
    expect(came[0]?.atMs).toBeGreaterThanOrEqual(hornMs + stationDelayMs);
    const gaps = came.slice(1).map(({ atMs }, index) => atMs - (came[index]?.atMs ?? 0));
    expect(gaps).toEqual(gaps.map(() => stationDelayMs));
    expect(plant.plc.state).toBe('execute');
  });

  it('sounds the horn before anything moves, and not while it runs', () => {
    const plant = idle();
    expect(hornSounds(plant)).toBe(false);
    give(plant, 'start');
    pass(plant, hornMs - 50, quiet, () => {
      expect(hornSounds(plant)).toBe(true);
      expect(Object.values(plant.plc.motions)).not.toContain('coming');
    });
    pass(plant, 100);
    expect(hornSounds(plant)).toBe(false);
    expect(plant.plc.motions.sorter).toBe('coming');
  });

  it.each(['stop', 'hold'] as const)('goes out upstream first at a %s', (command) => {
    const plant = workingLine();
    give(plant, command);
    const stood = watch(plant, 12_000, 'standing');
    expect(stood.map(({ station }) => station)).toEqual(startOrder.toReversed());
    for (const [index, { atMs }] of stood.slice(1).entries()) {
      expect(atMs - (stood[index]?.atMs ?? 0)).toBeGreaterThanOrEqual(stationDelayMs);
    }
    expect(plant.plc.state).toBe(command === 'stop' ? 'stopped' : 'held');
  });

  it('moves material only where the station runs or runs out', () => {
    const plant = idle();
    give(plant, 'start');
    const breaches: string[] = [];
    const look = (): void => {
      const { motions } = plant.plc;
      const moving: [SequencedStation, boolean][] = [
        ['infeedBelt', plant.infeedBelt.speedMmS > 0],
        ['sortingBelt', plant.sortingBelt.speedMmS > 0],
        ['opening', plant.opening.running],
      ];
      for (const [station, moves] of moving) {
        const may = motions[station] === 'running' || motions[station] === 'leaving';
        if (moves && !may) breaches.push(`${station} moves and is ${motions[station]}`);
      }
    };
    pass(plant, 60_000, quiet, look);
    give(plant, 'stop');
    pass(plant, 12_000, quiet, look);
    expect(breaches).toEqual([]);
    const lying = JSON.stringify([plant.infeedBelt.items, plant.sortingBelt.items]);
    const cage = plant.hopper.cages[0]?.first;
    pass(plant, 20_000, quiet, look);
    expect(JSON.stringify([plant.infeedBelt.items, plant.sortingBelt.items])).toBe(lying);
    expect(plant.hopper.cages[0]?.first).toBe(cage);
  });

  it('shows each station as it comes: stopped, starting, running', () => {
    const plant = idle();
    give(plant, 'start');
    const shown: number[] = [];
    pass(plant, 8_000, quiet, () => {
      const state = stationStates(plant, quiet.hazards).infeedBelt;
      if (state !== shown.at(-1)) shown.push(state);
    });
    expect(shown).toEqual([1, 2, 3]);
  });

  it('waits for a station that does not come, and stops when it is told to', () => {
    const plant = idle();
    give(plant, 'start');
    pass(plant, 60_000, wrong({ stuckStations: ['infeedBelt'] }));
    expect(plant.plc.state).toBe('starting');
    expect(plant.plc.motions).toMatchObject({ sorter: 'running', infeedBelt: 'coming', opening: 'standing' });
    give(plant, 'stop');
    pass(plant, 12_000, wrong({ stuckStations: ['infeedBelt'] }));
    expect(plant.plc.state).toBe('stopped');
  });

  it('goes on once the station comes after all', () => {
    const plant = idle();
    give(plant, 'start');
    pass(plant, 20_000, wrong({ stuckStations: ['opening'] }));
    pass(plant, 2_000);
    expect(plant.plc.state).toBe('execute');
  });
});

describe('what the line does by itself', () => {
  it('brakes at once and aborts at an emergency stop; clear is refused until it is released', () => {
    const plant = workingLine();
    pass(plant, 50, wrong({ emergencyStop: true }));
    expect(plant.infeedBelt.speedMmS + plant.sortingBelt.speedMmS).toBe(0);
    expect(plant.plc.state).toBe('aborting');
    pass(plant, 1_000, wrong({ emergencyStop: true }));
    expect(plant.plc.state).toBe('aborted');
    expect(commandPlc(plant, 'clear', 'outside', wrong({ emergencyStop: true }))).toBe('emergency-stop');
    give(plant, 'clear');
    pass(plant, 1_500);
    expect(plant.plc.state).toBe('stopped');
  });

  it('brakes and holds when a guard door is opened, and lets nobody start while it is open', () => {
    const plant = workingLine();
    pass(plant, 200, wrong({ guardOpen: true }));
    expect(plant.plc).toMatchObject({ state: 'held', guardClosed: false });
    expect(plant.infeedBelt.speedMmS).toBe(0);
    expect(commandPlc(plant, 'unhold', 'panel', wrong({ guardOpen: true }))).toBe('guard-open');
    const still = idle();
    pass(still, 100, wrong({ guardOpen: true }));
    expect(commandPlc(still, 'start', 'outside', wrong({ guardOpen: true }))).toBe('guard-open');
  });

  it('holds at a jam, opens the door after four seconds, and is held when it is cleared', () => {
    const plant = workingLine();
    pass(plant, 3_000, wrong({ beltJam: true }));
    expect(plant.plc).toMatchObject({ state: 'held', guardClosed: true });
    expect(linePhase(plant)).toBe('jammed');
    expect(stationStates(plant, quiet.hazards)).toMatchObject({ line: 6, infeedBelt: 6, opening: 5 });
    pass(plant, 2_000, wrong({ beltJam: true }));
    expect(plant.plc.guardClosed).toBe(false);
    pass(plant, 60_000);
    expect(plant.plc).toMatchObject({ state: 'held', guardClosed: true });
    expect(linePhase(plant)).toBe('held');
    give(plant, 'unhold');
    pass(plant, 8_000);
    expect(plant.plc.state).toBe('execute');
  });

  it('holds some seconds after a bin is full, unless it is led elsewhere by then', () => {
    const full = wrong({ fullOutlets: ['csr'] });
    const plant = workingLine();
    pass(plant, fullPatienceMs, full);
    expect(plant.plc.state).toBe('execute');
    pass(plant, 100, full);
    expect(plant.plc).toMatchObject({ state: 'holding', why: 'bin-full' });
    const led = workingLine();
    pass(led, 2_000, full);
    led.sorter.divertTo.csr = 'manuel';
    const before = { csr: led.bins.csr.items, manuel: led.bins.manuel.items };
    pass(led, 120_000, full);
    expect(led.plc.state).toBe('execute');
    expect(led.bins.manuel.items).toBeGreaterThan(before.manuel);
    // What was past the gate when it was led elsewhere still falls where it was to fall.
    expect(led.bins.csr.items - before.csr).toBeLessThanOrEqual(3);
  });

  it('holds all the same when it is led into a bin that is full too', () => {
    const plant = workingLine();
    plant.sorter.divertTo.csr = 'manuel';
    pass(plant, 6_000, wrong({ fullOutlets: ['csr', 'manuel'] }));
    expect(plant.plc.why).toBe('bin-full');
  });

  it('is suspended while there is nothing to sort, belts turning, and comes back by itself', () => {
    const plant = workingLine();
    const states = new Set<string>();
    pass(plant, 5 * 60_000, wrong({ hopperEmpty: true }), () => states.add(plant.plc.state));
    expect([...states]).toEqual(['execute', 'suspending', 'suspended']);
    expect(plant.sortingBelt.speedMmS).toBeGreaterThan(0);
    pass(plant, 60_000, { ...quiet, crewPresent: true });
    expect(plant.plc.state).toBe('execute');
  });

  it('is held while the life counter of the supervising system is lost, and waits to be unheld', () => {
    const plant = workingLine();
    pass(plant, 12_000, { ...quiet, trameLost: true });
    expect(plant.plc).toMatchObject({ state: 'held', why: 'life' });
    expect(commandPlc(plant, 'unhold', 'panel', { ...quiet, trameLost: true })).toBe('life-lost');
    pass(plant, 20_000);
    expect(plant.plc.state).toBe('held');
    give(plant, 'unhold');
  });

  it('begins anew when its program does: stopped, nothing asked for, its mode kept', () => {
    const plant = idle();
    plant.plc.mode = 4;
    plant.plc.handshakes.opcua = {
      code: 2,
      request: true,
      acknowledge: true,
      done: false,
      refused: false,
      goal: null,
    };
    give(plant, 'start');
    pass(plant, hornMs + 1_000);
    expect(plant.plc.motions.sorter).toBe('running');
    pass(plant, 100, wrong({ plcReboot: true }));
    expect(plant.plc).toMatchObject({ state: 'stopped', booting: true, mode: 4 });
    expect(Object.values(plant.plc.motions)).not.toContain('running');
    expect(plant.plc.handshakes.opcua).toMatchObject({ code: 0, request: false, acknowledge: false });
    expect(commandPlc(plant, 'reset', 'outside', wrong({ plcReboot: true }))).toBe('not-running');
    pass(plant, 100);
    expect(plant.plc.booting).toBe(false);
    give(plant, 'reset');
  });

  it('keeps the numbers of the standard', () => {
    expect(packMlNumber).toMatchObject({
      stopped: 2,
      idle: 4,
      suspended: 5,
      execute: 6,
      aborted: 9,
      held: 11,
    });
  });
});
