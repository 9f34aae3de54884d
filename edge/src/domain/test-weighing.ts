/** A scale on a bench: its tags are set, time passes, and what the machine records goes into a book like the ledger's. */
import {
  payloadFault,
  type ScaleSeen,
  type Weighing,
  type WeighingMissed,
  type WeighingRefused,
} from '@trame/protocol/ledger-payloads';
import { bad, GOOD, type Quality } from '@trame/protocol/quality';
import type { TagType, TagValue } from '@trame/protocol/tag';
import type { ScaleConfig } from './line-config.ts';
import type { TagState } from './tag-state.ts';
import type { WeighingRecord } from './weighing-record.ts';
import type { ScaleReads } from './weighing-reads.ts';
import { SCALE_TAGS, type ScaleSnapshot, type ScaleTag } from './weighing-snapshot.ts';
import type { Verification } from './weighing-verification.ts';
import { nextWeighing, NOTHING_WEIGHED, type WeighingState } from './weighing.ts';

const BARE_SCALE: ScaleConfig = {
  id: 's',
  use: 'bale',
  device: 'd',
  gross: null,
  tare: null,
  stable: null,
  overload: null,
  belowMin: null,
  alibi: null,
  alibiWeight: null,
  weighings: null,
  total: null,
  serialTag: null,
  serial: 'A1',
  alibiEpoch: 1,
  baseline: 'first',
  minGrams: null,
  maxGrams: null,
  intervalGrams: null,
  stableForMs: 1000,
  tareKind: 'none',
  presetTareGrams: null,
  verificationDue: null,
  simulated: false,
};

const TYPES: Readonly<Record<ScaleTag, TagType>> = {
  gross: 'int64',
  tare: 'int64',
  stable: 'bool',
  overload: 'bool',
  belowMin: 'bool',
  alibi: 'uint32',
  alibiWeight: 'int64',
  weighings: 'uint32',
  total: 'uint64',
  serialTag: 'string',
};

export const ALIBI = { alibi: 'alibi', alibiWeight: 'alibiWeight' };
export const TOTALISER = { weighings: 'weighings', total: 'total' };
export const PLATFORM = { gross: 'gross', stable: 'stable', overload: 'overload' };

/** 22 November 2026, 9:00 UTC. */
export const START_MS = Date.UTC(2026, 10, 22, 9);
const TICK_MS = 100;

interface Shown {
  readonly value: TagValue | null;
  readonly quality: Quality;
}

export class ScaleBench {
  config: ScaleConfig;
  /** How the registers are read: a text for each. */
  howRead: ScaleReads = { number: 'number', grams: 'in g', total: 'in g' };
  verification: Verification = { outcome: 'accepted', due: null };
  today = '2026-11-22';
  wallMs = START_MS;
  monotonicMs = 1000;
  /** Whether tags are told on change alone, as by a subscription. */
  onChange = false;
  readonly records: WeighingRecord[] = [];
  readonly #keys = new Map<string, WeighingRecord>();
  readonly #marks = new Map<string, string>();
  readonly #shown = new Map<ScaleTag, Shown>();
  readonly #read = new Map<ScaleTag, TagState>();
  #state: WeighingState = NOTHING_WEIGHED;

  constructor(config: Partial<ScaleConfig>) {
    this.config = { ...BARE_SCALE, ...config };
  }

  /** What the registers hold from now on; masses in grams. */
  shows(values: Partial<Record<ScaleTag, TagValue>>): this {
    for (const tag of SCALE_TAGS) {
      const value = values[tag];
      if (value !== undefined) this.#shown.set(tag, { value, quality: GOOD });
    }
    return this;
  }

  hides(quality: Quality, ...tags: readonly ScaleTag[]): this {
    for (const tag of tags) this.#shown.set(tag, { value: null, quality });
    return this;
  }

  /** Reads these registers, or all. */
  reads(...tags: readonly ScaleTag[]): this {
    this.pass(1);
    for (const tag of tags.length > 0 ? tags : this.#shown.keys()) {
      const shown = this.#shown.get(tag) ?? { value: null, quality: bad('never-read') };
      const before = this.#read.get(tag);
      if (this.onChange && before !== undefined && Object.is(before.value, shown.value)) continue;
      this.#read.set(tag, {
        definition: {
          name: tag,
          type: TYPES[tag],
          unit: 'g',
          deadband: 0,
          range: null,
          staleAfterMs: this.onChange ? null : 2000,
        },
        ...shown,
        timeMs: this.wallMs,
        readAtMs: this.monotonicMs,
        told: null,
      });
    }
    return this;
  }

  pass(ms: number): this {
    this.wallMs += ms;
    this.monotonicMs += ms;
    return this;
  }

  /** The machine looks once. @param storedRecords how many of what it says reach the disk. @returns what it says. */
  looks(storedRecords = Number.POSITIVE_INFINITY): readonly WeighingRecord[] {
    const of = (tag: ScaleTag) => (this.config[tag] === null ? null : (this.#read.get(tag) ?? null));
    const snapshot = Object.fromEntries(SCALE_TAGS.map((tag) => [tag, of(tag)])) as ScaleSnapshot;
    const { state, records } = nextWeighing(this.#state, {
      config: this.config,
      reads: this.howRead,
      snapshot,
      at: { wallMs: this.wallMs, monotonicMs: this.monotonicMs },
      today: this.today,
      verification: this.verification,
      recordedUnder: (key) => this.#keys.get(key)?.payload ?? null,
      markOf: (name) => this.#marks.get(name) ?? null,
    });
    this.#state = state;
    for (const record of records.slice(0, storedRecords)) this.#store(record);
    return records;
  }

  /** The scale rests like this: read and looked at, again and again. @returns what was recorded meanwhile. */
  stands(values: Partial<Record<ScaleTag, TagValue>>, forMs = 3000): readonly WeighingRecord[] {
    const first = this.records.length;
    this.shows(values);
    for (let passedMs = 0; passedMs < forMs; passedMs += TICK_MS)
      this.reads()
        .pass(TICK_MS - 1)
        .looks();
    return this.records.slice(first);
  }

  /** The edge is killed: the ledger has what it has. */
  restarts(): this {
    this.#state = NOTHING_WEIGHED;
    this.#read.clear();
    return this;
  }

  #store(record: WeighingRecord): void {
    const fault = payloadFault(record.type, record.payload);
    if (fault !== null) throw new Error(fault);
    for (const [name, text] of Object.entries(record.marks)) this.#marks.set(name, text);
    if (record.key !== null && this.#keys.has(record.key)) return;
    if (record.key !== null) this.#keys.set(record.key, record);
    this.records.push(record);
  }
}

/** Each record in one line: what a test compares. */
export function told(records: readonly WeighingRecord[]): string[] {
  return records.map(({ type, payload }) => {
    switch (type) {
      case 'weighing.recorded': {
        const { number, netGrams } = payload as Weighing;
        return `${number ?? '-'}: ${netGrams} g`;
      }
      case 'weighing.missed': {
        const { fromNumber, toNumber, netGrams } = payload as WeighingMissed;
        return `missed ${fromNumber}-${toNumber}: ${netGrams} g`;
      }
      case 'weighing.refused': {
        const { number, reason, grossGrams } = payload as WeighingRefused;
        return `${number ?? '-'}: ${reason}, ${grossGrams} g`;
      }
      case 'scale.seen': {
        const { number, totalGrams } = payload as ScaleSeen;
        return `seen at ${number}, ${totalGrams} g`;
      }
    }
  });
}
