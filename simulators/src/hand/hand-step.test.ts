import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepMs } from '../plant/plant-state.ts';
import { dispatch, putOnLine, putOnScale, sendAway, takeOff } from './hand-acts.ts';
import { handBooksOf } from './hand-books.ts';
import { noHandHazards, type HandHazards, type HandInputs } from './hand-inputs.ts';
import { handBinIds, handBinPlans, handOutletIds, handSkip } from './hand-outlets.ts';
import { newHandPlant, outputName, type HandOutput, type HandPlant } from './hand-state.ts';
import { stepHandPlant } from './hand-step.ts';
import { deliveryAt } from './delivery.ts';

const calm: HandInputs = { hazards: noHandHazards, crewPresent: true, led: false, wallMs: 0 };

function run(plant: HandPlant, minutes: number, inputs: HandInputs = calm): HandOutput[] {
  const outputs: HandOutput[] = [];
  for (let step = 0; step < (minutes * 60_000) / stepMs; step += 1) {
    outputs.push(...stepHandPlant(plant, inputs));
  }
  return outputs;
}

function expectBalanced(plant: HandPlant): void {
  const books = handBooksOf(plant);
  const outG = handOutletIds.reduce((sum, id) => sum + books.outputG[id], 0);
  expect(outG + books.onLineG + books.waterLossG).toBe(books.inputG);
  for (const id of handOutletIds) {
    const bin = plant.bins[id];
    const initialG = id === 'elimination' ? handSkip.initialG : handBinPlans[id].initialG;
    expect(bin.massG + bin.removedG).toBe(initialG + bin.totalG);
  }
  const unweighed = [
    ...plant.finished,
    ...plant.scales.flatMap(({ on }) => (on?.kind === 'output' ? [on.output] : [])),
  ].filter(({ weighed }) => weighed === null);
  for (const id of handBinIds) {
    const making = [plant.press, plant.packing, ...unweighed].filter((each) => each?.outlet === id);
    const makingG = making.reduce((sum, each) => sum + (each?.massG ?? 0), 0);
    expect(plant.bins[id].removedG).toBe(makingG + plant.baledG[id]);
  }
}

/** What must never go back. */
function totalsOf(plant: HandPlant): number[] {
  return [
    plant.receivedG,
    plant.waterLossG,
    plant.made,
    plant.weighed,
    ...plant.scales.flatMap(({ alibi, totalG }) => [alibi, totalG]),
    ...handOutletIds.flatMap((id) => [plant.bins[id].totalG, plant.bins[id].items]),
  ];
}

const hazards: fc.Arbitrary<HandHazards> = fc.record({
  pressBlocked: fc.boolean(),
  disturbed: fc.subarray(['platform-scale', 'bale-scale'] as const, { maxLength: 1 }),
  overloaded: fc.constant([]),
  unpowered: fc.subarray(['platform-scale', 'bale-scale', 'press']),
});

/** One thing somebody does, by indices that are taken modulo what there is. */
const act = fc.record({
  does: fc.constantFrom('weigh', 'takeIn', 'turnAway', 'sort', 'sendAway', 'dispatch', 'wait'),
  pick: fc.nat(200),
});

function carryOut(plant: HandPlant, { does, pick }: { does: string; pick: number }): void {
  const names = [
    ...plant.trucks.flatMap(({ loads }) => loads.map(({ vessel }) => vessel.id)),
    ...plant.yard.map(({ vessel }) => vessel.id),
    ...[...plant.finished, ...plant.stock].map(outputName),
  ];
  const name = names[pick % Math.max(1, names.length)] ?? 'X-1';
  switch (does) {
    case 'weigh':
      putOnScale(plant, name, pick % 3 === 0 ? 'platform-scale' : null);
      return;
    case 'takeIn':
      takeOff(plant, null, 'in');
      return;
    case 'turnAway':
      takeOff(plant, null, 'truck');
      return;
    case 'sort':
      putOnLine(plant, name, null);
      return;
    case 'sendAway':
      sendAway(plant, deliveryAt(plant.seed, plant.supply.deliveries).id);
      return;
    case 'dispatch':
      dispatch(plant, name);
      return;
    default:
      return;
  }
}

