import type { RegisterMap } from './register-map.ts';

/** What an indicator with an alibi memory knows. Masses in grams. */
export interface BaleScaleReading {
  readonly grossG: number;
  /** In force; 0 without. */
  readonly tareG: number;
  readonly stable: boolean;
  readonly overload: boolean;
  readonly belowMin: boolean;
  readonly alibi: number;
  readonly lastAlibiG: number;
  readonly totalG: number;
}

export const baleScaleSerial = 'TR-BS-00853';

/** Bits of the status word, 0 being the lowest. */
export const baleScaleStatusBit = {
  stable: 0,
  zero: 1,
  netMode: 2,
  overload: 3,
  belowMin: 4,
  motion: 5,
} as const;

function statusWord(reading: BaleScaleReading): number {
  const bit = baleScaleStatusBit;
  return (
    (Number(reading.stable) << bit.stable) |
    (Number(reading.grossG === 0) << bit.zero) |
    (Number(reading.tareG !== 0) << bit.netMode) |
    (Number(reading.overload) << bit.overload) |
    (Number(reading.belowMin) << bit.belowMin) |
    (Number(!reading.stable) << bit.motion)
  );
}

/** Weights are whole hundredths of a kilogram. */
export const baleScaleMap: RegisterMap<BaleScaleReading> = {
  unit: 1,
  order: 'ABCD',
  fields: [
    { name: 'status', table: 'holding', address: 0, type: 'uint16', value: statusWord },
    { name: 'gross', table: 'holding', address: 1, type: 'int32', value: (r) => Math.round(r.grossG / 10) },
    {
      name: 'net',
      table: 'holding',
      address: 3,
      type: 'int32',
      value: (r) => Math.round((r.grossG - r.tareG) / 10),
    },
    { name: 'tare', table: 'holding', address: 5, type: 'int32', value: (r) => Math.round(r.tareG / 10) },
    { name: 'alibi', table: 'holding', address: 8, type: 'uint32', value: (r) => r.alibi },
    {
      name: 'lastAlibiWeight',
      table: 'holding',
      address: 10,
      type: 'int32',
      value: (r) => Math.round(r.lastAlibiG / 10),
    },
    { name: 'total', table: 'holding', address: 12, type: 'uint64', value: (r) => BigInt(r.totalG) },
    {
      name: 'serial',
      table: 'holding',
      address: 20,
      type: 'string',
      lengthBytes: 12,
      value: () => baleScaleSerial,
    },
  ],
};
