/** One open link to one or several units, and one request at a time on it. */
import type modbusSerial from 'modbus-serial';
import type { ModbusRegister } from '../domain/line-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Framing } from './answer-frame.ts';
import { CheckedPort } from './checked-port.ts';
import type { LinkStream } from './open-stream.ts';

/** What became of one read. */
export type ReadOutcome = { readonly kind: 'data'; readonly data: Uint8Array } | Failure;
/** What became of one write. `echoed`: the unit repeated it, so it took it. */
export type WriteAnswer = { readonly kind: 'echoed' } | Failure;

export type Failure = UnitException | NoAnswer;

/** The unit answered that it will not, with a code of «MODBUS Application Protocol» 1.1b3 §7. */
interface UnitException {
  readonly kind: 'exception';
  readonly code: number;
}

export type NoAnswer =
  /** Nothing came before the deadline. */
  | { readonly kind: 'timeout' }
  /** Something came, but not an answer. `reason`: `answered with unit 2 in place of 1`. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** The link ended. `reason`: `closed the connection`. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface ReadSpan {
  readonly unit: number;
  readonly register: ModbusRegister;
  readonly address: number;
  readonly count: number;
  /** Own deadline: the library's is off. */
  readonly timeoutMs: number;
}

export interface WriteSpan {
  readonly unit: number;
  readonly address: number;
  /** One coil, or the bytes of whole registers. */
  readonly value: boolean | Uint8Array;
  /** With the function codes for several (15, 16) even when it is one: some devices know no others. */
  readonly isMultiple: boolean;
  readonly timeoutMs: number;
}

/** A serial driver that hangs must not keep the edge from stopping. */
const CLOSE_TIMEOUT_MS = 1000;

type ModbusClient = typeof modbusSerial.default;

export class ModbusConnection implements AsyncDisposable {
  readonly #stream: LinkStream;
  readonly #clock: Clock;
  readonly #port: CheckedPort;
  readonly #client: InstanceType<ModbusClient>;
  readonly #closed: Promise<void>;
  #ended: string | null = null;
  #fail: ((failure: Failure) => void) | null = null;

  private constructor(stream: LinkStream, framing: Framing, clock: Clock, Client: ModbusClient) {
    this.#stream = stream;
    this.#clock = clock;
    this.#port = new CheckedPort(framing, {
      send: (bytes) => {
        stream.duplex.write(bytes);
      },
      wrongAnswer: (reason) => this.#fail?.({ kind: 'invalid', reason }),
    });
    this.#client = new Client(this.#port);
    this.#client.open();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = promise;
    stream.duplex.on('data', (bytes: Buffer) => this.#port.receive(bytes));
    stream.duplex.on('error', (error) =>
      this.#end(isReset(error) ? 'reset the connection' : `failed: ${error.message}`),
    );
    stream.duplex.on('end', () => this.#end('closed the connection'));
    stream.duplex.on('close', () => {
      this.#end('closed the connection');
      resolve();
    });
    // It may have ended before anybody listened.
    if (!stream.duplex.destroyed) return;
    this.#end('closed the connection');
    resolve();
  }

  /** Takes the stream over: it is closed with the connection. The library is loaded on first use. */
  static async over(stream: LinkStream, framing: Framing, clock: Clock): Promise<ModbusConnection> {
    const { default: library } = await import('modbus-serial');
    return new ModbusConnection(stream, framing, clock, library.default);
  }

  /** Why the link ended, in words that follow its name; null while it is open. */
  get ended(): string | null {
    return this.#ended;
  }

  /** Ends the link at once: a request that is under way is `lost`. */
  abort(): void {
    this.#end('was closed from here');
  }

  /** Asks and waits. One request at a time: a second one is a broken invariant and throws. */
  async read(span: ReadSpan): Promise<ReadOutcome> {
    return await this.#exchange(span, async () => {
      const { buffer } = await this.#ask(span);
      return { kind: 'data', data: buffer };
    });
  }

  /** Writes and waits for the echo. Whether it was done is for whoever reads back. One request at a time, as with reads. */
  async write(span: WriteSpan): Promise<WriteAnswer> {
    return await this.#exchange(span, async () => {
      await this.#tell(span);
      return { kind: 'echoed' };
    });
  }

  async #exchange<T>(
    { unit, timeoutMs }: { readonly unit: number; readonly timeoutMs: number },
    ask: () => Promise<T>,
  ): Promise<T | Failure> {
    if (this.#fail !== null) throw new Error('a Modbus request is already in flight on this link');
    if (this.#ended !== null) return { kind: 'lost', reason: this.#ended };
    const { promise, resolve } = Promise.withResolvers<T | Failure>();
    const done = new AbortController();
    // Whoever comes first decides; what the library says later is ignored.
    this.#fail = resolve;
    this.#client.setID(unit);
    ask().then(resolve, (error: unknown) => resolve(refusal(error)));
    const deadline = this.#clock.sleep(timeoutMs, done.signal).then(
      () => resolve(this.#lateOutcome()),
      () => undefined,
    );
    const outcome = await promise;
    this.#fail = null;
    this.#port.forget();
    done.abort();
    await deadline;
    return outcome;
  }

  /** Ends the link and waits until the system has let it go, at most {@link CLOSE_TIMEOUT_MS}. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    const done = new AbortController();
    const limit = this.#clock.sleep(CLOSE_TIMEOUT_MS, done.signal).catch(() => undefined);
    await Promise.race([this.#closed, limit]);
    done.abort();
    await limit;
  }

  async #ask({ register, address, count }: ReadSpan): Promise<{ buffer: Buffer }> {
    switch (register) {
      case 'coil':
        return await this.#client.readCoils(address, count);
      case 'discrete':
        return await this.#client.readDiscreteInputs(address, count);
      case 'holding':
        return await this.#client.readHoldingRegisters(address, count);
      case 'input':
        return await this.#client.readInputRegisters(address, count);
    }
  }

  async #tell({ address, value, isMultiple }: WriteSpan): Promise<unknown> {
    if (typeof value === 'boolean') {
      if (isMultiple) return await this.#client.writeCoils(address, [value]);
      return await this.#client.writeCoil(address, value);
    }
    const bytes = Buffer.from(value);
    if (isMultiple || bytes.length > 2) return await this.#client.writeRegisters(address, bytes);
    return await this.#client.writeRegister(address, bytes.readUInt16BE());
  }

  #lateOutcome(): Failure {
    const { pendingBytes } = this.#port;
    if (pendingBytes === 0) return { kind: 'timeout' };
    return { kind: 'invalid', reason: `sent ${pendingBytes} bytes that are no whole answer` };
  }

  #end(reason: string): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#fail?.({ kind: 'lost', reason });
    this.#stream.close();
  }
}

function refusal(error: unknown): Failure {
  if (error instanceof Error && 'modbusCode' in error && typeof error.modbusCode === 'number') {
    return { kind: 'exception', code: error.modbusCode };
  }
  return { kind: 'invalid', reason: `failed: ${error instanceof Error ? error.message : String(error)}` };
}

function isReset(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNRESET';
}
