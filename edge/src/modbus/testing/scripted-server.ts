/** A Modbus device made of bytes: the test says what it answers to each request, down to the last bit. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { crc16, type Framing } from '../answer-frame.ts';

interface ScriptedRequest {
  readonly transaction: number;
  readonly unit: number;
  readonly code: number;
  readonly address: number;
  readonly count: number;
  /** How many requests came before, on all connections. */
  readonly index: number;
  readonly socket: Socket;
  /** Sends bytes as they are. */
  readonly send: (bytes: Uint8Array) => void;
  /** Sends unit, function, byte count and data in a correct frame. */
  readonly answer: (data: Uint8Array) => void;
  /** Sends registers in a correct frame. */
  readonly registers: (...values: number[]) => void;
  /** Repeats a write, as a device that took it does; with other bytes after unit and function code when given. */
  readonly echo: (body?: Uint8Array) => void;
  /** What a write brings: the value of one, the data of many. */
  readonly data: Uint8Array;
  readonly exception: (code: number) => void;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  readonly requests: readonly ScriptedRequest[];
  /** Connections accepted so far. */
  readonly accepted: () => number;
  readonly open: ReadonlySet<Socket>;
  readonly setScript: (script: Script) => void;
}

export type Script = (request: ScriptedRequest) => void;

/** Function codes up to here fit unit, code and two words. */
const LAST_SINGLE = 6;

/** @param port 0 for a free one. */
export async function startScriptedServer(
  framing: Framing,
  script: Script,
  port = 0,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const open = new Set<Socket>();
  let current = script;
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    open.add(socket);
    let received = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (;;) {
        const size = sizeOf(framing, received);
        if (received.length < size) return;
        const request = parse(framing, received.subarray(0, size), requests.length, socket);
        received = received.subarray(size);
        requests.push(request);
        current(request);
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    accepted: () => accepted,
    open,
    setScript: (script) => {
      current = script;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** @returns how long the first request is; while that cannot be told, longer than what is there. */
function sizeOf(framing: Framing, received: Buffer): number {
  const start = framing === 'mbap' ? 6 : 0;
  const checksum = framing === 'mbap' ? 0 : 2;
  const plain = start + 6;
  if (received.length < plain || received.readUInt8(start + 1) <= LAST_SINGLE) return plain + checksum;
  if (received.length === plain) return plain + 1;
  return plain + 1 + received.readUInt8(plain) + checksum;
}

function parse(framing: Framing, bytes: Buffer, index: number, socket: Socket): ScriptedRequest {
  const transaction = framing === 'mbap' ? bytes.readUInt16BE(0) : 0;
  const start = framing === 'mbap' ? 6 : 0;
  const unit = bytes.readUInt8(start);
  const code = bytes.readUInt8(start + 1);
  const send = (out: Uint8Array) => {
    if (!socket.destroyed) socket.write(out);
  };
  const frame = (pdu: readonly number[]) => framed(framing, transaction, Buffer.from([unit, ...pdu]));
  return {
    transaction,
    unit,
    code,
    address: bytes.readUInt16BE(start + 2),
    count: bytes.readUInt16BE(start + 4),
    index,
    socket,
    send,
    answer: (data) => send(frame([code, data.length, ...data])),
    registers: (...values) =>
      send(frame([code, values.length * 2, ...values.flatMap((v) => [v >> 8, v & 0xff])])),
    echo: (body = bytes.subarray(start + 2, start + 6)) => send(frame([code, ...body])),
    data:
      code > LAST_SINGLE
        ? bytes.subarray(start + 7, bytes.length - (framing === 'mbap' ? 0 : 2))
        : bytes.subarray(start + 4, start + 6),
    exception: (reason) => send(frame([code | 0x80, reason])),
  };
}

/** @returns a frame around unit, function and payload. */
export function framed(framing: Framing, transaction: number, body: Uint8Array, protocol = 0): Buffer {
  if (framing === 'rtu') {
    const crc = crc16(body);
    return Buffer.from([...body, crc & 0xff, crc >> 8]);
  }
  const header = Buffer.alloc(6);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(protocol, 2);
  header.writeUInt16BE(body.length, 4);
  return Buffer.concat([header, body]);
}
