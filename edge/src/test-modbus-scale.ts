/** A Modbus TCP device with holding registers, as small as it can be: a test sets them and takes it away. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const READ_HOLDING = 3;
const ILLEGAL_FUNCTION = 1;

export class TestModbusScale implements AsyncDisposable {
  readonly registers = new Map<number, number>();
  #server: Server | null = null;
  #port = 0;
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<TestModbusScale> {
    const scale = new TestModbusScale();
    await scale.start();
    return scale;
  }

  get port(): number {
    return this.#port;
  }

  /** Sets a total of 64 bits, grams, big-endian, at registers 0 to 3. */
  setTotalGrams(grams: bigint): void {
    for (let index = 0; index < 4; index += 1) {
      this.registers.set(index, Number((grams >> BigInt(48 - 16 * index)) & 0xffffn));
    }
  }

  /** Comes (back) on the same port. */
  async start(): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.on('data', (request) => socket.write(this.#answer(request)));
    }).listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #answer(request: Buffer): Buffer {
    const code = request.readUInt8(7);
    if (code !== READ_HOLDING) return frame(request, Buffer.from([code | 0x80, ILLEGAL_FUNCTION]));
    const address = request.readUInt16BE(8);
    const count = request.readUInt16BE(10);
    const body = Buffer.alloc(2 + 2 * count);
    body.writeUInt8(code, 0);
    body.writeUInt8(2 * count, 1);
    for (let index = 0; index < count; index += 1) {
      body.writeUInt16BE(this.registers.get(address + index) ?? 0, 2 + 2 * index);
    }
    return frame(request, body);
  }
}

function frame(request: Buffer, body: Buffer): Buffer {
  const header = Buffer.from(request.subarray(0, 7));
  header.writeUInt16BE(body.length + 1, 4);
  return Buffer.concat([header, body]);
}
