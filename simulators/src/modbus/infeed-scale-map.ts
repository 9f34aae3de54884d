import type { RegisterMap } from './register-map.ts';

/** What the reception scale's indicator knows. Masses in grams. */
export interface InfeedScaleReading {
  readonly grossG: number;
  readonly tareG: number;
  readonly totalG: number;
  readonly weighings: number;
  readonly stable: boolean;
  readonly overload: boolean;
  readonly belowMin: boolean;
}

export const infeedScaleSerial = 'TR-IS-20417';

/** Holding registers from 100 on, low register first; nothing between 106 and 109, nor after 125. */
export const infeedScaleMap: RegisterMap<InfeedScaleReading> = {
  unit: 1,
  order: 'CDAB',
  fields: [
    { name: 'gross', table: 'holding', address: 100, type: 'float32', value: (r) => r.grossG / 1_000 },
    {
      name: 'net',
      table: 'holding',
      address: 102,
      type: 'float32',
      value: (r) => (r.grossG - r.tareG) / 1_000,
    },
    { name: 'tare', table: 'holding', address: 104, type: 'float32', value: (r) => r.tareG / 1_000 },
    { name: 'total', table: 'holding', address: 110, type: 'uint64', value: (r) => BigInt(r.totalG) },
    { name: 'weighings', table: 'holding', address: 114, type: 'uint32', value: (r) => r.weighings },
    {
      name: 'serial',
      table: 'holding',
      address: 120,
      type: 'string',
      lengthBytes: 12,
      value: () => infeedScaleSerial,
    },
    { name: 'stable', table: 'discrete', address: 3, type: 'bool', value: (r) => r.stable },
    { name: 'overload', table: 'discrete', address: 4, type: 'bool', value: (r) => r.overload },
    { name: 'belowMin', table: 'discrete', address: 5, type: 'bool', value: (r) => r.belowMin },
    // Keys: writing 1 presses them; they read back what the press has brought about.
    { name: 'tareNow', table: 'coil', address: 1, type: 'bool', value: (r) => r.tareG !== 0 },
    { name: 'zeroNow', table: 'coil', address: 2, type: 'bool', value: (r) => r.grossG === 0 },
  ],
};
