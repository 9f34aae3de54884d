/** Tags and writes of a Modbus device: what is read where, and as what. */
import { BYTE_ORDERS, TAG_TYPES, type ByteOrder, type TagType } from '@trame/protocol/tag';
import type { ModbusRegister, ModbusTag, ModbusWrite } from '../domain/line-config.ts';
import { isBitRegister, wordsOf } from '../domain/modbus-width.ts';
import { isScaled } from '../domain/scale-value.ts';
import { MAX_READBACK_MS } from './limits.ts';
import { complete, readMap, type ConfigMap, type ConfigNode, type Reader } from './config-node.ts';
import { durationMs, integer, oneOf, range, tagName, type Names } from './scalar-readers.ts';
import { COMMON_TAG_KEYS, readTagCommon } from './tag-readers.ts';

const MODBUS_REGISTERS = ['holding', 'input', 'coil', 'discrete'] as const satisfies ModbusRegister[];
const TAG_KEYS = [...COMMON_TAG_KEYS, 'register', 'address', 'bit', 'length', 'byteOrder'] as const;
const WRITE_KEYS = ['name', 'register', 'address', 'type', 'byteOrder', 'readback', 'range'] as const;

const LAST_ADDRESS = 65_535;
/** A string fills at most one request: 125 registers. */
const MAX_STRING_BYTES = 250;
const DEFAULT_READBACK_MS = 1000;

/** What tags inherit from their device. */
export interface ModbusTagDefaults {
  readonly addressBase: 0 | 1;
  readonly byteOrder: ByteOrder;
  readonly maxWords: number;
  readonly names: Names;
  /** Told each name with its raw type, whatever else is wrong with the tag. */
  readonly onName: (name: string, type: TagType | null) => void;
}

export function modbusTag(defaults: ModbusTagDefaults): Reader<ModbusTag> {
  return (node) => {
    const map = readMap(node, TAG_KEYS);
    if (map === undefined) return undefined;
    const register = map.required('register', oneOf(MODBUS_REGISTERS));
    const bit = map.optional('bit', integer('a bit', 0, 15), null);
    const type = readType(map, register, bit !== null);
    const lengthBytes = readLength(map, type);
    const name = readName(map, defaults, type);
    const width =
      register === undefined || type === undefined || lengthBytes === undefined
        ? undefined
        : wordsOf({ register, type, lengthBytes });
    const address = map.required('address', protocolAddress(defaults.addressBase, width, register));
    if (width !== undefined && width > defaults.maxWords) {
      node.fail(`takes ${width} registers, but limits.maxWords of the device is ${defaults.maxWords}`);
    }
    const writable = map.get('writable');
    if (writable?.scalar === true) checkWritable(writable, register, type, bit);
    return complete<ModbusTag>({
      name,
      register,
      address,
      type,
      bit,
      lengthBytes,
      byteOrder: readByteOrder(map, register, defaults.byteOrder),
      ...readTagCommon(map, type ?? null),
    });
  };
}

function checkWritable(
  at: ConfigNode,
  register: ModbusRegister | undefined,
  type: TagType | undefined,
  bit: number | null | undefined,
): void {
  if (register === 'input' || register === 'discrete') {
    at.fail(`a ${register} register can only be read`);
  } else if (type === 'string') {
    at.fail('strings cannot be written over Modbus');
  } else if (typeof bit === 'number') {
    // Read, change, write back: whatever the device changed in between would be undone.
    at.fail('one bit of a register cannot be written alone: write the whole register, or a coil');
  }
}

/**
 * @param tags of the device. One that is only read may have a write of its name, which is then another register: raw, so
 * the tag may not be scaled.
 */
