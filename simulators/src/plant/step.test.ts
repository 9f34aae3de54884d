import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booksOf } from './books.ts';
import { compositionMassG } from './composition.ts';
import { motorCurrentA } from './energy.ts';
import { deviceIds, lieTargets, nirUpsets, noHazards, type Hazards, type PlantInputs } from './hazards.ts';
import { binIds, outletIds, outletPlans } from './outlets.ts';
import { linePhase } from './plc.ts';
import { motorIds, newPlant, stepMs, type Plant } from './plant-state.ts';
import type { Bale } from './step-events.ts';
import { plcCommands } from './packml.ts';
import { commandPlc } from './plc-command.ts';
import { startOrder } from './plc-state.ts';
import { factoryProgramme } from './sort-programme.ts';
import { giveVerdict } from './sorter.ts';
import { stepPlant } from './step.ts';

const calm: PlantInputs = {
  hazards: noHazards,
  crewPresent: true,
  incidents: true,
  verdictPatienceMs: 0,
  enabled: false,
  trameLost: false,
  wallMs: 0,
};

/** Inputs of `minutes` simulated minutes, all alike. */
function run(plant: Plant, minutes: number, inputs: PlantInputs = calm): Bale[] {
  const bales: Bale[] = [];
  for (let step = 0; step < (minutes * 60_000) / stepMs; step += 1) {
    const { bale } = stepPlant(plant, inputs);
    if (bale !== null) bales.push(bale);
  }
  return bales;
}

function expectBalanced(plant: Plant): void {
  const books = booksOf(plant);
  const outG = outletIds.reduce((sum, id) => sum + books.outputG[id], 0);
  expect(outG + books.onLineG + books.waterLossG).toBe(books.inputG);
  for (const id of outletIds) {
    const bin = plant.bins[id];
    expect(bin.massG + bin.removedG).toBe(outletPlans[id].initialG + bin.totalG);
    expect(compositionMassG(bin.fell)).toBe(bin.totalG);
    expect(compositionMassG(bin.inside)).toBe(bin.massG);
  }
  expect(compositionMassG(plant.press.inside)).toBe(plant.press.massG);
  expect(compositionMassG(plant.baleScale.inside)).toBe(plant.baleScale.massG);
  for (const id of binIds) {
    const pressed = plant.press.outlet === id ? plant.press.massG : 0;
    const onScale = plant.baleScale.outlet === id && !plant.baleScale.recorded ? plant.baleScale.massG : 0;
    expect(plant.bins[id].removedG).toBe(plant.baledG[id] + pressed + onScale);
  }
}

/** The totals that must never go back. */
function totalsOf(plant: Plant): number[] {
  return [
    plant.infeedScale.totalG,
    plant.baleScale.totalG,
    plant.baleScale.alibi,
    plant.press.bales,
    plant.press.strokes,
    plant.energy.totalMilliJoule,
    plant.nir.seq,
    plant.waterLossG,
    ...outletIds.map((id) => plant.bins[id].totalG),
    ...outletIds.map((id) => plant.bins[id].items),
  ];
}

const hazards: fc.Arbitrary<Hazards> = fc.record({
  guardOpen: fc.boolean(),
  noLocalEnable: fc.boolean(),
  plcIgnores: fc.boolean(),
  plcMute: fc.boolean(),
  plcReboot: fc.boolean(),
  stuckStations: fc.subarray([...startOrder], { maxLength: 2 }),
  lies: fc.subarray([...lieTargets], { maxLength: 2 }),
  hotMotors: fc.subarray([...motorIds], { maxLength: 2 }),
  overloadedMotors: fc.subarray([...motorIds], { maxLength: 2 }),
  beltJam: fc.boolean(),
  sorterJam: fc.boolean(),
  fullOutlets: fc.subarray([...outletIds], { maxLength: 2 }),
  pressBlocked: fc.boolean(),
  infeedScaleDisturbed: fc.boolean(),
  infeedScaleOverloaded: fc.boolean(),
  infeedScaleDirty: fc.boolean(),
  baleScaleDisturbed: fc.boolean(),
  baleScaleOverloaded: fc.boolean(),
  nirDirty: fc.boolean(),
  nirDriftNm: fc.constantFrom(0, -3, 1.5),
  nirLampOld: fc.boolean(),
  nirUpsets: fc.subarray([...nirUpsets], { maxLength: 2 }),
  emergencyStop: fc.boolean(),
  hopperEmpty: fc.boolean(),
  unpowered: fc.subarray([...deviceIds], { maxLength: 2 }),
});

