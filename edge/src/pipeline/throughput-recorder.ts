/** Runs the throughput machine on what the ledger says was recorded. */
import type { KeptCount } from '../domain/line-counts.ts';
import type { LineEvent } from '../domain/line-events.ts';
import { countMarkName, encodeCountMark, type CountMark } from '../domain/throughput-mark.ts';
import {
  nextThroughput,
  startThroughput,
  THROUGHPUT_UNTIL_MARK,
  type ThroughputState,
} from '../domain/throughput.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { countBaselines } from './count-baselines.ts';

export interface ThroughputOptions {
  readonly ledger: Pick<Ledger, 'mark' | 'read'>;
  readonly line: { readonly kept: readonly KeptCount[] };
  /** Names of the configured counters. */
  readonly counters: readonly string[];
  readonly throughputEveryMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export class ThroughputRecorder {
  readonly #options: ThroughputOptions;
  #baselines: ReadonlyMap<string, CountMark>;
  readonly #told = new Set<string>();
  #state: ThroughputState;

  /** @throws when the ledger's marks are not what was written. */
  constructor(options: ThroughputOptions) {
    this.#options = options;
    const { ledger, line, counters, clock, throughputEveryMs } = options;
    this.#baselines = countBaselines(ledger, counters, line.kept);
    const nowMs = clock.nowMs();
    const until = ledger.mark(THROUGHPUT_UNTIL_MARK);
    this.#state = startThroughput(this.#baselines, until === null ? nowMs : Number(until) + 1, {
      nowMs,
      everyMs: throughputEveryMs,
    });
  }

  /** Marks that say where counting starts, for counters that have none yet. */
  get baselineMarks(): Readonly<Record<string, string>> {
    const marks = [...this.#baselines].filter(([, { life }]) => life === null);
    return Object.fromEntries(marks.map(([name, mark]) => [countMarkName(name), encodeCountMark(mark)]));
  }

  /** What was handed over and is not in the ledger is told again. */
  takeBack(): void {
    const { ledger, line, counters } = this.#options;
    this.#baselines = countBaselines(ledger, counters, line.kept);
    this.#state = { ...this.#state, marks: this.#baselines };
  }

  /** @param cutAtMs ends the period here, UTC ms; null: when its interval ends. */
  next(nowMs: number, kept: readonly KeptCount[], cutAtMs: number | null): readonly LineEvent[] {
    const { throughputEveryMs: everyMs, log } = this.#options;
    const step = nextThroughput(this.#state, { nowMs, everyMs, counts: kept, cutAtMs });
    this.#state = step.state;
    for (const counter of step.unrecordable) {
      if (this.#told.has(counter)) continue;
      this.#told.add(counter);
      log.error(
        { counter },
        'a total is past what a record can hold; is its byte order right? it is not recorded',
      );
    }
    return step.events;
  }
}
