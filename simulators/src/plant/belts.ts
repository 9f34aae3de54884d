import { drop } from './bins.ts';
import type { PlantInputs } from './hazards.ts';
import { nextSpacingMm, takeFromHopper } from './infeed.ts';
import type { Plant } from './plant-state.ts';
import { stepMs } from './plant-state.ts';
import { isPowered } from './sequence.ts';

export const infeedBeltLengthMm = 9_000;
export const sortingBeltSpeedMmS = 1_000;
/** Garments that may wait between the infeed belt and the NIR station; more, and the belt holds. */
export const maxWaitingForNir = 6;
export const beltSpeedRangeMmS = { low: 100, high: 1_200 };

const accelerationMmS2 = 400;

function ramp(speed: number, target: number): number {
  const change = (accelerationMmS2 * stepMs) / 1_000;
  if (speed < target) return Math.min(target, speed + change);
  return Math.max(target, speed - change);
}

/** Belts turn while their motors are powered, and run out when they are not; a brake is the PLC's. */
export function stepSpeeds(plant: Plant): void {
  const { infeedBelt, sortingBelt } = plant;
  const { motions } = plant.plc;
  const backedUp = plant.nir.waiting.length >= maxWaitingForNir;
  const infeedTurns = isPowered(motions, 'infeedBelt') && !backedUp;
  infeedBelt.speedMmS = ramp(infeedBelt.speedMmS, infeedTurns ? infeedBelt.setpointMmS : 0);
  sortingBelt.speedMmS = ramp(
    sortingBelt.speedMmS,
    isPowered(motions, 'sortingBelt') ? sortingBeltSpeedMmS : 0,
  );
}

/** The opening table lays garments on the belt as it moves, and throws wet and foreign pieces out. */
export function stepOpening(plant: Plant, inputs: PlantInputs): void {
  const { motions } = plant.plc;
  plant.opening.running = isPowered(motions, 'opening');
  if (!plant.opening.running || !isPowered(motions, 'hopper')) return;
  const travelMm = (plant.infeedBelt.speedMmS * stepMs) / 1_000;
  plant.opening.leftMm -= travelMm;
  if (plant.opening.leftMm > 0 || travelMm === 0 || inputs.hazards.hopperEmpty) return;
  const garment = takeFromHopper(plant);
  if (garment === null) {
    plant.opening.leftMm = 0;
    return;
  }
  plant.opening.leftMm += nextSpacingMm(plant);
  if (garment.grade === 'rebut') drop(plant, 'elimination', garment);
  else plant.infeedBelt.items.push({ garment, xMm: 0, seen: 0 });
}

/** Garments travel; at the end of the belt they have lost their surplus water and wait for the NIR. */
export function stepInfeedBelt(plant: Plant): void {
  const travelMm = (plant.infeedBelt.speedMmS * stepMs) / 1_000;
  for (const item of plant.infeedBelt.items) item.xMm += travelMm;
  while ((plant.infeedBelt.items[0]?.xMm ?? 0) >= infeedBeltLengthMm) {
    const item = plant.infeedBelt.items.shift();
    if (item === undefined) return;
    const { garment } = item;
    plant.waterLossG += garment.surplusWaterG;
    plant.nir.waiting.push({
      ...garment,
      massG: garment.massG - garment.surplusWaterG,
      surplusWaterG: 0,
    });
  }
}