describe('a hand line', () => {
  it('keeps its mass to the gram, whatever people do and whatever breaks', { timeout: 60_000 }, () => {
    const turn = fc.record({ seconds: fc.integer({ min: 1, max: 240 }), led: fc.boolean(), hazards, act });
    fc.assert(
      fc.property(
        fc.nat(0xffff_ffff),
        fc.constantFrom<1 | 2>(1, 2),
        fc.array(turn, { minLength: 5, maxLength: 40 }),
        (seed, scales, turns) => {
          const plant = newHandPlant(seed, scales);
          let totals = totalsOf(plant);
          for (const { seconds, led, hazards: troubles, act: done } of turns) {
            run(plant, seconds / 60, { ...calm, led, hazards: troubles });
            carryOut(plant, done);
            expectBalanced(plant);
            const now = totalsOf(plant);
            for (const [index, before] of totals.entries()) expect(now[index]).toBeGreaterThanOrEqual(before);
            totals = now;
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([1, 7, 2026])(
    'makes a first output within five minutes, then one at least every five (seed %i)',
    (seed) => {
      const plant = newHandPlant(seed, 1);
      let lastMs = 0;
      let longestMs = 0;
      for (let step = 0; step < (6 * 3_600_000) / stepMs; step += 1) {
        if (stepHandPlant(plant, calm).length === 0) continue;
        longestMs = Math.max(longestMs, plant.timeMs - lastMs);
        lastMs = plant.timeMs;
      }
      expectBalanced(plant);
      expect(longestMs).toBeLessThanOrEqual(5 * 60_000);
      expect(plant.timeMs - lastMs).toBeLessThanOrEqual(5 * 60_000);
    },
  );

  it('makes bales of 80 to 250 kg, sacks of 25 to 50 and crates', () => {
    const outputs = run(newHandPlant(3, 1), 5 * 60);
    const of = (unit: string) => outputs.filter((output) => output.unit === unit).map(({ massG }) => massG);
    expect(Math.min(...of('bale'))).toBeGreaterThanOrEqual(80_000);
    expect(Math.max(...of('bale'))).toBeLessThanOrEqual(250_000);
    expect(Math.min(...of('sack'))).toBeGreaterThanOrEqual(25_000);
    expect(Math.max(...of('sack'))).toBeLessThanOrEqual(50_000);
    expect(of('crate').length).toBeGreaterThan(3);
    for (const output of outputs) {
      const grossG = output.massG + output.packagingG;
      expect(Math.abs((output.weighed?.indicatedG ?? 0) - grossG)).toBeLessThanOrEqual(100);
    }
  });

  it('does the same when it does the same: a function of its seed', () => {
    const [a, b, other] = [newHandPlant(5, 1), newHandPlant(5, 1), newHandPlant(6, 1)];
    for (const plant of [a, b, other]) run(plant, 90);
    expect(a).toEqual(b);
    expect(totalsOf(other)).not.toEqual(totalsOf(a));
  });

  it('goes on from its saved image exactly as if it had not stopped', () => {
    const plant = newHandPlant(8, 2);
    run(plant, 40);
    const restored = JSON.parse(JSON.stringify(plant)) as HandPlant;
    run(plant, 40);
    run(restored, 40);
    expect(restored).toEqual(plant);
  });

  it('brings wet containers now and then, whose water is lost and counted', () => {
    const plant = newHandPlant(1, 1);
    run(plant, 6 * 60);
    const surplus = plant.waterLossG / plant.receivedG;
    expect(surplus).toBeGreaterThan(0.005);
    expect(surplus).toBeLessThan(0.06);
  });

  it('weighs and sorts nothing by itself while somebody leads', () => {
    const plant = newHandPlant(1, 1);
    run(plant, 30, { ...calm, led: true });
    expect(plant.receivedG).toBe(0);
    expect(plant.scales[0]?.alibi).toBe(0);
    expect(plant.trucks.length).toBeGreaterThan(0);
  });
});

/** The container that is next on the first truck. */
function firstContainer(plant: HandPlant): string {
  return plant.trucks[0]?.loads[0]?.vessel.id ?? '';
}

describe('hands that are led', () => {
  const led = { ...calm, led: true };

  it('weigh a container: the scale settles, stores it once, and it goes into the hall', () => {
    const plant = newHandPlant(4, 1);
    run(plant, 0.1, led);
    const name = firstContainer(plant);
    expect(putOnScale(plant, name, null)).toEqual({ kind: 'done' });
    const scale = plant.scales[0];
    run(plant, 0.02, led);
    expect(scale?.stable).toBe(false);
    run(plant, 0.2, led);
    expect(scale).toMatchObject({ stable: true, alibi: 1, stored: { alibi: 1 } });
    expect(putOnScale(plant, firstContainer(plant), null)).toMatchObject({ code: 'scale-in-use' });
    expect(takeOff(plant, null, 'in')).toEqual({ kind: 'done' });
    expect(plant.yard[0]).toMatchObject({ vessel: { id: name }, received: true, weighed: { alibi: 1 } });
    expect(plant.receivedG).toBeGreaterThan(0);
    expect(putOnLine(plant, name, 2)).toEqual({ kind: 'done' });
    expect(plant.tables[1]?.load?.vessel.id).toBe(name);
  });

  it('turn a container away: it leaves with its truck and was never input', () => {
    const plant = newHandPlant(4, 1);
    run(plant, 0.1, led);
    const truck = plant.trucks[0];
    putOnScale(plant, firstContainer(plant), null);
    run(plant, 0.2, led);
    takeOff(plant, null, 'truck');
    expect(truck?.refused).toHaveLength(1);
    expect(sendAway(plant, 'D-0001')).toEqual({ kind: 'done' });
    run(plant, 0.1, led);
    expect(plant.trucks).not.toContain(truck);
    expect(plant.refusedG).toBeGreaterThan(0);
    expect(plant.receivedG).toBe(0);
  });

  it('put back what was not weighed', () => {
    const plant = newHandPlant(4, 1);
    run(plant, 0.1, led);
    const name = firstContainer(plant);
    putOnScale(plant, name, null);
    takeOff(plant, null, 'in');
    expect(firstContainer(plant)).toBe(name);
    expect(takeOff(plant, null, 'in')).toMatchObject({ code: 'scale-empty' });
    expect(putOnScale(plant, 'C-999', null)).toMatchObject({ code: 'unknown-thing' });
  });
});
