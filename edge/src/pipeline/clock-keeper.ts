/** What the edge knows of its wall clock, kept over its restarts by a mark in the ledger. */
import type { EventClock } from '@trame/protocol/ledger-event';
import {
  compareClock,
  confirmClock,
  eventClock,
  isSet,
  lookAtClock,
  noteRecorded,
  startClock,
  wrongBy,
  type ClockState,
} from '../domain/clock-watch.ts';
import type { LineEvent } from '../domain/line-events.ts';
import type { Instant } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClockWitness, Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';

/** Name of the mark that holds the latest time of recording, UTC ms. */
export const CLOCK_MARK = 'clock.latest';

export class ClockKeeper implements ClockWitness {
  readonly #clock: Clock;
  readonly #log: Log;
  #state: ClockState;
  #wasBehind = false;
  #wasSet = true;
  #wasWrong = false;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#state = startClock(this.#now(), 0);
  }

  get eventClock(): EventClock {
    return eventClock(this.#state, this.#clock.monotonicMs());
  }

  /** Whether the clock was ever set: before that nothing can be dated. */
  get isSet(): boolean {
    return isSet(this.#clock.nowMs());
  }

  /** Null, too, when it was never compared. */
  get wrongByMs(): number | null {
    return wrongBy(this.#state);
  }

  /** Whether anything can be dated by the clock. */
  get canDate(): boolean {
    return this.isSet && this.wrongByMs === null;
  }

  /** Learns from a ledger when something was recorded last. */
  learnFrom(ledger: Pick<Ledger, 'head' | 'mark' | 'read'>): void {
    const [head] = ledger.read(ledger.head.seq, 1);
    // The mark knows better: it is lower after a person confirmed a clock that reads earlier.
    const latestMs = Number(ledger.mark(CLOCK_MARK) ?? head?.recordedAt ?? 0);
    this.#state = noteRecorded(this.#state, latestMs);
    this.look(this.#now());
  }

  /** To be called in each cycle, before anything is dated. @returns what to record when the clock stepped. */
  look(at: Instant): LineEvent | null {
    const { state, event } = lookAtClock(this.#state, at);
    this.#state = state;
    this.#tell(at.wallMs);
    return event;
  }

  /** @param serverMs UTC ms. @param receivedAtMs monotonic ms. */
  compare(serverMs: number, receivedAtMs: number): void {
    this.#state = compareClock(this.#state, serverMs, receivedAtMs);
  }

  /** Something was recorded now. */
  recorded(): void {
    this.#state = noteRecorded(this.#state, this.#clock.nowMs());
  }

  /** A person says that the clock is right. */
  confirm(): void {
    const nowMs = this.#clock.nowMs();
    this.#state = confirmClock(this.#state, nowMs);
    this.#tell(nowMs);
  }

  /** To be kept with what is recorded now. */
  get marks(): Readonly<Record<string, string>> {
    return { [CLOCK_MARK]: String(Math.max(this.#state.latestRecordedMs, this.#clock.nowMs())) };
  }

  /** To be kept with a confirmation at this time, UTC ms: a restart must not ask again. */
  confirmationMarks(nowMs: number): Readonly<Record<string, string>> {
    return { [CLOCK_MARK]: String(nowMs) };
  }

  #tell(wallMs: number): void {
    const { isBehind, latestRecordedMs } = this.#state;
    if (isBehind && !this.#wasBehind) {
      this.#log.error(
        { now: isoOf(wallMs), latest: isoOf(latestRecordedMs) },
        'the clock reads earlier than an event that is already recorded; somebody must look at it and confirm it',
      );
    } else if (!isBehind && this.#wasBehind) {
      this.#log.info({}, 'the clock no longer reads earlier than what is recorded');
    }
    this.#wasBehind = isBehind;
    if (!isSet(wallMs) && this.#wasSet) {
      this.#log.error({ now: isoOf(wallMs) }, 'the clock was never set; nothing is recorded until it is');
    }
    this.#wasSet = isSet(wallMs);
    const wrongByMs = this.wrongByMs;
    if (wrongByMs !== null && !this.#wasWrong) {
      this.#log.error(
        { now: isoOf(wallMs), hours: Math.round(wrongByMs / 3_600_000) },
        'the clock is more than a day off the server; nothing is recorded until one of them is set right',
      );
    } else if (wrongByMs === null && this.#wasWrong) {
      this.#log.info({}, 'the clock is no longer a day off the server');
    }
    this.#wasWrong = wrongByMs !== null;
  }

  #now(): Instant {
    return { wallMs: this.#clock.nowMs(), monotonicMs: this.#clock.monotonicMs() };
  }
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
