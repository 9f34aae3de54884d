/**
 * Weighings by alibi memory: each record has a number, and the number decides. Numbers that were skipped are named
 * as missed; one that is there already is refused, whatever stands under it.
 */
import { WEIGHING_GRAMS_MAX } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from './line-config.ts';
import { marksAt, type AlibiMark, type KeySpace } from './weighing-mark.ts';
import {
  missed,
  recorded,
  refused,
  scaleSeen,
  type ScaleIdentity,
  type WeighingRecord,
} from './weighing-record.ts';
import { refusalOf } from './weighing-verdict.ts';
import { completed, type StableWindow } from './weighing-windows.ts';

export interface AlibiReading {
  readonly number: number;
  readonly netGrams: number;
  /** The scale's total that belongs to it; null: it keeps none, or it could not be read. */
  readonly totalGrams: number | null;
}

export interface AlibiContext {
  readonly identity: ScaleIdentity;
  readonly space: KeySpace;
  /** When the number was first seen, UTC ms. */
  readonly atMs: number;
  readonly windows: readonly StableWindow[];
  /** Whether an event was recorded under this key. */
  readonly isKnown: (key: string) => boolean;
}

export interface AlibiStep {
  readonly mark: AlibiMark;
  readonly records: readonly WeighingRecord[];
}

/** Number 0 is an empty memory: a device that starts shows it for a moment. */
const EMPTY_MEMORY = 0;

/** Where an instrument begins that was never seen: at what it shows, or at its own zero. */
export function firstAlibi(
  { identity, space, atMs }: AlibiContext,
  { number, netGrams, totalGrams }: AlibiReading,
  baseline: ScaleConfig['baseline'],
): AlibiStep {
  const keepsTotal = identity.config.total !== null;
  const mark: AlibiMark =
    baseline === 'zero'
      ? { by: 'alibi', number: 0, netGrams: null, totalGrams: keepsTotal ? 0 : null, duplicate: null }
      : { by: 'alibi', number, netGrams, totalGrams, duplicate: null };
  const frame = { atMs, key: null, marks: marksAt(space, mark) };
  return { mark, records: [scaleSeen(identity, mark.number, mark.totalGrams, frame)] };
}

/** Whether this reading says nothing new. */
export function isSettledAlibi(mark: AlibiMark, { number, netGrams }: AlibiReading): boolean {
  if (number === EMPTY_MEMORY) return true;
  if (number === mark.number) {
    const isSame = mark.netGrams === null || mark.netGrams === netGrams;
    if (isSame) return true;
  }
  return mark.duplicate?.number === number && mark.duplicate.netGrams === netGrams;
}

/** Whether the scale's total is needed to say what happened: not for the next number in its turn. */
export function needsTotal(mark: AlibiMark | null, { number }: AlibiReading): boolean {
  return mark === null || number !== mark.number + 1;
}

/** Takes a reading that is not settled. */
export function takeAlibi(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const { number } = reading;
  const isTaken = number === mark.number || context.isKnown(alibiKey(context.space, number));
  if (isTaken && number <= mark.number) return refuseDuplicate(context, mark, reading);
  const skipped = nameSkipped(context, mark, reading);
  const taken = isTaken
    ? refuseDuplicate(context, { ...skipped.mark, number, netGrams: reading.netGrams }, reading)
    : weigh(context, skipped.mark, reading);
  return { mark: taken.mark, records: [...skipped.records, ...taken.records] };
}

function alibiKey({ prefix }: KeySpace, number: number): string {
  return `alibi:${prefix}:${number}`;
}

function refuseDuplicate(context: AlibiContext, before: AlibiMark, reading: AlibiReading): AlibiStep {
  const { number, netGrams, totalGrams } = reading;
  const duplicate = { number, netGrams };
  const mark = { ...before, duplicate, totalGrams: totalGrams ?? before.totalGrams };
  const frame = { atMs: context.atMs, key: null, marks: marksAt(context.space, mark) };
  const shown = { number, shownGrams: netGrams };
  return { mark, records: [refused(context.identity, 'duplicate-alibi', shown, frame)] };
}

/** Numbers between the last one and this; after numbers that began anew, those from 1 on. */
function nameSkipped(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const { number, netGrams } = reading;
  const beganAnew = number < mark.number;
  const fromNumber = beganAnew ? 1 : mark.number + 1;
  const toNumber = number - 1;
  if (toNumber < fromNumber) return { mark, records: [] };
  const sumGrams = grownBy(mark, reading);
  const restGrams = sumGrams === null ? null : sumGrams - netGrams;
  // After a new beginning the total tells whether anything came before this one; weights are rounded, totals are not.
  const isNothing =
    beganAnew && restGrams !== null && restGrams <= (context.identity.config.intervalGrams ?? 0);
  if (isNothing) return { mark, records: [] };
  const totalGrams =
    mark.totalGrams === null || restGrams === null
      ? mark.totalGrams
      : mark.totalGrams + Math.max(0, restGrams);
  const next: AlibiMark = { ...mark, number: toNumber, netGrams: null, totalGrams };
  const frame = { atMs: context.atMs, key: null, marks: marksAt(context.space, next) };
  return {
    mark: next,
    records: [missed(context.identity, { fromNumber, toNumber, netGrams: restGrams }, frame)],
  };
}

/** @returns what the scale's total grew by, or null: unknown, or it began anew. */
function grownBy(mark: AlibiMark, { totalGrams }: AlibiReading): number | null {
  if (totalGrams === null || mark.totalGrams === null || totalGrams < mark.totalGrams) return null;
  return totalGrams - mark.totalGrams;
}

function weigh(context: AlibiContext, before: AlibiMark, reading: AlibiReading): AlibiStep {
  const { identity, space, atMs, windows } = context;
  const { number, netGrams, totalGrams } = reading;
  const isWeight = Math.abs(netGrams) <= WEIGHING_GRAMS_MAX;
  const accounted =
    before.totalGrams === null || !isWeight ? before.totalGrams : Math.max(0, before.totalGrams + netGrams);
  const mark: AlibiMark = {
    by: 'alibi',
    number,
    netGrams,
    // Without a total that belongs to this number, what is known to have been weighed: the next one is compared with it.
    totalGrams: totalGrams ?? accounted,
    duplicate: before.duplicate,
  };
  const frame = { atMs, key: alibiKey(space, number), marks: marksAt(space, mark) };
  const load = completed(identity.config, windows, netGrams);
  const reason = refusalOf(identity.config, netGrams, load.grossGrams);
  const record =
    reason === null
      ? recorded(identity, 'alibi', { number, netGrams, ...load }, frame)
      : refused(identity, reason, { number, shownGrams: load.grossGrams ?? netGrams }, frame);
  return { mark, records: [record] };
}
