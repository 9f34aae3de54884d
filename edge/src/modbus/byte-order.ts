/** In which order the bytes of a value lie in registers. */
import type { ByteOrder } from '@trame/protocol/tag';

/** `BADC` and `DCBA` hold the low byte of each register first: in 16-bit values and text too. */
export function swapsBytes(order: ByteOrder): boolean {
  return order === 'BADC' || order === 'DCBA';
}

/** `CDAB` and `DCBA` hold the low register first: of two or four registers, the order is turned round. */
export function swapsWords(order: ByteOrder): boolean {
  return order === 'CDAB' || order === 'DCBA';
}

/** @returns bytes of a device, big end first; or bytes with the big end first as the device has them: it is its own reverse. */
export function inOrder(bytes: Uint8Array, swapBytes: boolean, swapWords: boolean): Uint8Array<ArrayBuffer> {
  const ordered = new Uint8Array(bytes.length);
  const words = bytes.length / 2;
  for (let word = 0; word < words; word += 1) {
    const from = 2 * (swapWords ? words - 1 - word : word);
    ordered[2 * word] = bytes[swapBytes ? from + 1 : from] ?? 0;
    ordered[2 * word + 1] = bytes[swapBytes ? from : from + 1] ?? 0;
  }
  return ordered;
}
