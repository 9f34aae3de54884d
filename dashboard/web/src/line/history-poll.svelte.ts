/** History of one tag over the last hours, kept up to date for a sparkline. */
import type { HistoryAnswer } from '@trame/protocol/dashboard-api';
import type { HistoryQuestion } from '../api/dashboard.ts';
import { Poll } from '../api/poll.svelte.ts';
import type { Answer } from '../api/request.ts';
import { trendColumns } from './trend-series.ts';
import type { TrendWindow } from './trend-window.ts';

const BUCKET_MS = 5 * 60_000;
const LENGTH_MS = 8 * 3_600_000;

/** Follows a tag (`line/device/metric`) over eight hours, in buckets of five minutes. */
export class SparkHistory {
  readonly #nowMs: () => number;
  readonly #poll: Poll<{ readonly values: readonly (number | null)[] }>;

  constructor(options: {
    readonly tag: string;
    readonly ask: (question: HistoryQuestion, signal: AbortSignal) => Promise<Answer<HistoryAnswer>>;
    readonly nowMs: () => number;
  }) {
    this.#nowMs = options.nowMs;
    this.#poll = new Poll({
      ask: async (signal) => {
        const window = this.#window();
        const question = { tag: options.tag, fromMs: window.fromMs, toMs: window.toMs, every: window.every };
        const answer = await options.ask(question, signal);
        if (answer.kind !== 'ok') return answer;
        return {
          kind: 'ok',
          body: { values: trendColumns(answer.body.points, window, this.#nowMs()).values },
        };
      },
      intervalMs: BUCKET_MS / 5,
      nowMs: options.nowMs,
    });
  }

  /** One mean for each bucket, null where there is none; empty before the first answer. */
  get values(): readonly (number | null)[] {
    return this.#poll.body?.values ?? [];
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#poll.run(signal);
  }

  #window(): TrendWindow {
    const toMs = (Math.floor(this.#nowMs() / BUCKET_MS) + 1) * BUCKET_MS;
    return { fromMs: toMs - LENGTH_MS, toMs, every: '5min', everyMs: BUCKET_MS };
  }
}
