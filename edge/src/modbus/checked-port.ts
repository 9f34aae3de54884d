/**
 * The port under `modbus-serial`. The library's own ports are not used, for three reasons found by trying
 * them: they take bytes that were there before the request for its answer, they do not check the MBAP header,
 * and after a reset of the connection the request stays pending for ever. This one owns nothing: it frames
 * requests, lets only checked answers up, and tells its owner of anything else.
 */
import { EventEmitter } from 'node:events';
import { crc16, findAnswer, type ExpectedAnswer, type Framing } from './answer-frame.ts';

const CRC_BYTES = 2;
const MBAP_HEADER_BYTES = 6;
const TRANSACTIONS = 65_536;
/** Bytes that may pile up before an answer: more is a device that talks without being asked. */
const MAX_PENDING_BYTES = 4096;

interface PortOwner {
  /** Sends bytes to the device. */
  send(bytes: Buffer): void;
  /** What arrived cannot become the answer to the request in flight. */
  wrongAnswer(reason: string): void;
}

export class CheckedPort extends EventEmitter {
  readonly #framing: Framing;
  readonly #owner: PortOwner;
  #received = Buffer.alloc(0);
  #expected: ExpectedAnswer | null = null;
  /** Ours alone: the library keeps a number too, but with one request in flight it always stays the same. */
  #transaction = 0;

  constructor(framing: Framing, owner: PortOwner) {
    super();
    this.#framing = framing;
    this.#owner = owner;
  }

  get isOpen(): boolean {
    return true;
  }

  /** Bytes that arrived since the last request went out and are not its answer (yet). */
  get pendingBytes(): number {
    return this.#received.length;
  }

  open(callback: (error: null) => void): void {
    callback(null);
  }

  /** @param request unit, function and payload with a checksum, as the library builds it: a read or a write. */
  write(request: Buffer): void {
    this.#transaction = (this.#transaction + 1) % TRANSACTIONS;
    this.#expected = expectedOf(request, this.#transaction);
    // What is here already was sent before the request, so it is no answer to it.
    this.#received = Buffer.alloc(0);
    if (this.#framing === 'rtu') {
      this.#owner.send(request);
      return;
    }
    const header = Buffer.alloc(MBAP_HEADER_BYTES);
    header.writeUInt16BE(this.#transaction, 0);
    header.writeUInt16BE(request.length - CRC_BYTES, 4);
    this.#owner.send(Buffer.concat([header, request.subarray(0, -CRC_BYTES)]));
  }

  /** Bytes from the device. */
  receive(bytes: Buffer): void {
    if (this.#expected === null) return;
    this.#received = Buffer.concat([this.#received, bytes]);
    const found = findAnswer(this.#framing, this.#received, this.#expected);
    switch (found.kind) {
      case 'answer':
        this.forget();
        this.emit('data', withChecksum(found.frame));
        return;
      case 'wrong':
        this.forget();
        this.#owner.wrongAnswer(found.reason);
        return;
      case 'partial':
        if (this.#received.length <= MAX_PENDING_BYTES) return;
        this.forget();
        this.#owner.wrongAnswer(`sent ${MAX_PENDING_BYTES} bytes without an answer in them`);
    }
  }

  /** Nothing is expected any more. */
  forget(): void {
    this.#expected = null;
    this.#received = Buffer.alloc(0);
  }
}

/** Function codes of «MODBUS Application Protocol» 1.1b3 §6: reads of bits, and the last one that reads. */
const READ_DISCRETE = 2;
const READ_INPUT = 4;
/** Address and value of one, address and count of many: both are repeated. */
const ECHO_FROM = 2;
const ECHO_TO = 6;

function expectedOf(request: Buffer, transaction: number): ExpectedAnswer {
  const unit = request.readUInt8(0);
  const code = request.readUInt8(1);
  if (code > READ_INPUT) return { unit, code, transaction, echo: request.subarray(ECHO_FROM, ECHO_TO) };
  const count = request.readUInt16BE(4);
  return { unit, code, transaction, dataBytes: code <= READ_DISCRETE ? Math.ceil(count / 8) : 2 * count };
}

/** The library wants a checksum on every frame, also where the wire carries none. */
function withChecksum(frame: Uint8Array): Buffer {
  const framed = Buffer.alloc(frame.length + CRC_BYTES);
  framed.set(frame);
  framed.writeUInt16LE(crc16(frame), frame.length);
  return framed;
}
