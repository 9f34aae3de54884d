/** Shows every scale to the weighing machine, after each cycle, and gives what it makes of it. */
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import type { DeviceConfig, ScaleConfig } from '../domain/line-config.ts';
import { readScaleVerified, scaleVerifiedMark } from '../domain/scale-verified-mark.ts';
import type { Instant, TagState } from '../domain/tag-state.ts';
import { nextWeighing, NOTHING_WEIGHED, type WeighingState } from '../domain/weighing.ts';
import { scaleSnapshot } from '../domain/weighing-snapshot.ts';
import { scaleReads, type ScaleReads } from '../domain/weighing-reads.ts';
import { statedVerification, type Verification } from '../domain/weighing-verification.ts';
import type { LedgerRecord } from '../ports/ledger.ts';

/** What is recorded of the scales, what waits to be included. */
export interface RecordedSoFar {
  /** @returns the value that a mark has, or will have once all that waits is stored. */
  mark(name: string): string | null;
  /** @returns what was recorded under this key, or waits to be; null: nothing. */
  recordedUnder(key: string): LedgerPayload | null;
}

export interface ScaleWatchOptions {
  readonly scales: readonly ScaleConfig[];
  readonly devices: readonly DeviceConfig[];
  readonly recorded: RecordedSoFar;
  /** @returns the day of an instant in the site's zone, `YYYY-MM-DD`. */
  readonly dayOf: (wallMs: number) => string;
}

export type TagLookup = (device: string, tag: string) => TagState | null;

export class ScaleWatch {
  readonly #options: ScaleWatchOptions;
  readonly #states: Map<string, WeighingState>;
  readonly #verifications = new Map<
    string,
    { readonly text: string | null; readonly verification: Verification }
  >();
  readonly #reads: ReadonlyMap<string, ScaleReads>;
  #day = { minute: NaN, text: '' };

  constructor(options: ScaleWatchOptions) {
    this.#options = options;
    const { devices, scales } = options;
    this.#reads = new Map(scales.map((config) => [config.id, scaleReads(devices, config)]));
    this.#states = new Map(options.scales.map(({ id }) => [id, NOTHING_WEIGHED]));
  }

  /**
   * @param mayWait leaves out scales that keep numbers of their own: what they do meanwhile is found by difference.
   * @throws when a mark is not what was written.
   */
  look(lookup: TagLookup, at: Instant, mayWait: boolean): readonly LedgerRecord[] {
    const { scales, recorded } = this.#options;
    const records: LedgerRecord[] = [];
    for (const config of scales) {
      const keepsNumbers = config.alibi !== null || config.weighings !== null;
      if (mayWait && keepsNumbers) continue;
      const step = nextWeighing(this.#states.get(config.id) ?? NOTHING_WEIGHED, {
        config,
        reads: this.#reads.get(config.id) ?? scaleReads([], config),
        snapshot: scaleSnapshot(config, lookup),
        at,
        today: this.#today(at.wallMs),
        verification: this.#verification(config),
        recordedUnder: (key) => recorded.recordedUnder(key),
        markOf: (name) => recorded.mark(name),
      });
      this.#states.set(config.id, step.state);
      records.push(...step.records);
    }
    return records;
  }

  /** Read anew only when it was stated anew: this is asked many times a second. */
  #verification(config: ScaleConfig): Verification {
    const text = this.#options.recorded.mark(scaleVerifiedMark(config.id));
    const before = this.#verifications.get(config.id);
    if (before?.text === text) return before.verification;
    const verification = statedVerification(config, readScaleVerified(text));
    this.#verifications.set(config.id, { text, verification });
    return verification;
  }

  /** Asked many times a second; a day changes on a full minute in every zone. */
  #today(wallMs: number): string {
    const minute = Math.floor(wallMs / 60_000);
    if (minute !== this.#day.minute) this.#day = { minute, text: this.#options.dayOf(wallMs) };
    return this.#day.text;
  }
}
