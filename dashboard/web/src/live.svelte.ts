/** The live stream as the page's components see it. */
import { LIVE_EVENTS, type LiveLine, type LiveState } from '@trame/protocol/live-state';
import { getHealth, getSession } from './api/dashboard.ts';
import type { StreamState } from './live/freshness.ts';
import { IDLE, nextLink, type Link, type LinkEffect, type LinkEvent } from './live/link.ts';
import { fromSnapshot, lastHeardAt, withDelta, type Picture } from './live/picture.ts';
import { readDelta, readHeartbeat, readSnapshot } from './live/read-message.ts';
import { onHeartbeat, onStamp, serverNowMs, type ServerTime } from './live/server-time.ts';
import type { Clock } from './system/clock.ts';
import type { Entropy } from './system/entropy.ts';

const LIVE_PATH = '/api/v1/live';
/** How often ages on the screen are counted anew. */
const TICK_MS = 1_000;
/** A link that comes back sooner than this was never worth a banner. */
const CUT_AFTER_MS = 2_000;

export class LiveFeed {
  readonly #clock: Clock;
  readonly #entropy: Entropy;
  readonly #onSignedOut: () => void;
  #link: Link = IDLE;
  #source: EventSource | null = null;
  #serverTime: ServerTime | null = null;
  /** Server ms when the link was last known to work. */
  #lastGoodServerMs: number | null = null;
  /** Monotonic ms when it stopped working. */
  #cutAtMs: number | null = null;
  #owner: AbortController | null = null;
  #picture = $state.raw<Picture | null>(null);
  #stream = $state.raw<StreamState>({ kind: 'cut', sinceMs: null });
  #nowMs = $state.raw(0);

  constructor(options: {
    readonly clock: Clock;
    readonly entropy: Entropy;
    readonly onSignedOut: () => void;
  }) {
    this.#clock = options.clock;
    this.#entropy = options.entropy;
    this.#onSignedOut = options.onSignedOut;
    this.#nowMs = options.clock.read().wallMs;
  }

  /** Null until the first snapshot. */
  get state(): LiveState | null {
    return this.#picture?.state ?? null;
  }

  /** In the order of their names; empty before the first snapshot. */
  get lines(): readonly LiveLine[] {
    return Object.values(this.state?.lines ?? {}).toSorted((a, b) => a.id.localeCompare(b.id, 'fr'));
  }

  get stream(): StreamState {
    return this.#stream;
  }

  /** Server time, ms since 1970 UTC; moves every second. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Takes the server's clock (ms since 1970 UTC) from an answer: its time is at least that. */
  hearTime(serverMs: number): void {
    this.#serverTime = onStamp(this.#serverTime, serverMs, this.#clock.read());
    this.#refreshTime();
  }

  /** Keeps the stream open until the signal aborts. */
  start(signal: AbortSignal): void {
    if (signal.aborted || this.#owner !== null) return;
    const owner = new AbortController();
    this.#owner = owner;
    const timer = setInterval(() => this.#onTick(), TICK_MS);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(timer);
        owner.abort();
        this.#owner = null;
        this.#dispatch({ type: 'stop' });
        // What one person was allowed to see is not kept for the next.
        this.#picture = null;
        this.#lastGoodServerMs = null;
        this.#stream = { kind: 'cut', sinceMs: null };
      },
      { once: true },
    );
    this.#dispatch({ type: 'start', nowMs: this.#clock.read().monotonicMs });
  }

