import { garmentAt, type Garment } from './garment.ts';
import type { PlantInputs } from './hazards.ts';
import { lotAt } from './lot.ts';
import type { Cage, InfeedPhase, Plant } from './plant-state.ts';
import { stepMs } from './plant-state.ts';
import { between, integerBetween, normal } from './random.ts';
import { indicate, type Instrument } from './weighing.ts';

/** The reception scale: a platform on which a cage is rolled, weighed, and tipped into the hopper. */
export const infeedInstrument: Instrument = { maxG: 300_000, minG: 1_000, intervalG: 50 };
export const cageTareG = 62_000;
export const hopperCapacityG = 180_000;

const callForCageShare = 0.55;
const placingMs = 2_500;
const stableForRecordMs = 800;
/** After somebody has tared a full cage: until they call up the cage's own tare again. */
const tareRecalledMs = 10_000;
/** What lies on a platform that nobody has swept, in grams. */
const lintG = 350;
const tippingMs = 6_000;
const leavingMs = 3_000;
/** A platform on which something is being moved looks like one loaded a moment ago. */
const restlessMs = 600;
const levelSensorLagMs = 2_500;
const garmentsPerCage = { low: 180, high: 300 };

/** Content of the hopper, in grams. */
export function hopperMassG(plant: Plant): number {
  return plant.hopper.cages.reduce((sum, cage) => sum + cage.massG, 0);
}

/** Weighed but not yet in the hopper: the cage that is being tipped. */
export function tippingMassG(plant: Plant): number {
  return plant.infeedScale.phase === 'tipping' ? (plant.infeedScale.cage?.massG ?? 0) : 0;
}

function nextCage(plant: Plant): Cage {
  const { supply } = plant;
  if (supply.cagesLeft === 0) {
    supply.lot += 1;
    supply.cagesLeft = lotAt(plant.seed, supply.lot).cages;
  }
  supply.cagesLeft -= 1;
  const lot = lotAt(plant.seed, supply.lot);
  const count = integerBetween(plant.random.people, garmentsPerCage.low, garmentsPerCage.high);
  const first = supply.nextIndex;
  supply.nextIndex += count;
  let massG = 0;
  for (let index = first; index < first + count; index += 1) {
    massG += garmentAt(plant.seed, lot, index).massG;
  }
  return { lot: supply.lot, first, end: first + count, massG };
}

function enter(plant: Plant, phase: InfeedPhase): void {
  plant.infeedScale.phase = phase;
  plant.infeedScale.sinceMs = plant.timeMs;
}

/** What presses on the platform, in grams: the cage, and its garments until they are tipped. */
function platformLoadG(plant: Plant): number {
  const { phase, cage, sinceMs } = plant.infeedScale;
  const elapsedMs = plant.timeMs - sinceMs;
  const contentG = cage?.massG ?? 0;
  switch (phase) {
    case 'empty':
    case 'placing':
      return 0;
    case 'weighing':
      return cageTareG + contentG;
    case 'tipping':
      return cageTareG + Math.round(contentG * Math.max(0, 1 - elapsedMs / tippingMs));
    case 'leaving':
      return cageTareG;
  }
}

function readPlatform(plant: Plant, inputs: PlantInputs): void {
  const scale = plant.infeedScale;
  const elapsedMs = plant.timeMs - scale.sinceMs;
  const moving = scale.phase === 'tipping' || scale.phase === 'leaving' || scale.phase === 'placing';
  const seen = indicate(infeedInstrument, {
    massG: platformLoadG(plant) + (inputs.hazards.infeedScaleDirty ? lintG : 0) - scale.zeroG,
    restMs: moving ? restlessMs + (elapsedMs % restlessMs) : elapsedMs,
    noise: normal(plant.random.noise),
    disturbed: inputs.hazards.infeedScaleDisturbed,
    overloaded: inputs.hazards.infeedScaleOverloaded,
  });
  if (!seen.stable) scale.stableSinceMs = plant.timeMs;
  scale.grossG = seen.grossG;
  scale.stable = seen.stable;
  scale.overload = seen.overload;
  scale.belowMin = seen.belowMin;
}

/** Lots of which the plant remembers what was tipped. */
const tippedLots = 3;

function tally(plant: Plant, cage: Cage): void {
  plant.tipped ??= [];
  const last = plant.tipped.at(-1);
  if (last?.lot === cage.lot) {
    last.cages += 1;
    last.massG += cage.massG;
    return;
  }
  plant.tipped.push({ lot: cage.lot, cages: 1, massG: cage.massG });
  if (plant.tipped.length > tippedLots) plant.tipped.shift();
}

