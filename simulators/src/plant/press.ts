import { emptyContainer } from './bins.ts';
import { emptyComposition } from './composition.ts';
import type { PlantInputs } from './hazards.ts';
import { binIds, outletPlans, type BinId } from './outlets.ts';
import { stepMs, type Plant, type PressPhase } from './plant-state.ts';
import { between } from './random.ts';

/** How long each phase of a cycle works, in ms. A blocked or unpowered press does not work. */
const phaseMs = { filling: 15_000, compressing: 24_000, tying: 14_000, ejecting: 8_000 } as const;
const strokeMs = 8_000;
const peakDeciBar = 1_850;
const restDeciBar = 12;
const crewReaction = { lowMs: 3_000, highMs: 9_000 };

function enter(plant: Plant, phase: PressPhase): void {
  plant.press.phase = phase;
  plant.press.sinceMs = plant.timeMs;
  plant.press.workMs = 0;
}

/** Who has waited so long for a full bin takes the one nearest to it, from this share on. */
const waitsForFullMs = 210_000;
const fullEnough = 0.8;

/** The bin that most needs the press: the fullest beyond its call, in proportion. */
function calledBin(plant: Plant): BinId | null {
  const waitedMs = plant.timeMs - plant.press.sinceMs;
  let best: BinId | null = null;
  let bestRatio = waitedMs > waitsForFullMs ? fullEnough : 1;
  for (const id of binIds) {
    const ratio = plant.bins[id].massG / outletPlans[id].callG;
    if (ratio < bestRatio) continue;
    best = id;
    bestRatio = ratio;
  }
  return best;
}

function startCycle(plant: Plant, inputs: PlantInputs): void {
  const { press } = plant;
  const outlet = calledBin(plant);
  if (outlet === null || !inputs.crewPresent) {
    press.callDueMs = 0;
    return;
  }
  if (press.callDueMs === 0) {
    press.callDueMs = plant.timeMs + between(plant.random.people, crewReaction.lowMs, crewReaction.highMs);
  }
  if (plant.timeMs < press.callDueMs) return;
  press.callDueMs = 0;
  press.outlet = outlet;
  const { massG, inside } = emptyContainer(plant, outlet);
  press.massG = massG;
  press.inside = inside;
  enter(plant, 'filling');
}

/** The bale rolls onto the bale scale, if that is free. */
function handOver(plant: Plant): void {
  const { press, baleScale } = plant;
  if (press.outlet === null) throw new Error('press: ejecting without an outlet');
  if (baleScale.outlet !== null) {
    if (press.phase !== 'waiting') enter(plant, 'waiting');
    return;
  }
  baleScale.outlet = press.outlet;
  baleScale.massG = press.massG;
  baleScale.inside = press.inside;
  baleScale.sinceMs = plant.timeMs;
  baleScale.stableSinceMs = plant.timeMs;
  baleScale.recorded = false;
  press.bales += 1;
  press.outlet = null;
  press.massG = 0;
  press.inside = emptyComposition();
  enter(plant, 'idle');
}

/** Oil pressure: it climbs within each stroke, is held while the bale is tied, and falls. */
function pressureDeciBar(plant: Plant): number {
  const { phase, workMs } = plant.press;
  if (phase === 'compressing') {
    const strokes = phaseMs.compressing / strokeMs;
    const stroke = Math.floor(workMs / strokeMs);
    const within = (workMs % strokeMs) / strokeMs;
    const peak = (peakDeciBar * (stroke + 1)) / strokes;
    return Math.round(restDeciBar + (peak - restDeciBar) * within * within);
  }
  if (phase === 'tying') return Math.round(peakDeciBar * 0.9);
  return restDeciBar;
}

/** One step of the press. */
export function stepPress(plant: Plant, inputs: PlantInputs): void {
  const { press } = plant;
  const powered = !inputs.hazards.unpowered.includes('press');
  press.blocked = inputs.hazards.pressBlocked;
  if (!powered || press.blocked || inputs.hazards.emergencyStop) return;
  press.workMs += stepMs;
  switch (press.phase) {
    case 'idle':
      startCycle(plant, inputs);
      break;
    case 'filling':
      if (press.workMs >= phaseMs.filling) enter(plant, 'compressing');
      break;
    case 'compressing':
      if (press.workMs % strokeMs === 0) press.strokes += 1;
      if (press.workMs >= phaseMs.compressing) enter(plant, 'tying');
      break;
    case 'tying':
      if (press.workMs >= phaseMs.tying) enter(plant, 'ejecting');
      break;
    case 'ejecting':
      if (press.workMs >= phaseMs.ejecting) handOver(plant);
      break;
    case 'waiting':
      handOver(plant);
      break;
  }
  press.pressureDeciBar = pressureDeciBar(plant);
}
