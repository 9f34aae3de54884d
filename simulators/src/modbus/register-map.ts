import {
  encodeRegisters,
  registerCount,
  type ByteOrder,
  type RegisterType,
  type RegisterValue,
} from './register-encoding.ts';

export type RegisterTable = 'coil' | 'discrete' | 'holding' | 'input';

/** One entry of a device's register map. `Reading` is what the device knows of itself. */
export interface RegisterField<Reading> {
  readonly name: string;
  readonly table: RegisterTable;
  /** Protocol address, counted from 0. */
  readonly address: number;
  readonly type: RegisterType;
  readonly lengthBytes?: number;
  /** When this field does not follow the device's order. */
  readonly order?: ByteOrder;
  readonly value: (reading: Reading) => RegisterValue;
}

/** What a master may write. `apply` gives false when the value is refused (exception 3). */
export interface WritableField {
  readonly table: 'coil' | 'holding';
  readonly address: number;
  readonly words: number;
  readonly apply: (words: readonly number[]) => boolean;
}

/** A device as its maker documents it. */
export interface RegisterMap<Reading> {
  readonly unit: number;
  readonly order: ByteOrder;
  readonly fields: readonly RegisterField<Reading>[];
}

/** The cells that a device answers from: each table maps a protocol address to a bit or a 16-bit word. */
export type RegisterImage = Readonly<Record<RegisterTable, ReadonlyMap<number, number>>>;

/** A value that a fault forces on one field. */
export interface ForcedValue {
  readonly field: string;
  readonly value: number;
}

/** Encodes a reading into cells. Addresses that no field covers stay out: they do not exist in the device. */
export function encodeImage<Reading>(
  map: RegisterMap<Reading>,
  reading: Reading,
  forced: ForcedValue | null,
): RegisterImage {
  const image = {
    coil: new Map<number, number>(),
    discrete: new Map<number, number>(),
    holding: new Map<number, number>(),
    input: new Map<number, number>(),
  };
  for (const field of map.fields) {
    const value = forced?.field === field.name ? forced.value : field.value(reading);
    const words = encodeRegisters(field.type, field.order ?? map.order, value, field.lengthBytes);
    for (const [offset, word] of words.entries()) image[field.table].set(field.address + offset, word);
  }
  return image;
}

/** Throws when two fields lie on each other: a map like that is a mistake of this program. */
export function assertNoOverlap(map: RegisterMap<never>): void {
  const owners = new Map<string, string>();
  for (const field of map.fields) {
    for (let offset = 0; offset < registerCount(field.type, field.lengthBytes); offset += 1) {
      const cell = `${field.table} ${field.address + offset}`;
      const owner = owners.get(cell);
      if (owner !== undefined) throw new Error(`${cell} belongs to both ${owner} and ${field.name}`);
      owners.set(cell, field.name);
    }
  }
}
