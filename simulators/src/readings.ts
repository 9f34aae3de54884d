import { lineCurrentA } from './plant/energy.ts';
import type { PlantInputs } from './plant/hazards.ts';
import { binIds } from './plant/outlets.ts';
import type { Plant, PressPhase } from './plant/plant-state.ts';
import { hornSounds, linePhase } from './plant/plc.ts';
import { stationStates } from './plant/stations.ts';
import type { PlcView } from './opcua/plc-view.ts';
import type { BaleScaleReading } from './modbus/bale-scale-map.ts';
import type { EnergyMeterReading } from './modbus/energy-meter-map.ts';
import type { InfeedScaleReading } from './modbus/infeed-scale-map.ts';
import type { LineReading } from './modbus/line-map.ts';
import type { PressReading } from './modbus/press-map.ts';

/** What each Modbus device knows of itself. */
export interface ModbusReadings {
  readonly infeedScale: InfeedScaleReading;
  readonly baleScale: BaleScaleReading;
  readonly press: PressReading;
  readonly energyMeter: EnergyMeterReading;
}

const cycleCode: Readonly<Record<PressPhase, number>> = {
  idle: 0,
  filling: 1,
  compressing: 2,
  tying: 3,
  ejecting: 4,
  waiting: 5,
};
const milliJoulePerWh = 3_600_000;

/** `lastAlibiG` is the weight stored last in the bale scale's alibi memory, 0 before the first. */
export function modbusReadings(plant: Plant, inputs: PlantInputs, lastAlibiG: number): ModbusReadings {
  const { infeedScale, baleScale, press } = plant;
  return {
    infeedScale: {
      grossG: infeedScale.grossG,
      tareG: infeedScale.tareG,
      totalG: infeedScale.totalG,
      weighings: infeedScale.cagesWeighed,
      stable: infeedScale.stable,
      overload: infeedScale.overload,
      belowMin: infeedScale.belowMin,
    },
    baleScale: {
      grossG: baleScale.grossG,
      tareG: 0,
      stable: baleScale.stable,
      overload: baleScale.overload,
      belowMin: baleScale.belowMin,
      alibi: baleScale.alibi,
      lastAlibiG,
      totalG: baleScale.totalG,
    },
    press: {
      state: stationStates(plant, inputs.hazards).press,
      cycle: cycleCode[press.phase],
      pressureDeciBar: press.pressureDeciBar,
      bales: press.bales,
      strokes: press.strokes,
      outletIndex: press.outlet === null ? 0 : binIds.indexOf(press.outlet) + 1,
      blocked: press.blocked,
      oilDeciC: Math.round(plant.motors.pressPump.temperatureC * 10),
    },
    energyMeter: {
      volts: plant.energy.volts,
      amperes: lineCurrentA(plant),
      powerW: plant.energy.powerW,
      totalWh: plant.energy.totalMilliJoule / milliJoulePerWh,
    },
  };
}

/** What the PLC shows on Modbus. */
export function lineReading({ plant, inputs, states, packMlState, life, localEnable }: PlcView): LineReading {
  const { plc, panel, infeedBelt, sortingBelt } = plant;
  const { code, request, acknowledge, done, refused } = plc.handshakes.modbus;
  return {
    code,
    request,
    acknowledge,
    done,
    refused,
    running: linePhase(plant) === 'running',
    horn: hornSounds(plant),
    remote: panel.remote,
    localEnable,
    trameLifeLost: inputs.trameLost,
    emergencyStop: inputs.hazards.emergencyStop,
    guardDoorsClosed: plc.guardClosed,
    packMlState,
    mode: plc.mode,
    modeRequest: plc.modeRequest,
    life,
    trameLife: plc.trameLife,
    setpointMmS: Math.round(infeedBelt.setpointMmS),
    infeedBeltMmS: Math.round(infeedBelt.speedMmS),
    sortingBeltMmS: Math.round(sortingBelt.speedMmS),
    states: [
      states.line,
      states.hopper,
      states.opening,
      states.infeedBelt,
      states.post1,
      states.post2,
      states.nir,
      states.sortingBelt,
      states.sorter,
    ],
  };
}