/** Mostly calm stretches with faults between them, so that material gets everywhere. */
const stretch = fc.record({
  hazards: fc.oneof({ weight: 3, arbitrary: fc.constant(noHazards) }, { weight: 1, arbitrary: hazards }),
  crewPresent: fc.boolean(),
  verdictPatienceMs: fc.constantFrom(0, 500, 3_000),
  external: fc.boolean(),
  /** Given from outside every so many steps, with another bin led elsewhere. */
  command: fc.constantFrom(...plcCommands),
  every: fc.constantFrom(37, 200, 5_000),
  trameLost: fc.boolean(),
  steps: fc.integer({ min: 1, max: 1_500 }),
});

/** The fabric of every garment read in ten minutes with trouble every minute and a half, by its index. */
function fabricsSeen(trouble: Hazards): Map<number, string> {
  const plant = newPlant(11);
  const fabrics = new Map<number, string>();
  for (let step = 0; step < (10 * 60_000) / stepMs; step += 1) {
    const inTrouble = step % 2_000 > 1_600;
    const { read } = stepPlant(plant, { ...calm, hazards: inTrouble ? trouble : noHazards });
    if (read !== null) fabrics.set(read.index, read.fabric);
  }
  return fabrics;
}

/** A plant after three quiet minutes and one with a hazard. */
function troubled(hazard: Partial<Hazards>): Plant {
  const plant = newPlant(4);
  run(plant, 3, { ...calm, incidents: false });
  run(plant, 1, { ...calm, incidents: false, hazards: { ...noHazards, ...hazard } });
  return plant;
}