export function modbusWrite(defaults: ModbusTagDefaults, tags: readonly ModbusTag[]): Reader<ModbusWrite> {
  return (node) => {
    const map = readMap(node, WRITE_KEYS);
    if (map === undefined) return undefined;
    const name = map.get('name');
    const namesake = tags.find((tag) => tag.name === name?.scalar);
    if (namesake?.writable === true) {
      name?.fail('a writable tag has this name: nobody could tell which of the two is written');
    } else if (namesake !== undefined && isScaled(namesake)) {
      name?.fail('the tag of this name is scaled, but a write is raw: choose another name');
    }
    const register = map.required('register', oneOf(['holding', 'coil'] as const));
    const type = readType(map, register, false);
    if (type === 'string') map.get('type')?.fail('strings cannot be written');
    const width =
      register === undefined || type === undefined || type === 'string'
        ? undefined
        : wordsOf({ register, type, lengthBytes: null });
    if (type === 'bool') map.get('range')?.fail('range has no meaning with type bool');
    return complete<ModbusWrite>({
      name: readName(map, defaults, type),
      register,
      address: map.required('address', protocolAddress(defaults.addressBase, width, register)),
      type,
      byteOrder: readByteOrder(map, register, defaults.byteOrder),
      readbackMs: map.optional('readback', durationMs(0, MAX_READBACK_MS), DEFAULT_READBACK_MS),
      range: map.optional('range', range, null),
    });
  };
}

function readName(
  map: ConfigMap,
  { names, onName }: ModbusTagDefaults,
  type: TagType | undefined,
): string | undefined {
  const name = map.required('name', tagName);
  if (name === undefined) return undefined;
  onName(name, type ?? null);
  return names.claim(name, map.get('name') ?? map.at) ? name : undefined;
}

function readType(
  map: ConfigMap,
  register: ModbusRegister | undefined,
  hasBit: boolean,
): TagType | undefined {
  const written = map.get('type');
  const isBit = register !== undefined && isBitRegister(register);
  const type = map.optional('type', oneOf(TAG_TYPES), isBit || hasBit ? 'bool' : 'uint16');
  if (isBit) {
    map.get('bit')?.fail(`a ${register} is one bit already: bit is for holding and input registers`);
    if (type !== undefined && type !== 'bool')
      written?.fail(`a ${register} is one bit: expected bool, got ${type}`);
  } else if (register !== undefined && type !== undefined) {
    if (hasBit && type !== 'bool') written?.fail(`one bit of a register is a bool, not ${type}`);
    if (!hasBit && type === 'bool') {
      written?.fail('a bool in a register needs bit, 0 (lowest) to 15');
    }
  }
  return type;
}

function readLength(map: ConfigMap, type: TagType | undefined): number | null | undefined {
  if (type === 'string') {
    return map.required('length', integer('a length in bytes', 1, MAX_STRING_BYTES));
  }
  if (type !== undefined) map.get('length')?.fail(`length is for strings, not for ${type}`);
  return null;
}

function readByteOrder(
  map: ConfigMap,
  register: ModbusRegister | undefined,
  inherited: ByteOrder,
): ByteOrder | undefined {
  if (register !== undefined && isBitRegister(register)) {
    map.get('byteOrder')?.fail(`byteOrder has no meaning on a ${register}`);
  }
  return map.optional('byteOrder', oneOf(BYTE_ORDERS), inherited);
}

/** @returns a reader of addresses as written that gives the protocol address, 0–65535. */
function protocolAddress(
  base: 0 | 1,
  width: number | undefined,
  register: ModbusRegister | undefined,
): Reader<number> {
  return (node: ConfigNode) => {
    if (base === 1 && node.scalar === 0) {
      return node.fail('address 0 does not exist with addressBase 1: the first address is 1');
    }
    const written = integer('an address', base, LAST_ADDRESS + base)(node);
    if (written === undefined) return undefined;
    const address = written - base;
    const modicon = register === undefined ? null : modiconNumber(register, written);
    if (modicon !== null) {
      node.warn(
        `read as address ${written}; if it is the Modicon number of register ${modicon}, write ${modicon - 1 + base}`,
      );
    }
    if (width !== undefined && register !== undefined && address + width - 1 > LAST_ADDRESS) {
      return node.fail(
        `takes ${width} registers from ${written} on, past the last address ${LAST_ADDRESS + base}`,
      );
    }
    return address;
  };
}

/** Documents that number registers from 40001 (holding) or 30001 (input) on, Modicon 984. */
const MODICON_FIRST: Partial<Record<ModbusRegister, number>> = { holding: 40_001, input: 30_001 };
const MODICON_COUNT = 9999;

/** @returns the register's number from 1 on when an address looks like a Modicon number, else null. */
function modiconNumber(register: ModbusRegister, address: number): number | null {
  const first = MODICON_FIRST[register];
  if (first === undefined || address < first || address >= first + MODICON_COUNT) return null;
  return address - first + 1;
}
