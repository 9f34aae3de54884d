/** From the bytes of an answer to values. */
import { bad } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import type { ModbusTag } from '../domain/line-config.ts';
import type { Reading } from '../domain/reading.ts';
import { scaleValue } from '../domain/scale-value.ts';
import { isBitRegister } from '../domain/modbus-width.ts';
import { inOrder, swapsBytes, swapsWords } from './byte-order.ts';
import type { ReadBlock, ReadRequest } from './plan-reads.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * @param data the data bytes of the answer to `request`, as many as it asked for.
 * @returns one reading for each tag of the request. Modbus tells no source time.
 */
export function decodeAnswer(request: ReadRequest, data: Uint8Array): Reading[] {
  return request.blocks.flatMap((block) => {
    const raw = rawOf(request, block, data);
    return block.tags.map((tag) => toReading(tag, raw(tag)));
  });
}

/** How to read the raw value of a tag of one block; null when the bytes cannot be its type. */
function rawOf(
  request: ReadRequest,
  block: ReadBlock,
  data: Uint8Array,
): (tag: ModbusTag) => TagValue | null {
  const start = block.address - request.address;
  if (isBitRegister(request.register)) {
    const bit = ((data[start >> 3] ?? 0) >> (start & 7)) & 1;
    return () => bit === 1;
  }
  const bytes = data.subarray(start * 2, (start + block.width) * 2);
  return (tag) => decodeRegisters(tag, bytes);
}

function toReading(tag: ModbusTag, raw: TagValue | null): Reading {
  if (raw === null) {
    return { tag: tag.name, value: null, quality: bad('not-a-value'), sourceTimeMs: null };
  }
  return { tag: tag.name, ...scaleValue(raw, tag), sourceTimeMs: null };
}

/**
 * @param bytes the registers of one value as they arrived, high byte of each register first.
 * @returns the raw value: 64-bit integers as bigint; null for text that is no UTF-8.
 */
export function decodeRegisters(
  tag: Pick<ModbusTag, 'type' | 'byteOrder' | 'bit' | 'lengthBytes'>,
  bytes: Uint8Array,
): TagValue | null {
  if (tag.type === 'string')
    return decodeText(inOrder(bytes, swapsBytes(tag.byteOrder), false), tag.lengthBytes);
  const ordered = inOrder(bytes, swapsBytes(tag.byteOrder), swapsWords(tag.byteOrder));
  const view = new DataView(ordered.buffer);
  switch (tag.type) {
    case 'bool':
      return ((view.getUint16(0) >> (tag.bit ?? 0)) & 1) === 1;
    case 'int16':
      return view.getInt16(0);
    case 'uint16':
      return view.getUint16(0);
    case 'int32':
      return view.getInt32(0);
    case 'uint32':
      return view.getUint32(0);
    case 'int64':
      return view.getBigInt64(0);
    case 'uint64':
      return view.getBigUint64(0);
    case 'float32':
      return view.getFloat32(0);
    case 'float64':
      return view.getFloat64(0);
  }
}

function decodeText(bytes: Uint8Array, lengthBytes: number | null): string | null {
  let end = lengthBytes ?? bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  try {
    return UTF8.decode(bytes.subarray(0, end));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
