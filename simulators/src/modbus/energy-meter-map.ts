import type { RegisterMap } from './register-map.ts';

/** What the energy meter knows. */
export interface EnergyMeterReading {
  readonly volts: number;
  readonly amperes: number;
  readonly powerW: number;
  /** Non-resetting. */
  readonly totalWh: number;
}

const lineToLine = Math.sqrt(3);
const powerFactor = 0.82;
const gridHz = 50;

/** Input registers only, big end first but for the total, in kWh; the maker counts registers from 1. */
export const energyMeterMap: RegisterMap<EnergyMeterReading> = {
  unit: 7,
  order: 'ABCD',
  fields: [
    { name: 'voltageL1', table: 'input', address: 0, type: 'float32', value: (r) => r.volts },
    { name: 'voltageL2', table: 'input', address: 2, type: 'float32', value: (r) => r.volts - 0.6 },
    { name: 'voltageL3', table: 'input', address: 4, type: 'float32', value: (r) => r.volts + 0.4 },
    { name: 'voltageL12', table: 'input', address: 6, type: 'float32', value: (r) => r.volts * lineToLine },
    { name: 'currentL1', table: 'input', address: 12, type: 'float32', value: (r) => r.amperes },
    { name: 'currentL2', table: 'input', address: 14, type: 'float32', value: (r) => r.amperes * 0.97 },
    { name: 'currentL3', table: 'input', address: 16, type: 'float32', value: (r) => r.amperes * 1.02 },
    { name: 'activePower', table: 'input', address: 30, type: 'float32', value: (r) => r.powerW / 1_000 },
    { name: 'powerFactor', table: 'input', address: 32, type: 'float32', value: () => powerFactor },
    { name: 'frequency', table: 'input', address: 34, type: 'float32', value: () => gridHz },
    {
      name: 'energyTotal',
      table: 'input',
      address: 50,
      type: 'float64',
      order: 'DCBA',
      value: (r) => r.totalWh / 1_000,
    },
  ],
};
