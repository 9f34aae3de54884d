/** From a value to the registers that hold it: the reverse of `decode.ts`. */
import type { ByteOrder, TagType, TagValue } from '@trame/protocol/tag';
import { inOrder, swapsBytes, swapsWords } from './byte-order.ts';

/**
 * @param raw of its type, as `rawToWrite` gives it. A value that is not of it throws.
 * @returns the bytes of the registers as they travel.
 */
export function encodeRegisters(raw: TagValue, type: TagType, byteOrder: ByteOrder): Uint8Array {
  return inOrder(bigEndFirst(raw, type), swapsBytes(byteOrder), swapsWords(byteOrder));
}

function bigEndFirst(raw: TagValue, type: TagType): Uint8Array {
  if (typeof raw === 'bigint') {
    if (type === 'int64') return filled(8, (view) => view.setBigInt64(0, raw));
    if (type === 'uint64') return filled(8, (view) => view.setBigUint64(0, raw));
  } else if (typeof raw === 'number') {
    switch (type) {
      case 'int16':
        return filled(2, (view) => view.setInt16(0, raw));
      case 'uint16':
        return filled(2, (view) => view.setUint16(0, raw));
      case 'int32':
        return filled(4, (view) => view.setInt32(0, raw));
      case 'uint32':
        return filled(4, (view) => view.setUint32(0, raw));
      case 'float32':
        return filled(4, (view) => view.setFloat32(0, raw));
      case 'float64':
        return filled(8, (view) => view.setFloat64(0, raw));
      case 'bool':
      case 'string':
      case 'int64':
      case 'uint64':
        break;
    }
  }
  throw new Error(`a ${typeof raw} is written as ${type}`);
}

function filled(bytes: number, fill: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  fill(view);
  return new Uint8Array(view.buffer);
}
