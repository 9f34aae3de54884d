/** What of a Modbus device can be written: its `writes`, and its tags that are writable. */
import { DEFAULT_READBACK_MS, type ModbusDeviceConfig, type ModbusWrite } from '../domain/line-config.ts';
import { isBitRegister, wordsOf } from '../domain/modbus-width.ts';
import type { Scaling } from '../domain/scale-value.ts';

export interface ModbusTarget extends Omit<ModbusWrite, 'range'>, Scaling {}

type Found =
  | { readonly kind: 'target'; readonly target: ModbusTarget }
  | { readonly kind: 'read-only' }
  | { readonly kind: 'unknown' };

/** A write comes before a tag of its name: that one is only read. */
export function findTarget({ writes, groups }: ModbusDeviceConfig, name: string): Found {
  const write = writes.find((one) => one.name === name);
  if (write !== undefined) return { kind: 'target', target: { ...write, scale: 1, offset: 0 } };
  const tag = groups.flatMap(({ tags }) => tags).find((one) => one.name === name);
  if (tag === undefined) return { kind: 'unknown' };
  const { register, writable, readbackMs = DEFAULT_READBACK_MS } = tag;
  if (!writable || (register !== 'holding' && register !== 'coil')) return { kind: 'read-only' };
  return { kind: 'target', target: { ...tag, register, readbackMs } };
}

/** @returns how many addresses it takes. */
export function widthOf({ register, type }: ModbusTarget): number {
  return isBitRegister(register) ? 1 : wordsOf({ register, type, lengthBytes: null });
}

/** @returns whether writing one changes what is read of the other. */
export function overlap(one: ModbusTarget, other: ModbusTarget): boolean {
  return (
    one.register === other.register &&
    one.address < other.address + widthOf(other) &&
    other.address < one.address + widthOf(one)
  );
}
