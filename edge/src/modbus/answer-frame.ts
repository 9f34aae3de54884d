/**
 * Finds the answer to a request in a stream of bytes, and takes nothing else for it. `modbus-serial` checks
 * length, unit and function; it lets pass a wrong MBAP protocol id, a byte count that contradicts the frame
 * (it then reads the checksum as data), the echo of another write, and bytes that were already there before the
 * request went out.
 */

export type Framing = 'mbap' | 'rtu';

/** What an answer has to look like. */
export type ExpectedAnswer = ExpectedData | ExpectedEcho;

interface ExpectedData {
  readonly unit: number;
  /** Function code, 1–4. */
  readonly code: number;
  readonly dataBytes: number;
  /** MBAP only. */
  readonly transaction: number;
}

interface ExpectedEcho {
  readonly unit: number;
  /** Function code: 5, 6, 15 or 16. */
  readonly code: number;
  /** Address and value, or address and count, as the request said them. */
  readonly echo: Uint8Array;
  readonly transaction: number;
}

type FrameSearch =
  /** More bytes are needed. */
  | { readonly kind: 'partial' }
  /** Unit, function and payload, without header and checksum. */
  | { readonly kind: 'answer'; readonly frame: Uint8Array }
  /** What arrived can never become the answer. */
  | { readonly kind: 'wrong'; readonly reason: string };

const MBAP_HEADER_BYTES = 6;
/** «MODBUS Messaging on TCP/IP» 1.0b §3.1.3: unit and at most 253 bytes. */
const MAX_MBAP_LENGTH = 254;
const MIN_MBAP_LENGTH = 3;
const CRC_BYTES = 2;
const EXCEPTION_FLAG = 0x80;
const EXCEPTION_BYTES = 3;
/** After unit and function code. */
const BODY_AT = 2;
/** Longest RTU frame; noise that is longer is not worth searching. */
const MAX_RTU_BYTES = 256;

const PARTIAL: FrameSearch = { kind: 'partial' };

/** @param bytes everything that arrived since the request went out. */
export function findAnswer(framing: Framing, bytes: Uint8Array, expected: ExpectedAnswer): FrameSearch {
  return framing === 'mbap' ? findMbap(bytes, expected) : findRtu(bytes, expected);
}

function findMbap(bytes: Uint8Array, expected: ExpectedAnswer): FrameSearch {
  let start = 0;
  while (bytes.length - start >= MBAP_HEADER_BYTES) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + start);
    const protocol = view.getUint16(2);
    const length = view.getUint16(4);
    if (protocol !== 0) return wrong(`protocol ${protocol} in place of Modbus`);
    if (length < MIN_MBAP_LENGTH || length > MAX_MBAP_LENGTH) return wrong(`a frame of ${length} bytes`);
    const end = start + MBAP_HEADER_BYTES + length;
    if (bytes.length < end) return PARTIAL;
    // The answer to an earlier request: late, and known by its transaction.
    if (view.getUint16(0) === expected.transaction) {
      return checkFrame(bytes.subarray(start + MBAP_HEADER_BYTES, end), expected);
    }
    start = end;
  }
  return PARTIAL;
}

function checkFrame(frame: Uint8Array, expected: ExpectedAnswer): FrameSearch {
  const [unit, code, count] = frame;
  if (unit !== expected.unit) return wrong(`unit ${unit} in place of ${expected.unit}`);
  if (code === (expected.code | EXCEPTION_FLAG)) {
    return frame.length === EXCEPTION_BYTES
      ? { kind: 'answer', frame }
      : wrong('an exception of wrong length');
  }
  if (code !== expected.code) return wrong(`function ${code} in place of ${expected.code}`);
  if ('echo' in expected) return checkEcho(frame, expected);
  if (count !== expected.dataBytes || frame.length !== EXCEPTION_BYTES + expected.dataBytes) {
    return wrong(
      `${frame.length - EXCEPTION_BYTES} data bytes, said to be ${count}, in place of ${expected.dataBytes}`,
    );
  }
  return { kind: 'answer', frame };
}

function checkEcho(frame: Uint8Array, { echo }: ExpectedEcho): FrameSearch {
  const said = frame.subarray(BODY_AT);
  const isEcho = said.length === echo.length && echo.every((byte, index) => byte === said[index]);
  return isEcho ? { kind: 'answer', frame } : wrong('the echo of another write');
}

/** A line may begin with noise (a driver that turns round) or end another unit's late answer: that is skipped. */
function findRtu(bytes: Uint8Array, expected: ExpectedAnswer): FrameSearch {
  const { unit, code } = expected;
  const answerBytes =
    'echo' in expected ? BODY_AT + expected.echo.length : EXCEPTION_BYTES + expected.dataBytes;
  for (let start = 0; start + EXCEPTION_BYTES <= bytes.length; start += 1) {
    if (bytes[start] !== unit) continue;
    const isException = bytes[start + 1] === (code | EXCEPTION_FLAG);
    const isAnswer =
      bytes[start + 1] === code && ('echo' in expected || bytes[start + 2] === expected.dataBytes);
    if (!isException && !isAnswer) continue;
    const end = start + (isException ? EXCEPTION_BYTES : answerBytes);
    if (bytes.length < end + CRC_BYTES) return PARTIAL;
    const frame = bytes.subarray(start, end);
    const sent = (bytes[end] ?? 0) | ((bytes[end + 1] ?? 0) << 8);
    if (crc16(frame) !== sent) continue;
    return 'echo' in expected && !isException ? checkEcho(frame, expected) : { kind: 'answer', frame };
  }
  if (bytes.length > MAX_RTU_BYTES) return wrong(`${bytes.length} bytes without an answer in them`);
  return PARTIAL;
}

/** «MODBUS over Serial Line» 1.02 §6.2.2: polynomial 0xA001, start 0xFFFF; low byte travels first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

function wrong(what: string): FrameSearch {
  return { kind: 'wrong', reason: `answered with ${what}` };
}
