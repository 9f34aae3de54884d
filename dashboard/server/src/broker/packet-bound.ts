/**
 * How large the MQTT packets of a connection say they are (MQTT 3.1.1 §2.2): read from the bytes as they pass,
 * before anything collects them. Pure.
 */

/** Largest packet taken: a payload of 8 MiB with its topic and headers. */
export const PACKET_BYTES_MAX = 8 * 1024 * 1024 + 64 * 1024;

export type Framing =
  /** The first byte of a packet comes next. */
  | { readonly at: 'type' }
  | { readonly at: 'length'; readonly bytes: number; readonly shift: number }
  | { readonly at: 'body'; readonly left: number };

export const NEW_FRAMING: Framing = { at: 'type' };

/** Seven bits in each byte of a length, at most four of them. */
const SHIFT_MAX = 21;

/** @returns where the next chunk goes on, or the size of a packet past `bytesMax` (also a malformed length). */
export function nextFraming(
  framing: Framing,
  chunk: Uint8Array,
  bytesMax: number,
): { readonly framing: Framing; readonly excess: number | null } {
  let now = framing;
  for (let index = 0; index < chunk.length;) {
    if (now.at === 'body') {
      const taken = Math.min(now.left, chunk.length - index);
      index += taken;
      now = taken === now.left ? NEW_FRAMING : { at: 'body', left: now.left - taken };
      continue;
    }
    const byte = chunk[index] ?? 0;
    index += 1;
    if (now.at === 'type') {
      now = { at: 'length', bytes: 0, shift: 0 };
      continue;
    }
    const bytes: number = now.bytes + (byte & 0x7f) * 2 ** now.shift;
    const more = (byte & 0x80) !== 0;
    if (bytes > bytesMax || (more && now.shift === SHIFT_MAX)) return { framing: now, excess: bytes };
    if (more) now = { at: 'length', bytes, shift: now.shift + 7 };
    else now = bytes === 0 ? NEW_FRAMING : { at: 'body', left: bytes };
  }
  return { framing: now, excess: null };
}
