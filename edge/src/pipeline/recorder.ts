/**
 * Makes events of what the line does, and sees to it that the ledger gets them. The machines that decide what is an
 * event are pure; they look at the process image between two cycles.
 */
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import { byPresentClock, type ClockStep } from '../domain/date-again.ts';
import type { DeviceConfig, RolesConfig } from '../domain/line-config.ts';
import type { KeptCount } from '../domain/line-counts.ts';
import { lineEvent, type LineEvent } from '../domain/line-events.ts';
import type { Instant, TagState } from '../domain/tag-state.ts';
import type { AliveStore } from '../ports/alive-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, LedgerRecord } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { ClockKeeper } from './clock-keeper.ts';
import type { DeviceState } from './process-image.ts';
import { DERIVED_WAITS_AT, RecordQueue, THROUGHPUT_WAITS_AT } from './record-queue.ts';
import { ScaleWatch } from './scale-watch.ts';
import { StateWatch } from './state-watch.ts';
import { ThroughputRecorder } from './throughput-recorder.ts';

/** The line as it is between two cycles. */
export interface LineView {
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** Counters as they are on disk. */
  readonly kept: readonly KeptCount[];
}

export interface RecorderOptions {
  readonly ledger: Ledger;
  readonly line: LineView;
  readonly deviceIds: readonly string[];
  readonly devices: readonly DeviceConfig[];
  /** Names of the configured counters. */
  readonly counters: readonly string[];
  readonly roles: RolesConfig;
  readonly throughputEveryMs: number;
  /** @returns the day of an instant in the site's zone, `YYYY-MM-DD`. */
  readonly dayOf: (wallMs: number) => string;
  /** Of this start of the edge, 16 hex digits. */
  readonly boot: string;
  readonly version: string;
  readonly alive: AliveStore;
  /** Marks that a ledger which has none yet begins with. @param mark what it has under a name. */
  readonly baselineMarks: (mark: (name: string) => string | null) => Readonly<Record<string, string>>;
  readonly clockKeeper: ClockKeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** Name of the mark that tells a clean end from another. */
const RUN_MARK = 'edge.run';
/** How often a sign of life is kept, ms: how exactly an unclean end can be dated. */
const ALIVE_EVERY_MS = 10_000;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #queue: RecordQueue;
  readonly #states: StateWatch;
  readonly #throughput: ThroughputRecorder;
  readonly #scales: ScaleWatch;
  readonly #startedAtMs: number;
  readonly #lastAliveAtMs: number | null;
  #hasBegun = false;
  #step: ClockStep | null = null;
  #aliveKeptAtMs = -Infinity;
  #aliveFailed = false;

