/** A label printer on raw TCP (port 9100): whatever one connection sends is one job, printed when its sender ends. */
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { FaultRequest } from '../scenarios/fault.ts';
import type { SimulationClock } from '../system/clock.ts';
import { PrintedJobs, type PrintedJob } from './printed-jobs.ts';
import { printerBehaviourOf, type PrinterBehaviour } from './printer-behaviour.ts';

const host = '127.0.0.1';
/** A longer job is not a label: the connection is reset. */
export const maxJobBytes = 256 * 1_024;
const maxConnections = 8;
/** A connection on which nothing happens for so long is reset. */
const idleMs = 300_000;

export interface LabelPrinterOptions {
  /** Where jobs are kept. */
  readonly directory: string;
  /** 0 asks for a free one. */
  readonly port: number;
  readonly clock: SimulationClock;
  readonly log: Logger;
}

export class LabelPrinter {
  #options: LabelPrinterOptions;
  #jobs: PrintedJobs;
  #server: Server | null = null;
  #port: number;
  #sockets = new Set<Socket>();
  #behaviour: PrinterBehaviour = printerBehaviourOf([]);
  #closing = new AbortController();

  /** Throws when the directory can be neither made nor read. */
  constructor(options: LabelPrinterOptions) {
    this.#options = options;
    this.#jobs = new PrintedJobs(options.directory);
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  /** The last jobs, oldest first. */
  get jobs(): readonly PrintedJob[] {
    return this.#jobs.all;
  }

  /** Listens. Rejects with the system's error when the port is taken. */
  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
    server.maxConnections = maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('label printer: not listening');
    this.#port = address.port;
    this.#server = server;
  }

  /** Behaves as the faults say from now on; what waits for paper goes on once there is some. */
  async behave(faults: readonly FaultRequest[]): Promise<void> {
    this.#behaviour = printerBehaviourOf(faults);
    const { refuse, takesNothing } = this.#behaviour;
    if (refuse) return this.#hangUp();
    if (this.#server === null) await this.listen();
    for (const socket of this.#sockets) {
      if (takesNothing) socket.pause();
      else socket.resume();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#hangUp();
  }

  async #hangUp(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    if (server === null) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  #accept(socket: Socket): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    this.#sockets.add(socket);
    socket.setTimeout(idleMs, () => socket.resetAndDestroy());
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', (error) => this.#options.log.debug({ error }, 'label printer: a connection failed'));
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (this.#behaviour.dropsHalfway || bytes > maxJobBytes) socket.resetAndDestroy();
    });
    socket.once('end', () => void this.#finish(socket, Buffer.concat(chunks)));
    if (this.#behaviour.takesNothing) socket.pause();
  }

  /** Prints what came, then closes: a sender that sees it close knows that it was taken. */
  async #finish(socket: Socket, raw: Buffer): Promise<void> {
    const { clock, log } = this.#options;
    try {
      const { delayMs } = this.#behaviour;
      if (delayMs > 0) await delay(delayMs, undefined, { signal: this.#closing.signal });
      if (socket.destroyed) return;
      // Somebody only looked whether the port is open.
      if (raw.length > 0) this.#jobs.add(raw, clock.wallMs());
      socket.end();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      log.error({ error }, 'label printer: a job could not be kept');
      socket.resetAndDestroy();
    }
  }
}