/** The cage stands still long enough: its content enters the books and is tipped. */
function recordCage(plant: Plant, cage: Cage): void {
  plant.infeedScale.totalG += cage.massG;
  plant.infeedScale.cagesWeighed += 1;
  plant.itemsWeighed += cage.end - cage.first;
  tally(plant, cage);
  enter(plant, 'tipping');
}

/** A cage that was tared with its content shows a net of nothing: its own tare is called up before it is recorded. */
function weighCage(plant: Plant, cage: Cage): void {
  const scale = plant.infeedScale;
  if (!scale.stable) return;
  const standsMs = plant.timeMs - scale.stableSinceMs;
  if (scale.tareG === cageTareG) {
    if (standsMs >= stableForRecordMs) recordCage(plant, cage);
  } else if (standsMs >= tareRecalledMs) {
    scale.tareG = cageTareG;
    scale.stableSinceMs = plant.timeMs;
  }
}

function moveCages(plant: Plant, inputs: PlantInputs): void {
  const scale = plant.infeedScale;
  const elapsedMs = plant.timeMs - scale.sinceMs;
  switch (scale.phase) {
    case 'empty': {
      const wanted = hopperMassG(plant) < hopperCapacityG * callForCageShare;
      if (inputs.crewPresent && !inputs.hazards.hopperEmpty && wanted) enter(plant, 'placing');
      return;
    }
    case 'placing':
      if (elapsedMs < placingMs) return;
      scale.cage ??= nextCage(plant);
      scale.tareG = cageTareG;
      enter(plant, 'weighing');
      scale.stableSinceMs = plant.timeMs;
      return;
    case 'weighing':
      if (scale.cage === null) throw new Error('infeed scale: weighing without a cage');
      weighCage(plant, scale.cage);
      return;
    case 'tipping':
      if (elapsedMs < tippingMs) return;
      if (scale.cage !== null) plant.hopper.cages.push(scale.cage);
      scale.cage = null;
      enter(plant, 'leaving');
      return;
    case 'leaving':
      if (elapsedMs < leavingMs) return;
      scale.tareG = 0;
      enter(plant, 'empty');
      return;
  }
}

/** One step of the reception: cages arrive when the hopper asks for them and somebody is there. */
export function stepInfeed(plant: Plant, inputs: PlantInputs): void {
  const powered = !inputs.hazards.unpowered.includes('infeed-scale');
  if (powered) readPlatform(plant, inputs);
  else {
    plant.infeedScale.stable = false;
    plant.infeedScale.stableSinceMs = plant.timeMs;
  }
  moveCages(plant, inputs);
  const target = inputs.hazards.hopperEmpty ? 0 : (100 * hopperMassG(plant)) / hopperCapacityG;
  plant.hopper.levelPercent += ((target - plant.hopper.levelPercent) * stepMs) / levelSensorLagMs;
}

/** The next garment at the hopper's mouth, taken out of it; null when there is none. */
export function takeFromHopper(plant: Plant): Garment | null {
  const cage = plant.hopper.cages[0];
  if (cage === undefined) return null;
  const garment = garmentAt(plant.seed, lotAt(plant.seed, cage.lot), cage.first);
  cage.first += 1;
  cage.massG -= garment.massG;
  if (cage.first === cage.end) {
    if (cage.massG !== 0) throw new Error(`hopper: an empty cage still weighs ${cage.massG} g`);
    plant.hopper.cages.shift();
  }
  return garment;
}

/** The indicator's tare key: the weight that stands there now becomes the tare. False when refused: it moves, or nothing stands there. */
export function pressTare(plant: Plant): boolean {
  const scale = plant.infeedScale;
  if (!scale.stable || scale.grossG <= 0) return false;
  scale.tareG = scale.grossG;
  scale.stableSinceMs = plant.timeMs;
  return true;
}

/** The indicator's zero key, accepted within 2 % of the capacity as instruments do. False when refused. */
export function pressZero(plant: Plant): boolean {
  const scale = plant.infeedScale;
  if (!scale.stable || Math.abs(scale.grossG) > infeedInstrument.maxG * 0.02) return false;
  scale.zeroG += scale.grossG;
  return true;
}

/** How far apart the opening table lays garments on the belt, in mm: one every half metre. */
export function nextSpacingMm(plant: Plant): number {
  return between(plant.random.process, 350, 650);
}
