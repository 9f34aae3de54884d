import type { PlantInputs } from './hazards.ts';
import { fabrics, refusalOdds, type Fabric } from './materials.ts';
import type { Garment } from './garment.ts';
import { conditionOf, stepDrift } from './nir-condition.ts';
import { stepMs, type Plant } from './plant-state.ts';
import type { NirResult } from './step-events.ts';
import { chance, uniform } from './random.ts';
import { isPowered } from './sequence.ts';

/** At most one garment a second passes the station; the read itself takes a tenth of that. */
export const readPeriodMs = 1_000;
export const readMs = 100;

const missedOdds = 0.002;
const confusedOdds = 0.01;
const dirtyRefusalOdds = 0.4;
const dirtyConfusedOdds = 0.15;
const fabricIds = Object.keys(fabrics) as Fabric[];

/** What the station's own software calls the garment. */
function callFabric(plant: Plant, garment: Garment, dirty: boolean): Fabric | 'unreadable' {
  const random = plant.random.process;
  const refusal = refusalOdds[garment.fabric] + (dirty ? dirtyRefusalOdds : 0);
  if (chance(random, refusal)) return 'unreadable';
  if (!chance(random, dirty ? dirtyConfusedOdds : confusedOdds)) return garment.fabric;
  return fabricIds[Math.floor(uniform(random) * fabricIds.length)] ?? garment.fabric;
}

function finishRead(plant: Plant, garment: Garment, inputs: PlantInputs): NirResult | null {
  const { nir, sortingBelt } = plant;
  const powered = !inputs.hazards.unpowered.includes('nir');
  if (!powered || chance(plant.random.process, missedOdds)) {
    nir.missed += 1;
    sortingBelt.items.push({ garment, xMm: 0, seq: null, called: 'missed', outlet: null });
    return null;
  }
  const condition = conditionOf(plant, inputs.hazards);
  const spoilt = condition.upsets.length > 0;
  const called = spoilt ? 'unreadable' : callFabric(plant, garment, condition.lensDirty);
  nir.seq += 1;
  if (called === 'unreadable') nir.refused += 1;
  nir.lastClass = called;
  sortingBelt.items.push({ garment, xMm: 0, seq: nir.seq, called, outlet: null });
  const { lot, index, fabric, massG, dampG } = garment;
  return {
    seq: nir.seq,
    atMs: Math.round(inputs.wallMs),
    lot,
    index,
    fabric,
    massG,
    dampG,
    condition,
    called,
  };
}

/**
 * One step of the NIR station: it reads what waits at the belt's end and lays it on the sorting belt.
 * Gives the result in the step in which a read ends well.
 */
export function stepNir(plant: Plant, inputs: PlantInputs): NirResult | null {
  const { nir } = plant;
  stepDrift(plant, inputs.hazards);
  if (!inputs.hazards.unpowered.includes('nir')) nir.lampMs += stepMs;
  if (nir.reading !== null && plant.timeMs >= nir.reading.doneMs) {
    const { garment } = nir.reading;
    nir.reading = null;
    return finishRead(plant, garment, inputs);
  }
  const moving = plant.sortingBelt.speedMmS > 0 && isPowered(plant.plc.motions, 'nir');
  if (nir.reading !== null || !moving || plant.timeMs < nir.nextReadMs) return null;
  const garment = nir.waiting.shift();
  if (garment === undefined) return null;
  nir.lastReadMs = plant.timeMs;
  nir.reading = { garment, doneMs: plant.timeMs + readMs };
  nir.nextReadMs = plant.timeMs + readPeriodMs;
  return null;
}

/** Grams at the station: waiting, or under the lamp. */
export function nirMassG(plant: Plant): number {
  const waitingG = plant.nir.waiting.reduce((sum, garment) => sum + garment.massG, 0);
  return waitingG + (plant.nir.reading?.garment.massG ?? 0);
}
