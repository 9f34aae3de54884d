/**
 * Composes the ledger of a line: its file, what is recorded in it, and its way to its consumers. A ledger that
 * cannot be used never stops the line: telemetry goes on, the heartbeat says so, and opening is tried again.
 */
import type { Heartbeat, LedgerStatus } from '@trame/protocol/heartbeat';
import type { LedgerOpened, TelemetryGap } from '@trame/protocol/ledger-payloads';
import { AlarmDesk } from './alarms/alarm-desk.ts';
import type { OwnWatch } from './domain/alarms/alarm-condition.ts';
import type { LineConfig } from './domain/line-config.ts';
import type { CounterDefinition } from './domain/line-counts.ts';
import type { Instant } from './domain/tag-state.ts';
import { calendarOf } from './domain/weighing-verification.ts';
import { countFromMark, type CountMark } from './domain/throughput-mark.ts';
import { createDesk, type SortingRequests } from './edge-desk.ts';
import { clockTrouble } from './ledger/clock-trouble.ts';
import { openLedger, type OpenedLedger } from './ledger/open-ledger.ts';
import type { ClockKeeper } from './pipeline/clock-keeper.ts';
import { markOf, standOf } from './pipeline/count-baselines.ts';
import { HeldRecording } from './pipeline/held-recording.ts';
import { Recorder, type LineView } from './pipeline/recorder.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import type { MotionDesk } from './ports/motion-desk.ts';
import { slept } from './ports/slept.ts';
import type { EdgeState } from './state/edge-state.ts';
import { EDGE_VERSION } from './system/version.ts';
import { LedgerUplink } from './uplink/ledger-uplink.ts';

export interface EdgeLedgerOptions {
  readonly config: LineConfig;
  readonly dataDir: string;
  readonly counters: readonly CounterDefinition[];
  readonly state: EdgeState;
  /** Of this start of the edge, 16 hex digits. */
  readonly boot: string;
  readonly clockKeeper: ClockKeeper;
  readonly freeBytes: () => number | null;
  readonly heartbeat: () => Heartbeat;
  /** What the edge knows of itself beside its ledger and its clock. */
  readonly own: () => Omit<OwnWatch, 'clock' | 'ledger'>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** What works on one opened file; exchanged as a whole when a ledger becomes usable. */
interface Session {
  readonly opened: OpenedLedger;
  /** Null: nothing can be recorded. */
  readonly recorder: Recorder | null;
  /** Null: nothing can be recorded. */
  readonly alarms: AlarmDesk | null;
  /** Null: no broker is configured. */
  readonly uplink: LedgerUplink | null;
}

/** How often a ledger that the disk refused is tried again, ms. */
const REOPEN_MS = 5_000;

export class EdgeLedger {
  /** For whoever acts on the line or watches it, whatever becomes of the file. */
  readonly recording: HeldRecording;
  readonly #options: EdgeLedgerOptions;
  #opened: OpenedLedger;
  #session: Session | null = null;
  #line: LineView | null = null;
  #motion: MotionDesk | null = null;
  #sorting: SortingRequests | null = null;
  /** What a ledger that began after the counters did does not have to tell; kept until its first event is. */
  #hasPendingStand = false;
  /** Why nothing is recorded, as it was told last. */
  #unusable: string | null = null;
  #lastSeq = 0;
  #stored = 0;

