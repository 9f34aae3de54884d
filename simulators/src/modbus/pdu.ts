import type { RegisterImage, RegisterTable, WritableField } from './register-map.ts';

/** Exception codes of the Modbus application protocol (V1.1b3, section 7). */
export const modbusException = {
  illegalFunction: 1,
  illegalDataAddress: 2,
  illegalDataValue: 3,
  gatewayTargetFailed: 11,
} as const;

const maxReadBits = 2_000;
const maxReadRegisters = 125;
const maxWriteBits = 1_968;
const maxWriteRegisters = 123;

/** The answer to a request that the device refuses. */
export function exceptionPdu(functionCode: number, code: number): Uint8Array {
  return Uint8Array.of((functionCode | 0x80) & 0xff, code);
}

interface Answer {
  readonly image: RegisterImage;
  readonly writable: readonly WritableField[];
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function cells(image: RegisterImage, table: RegisterTable, address: number, count: number): number[] | null {
  const found: number[] = [];
  for (let offset = 0; offset < count; offset += 1) {
    const cell = image[table].get(address + offset);
    if (cell === undefined) return null;
    found.push(cell);
  }
  return found;
}

function readBits(request: Uint8Array, table: RegisterTable, image: RegisterImage): Uint8Array {
  const code = request[0] ?? 0;
  const count = word(request, 3);
  if (request.length !== 5 || count < 1 || count > maxReadBits) {
    return exceptionPdu(code, modbusException.illegalDataValue);
  }
  const bits = cells(image, table, word(request, 1), count);
  if (bits === null) return exceptionPdu(code, modbusException.illegalDataAddress);
  const bytes = new Uint8Array(2 + Math.ceil(count / 8));
  bytes[0] = code;
  bytes[1] = bytes.length - 2;
  for (const [index, bit] of bits.entries()) {
    if (bit !== 0) bytes[2 + (index >> 3)] = (bytes[2 + (index >> 3)] ?? 0) | (1 << (index & 7));
  }
  return bytes;
}

function readRegisters(request: Uint8Array, table: RegisterTable, image: RegisterImage): Uint8Array {
  const code = request[0] ?? 0;
  const count = word(request, 3);
  if (request.length !== 5 || count < 1 || count > maxReadRegisters) {
    return exceptionPdu(code, modbusException.illegalDataValue);
  }
  const words = cells(image, table, word(request, 1), count);
  if (words === null) return exceptionPdu(code, modbusException.illegalDataAddress);
  return Uint8Array.from([code, count * 2, ...words.flatMap((cell) => [cell >>> 8, cell & 0xff])]);
}

/**
 * Writes a run of cells. Every one must belong to a writable field that lies wholly within the run, and all
 * fields are looked up before the first is applied. Gives the exception, or null when all was accepted.
 */
function write(
  answer: Answer,
  table: 'coil' | 'holding',
  address: number,
  words: readonly number[],
): number | null {
  const end = address + words.length;
  const fields = answer.writable.filter(
    (field) => field.table === table && field.address >= address && field.address + field.words <= end,
  );
  const covered = fields.reduce((sum, field) => sum + field.words, 0);
  if (covered !== words.length) return modbusException.illegalDataAddress;
  for (const field of fields) {
    const from = field.address - address;
    if (!field.apply(words.slice(from, from + field.words))) return modbusException.illegalDataValue;
  }
  return null;
}

function writeSingle(request: Uint8Array, table: 'coil' | 'holding', answer: Answer): Uint8Array {
  const code = request[0] ?? 0;
  const value = word(request, 3);
  const legalCoil = value === 0x0000 || value === 0xff00;
  if (request.length !== 5 || (table === 'coil' && !legalCoil)) {
    return exceptionPdu(code, modbusException.illegalDataValue);
  }
  const cell = table === 'coil' ? Number(value === 0xff00) : value;
  const refused = write(answer, table, word(request, 1), [cell]);
  return refused === null ? request.slice() : exceptionPdu(code, refused);
}

function writeMultiple(request: Uint8Array, table: 'coil' | 'holding', answer: Answer): Uint8Array {
  const code = request[0] ?? 0;
  const count = word(request, 3);
  const bytes = table === 'coil' ? Math.ceil(count / 8) : count * 2;
  const limit = table === 'coil' ? maxWriteBits : maxWriteRegisters;
  if (count < 1 || count > limit || request[5] !== bytes || request.length !== 6 + bytes) {
    return exceptionPdu(code, modbusException.illegalDataValue);
  }
  const words = Array.from({ length: count }, (_, index) =>
    table === 'coil' ? ((request[6 + (index >> 3)] ?? 0) >> (index & 7)) & 1 : word(request, 6 + index * 2),
  );
  const refused = write(answer, table, word(request, 1), words);
  return refused === null ? request.slice(0, 5) : exceptionPdu(code, refused);
}

/** Answers one request (function code and data, without unit or frame) as a strict slave does. */
export function answerPdu(request: Uint8Array, answer: Answer): Uint8Array {
  const code = request[0] ?? 0;
  switch (code) {
    case 1:
      return readBits(request, 'coil', answer.image);
    case 2:
      return readBits(request, 'discrete', answer.image);
    case 3:
      return readRegisters(request, 'holding', answer.image);
    case 4:
      return readRegisters(request, 'input', answer.image);
    case 5:
      return writeSingle(request, 'coil', answer);
    case 6:
      return writeSingle(request, 'holding', answer);
    case 15:
      return writeMultiple(request, 'coil', answer);
    case 16:
      return writeMultiple(request, 'holding', answer);
    default:
      return exceptionPdu(code, modbusException.illegalFunction);
  }
}
