/**
 * Weighings by alibi memory: each record has a number, and the highest one that was seen is where the scale stands.
 * Numbers that were skipped are named as missed; a lower one is an old record that somebody looks up, or a memory that
 * began anew, and never brings the scale back.
 */
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import { WEIGHING_GRAMS_MAX, type WeighingRefusalReason } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from './line-config.ts';
import { isReadAlike, marksAt, type AlibiMark, type KeySpace } from './weighing-mark.ts';
import type { ScaleReads } from './weighing-reads.ts';
import {
  missed,
  recorded,
  refused,
  scaleSeen,
  weighsAsRecorded,
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
  readonly reads: ScaleReads;
  readonly space: KeySpace;
  /** When the number was first seen, UTC ms. */
  readonly atMs: number;
  readonly windows: readonly StableWindow[];
  /** What was recorded under this key; null: nothing. */
  readonly recordedUnder: (key: string) => LedgerPayload | null;
}

export interface AlibiStep {
  readonly mark: AlibiMark;
  readonly records: readonly WeighingRecord[];
}

/** Number 0 is an empty memory: a device that starts shows it for a moment. */
const EMPTY_MEMORY = 0;

/** Where an instrument begins that was never seen: at what it shows, or at its own zero. */
export function firstAlibi(
  { identity, reads, space, atMs }: AlibiContext,
  { number, netGrams, totalGrams }: AlibiReading,
  baseline: ScaleConfig['baseline'],
): AlibiStep {
  const keepsTotal = identity.config.total !== null;
  const start =
    baseline === 'zero'
      ? { number: 0, netGrams: null, totalGrams: keepsTotal ? 0 : null }
      : { number, netGrams, totalGrams };
  const firstNumber = start.number;
  const mark: AlibiMark = {
    by: 'alibi',
    reads,
    ...start,
    firstNumber,
    comparableFrom: firstNumber,
    unsummedFrom: null,
  };
  const frame = { atMs, key: null, marks: marksAt(space, mark) };
  return { mark, records: [scaleSeen(identity, mark.number, mark.totalGrams, frame)] };
}

/** Whether this reading says nothing new. */
export function isSettledAlibi(
  mark: AlibiMark,
  { number, netGrams }: AlibiReading,
  reads: ScaleReads,
): boolean {
  if (number === EMPTY_MEMORY) return true;
  return number === mark.number && mark.netGrams === netGrams && isReadAlike(mark.reads, reads);
}

/** Whether the scale's total is needed to say what happened: where it begins, and what it skipped. */
export function needsTotal(mark: AlibiMark | null, { number }: AlibiReading, reads: ScaleReads): boolean {
  return mark === null || number > mark.number + 1 || mark.reads.total !== reads.total;
}

/** Takes a reading that is not settled. */
export function takeAlibi(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const { reads } = context;
  if (isReadAlike(mark.reads, reads)) return takeAlike(context, mark, reading);
  return mark.reads.number === reads.number
    ? readAnew(context, mark, reading)
    : firstAlibi(context, reading, 'first');
}

function takeAlike(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  return reading.number > mark.number ? goOn(context, mark, reading) : lookBack(context, mark, reading);
}

/** Its weight or its total is read otherwise than before: neither is compared with what was read then. */
function readAnew(context: AlibiContext, before: AlibiMark, reading: AlibiReading): AlibiStep {
  const { identity, reads, space, atMs } = context;
  const isWeightAlike = before.reads.grams === reads.grams;
  const isTotalAlike = before.reads.total === reads.total;
  // As long as the new baseline is not on the disk, it was read as before.
  const base: AlibiMark = {
    ...before,
    netGrams: isWeightAlike ? before.netGrams : null,
    totalGrams: isTotalAlike ? before.totalGrams : null,
    comparableFrom: isWeightAlike ? before.comparableFrom : before.number + 1,
  };
  const taken = takeAlike(context, base, reading);
  const isLatest = reading.number === taken.mark.number;
  const mark: AlibiMark = {
    ...taken.mark,
    reads,
    netGrams: isLatest ? reading.netGrams : taken.mark.netGrams,
    totalGrams: isTotalAlike ? taken.mark.totalGrams : isLatest ? reading.totalGrams : null,
    unsummedFrom: isTotalAlike ? taken.mark.unsummedFrom : null,
  };
  const seen = scaleSeen(identity, mark.number, mark.totalGrams, {
    atMs,
    key: null,
    marks: marksAt(space, mark),
  });
  return { mark, records: [...taken.records, seen] };
}

function alibiKey({ prefix }: KeySpace, number: number): string {
  return `alibi:${prefix}:${number}`;
}

