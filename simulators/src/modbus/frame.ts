import { crc16 } from './crc16.ts';

/** One request taken off the wire. `transaction` is 0 in RTU, which has none. */
export interface RequestFrame {
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** What the bytes received so far hold: a frame and what follows it, not enough yet, or nonsense. */
export type Taken =
  | { readonly kind: 'frame'; readonly frame: RequestFrame; readonly rest: Uint8Array }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'broken'; readonly hangUp: boolean };

/** How requests and answers are wrapped on a link. */
export interface Framing {
  /** Several units may share the link: unit 0 speaks to all, and another unit's requests go unanswered. */
  readonly hasBroadcast: boolean;
  readonly take: (bytes: Uint8Array) => Taken;
  readonly wrap: (transaction: number, unit: number, pdu: Uint8Array) => Uint8Array;
}

const mbapBytes = 7;
const maxPduBytes = 253;
const minPduBytes = 1;

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Modbus TCP: transaction, protocol (0), length, unit, then the PDU. */
export const mbapFraming: Framing = {
  hasBroadcast: false,
  take(bytes) {
    if (bytes.length < mbapBytes) return { kind: 'incomplete' };
    const pduBytes = word(bytes, 4) - 1;
    if (word(bytes, 2) !== 0 || pduBytes < minPduBytes || pduBytes > maxPduBytes) {
      return { kind: 'broken', hangUp: true };
    }
    const end = mbapBytes + pduBytes;
    if (bytes.length < end) return { kind: 'incomplete' };
    return {
      kind: 'frame',
      frame: {
        transaction: word(bytes, 0),
        unit: bytes[6] ?? 0,
        pdu: bytes.slice(mbapBytes, end),
      },
      rest: bytes.slice(end),
    };
  },
  wrap(transaction, unit, pdu) {
    const length = pdu.length + 1;
    const head = [transaction >>> 8, transaction & 0xff, 0, 0, length >>> 8, length & 0xff, unit];
    return Uint8Array.from([...head, ...pdu]);
  },
};

/** Bytes of an RTU request, unit and CRC included; null while too few have come to know. */
function rtuRequestBytes(bytes: Uint8Array): number | null {
  const code = bytes[1];
  if (code === undefined) return null;
  if (code === 15 || code === 16) {
    const data = bytes[6];
    return data === undefined ? null : 9 + data;
  }
  return 8;
}

/** RTU frames over a TCP stream, as serial-to-Ethernet converters pass them: unit, PDU, CRC. */
export const rtuFraming: Framing = {
  hasBroadcast: true,
  take(bytes) {
    const total = rtuRequestBytes(bytes);
    if (total === null || bytes.length < total) return { kind: 'incomplete' };
    const body = bytes.slice(0, total - 2);
    const crc = (bytes[total - 2] ?? 0) | ((bytes[total - 1] ?? 0) << 8);
    if (crc16(body) !== crc) return { kind: 'broken', hangUp: false };
    return {
      kind: 'frame',
      frame: { transaction: 0, unit: body[0] ?? 0, pdu: body.slice(1) },
      rest: bytes.slice(total),
    };
  },
  wrap(_transaction, unit, pdu) {
    const body = Uint8Array.from([unit, ...pdu]);
    const crc = crc16(body);
    return Uint8Array.from([...body, crc & 0xff, crc >>> 8]);
  },
};
