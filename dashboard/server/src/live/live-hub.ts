/**
 * Sends the live picture to every listener: one revision at most every quarter second, sooner where somebody waits, each
 * written once for all.
 */
import { LIVE_EVENTS, type LiveDelta, type LiveSnapshot } from '@trame/protocol/live-state';
import type { Clock } from '../ports/clock.ts';
import { repeat, slept } from '../ports/repeat.ts';
import { CLIENTS_MAX, REPLAY_BYTES_MAX, REPLAY_MS, REVISION_INTERVAL_MS } from './limits.ts';
import type { LivePicture } from './picture.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import {
  newStream,
  nextStream,
  type StreamEffect,
  type StreamEvent,
  type StreamState,
} from './stream-client.ts';

/** Where one listener's events go. */
export interface StreamSink {
  /** @returns false when the listener is behind; {@link LiveListener.drained} tells when it no longer is. */
  write(text: string): boolean;
  close(): void;
}

export interface LiveListener {
  drained(): void;
  leave(): void;
}

interface Client {
  readonly sink: StreamSink;
  state: StreamState;
}

export interface LiveHubOptions {
  readonly picture: LivePicture;
  readonly clock: Clock;
  /** Names this run of the server; no revision of another run fits. Letters and digits. */
  readonly epoch: string;
  readonly cloggedMaxMs?: number;
  readonly clientsMax?: number;
}

const TICK_MS = 1_000;

export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #replay = new ReplayBuffer(REPLAY_MS, REPLAY_BYTES_MAX);
  readonly #clients = new Set<Client>();
  readonly #ended = new AbortController();
  #rev = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  /** When the next revision is due, monotonic ms; nothing waits for one: never. */
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(options: LiveHubOptions) {
    this.#options = options;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  get isFull(): boolean {
    return this.#clients.size >= (this.#options.clientsMax ?? CLIENTS_MAX);
  }

  /** Keeps heartbeats and time limits going until {@link close}. */
  run(): Promise<void> {
    return repeat(this.#options.clock, TICK_MS, this.#ended.signal, () => {
      const atMs = this.#options.clock.monotonicMs();
      for (const client of this.#clients) this.#step(client, { kind: 'tick', atMs }, null);
    });
  }

  /**
   * Says that the picture changed. The first change after a pause goes out at once.
   * @param intervalMs least time since the revision before.
   */
  changed(intervalMs = REVISION_INTERVAL_MS): void {
    const dueMs = this.#sentMs + intervalMs;
    if (dueMs >= this.#dueMs || this.#options.picture.changed.isEmpty) return;
    this.#dueMs = dueMs;
    void this.#publishAt(dueMs);
  }

  /** @returns null when there are already as many listeners as the server serves. */
  join(sink: StreamSink, lastEventId: string | null): LiveListener | null {
    if (this.isFull) return null;
    this.#publish();
    const client: Client = { sink, state: newStream(this.#options.clock.monotonicMs()) };
    this.#clients.add(client);
    const missed = this.#missedSince(lastEventId);
    if (missed === null) this.#write(client, this.#snapshotText());
    else if (missed !== '') this.#write(client, missed);
    return {
      drained: () => this.#step(client, { kind: 'drained' }, null),
      leave: () => void this.#clients.delete(client),
    };
  }

  close(): void {
    this.#ended.abort();
    for (const client of this.#clients) client.sink.close();
    this.#clients.clear();
  }

  async #publishAt(dueMs: number): Promise<void> {
    const { clock } = this.#options;
    const awake = await slept(clock, Math.max(0, dueMs - clock.monotonicMs()), this.#ended.signal);
    // One that was due sooner took this one's changes with it.
    if (!awake || this.#dueMs !== dueMs) return;
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#publish();
  }

  #publish(): void {
    const { picture, clock } = this.#options;
    if (picture.changed.isEmpty) return;
    const prev = this.#rev;
    this.#rev += 1;
    const delta: LiveDelta = { prev, rev: this.#rev, ops: picture.changed.take(picture.state) };
    const text = this.#event(LIVE_EVENTS.delta, delta);
    this.#sentMs = clock.monotonicMs();
    this.#replay.add({ prev, rev: this.#rev, text, atMs: this.#sentMs });
    for (const client of this.#clients) this.#step(client, { kind: 'delta' }, text);
  }

  #missedSince(lastEventId: string | null): string | null {
    const [epoch, rev] = lastEventId?.split('-') ?? [];
    if (epoch !== this.#options.epoch || rev === undefined || !/^\d{1,15}$/u.test(rev)) return null;
    if (Number(rev) === this.#rev) return '';
    return (
      this.#replay
        .after(Number(rev))
        ?.map(({ text }) => text)
        .join('') ?? null
    );
  }

  #snapshotText(): string {
    const { picture, epoch } = this.#options;
    const snapshot: LiveSnapshot = { epoch, rev: this.#rev, state: picture.state };
    return this.#event(LIVE_EVENTS.snapshot, snapshot);
  }

  #step(client: Client, event: StreamEvent, deltaText: string | null): void {
    const step = nextStream(client.state, event, this.#options.cloggedMaxMs);
    client.state = step.state;
    if (step.effect !== null) this.#perform(client, step.effect, deltaText);
  }

  #perform(client: Client, effect: StreamEffect, deltaText: string | null): void {
    switch (effect) {
      case 'send-delta':
        if (deltaText !== null) this.#write(client, deltaText);
        return;
      case 'send-snapshot':
        // Changes not yet sent are in the picture already: their revision goes first, to the others only,
        // since a client that missed one cannot apply the next.
        this.#clients.delete(client);
        this.#publish();
        this.#clients.add(client);
        this.#write(client, this.#snapshotText());
        return;
      case 'send-heartbeat': {
        const beat = JSON.stringify({ serverTime: this.#options.clock.nowMs() });
        this.#write(client, `event: ${LIVE_EVENTS.heartbeat}\ndata: ${beat}\n\n`);
        return;
      }
      case 'close':
        this.#clients.delete(client);
        client.sink.close();
        return;
    }
  }

  #write(client: Client, text: string): void {
    const flushed = client.sink.write(text);
    this.#step(client, { kind: 'written', flushed, atMs: this.#options.clock.monotonicMs() }, null);
  }

  #event(name: string, body: LiveDelta | LiveSnapshot): string {
    return `id: ${this.#options.epoch}-${body.rev}\nevent: ${name}\ndata: ${JSON.stringify(body)}\n\n`;
  }
}