function goOn(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const skipped = nameSkipped(context, mark, reading);
  const next = reached(skipped.mark, reading);
  const before = context.recordedUnder(alibiKey(context.space, reading.number));
  const records =
    before === null ? [weighed(context, next, reading)] : contradiction(context, next, reading, before);
  return { mark: next, records: [...skipped.records, ...records] };
}

/** A number that the scale has passed. Its total is that of the latest, so it says nothing of this one. */
function lookBack(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const { number, netGrams } = reading;
  const before = context.recordedUnder(alibiKey(context.space, number));
  if (before !== null) return { mark, records: contradiction(context, mark, reading, before) };
  if (number > mark.firstNumber) return recover(context, mark, reading);
  // The first one was seen, not recorded: its weight is known as long as nothing came after it.
  if (number < mark.firstNumber) return { mark, records: refuseOnce(context, mark, reading, 'went-back') };
  const isOther = number === mark.number && mark.netGrams !== null && mark.netGrams !== netGrams;
  return { mark, records: isOther ? refuseOnce(context, mark, reading, 'duplicate-alibi') : [] };
}

/** It was named as missed, and is shown after all. */
function recover(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const { number, netGrams } = reading;
  const { unsummedFrom, totalGrams } = mark;
  // Its kilograms would come again with the next sum.
  const isAhead =
    unsummedFrom !== null && number >= unsummedFrom && totalGrams !== null && isWeight(netGrams);
  const next = isAhead ? { ...mark, totalGrams: Math.max(0, totalGrams + netGrams) } : mark;
  // What stands on the platform now is another load.
  return { mark: next, records: [weighed({ ...context, windows: [] }, next, reading)] };
}

/** @returns nothing when it is the weight that was recorded. */
function contradiction(
  context: AlibiContext,
  mark: AlibiMark,
  reading: AlibiReading,
  before: LedgerPayload,
): readonly WeighingRecord[] {
  const isSame =
    reading.number < mark.comparableFrom ||
    weighsAsRecorded(context.identity.config, reading.netGrams, before);
  return isSame ? [] : refuseOnce(context, mark, reading, 'duplicate-alibi');
}

/** For each number and weight: an old record may be looked up again and again. */
function refuseOnce(
  { identity, space, atMs, recordedUnder }: AlibiContext,
  mark: AlibiMark,
  { number, netGrams }: AlibiReading,
  reason: Extract<WeighingRefusalReason, 'duplicate-alibi' | 'went-back'>,
): readonly WeighingRecord[] {
  const key = `${reason}:${space.prefix}:${number}:${netGrams}`;
  if (recordedUnder(key) !== null) return [];
  const frame = { atMs, key, marks: marksAt(space, mark) };
  return [refused(identity, reason, { number, shownGrams: netGrams }, frame)];
}

/** Numbers between the last one and this. */
function nameSkipped(context: AlibiContext, mark: AlibiMark, reading: AlibiReading): AlibiStep {
  const { number, netGrams } = reading;
  const fromNumber = mark.number + 1;
  const toNumber = number - 1;
  if (toNumber < fromNumber) return { mark, records: [] };
  const sumGrams = grownBy(mark, reading);
  const restGrams = sumGrams === null ? null : sumGrams - netGrams;
  const totalGrams =
    mark.totalGrams === null || restGrams === null
      ? mark.totalGrams
      : mark.totalGrams + Math.max(0, restGrams);
  const unsummedFrom = restGrams === null ? (mark.unsummedFrom ?? fromNumber) : null;
  const next: AlibiMark = { ...mark, number: toNumber, netGrams: null, totalGrams, unsummedFrom };
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

function isWeight(netGrams: number): boolean {
  return Math.abs(netGrams) <= WEIGHING_GRAMS_MAX;
}

function reached(before: AlibiMark, { number, netGrams, totalGrams }: AlibiReading): AlibiMark {
  const accounted =
    before.totalGrams === null || !isWeight(netGrams)
      ? before.totalGrams
      : Math.max(0, before.totalGrams + netGrams);
  return {
    ...before,
    number,
    netGrams,
    // Without a total that belongs to this number, what is known to have been weighed: the next one is compared with it.
    totalGrams: totalGrams ?? accounted,
    unsummedFrom: totalGrams === null ? before.unsummedFrom : null,
  };
}

function weighed(context: AlibiContext, mark: AlibiMark, { number, netGrams }: AlibiReading): WeighingRecord {
  const { identity, space, atMs, windows } = context;
  const frame = { atMs, key: alibiKey(space, number), marks: marksAt(space, mark) };
  const load = completed(identity.config, windows, netGrams);
  const reason = refusalOf(identity.config, netGrams, load.grossGrams);
  if (reason === null) return recorded(identity, 'alibi', { number, netGrams, ...load }, frame);
  return refused(identity, reason, { number, shownGrams: load.grossGrams ?? netGrams }, frame);
}
