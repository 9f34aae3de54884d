/** How much of a Modbus table a value takes. */
import type { TagType } from '@trame/protocol/tag';
import type { ModbusRegister, ModbusTag } from './line-config.ts';

const WORDS: Readonly<Record<Exclude<TagType, 'string'>, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
};

/** @returns whether the table holds single bits (coils, discrete inputs) and not 16-bit registers. */
export function isBitRegister(register: ModbusRegister): register is 'coil' | 'discrete' {
  return register === 'coil' || register === 'discrete';
}

/** @returns addresses that a value takes: registers of 16 bits, or one coil or discrete input. */
export function wordsOf(tag: Pick<ModbusTag, 'register' | 'type' | 'lengthBytes'>): number {
  if (isBitRegister(tag.register)) return 1;
  return tag.type === 'string' ? Math.ceil((tag.lengthBytes ?? 0) / 2) : WORDS[tag.type];
}