describe('the plant', () => {
  it('loses and makes no gram, at any step, whatever fails', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.array(stretch, { minLength: 2, maxLength: 6 }),
        (seed, stretches) => {
          const plant = newPlant(seed);
          run(plant, 2);
          let totals = totalsOf(plant);
          for (const each of stretches) {
            const { hazards, crewPresent, verdictPatienceMs, external, steps, trameLost } = each;
            const inputs = { ...calm, hazards, crewPresent, verdictPatienceMs, trameLost, enabled: true };
            for (let step = 0; step < steps; step += 1) {
              if (external && step % 40 === 0) giveVerdict(plant, { seq: plant.nir.seq, outlet: 'csr' });
              if (step % each.every === 1) {
                commandPlc(plant, each.command, 'outside', inputs);
                plant.sorter.divertTo.csr = step % 2 === 0 ? 'manuel' : null;
              }
              stepPlant(plant, inputs);
              expectBalanced(plant);
              const now = totalsOf(plant);
              expect(
                now.every((total, index) => Number.isInteger(total) && total >= (totals[index] ?? 0)),
              ).toBe(true);
              totals = now;
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('does the same again from the same seed, and something else from another', () => {
    const [first, again, other] = [newPlant(7), newPlant(7), newPlant(8)];
    for (const plant of [first, again, other]) run(plant, 15);
    expect(again).toEqual(first);
    expect(other.bins).not.toEqual(first.bins);
  });

  it('goes on from a saved image as if it had never stopped', () => {
    const whole = newPlant(3);
    run(whole, 12);
    const before = newPlant(3);
    run(before, 5);
    const after = JSON.parse(JSON.stringify(before)) as Plant;
    run(after, 7);
    expect(after).toEqual(whole);
  });

  it('brings the same garments whatever happens on the line', () => {
    const calmDay = fabricsSeen(noHazards);
    const badDay = fabricsSeen({ ...noHazards, beltJam: true, nirDirty: true, infeedScaleDisturbed: true });
    const both = [...badDay.keys()].filter((index) => calmDay.has(index));
    expect(both.length).toBeGreaterThan(30);
    for (const index of both) expect(badDay.get(index)).toBe(calmDay.get(index));
  });

  it('puts out a first bale within five minutes and then one every five, for hours', () => {
    for (const seed of [1, 2, 5]) {
      const plant = newPlant(seed);
      const times: number[] = [0];
      for (let step = 0; step < (3 * 3_600_000) / stepMs; step += 1) {
        if (stepPlant(plant, calm).bale !== null) times.push(plant.timeMs);
      }
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(5 * 60_000);
    }
  });

  it('does so too when it is sorted by spectra, where cellulose is one fibre and what is doubtful becomes fuel', () => {
    for (const seed of [1, 2, 5]) {
      const plant = newPlant(seed);
      const { routes } = factoryProgramme();
      const times: number[] = [0];
      for (let step = 0; step < (3 * 3_600_000) / stepMs; step += 1) {
        const { bale, read } = stepPlant(plant, calm);
        if (bale !== null) times.push(plant.timeMs);
        if (read === null) continue;
        const cellulose = read.fabric === 'flax' || read.fabric === 'viscose';
        const byFabric = cellulose ? 'effilochage' : routes[read.fabric];
        // Of the reads of a whole line, one in eight.
        giveVerdict(plant, { seq: read.seq, outlet: read.seq % 8 === 0 ? 'csr' : byFabric });
      }
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(5 * 60_000);
      expect(plant.bins.buchettes.items).toBe(0);
    }
  });

  it('sorts 800 to 1 000 kg an hour in the shares of the trade', () => {
    const plant = newPlant(1);
    const hours = 6;
    run(plant, hours * 60);
    const outG = booksOf(plant).outputG;
    const totalG = outletIds.reduce((sum, id) => sum + outG[id], 0);
    const share = (...ids: (typeof outletIds)[number][]): number =>
      ids.reduce((sum, id) => sum + outG[id], 0) / totalG;
    expect(totalG / 1_000 / hours).toBeGreaterThan(800);
    expect(totalG / 1_000 / hours).toBeLessThan(1_000);
    expect(share('creme', 'reemploi')).toBeCloseTo(0.56, 1);
    expect(share('essuyage', 'effilochage', 'polymere', 'buchettes')).toBeCloseTo(0.33, 1);
    expect(share('csr')).toBeCloseTo(0.09, 1);
    expect(share('elimination')).toBeLessThan(0.03);
  });
});

describe('a fault', () => {
  it('jams the belt: the line stops, and the crew starts it again once it is cleared', () => {
    const plant = troubled({ beltJam: true });
    expect(linePhase(plant)).toBe('jammed');
    expect(plant.infeedBelt.speedMmS).toBe(0);
    run(plant, 1, { ...calm, incidents: false });
    expect(linePhase(plant)).toBe('running');
  });

  it('fills a bin: the line holds, and goes on by itself when there is room', () => {
    const plant = troubled({ fullOutlets: ['csr'] });
    expect(linePhase(plant)).toBe('held');
    expect(plant.sortingBelt.speedMmS).toBe(0);
    run(plant, 1, { ...calm, incidents: false });
    expect(linePhase(plant)).toBe('running');
  });

  it('blocks the press: bins run full and in the end hold the line', () => {
    const plant = newPlant(4);
    run(plant, 25, { ...calm, hazards: { ...noHazards, pressBlocked: true } });
    expect(linePhase(plant)).toBe('held');
    expect(plant.press.bales).toBe(0);
  });

  it('disturbs the reception scale: nothing is recorded while the weight moves', () => {
    const plant = newPlant(4);
    run(plant, 3, { ...calm, hazards: { ...noHazards, infeedScaleDisturbed: true } });
    expect(plant.infeedScale.phase).toBe('weighing');
    expect(plant.infeedScale.stable).toBe(false);
    expect(plant.infeedScale.totalG).toBe(0);
  });

  it('overloads a scale: it says so and is not stable', () => {
    const plant = troubled({ infeedScaleOverloaded: true, baleScaleOverloaded: true });
    expect(plant.infeedScale).toMatchObject({ overload: true, stable: false });
    expect(plant.baleScale).toMatchObject({ overload: true, stable: false });
  });

  it('dirties the lens: many reads are refused', () => {
    const clean = newPlant(4);
    const dirty = newPlant(4);
    run(clean, 20);
    run(dirty, 20, { ...calm, hazards: { ...noHazards, nirDirty: true } });
    expect(dirty.nir.refused).toBeGreaterThan(4 * clean.nir.refused);
  });

  it('cuts the power of the NIR station: garments are missed and go to hand sorting', () => {
    const plant = newPlant(4);
    run(plant, 10, { ...calm, hazards: { ...noHazards, unpowered: ['nir'] } });
    expect(plant.nir.seq).toBe(0);
    expect(plant.nir.missed).toBeGreaterThan(20);
    expect(plant.bins.manuel.items).toBeGreaterThan(20);
  });

  it('empties the hopper: the belt runs on without material', () => {
    const plant = newPlant(4);
    run(plant, 5, { ...calm, hazards: { ...noHazards, hopperEmpty: true } });
    expect(linePhase(plant)).toBe('running');
    expect(plant.infeedBelt.items).toHaveLength(0);
  });
});

describe('a motor', () => {
  it('runs hot when its cooling fails, and draws nearly twice its current when it drags something', () => {
    const plant = troubled({ hotMotors: ['infeedBelt'] });
    expect(plant.motors.infeedBelt.temperatureC).toBeGreaterThan(110);
    expect(plant.motors.sortingBelt.temperatureC).toBeLessThan(40);
    const [calmOne, dragging] = [troubled({}), troubled({ overloadedMotors: ['infeedBelt'] })];
    const ratio = motorCurrentA(dragging, 'infeedBelt') / motorCurrentA(calmOne, 'infeedBelt');
    expect(ratio).toBeGreaterThan(1.7);
  });
});
