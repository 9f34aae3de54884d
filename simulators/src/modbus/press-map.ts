import type { RegisterMap } from './register-map.ts';

/** What the press's controller knows. */
export interface PressReading {
  /** 0 off, 1 stopped, 2 starting, 3 running, 4 starved, 5 blocked, 6 jammed, 7 fault. */
  readonly state: number;
  /** 0 idle, 1 filling, 2 compressing, 3 tying, 4 ejecting, 5 waiting for the scale. */
  readonly cycle: number;
  readonly pressureDeciBar: number;
  readonly bales: number;
  readonly strokes: number;
  /** 1 to 8 in the order of the bins; 0 when the chamber is empty. */
  readonly outletIndex: number;
  readonly blocked: boolean;
  readonly oilDeciC: number;
}

/** The maker counts registers from 1: its 40001 is address 0 here. Bytes swapped within each register. */
export const pressMap: RegisterMap<PressReading> = {
  unit: 3,
  order: 'BADC',
  fields: [
    { name: 'state', table: 'holding', address: 0, type: 'uint16', value: (r) => r.state },
    { name: 'cycle', table: 'holding', address: 1, type: 'uint16', value: (r) => r.cycle },
    { name: 'pressure', table: 'holding', address: 2, type: 'int16', value: (r) => r.pressureDeciBar },
    { name: 'oilTemperature', table: 'holding', address: 3, type: 'int16', value: (r) => r.oilDeciC },
    { name: 'bales', table: 'holding', address: 4, type: 'uint32', value: (r) => r.bales },
    { name: 'strokes', table: 'holding', address: 6, type: 'uint32', value: (r) => r.strokes },
    { name: 'outlet', table: 'holding', address: 9, type: 'uint16', value: (r) => r.outletIndex },
    { name: 'blocked', table: 'discrete', address: 0, type: 'bool', value: (r) => r.blocked },
    { name: 'chamberLoaded', table: 'discrete', address: 1, type: 'bool', value: (r) => r.outletIndex > 0 },
  ],
};
