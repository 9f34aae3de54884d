/**
 * The way between edge and server through a broker that keeps no promise: messages are late, lost, doubled and
 * overtaken; a connection may swallow everything for a while before anybody notices that it is gone.
 */
import type { Seeded } from './seeded.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface NetworkHabits {
  readonly lossShare: number;
  readonly doubleShare: number;
  readonly delayMaxMs: number;
}

/** What a network does when nothing is wrong. */
export const CALM: NetworkHabits = { lossShare: 0, doubleShare: 0, delayMaxMs: 20 };

const STEADY_DELAY_MS = 20;

export interface Peer {
  up(): void;
  down(reason: string): void;
  message(topic: string, payload: Uint8Array): void;
}

export class Network {
  readonly #time: VirtualTime;
  readonly #random: Seeded;
  #habits: NetworkHabits;
  readonly #ports = new Set<Port>();

  readonly #isSteady: (topic: string) => boolean;

  /** @param isSteady topics that a living connection carries whole and in order: nobody sends those twice. */
  constructor(time: VirtualTime, random: Seeded, isSteady: (topic: string) => boolean) {
    this.#time = time;
    this.#random = random;
    this.#isSteady = isSteady;
    this.#habits = CALM;
  }

  behave(habits: NetworkHabits): void {
    this.#habits = habits;
  }

  /** @param hears which topics reach this peer. */
  join(peer: Peer, hears: (topic: string) => boolean): Port {
    const port = new Port(this, peer, hears);
    this.#ports.add(port);
    return port;
  }

  leave(port: Port): void {
    this.#ports.delete(port);
  }

  carry(from: Port, topic: string, payload: Uint8Array): void {
    for (const port of this.#ports) {
      if (port === from || !port.hears(topic)) continue;
      if (this.#isSteady(topic)) {
        this.#time.in(STEADY_DELAY_MS, () => port.deliver(topic, payload));
        continue;
      }
      const copies = this.#random.chance(this.#habits.doubleShare) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        if (this.#random.chance(this.#habits.lossShare)) continue;
        this.#time.in(this.#random.between(1, this.#habits.delayMaxMs), () => port.deliver(topic, payload));
      }
    }
  }
}

type PortState = 'down' | 'up' | 'swallowing';

export class Port {
  readonly #network: Network;
  readonly #peer: Peer;
  readonly hears: (topic: string) => boolean;
  #state: PortState = 'down';

  constructor(network: Network, peer: Peer, hears: (topic: string) => boolean) {
    this.#network = network;
    this.#peer = peer;
    this.hears = hears;
  }

  /** What the program believes. */
  get isUp(): boolean {
    return this.#state !== 'down';
  }

  publish(topic: string, payload: string | Uint8Array): boolean {
    if (this.#state === 'down') return false;
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    if (this.#state === 'up') this.#network.carry(this, topic, bytes);
    return true;
  }

  deliver(topic: string, payload: Uint8Array): void {
    if (this.#state === 'up') this.#peer.message(topic, payload);
  }

  connect(): void {
    if (this.#state === 'up') return;
    // What swallowed is over: the next connection is another one.
    this.disconnect();
    this.#state = 'up';
    this.#peer.up();
  }

  /** The connection swallows everything, and the program does not know. */
  swallow(): void {
    if (this.#state === 'up') this.#state = 'swallowing';
  }

  disconnect(): void {
    if (this.#state === 'down') return;
    this.#state = 'down';
    this.#peer.down('the simulated broker is away');
  }

  leave(): void {
    this.#state = 'down';
    this.#network.leave(this);
  }
}
