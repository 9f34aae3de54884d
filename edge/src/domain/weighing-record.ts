/** Weighings as the ledger takes them. */
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import type {
  LedgerPayloads,
  Weighing,
  WeighingMissed,
  WeighingRefusalReason,
} from '@trame/protocol/ledger-payloads';
import { COUNT_GRAMS_MAX, WEIGHING_GRAMS_MAX } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from './line-config.ts';

export type WeighingEventType = Extract<
  keyof LedgerPayloads,
  'weighing.recorded' | 'weighing.refused' | 'weighing.missed' | 'scale.seen'
>;

/** The shape of the ledger's records. */
export interface WeighingRecord {
  readonly type: WeighingEventType;
  /** UTC ms. */
  readonly occurredAtMs: number;
  readonly actorRef: null;
  readonly payload: LedgerPayload;
  readonly key: string | null;
  readonly marks: Readonly<Record<string, string>>;
}

/** What every event of one scale says. */
export interface ScaleIdentity {
  readonly config: ScaleConfig;
  readonly serial: string | null;
  /** Whether it may weigh for payment today. */
  readonly verification: Pick<Weighing, 'verification' | 'verificationDue'>;
}

/** When it happened, its key, and how far the scale has come with it. */
export interface RecordFrame {
  readonly atMs: number;
  readonly key: string | null;
  readonly marks: Readonly<Record<string, string>>;
}

export interface Weight {
  readonly number: number | null;
  readonly grossGrams: number | null;
  readonly tareGrams: number | null;
  readonly netGrams: number;
}

export function recorded(
  { config, serial, verification }: ScaleIdentity,
  source: Weighing['source'],
  weight: Weight,
  frame: RecordFrame,
): WeighingRecord {
  return record('weighing.recorded', frame, {
    ...facts(config, serial),
    use: config.use,
    source,
    ...weight,
    tareKind: config.tareKind,
    intervalGrams: config.intervalGrams,
    stable: true,
    ...verification,
    simulated: config.simulated,
  });
}

/**
 * @param payload of what was recorded under the same number.
 * @returns whether it is the same weight. A refusal may tell the gross beside it, and nothing of a weight that cannot be.
 */
export function weighsAsRecorded(
  { presetTareGrams }: ScaleConfig,
  netGrams: number,
  payload: LedgerPayload,
): boolean {
  if (typeof payload['netGrams'] === 'number') return payload['netGrams'] === netGrams;
  const shown = payload['grossGrams'];
  if (typeof shown !== 'number') return Math.abs(netGrams) > WEIGHING_GRAMS_MAX;
  return shown === netGrams + (presetTareGrams ?? 0);
}

/** @param shownGrams what was shown; null, or more than an event may say: no number. */
export function refused(
  { config, serial }: ScaleIdentity,
  reason: WeighingRefusalReason,
  { number, shownGrams }: { readonly number: number | null; readonly shownGrams: number | null },
  frame: RecordFrame,
): WeighingRecord {
  const isSayable = shownGrams !== null && Math.abs(shownGrams) <= WEIGHING_GRAMS_MAX;
  return record('weighing.refused', frame, {
    ...facts(config, serial),
    use: config.use,
    reason,
    number,
    grossGrams: isSayable ? shownGrams : null,
    simulated: config.simulated,
  });
}

/** Both numbers included. A sum below 0 is the rounding of weights; one past what an event may say is unknown. */
export function missed(
  { config, serial }: ScaleIdentity,
  { fromNumber, toNumber, netGrams }: Pick<WeighingMissed, 'fromNumber' | 'toNumber' | 'netGrams'>,
  frame: RecordFrame,
): WeighingRecord {
  return record('weighing.missed', frame, {
    ...facts(config, serial),
    use: config.use,
    fromNumber,
    toNumber,
    netGrams: netGrams === null || netGrams > COUNT_GRAMS_MAX ? null : Math.max(0, netGrams),
    simulated: config.simulated,
  });
}

export function scaleSeen(
  { config, serial }: ScaleIdentity,
  number: number,
  totalGrams: number | null,
  frame: RecordFrame,
): WeighingRecord {
  return record('scale.seen', frame, {
    ...facts(config, serial),
    use: config.use,
    number,
    totalGrams,
    simulated: config.simulated,
  });
}

function facts({ id, alibiEpoch }: ScaleConfig, serial: string | null) {
  return { scale: id, serial, alibiEpoch };
}

function record<T extends WeighingEventType>(
  type: T,
  { atMs, key, marks }: RecordFrame,
  payload: LedgerPayloads[T],
): WeighingRecord {
  return { type, occurredAtMs: Math.floor(atMs), actorRef: null, payload, key, marks };
}