  /** @throws when the ledger's marks are not what was written. */
  constructor(options: RecorderOptions) {
    this.#options = options;
    const { ledger, clock, clockKeeper, log, alive } = options;
    this.#queue = new RecordQueue({
      ledger,
      clock,
      log,
      marks: () => clockKeeper.marks,
      onTakenBack: () => this.#throughput.takeBack(),
    });
    this.#states = new StateWatch(options.deviceIds, options.roles, ledger);
    this.#throughput = new ThroughputRecorder(options);
    const { devices, dayOf } = options;
    const { scales } = options.roles;
    this.#scales = new ScaleWatch({ scales, devices, recorded: this.#queue, dayOf });
    this.#startedAtMs = clock.nowMs();
    this.#lastAliveAtMs = alive.lastAliveAtMs();
  }

  readonly #lookup = (device: string, tag: string): TagState | null =>
    this.#options.line.devices.get(device)?.tags.get(tag) ?? null;

  /** Records that wait for the disk. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** Records that were given up since the start. */
  get lost(): number {
    return this.#queue.lost;
  }

  /** Whether something can be recorded now: the clock is set, and the run has begun. */
  get isOpen(): boolean {
    return this.#hasBegun && this.#options.clockKeeper.canDate;
  }

  mark(name: string): string | null {
    return this.#queue.mark(name);
  }

  isKnown(key: string): boolean {
    return this.#queue.isKnown(key);
  }

  find(key: string): { readonly epoch: string; readonly seq: number } | null {
    return this.#options.ledger.find(key);
  }

  /** What was done or found on the line. @returns false: nothing can be recorded yet. */
  push(records: readonly LedgerRecord[]): boolean {
    if (!this.isOpen) return false;
    const { clock } = this.#options;
    this.#pushBegun(records, { wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() });
    return true;
  }

  /** As `Recording.ask` says. */
  ask(record: LedgerRecord, signal: AbortSignal): Promise<boolean> {
    return this.isOpen ? this.#queue.ask(record, signal) : Promise.resolve(false);
  }

  /** Looks at the line after a cycle. @param tick whether it is the one of every second. */
  observe(at: Instant, tick: boolean): void {
    const { line, clockKeeper } = this.#options;
    // Each time, for what a cycle tells is dated by the clock as it read then.
    const stepped = this.#lookAtClock(at);
    if (!clockKeeper.canDate) {
      // What made it wrong waits with the rest.
      if (stepped !== null && this.#hasBegun) this.#queue.push([stepped]);
      return;
    }
    if (!this.#hasBegun) this.#begin(at);
    if (stepped !== null) this.#queue.push([stepped]);
    this.#pushBegun(this.#scales.look(this.#lookup, at, this.#queue.waiting >= DERIVED_WAITS_AT), at);
    if (this.#queue.waiting < DERIVED_WAITS_AT) {
      this.#pushBegun(this.#states.line(line.devices, at), at);
      if (tick) this.#pushBegun(this.#states.presences(line.devices, at), at);
    }
    if (!tick) return;
    if (this.#queue.waiting < THROUGHPUT_WAITS_AT) {
      this.#queue.push(this.#throughput.next(at.wallMs, line.kept, null));
    }
    this.#keepAlive(at);
  }

  /** @returns what to record when the clock stepped. */
  #lookAtClock(at: Instant): LineEvent | null {
    const stepped = this.#options.clockKeeper.look(at);
    const { byMs } = stepped?.payload ?? {};
    if (typeof byMs === 'number') this.#step = { byMs, at };
    return stepped;
  }

  /** What began some time ago, perhaps by the clock as it read then. */
  #pushBegun(records: readonly LedgerRecord[], at: Instant): void {
    this.#queue.push(
      records.map((record) => ({
        ...record,
        occurredAtMs: Math.max(EVENT_TIME_MIN_MS, byPresentClock(record.occurredAtMs, this.#step, at)),
      })),
    );
  }

  /**
   * A loss of telemetry that is certain. Whoever tells it tells it again until it is recorded, so one that comes
   * while the clock is not set, or much waits, is left to the next time.
   */
  gap(gap: TelemetryGap, key: string): void {
    const { clockKeeper, clock } = this.#options;
    if (!clockKeeper.canDate || this.#queue.waiting >= DERIVED_WAITS_AT || this.#queue.isKnown(key)) return;
    this.#queue.push([lineEvent('telemetry.gap', Math.min(gap.to, clock.nowMs()), gap, {}, key)]);
  }

  /** Appends until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#queue.run(signal);
  }

  /** Records what is left, and that this was a clean end. To be called when {@link run} and the cycles have ended. */
  async finish(): Promise<void> {
    const { clock, line, clockKeeper, boot } = this.#options;
    const nowMs = clock.nowMs();
    if (clockKeeper.canDate && this.#hasBegun) {
      this.#queue.push(this.#throughput.next(nowMs, line.kept, nowMs));
      this.#queue.push([lineEvent('edge.stopped', nowMs, { boot }, { [RUN_MARK]: `stopped ${boot}` })]);
    }
    await this.#queue.drain();
    const left = this.#queue.waiting;
    if (left > 0) this.#options.log.warn({ left }, 'the ledger did not take everything before the end');
  }

  /** Once the clock is set, and only then: an event has a date. */
  #begin(at: Instant): void {
    this.#hasBegun = true;
    const { ledger, boot, version, line, baselineMarks } = this.#options;
    const lastAliveAt = (this.#lastAliveAtMs ?? 0) < EVENT_TIME_MIN_MS ? null : this.#lastAliveAtMs;
    const unclean = ledger.mark(RUN_MARK)?.startsWith('running') === true;
    const startedAtMs = Math.max(this.#startedAtMs, EVENT_TIME_MIN_MS);
    const marks = {
      ...this.#throughput.baselineMarks,
      ...baselineMarks((name) => ledger.mark(name)),
      [RUN_MARK]: `running ${boot}`,
    };
    const started: readonly LedgerRecord[] = [
      lineEvent('edge.started', startedAtMs, { version, boot, unclean, lastAliveAt }, marks),
    ];
    this.#queue.push(started);
    // What the run before counted and did not come to record fell while it was alive.
    const cutAtMs = Math.min(lastAliveAt ?? at.wallMs, at.wallMs);
    this.#queue.push(this.#throughput.next(at.wallMs, line.kept, cutAtMs));
  }

  #keepAlive(at: Instant): void {
    if (at.monotonicMs - this.#aliveKeptAtMs < ALIVE_EVERY_MS) return;
    this.#aliveKeptAtMs = at.monotonicMs;
    const { alive, log } = this.#options;
    try {
      alive.keepAliveAt(at.wallMs);
      this.#aliveFailed = false;
    } catch (error) {
      if (!this.#aliveFailed) log.warn({ error }, 'the sign of life cannot be kept on disk');
      this.#aliveFailed = true;
    }
  }
}