  constructor(options: EdgeLedgerOptions) {
    this.#options = options;
    this.recording = new HeldRecording(() => this.#session?.recorder ?? null, options.log);
    this.#opened = this.#open();
    if (this.#opened.kind === 'unusable') this.#tellUnusable(this.#opened.message);
  }

  /** Up to where a counter is recorded; null: never, or the ledger cannot say. */
  readonly recorded = (counter: string): CountMark | null => markOf(this.#opened.ledger, counter);

  /** What was kept under a name, before anything is recorded. @returns null: nothing, or the ledger cannot say. */
  mark(name: string): string | null {
    return this.#opened.ledger.mark(name);
  }

  /** Whether a record with this key is in the ledger. */
  isRecorded(key: string): boolean {
    return this.#opened.ledger.find(key) !== null;
  }

  get status(): LedgerStatus {
    const { ledger } = this.#opened;
    const { head, health } = ledger;
    const unstored = Math.max(this.#session?.recorder?.waiting ?? 0, health.unstored);
    const undated =
      health.state === 'ok' ? clockTrouble(this.#options.clock.nowMs(), this.#options.clockKeeper) : null;
    return {
      state: undated === null ? health.state : 'not-stored',
      code: undated?.code ?? health.code,
      reason: undated?.reason ?? words(this.#unusable ?? health.reason),
      epoch: head.epoch === '' ? null : head.epoch,
      head: head.seq,
      hash: head.seq === 0 ? null : head.hash,
      unstored,
      lost: this.lost,
      consumers: this.#session?.uplink?.status ?? [],
    };
  }

  /** Records given up since the start. */
  get lost(): number {
    return (this.#session?.recorder?.lost ?? 0) + this.recording.lost;
  }

  /** Events stored since the start. */
  get stored(): number {
    return this.#stored;
  }

  /** To be called once, before the line runs. @param motion null: nothing can be moved. @param sorting null: nobody sorts. */
  attach(line: LineView, motion: MotionDesk | null, sorting: SortingRequests | null): void {
    this.#line = line;
    this.#motion = motion;
    this.#sorting = sorting;
    this.#session = this.#startSession(this.#opened, line);
  }

  /** Of an edge that does not come to run. */
  close(): void {
    this.#opened.ledger.close();
  }

  /** Says how the control of the line stands. @returns false: there is no connection, or it does not drain. */
  sayControl(picture: string): boolean {
    return this.#session?.uplink?.sayControl(picture) ?? false;
  }

  /** Looks at the line after a cycle. */
  observe(at: Instant, tick: boolean): void {
    const recorder = this.#session?.recorder ?? null;
    if (recorder !== null) recorder.observe(at, tick);
    else if (tick) this.#options.clockKeeper.look(at);
    this.#session?.alarms?.observe(at, tick);
    this.recording.flush();
  }

  /** A loss of telemetry; told again until it is recorded. */
  gap(gap: TelemetryGap, key: string): void {
    this.#session?.recorder?.gap(gap, key);
  }

  /**
   * Records and delivers until the signal aborts; then records what is left and that this was a clean end, hands
   * over what waits for about a second, and closes the file. The cycles must have ended before.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (this.#session !== null && (await this.#runSession(this.#session, signal)));
    } finally {
      this.#opened.ledger.close();
    }
  }

  /** @returns whether another session takes over. */
  async #runSession({ recorder, uplink }: Session, signal: AbortSignal): Promise<boolean> {
    const over = new AbortController();
    const recording = recorder?.run(signal) ?? Promise.resolve();
    const delivering = uplink?.run(over.signal) ?? Promise.resolve();
    const runs = Promise.all([recording, delivering]);
    try {
      const next = this.#nextSession(signal);
      const session = await Promise.race([next, runs.then(() => next)]);
      if (session !== null) this.#session = session;
      else {
        await recording;
        this.recording.flush();
        await recorder?.finish();
      }
      return session !== null;
    } finally {
      over.abort();
      await runs;
    }
  }

  /** @returns null when the signal aborts. */
  async #nextSession(signal: AbortSignal): Promise<Session | null> {
    while (await slept(this.#options.clock, REOPEN_MS, signal)) {
      if (this.#opened.kind === 'open' || !this.#opened.mayPass || this.#line === null) continue;
      const opened = this.#open();
      if (opened.kind === 'unusable') continue;
      const behind = this.#countersBehind(opened);
      if (behind.length > 0) {
        opened.ledger.close();
        const names = behind.join(', ');
        this.#tellUnusable(
          `it can be opened, and has counted more than this edge (${names}): start the edge again`,
        );
        continue;
      }
      this.#options.log.info({}, 'the ledger can be used again');
      this.#unusable = null;
      this.#opened = opened;
      return this.#startSession(opened, this.#line);
    }
    return null;
  }

  #open(): OpenedLedger {
    const { config, dataDir, clock, entropy, log, clockKeeper, freeBytes, state } = this.#options;
    const countedBefore = state.pendingStand() ?? standOf(state.loadCounts());
    const opened = openLedger({
      dataDir,
      site: config.site,
      line: config.line,
      clock,
      entropy,
      witness: clockKeeper,
      log,
      reserveBytes: config.ledger.reserveBytes,
      freeBytes,
      countedBefore,
      onStored: ({ seq }) => this.#hasStored(seq),
    });
    this.#lastSeq = opened.ledger.head.seq;
    if (opened.kind === 'open') clockKeeper.learnFrom(opened.ledger);
    const isPending = opened.kind === 'unusable' || opened.ledger.head.seq === 0;
    this.#keepPendingStand(isPending ? countedBefore : null);
    return opened;
  }

  #startSession(opened: OpenedLedger, line: LineView): Session {
    const { config, state, counters, clockKeeper, clock, log, boot } = this.#options;
    if (opened.kind === 'unusable') {
      return { opened, recorder: null, alarms: null, uplink: this.#createUplink(opened, null) };
    }
    const dayOf = calendarOf(config.timeZone);
    const recorder = new Recorder({
      ledger: opened.ledger,
      line,
      deviceIds: config.devices.map(({ id }) => id),
      devices: config.devices,
      counters: counters.map(({ name }) => name),
      roles: config.roles,
      dayOf,
      throughputEveryMs: config.ledger.throughputEveryMs,
      boot,
      version: EDGE_VERSION,
      alive: state,
      baselineMarks: (mark) => this.#sorting?.baselineMarks(mark) ?? {},
      clockKeeper,
      clock,
      log,
    });
    const alarms = new AlarmDesk({
      alarms: config.alarms,
      roles: config.roles,
      line,
      recorder,
      ledger: opened.ledger,
      own: () => this.#own(),
      onInService: (source) => this.#sorting?.acceptUsual(source),
      dayOf,
      clock,
      log,
    });
    return { opened, recorder, alarms, uplink: this.#createUplink(opened, alarms) };
  }

  #own(): OwnWatch {
    const { own, clockKeeper } = this.#options;
    return { ...own(), clock: clockKeeper.eventClock, ledger: this.status };
  }

  #createUplink({ ledger }: OpenedLedger, alarms: AlarmDesk | null): LedgerUplink | null {
    const { config, clockKeeper, clock, entropy, log, heartbeat } = this.#options;
    if (config.uplink === null) return null;
    return new LedgerUplink({
      site: config.site,
      line: config.line,
      config: config.uplink,
      consumers: config.ledger.consumers,
      ledger,
      cursors: ledger,
      heartbeat,
      onServerTime: (atMs, receivedMonotonicMs) => clockKeeper.compare(atMs, receivedMonotonicMs),
      commands: createDesk(this.#options, ledger, this.#motion, alarms, this.#sorting),
      clock,
      entropy,
      log,
    });
  }

  /** Counters whose file was lost take up from the ledger when the edge starts, and only then. */
  #countersBehind({ ledger }: OpenedLedger): readonly string[] {
    const kept = new Map((this.#line?.kept ?? []).map((count) => [count.name, count]));
    return this.#options.counters
      .filter((counter) => {
        const mark = markOf(ledger, counter.name);
        return countFromMark(counter.name, kept.get(counter.name) ?? null, mark) !== null;
      })
      .map(({ name }) => name);
  }

  #hasStored(seq: number): void {
    this.#stored += seq - this.#lastSeq;
    this.#lastSeq = seq;
    this.#options.clockKeeper.recorded();
    if (this.#hasPendingStand) this.#keepPendingStand(null);
    this.#session?.uplink?.recorded();
  }

  #keepPendingStand(stand: LedgerOpened['countedBefore'] | null): void {
    this.#hasPendingStand = stand !== null;
    try {
      this.#options.state.keepPendingStand(stand);
    } catch (error) {
      this.#hasPendingStand = true;
      this.#options.log.warn({ error }, 'where the ledger begins cannot be kept on disk');
    }
  }

  /** Said once, not at each attempt. */
  #tellUnusable(reason: string): void {
    if (this.#unusable === reason) return;
    this.#unusable = reason;
    this.#options.log.error({ reason }, 'the ledger cannot be used: nothing is recorded');
  }
}

/** What the heartbeat has room for. */
function words(reason: string | null): string | null {
  return reason?.slice(0, 500) ?? null;
}