  #onTick(): void {
    this.#dispatch({ type: 'tick', ...this.#moment() });
    this.#refreshTime();
  }

  #moment(): { nowMs: number; chance: number } {
    return { nowMs: this.#clock.read().monotonicMs, chance: this.#entropy() };
  }

  #dispatch(event: LinkEvent): void {
    const before = this.#link.phase;
    const step = nextLink(this.#link, event);
    this.#link = step.state;
    if (before === 'live' && step.state.phase !== 'live') this.#cutAtMs = this.#clock.read().monotonicMs;
    for (const effect of step.effects) this.#perform(effect);
    if (step.state.phase === 'signedOut') this.#onSignedOut();
    this.#refreshStream();
  }

  #perform(effect: LinkEffect): void {
    switch (effect) {
      case 'open':
        this.#open();
        return;
      case 'close':
        this.#source?.close();
        this.#source = null;
        return;
      case 'probe':
        void this.#probe();
        return;
    }
  }

  #open(): void {
    const source = new EventSource(LIVE_PATH);
    this.#source = source;
    const on = (name: string, meaning: 'snapshot' | 'heard', take: (text: string) => boolean): void => {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        if (this.#source === source) this.#onMessage(meaning, take(message.data));
      });
    };
    on(LIVE_EVENTS.snapshot, 'snapshot', (text) => this.#takeSnapshot(text));
    on(LIVE_EVENTS.delta, 'heard', (text) => this.#takeDelta(text));
    on(LIVE_EVENTS.heartbeat, 'heard', (text) => this.#takeHeartbeat(text));
    source.addEventListener('error', () => {
      if (this.#source === source) this.#dispatch({ type: 'failed', ...this.#moment() });
    });
  }

  /** `understood` is false for a message that does not fit what the page holds. */
  #onMessage(type: 'snapshot' | 'heard', understood: boolean): void {
    if (!understood) {
      this.#dispatch({ type: 'outOfStep', ...this.#moment() });
      return;
    }
    const reading = this.#clock.read();
    this.#dispatch({ type, nowMs: reading.monotonicMs });
    if (this.#link.phase === 'live') this.#lastGoodServerMs = serverNowMs(this.#serverTime, reading);
    this.#refreshTime();
  }

  #takeSnapshot(text: string): boolean {
    const snapshot = readSnapshot(text);
    if (snapshot === null) return false;
    this.#take(fromSnapshot(snapshot));
    return true;
  }

  #takeDelta(text: string): boolean {
    const delta = readDelta(text);
    if (delta === null) return false;
    const received = withDelta(this.#picture, delta);
    if (received.kind === 'outOfStep') return false;
    this.#take(received.picture);
    return true;
  }

  #takeHeartbeat(text: string): boolean {
    const heartbeat = readHeartbeat(text);
    if (heartbeat === null) return false;
    this.#serverTime = onHeartbeat(heartbeat.serverTime, this.#clock.read());
    return true;
  }

  #take(picture: Picture): void {
    this.#picture = picture;
    const heardAt = lastHeardAt(picture.state);
    if (heardAt !== null) this.#serverTime = onStamp(this.#serverTime, heardAt, this.#clock.read());
  }

  /** Asks whether the server is there and the session still good, before a stream is opened again. */
  async #probe(): Promise<void> {
    const signal = this.#owner?.signal;
    if (signal === undefined) return;
    const health = await getHealth(signal);
    // A degraded server (503 with a body) still serves its stream.
    if (health.kind === 'ok' || health.kind === 'refused') {
      const session = await getSession(signal);
      if (signal.aborted) return;
      if (session.kind === 'ok') this.#dispatch({ type: 'probed', answer: 'ready', ...this.#moment() });
      else if (session.kind === 'refused' && session.status === 401) {
        this.#dispatch({ type: 'probed', answer: 'signedOut', ...this.#moment() });
      } else this.#dispatch({ type: 'probed', answer: 'away', ...this.#moment() });
      return;
    }
    if (!signal.aborted) this.#dispatch({ type: 'probed', answer: 'away', ...this.#moment() });
  }

  #refreshTime(): void {
    this.#nowMs = serverNowMs(this.#serverTime, this.#clock.read());
  }

  #refreshStream(): void {
    const next = this.#streamNow();
    if (next.kind === this.#stream.kind && sinceOf(next) === sinceOf(this.#stream)) return;
    this.#stream = next;
  }

  #streamNow(): StreamState {
    if (this.#link.phase === 'live') return { kind: 'up' };
    const cut: StreamState = { kind: 'cut', sinceMs: this.#lastGoodServerMs };
    if (this.#stream.kind === 'cut' || this.#cutAtMs === null) return cut;
    const cutForMs = this.#clock.read().monotonicMs - this.#cutAtMs;
    return cutForMs > CUT_AFTER_MS ? cut : this.#stream;
  }
}

function sinceOf(stream: StreamState): number | null {
  return stream.kind === 'cut' ? stream.sinceMs : null;
}
