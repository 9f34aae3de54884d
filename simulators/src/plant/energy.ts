import { infeedBeltLengthMm } from './belts.ts';
import type { PlantInputs } from './hazards.ts';
import { motorIds, stepMs, type MotorId, type Plant } from './plant-state.ts';
import { normal } from './random.ts';

const phaseVolts = 230;
const powerFactor = 0.82;
const ambientC = 19;
const warmUpMs = 8 * 60_000;
/** A motor whose cooling fails, and how fast it shows. */
const hotC = 118;
const hotWarmUpMs = 20_000;
/** A motor that drags something along: so many times its power. */
const overload = 1.9;
/** Temperature rise at rated power, in kelvin, and rated power in watts. */
const motorPlans: Readonly<Record<MotorId, { ratedW: number; riseC: number }>> = {
  opening: { ratedW: 2_200, riseC: 38 },
  infeedBelt: { ratedW: 1_500, riseC: 35 },
  sortingBelt: { ratedW: 1_100, riseC: 31 },
  pressPump: { ratedW: 11_000, riseC: 34 },
};
const lightingW = 640;
const nirW = 780;
const controlW = 210;

function motorPowerW(plant: Plant, motor: MotorId): number {
  switch (motor) {
    case 'opening':
      return plant.opening.running ? 1_650 : 0;
    case 'infeedBelt': {
      const { speedMmS, items } = plant.infeedBelt;
      const load = items.length / (infeedBeltLengthMm / 500);
      return Math.round((speedMmS / 500) * (520 + 260 * load));
    }
    case 'sortingBelt':
      return Math.round((plant.sortingBelt.speedMmS / 1_000) * (430 + 40 * plant.sortingBelt.items.length));
    case 'pressPump': {
      const { phase, pressureDeciBar, blocked } = plant.press;
      if (phase === 'idle' || phase === 'waiting') return 0;
      return blocked ? 900 : Math.round(1_800 + 4.6 * pressureDeciBar);
    }
  }
}

/** Current of one motor per phase, in ampere. */
export function motorCurrentA(plant: Plant, motor: MotorId): number {
  return plant.motors[motor].powerW / (3 * phaseVolts * powerFactor);
}

/** Current drawn by the whole line per phase, in ampere. */
export function lineCurrentA(plant: Plant): number {
  return plant.energy.powerW / (3 * plant.energy.volts * powerFactor);
}

/** One step of everything electric: power, warmth, and the meter's count (in millijoules, an integer). */
export function stepEnergy(plant: Plant, inputs: PlantInputs): void {
  const off = !plant.plc.powered;
  const { hotMotors, overloadedMotors } = inputs.hazards;
  let powerW = lightingW + controlW;
  for (const id of motorIds) {
    const motor = plant.motors[id];
    const dead = off || (id === 'pressPump' && inputs.hazards.unpowered.includes('press'));
    motor.powerW = dead
      ? 0
      : Math.round(motorPowerW(plant, id) * (overloadedMotors.includes(id) ? overload : 1));
    const { ratedW, riseC } = motorPlans[id];
    const hot = hotMotors.includes(id);
    const goalC = hot ? hotC : ambientC + (riseC * motor.powerW) / ratedW;
    motor.temperatureC += ((goalC - motor.temperatureC) * stepMs) / (hot ? hotWarmUpMs : warmUpMs);
    powerW += motor.powerW;
  }
  if (!inputs.hazards.unpowered.includes('nir')) powerW += nirW;
  plant.energy.powerW = powerW;
  plant.energy.totalMilliJoule += powerW * stepMs;
  const pull = phaseVolts - powerW / 9_000;
  plant.energy.volts += (pull - plant.energy.volts) * 0.01 + normal(plant.random.noise) * 0.05;
}
