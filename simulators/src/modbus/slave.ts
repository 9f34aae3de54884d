import { createServer, type Server, type Socket } from 'node:net';
import type { Framing, RequestFrame } from './frame.ts';
import { damageAnswer, soundLink, type LinkBehaviour } from './link-behaviour.ts';
import { answerPdu, exceptionPdu, modbusException } from './pdu.ts';
import type { RegisterImage, WritableField } from './register-map.ts';

const host = '127.0.0.1';
/** A field device serves few masters; one more is turned away. */
const maxConnections = 8;
/** Answers that may wait on one connection while the link is slow; more, and the connection is reset. */
const maxPendingAnswers = 64;
/** Half a request older than this is forgotten: what follows is a new one. */
const partialRequestMs = 500;
const broadcastUnit = 0;

/** What a slave answers from at this moment. */
export interface SlaveSource {
  readonly unit: number;
  readonly image: () => RegisterImage;
  readonly writable: readonly WritableField[];
}

interface Connection {
  readonly socket: Socket;
  readonly timers: Set<NodeJS.Timeout>;
  received: Uint8Array;
  lastByteMs: number;
}

/** One listening port of a Modbus device. It owns its sockets and timers; `close` ends them all. */
export class ModbusSlave {
  #framing: Framing;
  #source: SlaveSource;
  #server: Server | null = null;
  #port: number;
  #behaviour: LinkBehaviour = soundLink;
  #connections = new Set<Connection>();
  #monotonicMs: () => number;

  constructor(source: SlaveSource, framing: Framing, port: number, monotonicMs: () => number) {
    this.#source = source;
    this.#framing = framing;
    this.#port = port;
    this.#monotonicMs = monotonicMs;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens. Rejects with the system's error when the port is taken. With port 0 a free one is kept. */
  async listen(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    server.maxConnections = maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('modbus: no address after listen');
    this.#port = address.port;
    this.#server = server;
  }

  /** Changes how the link behaves, at once: a refused link drops its connections, a mended one listens again. */
  async behave(behaviour: LinkBehaviour): Promise<void> {
    this.#behaviour = behaviour;
    if (behaviour.refuse) await this.close();
    else if (this.#server === null) await this.listen();
  }

  /** Stops listening and resets every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = new Promise<void>((resolve) => {
      if (server === null) resolve();
      else server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.socket.resetAndDestroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, timers: new Set(), received: new Uint8Array(), lastByteMs: 0 };
    this.#connections.add(connection);
    socket.on('data', (bytes) => this.#receive(connection, bytes));
    // A master that vanishes is its own business: 'close' follows and frees what this connection holds.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const timer of connection.timers) clearTimeout(timer);
      this.#connections.delete(connection);
    });
  }

  #receive(connection: Connection, bytes: Uint8Array): void {
    const nowMs = this.#monotonicMs();
    const stale = nowMs - connection.lastByteMs > partialRequestMs;
    connection.lastByteMs = nowMs;
    let left: Uint8Array = stale ? bytes : Buffer.concat([connection.received, bytes]);
    for (;;) {
      const taken = this.#framing.take(left);
      if (taken.kind === 'incomplete') break;
      if (taken.kind === 'broken') {
        // No way to find the next frame's start: an RTU slave waits for silence, a TCP one hangs up.
        left = new Uint8Array();
        if (taken.hangUp) connection.socket.destroy();
        break;
      }
      left = taken.rest;
      this.#handle(connection, taken.frame);
    }
    connection.received = left;
  }

  #handle(connection: Connection, frame: RequestFrame): void {
    const behaviour = this.#behaviour;
    if (behaviour.mute) return;
    const pdu = this.#answer(frame, behaviour);
    if (pdu === null) return;
    const unit = behaviour.damage === 'wrongUnit' ? (frame.unit % 247) + 1 : frame.unit;
    const answer = damageAnswer(behaviour, this.#framing.wrap(frame.transaction, unit, pdu));
    if (behaviour.delayMs === 0) {
      connection.socket.write(answer);
      return;
    }
    if (connection.timers.size >= maxPendingAnswers) {
      connection.socket.resetAndDestroy();
      return;
    }
    const timer = setTimeout(() => {
      connection.timers.delete(timer);
      connection.socket.write(answer);
    }, behaviour.delayMs);
    connection.timers.add(timer);
  }

  /** The answer's PDU; null when a slave keeps silent. */
  #answer(frame: RequestFrame, behaviour: LinkBehaviour): Uint8Array | null {
    const code = frame.pdu[0] ?? 0;
    const source = { image: this.#source.image(), writable: this.#source.writable };
    if (this.#framing.hasBroadcast && frame.unit === broadcastUnit) {
      if (code === 5 || code === 6 || code === 15 || code === 16) answerPdu(frame.pdu, source);
      return null;
    }
    if (frame.unit !== this.#source.unit) {
      // On a shared serial line another unit's request is none of its business.
      return this.#framing.hasBroadcast ? null : exceptionPdu(code, modbusException.gatewayTargetFailed);
    }
    if (behaviour.exception !== null) return exceptionPdu(code, behaviour.exception);
    return answerPdu(frame.pdu, source);
  }
}
