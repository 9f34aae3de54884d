/**
 * Weighings by a totalising indicator: how many it did, and their sum. One more, and its weight is what the sum grew
 * by; several, and they are named as missed, with their sum: no kilogram is lost.
 */
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import type { ScaleConfig } from './line-config.ts';
import { isReadAlike, marksAt, type KeySpace, type TotaliserMark } from './weighing-mark.ts';
import type { ScaleReads } from './weighing-reads.ts';
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

export interface TotaliserReading {
  readonly number: number;
  readonly totalGrams: number;
}

export interface TotaliserContext {
  readonly identity: ScaleIdentity;
  readonly reads: ScaleReads;
  readonly space: KeySpace;
  /** When the number was first seen, UTC ms. */
  readonly atMs: number;
  readonly windows: readonly StableWindow[];
  /** What was recorded under this key; null: nothing. */
  readonly recordedUnder: (key: string) => LedgerPayload | null;
}

export interface TotaliserStep {
  readonly mark: TotaliserMark;
  readonly records: readonly WeighingRecord[];
}

/** Where an instrument begins that was never seen: at what it shows, or at its own zero. */
export function firstTotaliser(
  context: TotaliserContext,
  { number, totalGrams }: TotaliserReading,
  baseline: ScaleConfig['baseline'],
): TotaliserStep {
  const start = baseline === 'zero' ? { number: 0, totalGrams: 0 } : { number, totalGrams };
  return begin(context, { by: 'totaliser', reads: context.reads, ...start, before: null });
}

/** Whether this reading says nothing new. A sum that moves alone waits for the weighing that it belongs to. */
export function isSettledTotaliser(
  mark: TotaliserMark,
  { number }: TotaliserReading,
  reads: ScaleReads,
): boolean {
  return number === mark.number && isReadAlike(mark.reads, reads);
}

/** Takes a reading that is not settled. */
export function takeTotaliser(
  context: TotaliserContext,
  mark: TotaliserMark,
  reading: TotaliserReading,
): TotaliserStep {
  const { number, totalGrams } = reading;
  if (!isReadAlike(mark.reads, context.reads)) return readAnew(context, mark, reading);
  if (number < mark.number) return fall(context, mark, reading);
  const { before } = mark;
  const isBack = before !== null && number >= before.number && totalGrams >= before.totalGrams;
  // Back where it was: the fall was a false reading, and only what it grew since is new.
  const base = isBack ? { ...mark, ...before, before: null } : { ...mark, before: null };
  return number === base.number ? { mark: base, records: [] } : count(context, base, reading, null);
}

/**
 * Its registers are read otherwise than before: from here on. What was weighed in between has its numbers, when these
 * are read as before, but nobody knows its weight.
 */
function readAnew(context: TotaliserContext, mark: TotaliserMark, reading: TotaliserReading): TotaliserStep {
  const { identity, reads, space, atMs } = context;
  const { number, totalGrams } = reading;
  const isOtherNumber = mark.reads.number !== reads.number;
  const fromNumber = number < mark.number ? 1 : mark.number + 1;
  const isNamed = !isOtherNumber && fromNumber <= number;
  const next: TotaliserMark = { by: 'totaliser', reads, number, totalGrams, before: null };
  if (!isNamed) return begin(context, next);
  const span = { fromNumber, toNumber: number, netGrams: null };
  if (number < mark.number) {
    const begun = begin(context, { ...next, number: 0 });
    const frame = { atMs, key: null, marks: marksAt(space, next) };
    return { mark: next, records: [...begun.records, missed(identity, span, frame)] };
  }
  // As long as the new baseline is not on the disk, it was read as before.
  const frame = { atMs, key: null, marks: marksAt(space, { ...mark, number, before: null }) };
  return { mark: next, records: [missed(identity, span, frame), ...begin(context, next).records] };
}

/**
 * It began anew, and what it weighed since is named from 1 on. Where it was seen before, it was only put back there:
 * nothing was weighed.
 */
function fall(context: TotaliserContext, mark: TotaliserMark, reading: TotaliserReading): TotaliserStep {
  const { number, totalGrams } = reading;
  const before = mark.before ?? { number: mark.number, totalGrams: mark.totalGrams };
  const wasSeen = context.recordedUnder(keyOf(context.space, reading)) !== null;
  if (number === 0 || wasSeen) return begin(context, { ...mark, number, totalGrams, before });
  const isSumAnew = totalGrams < mark.totalGrams;
  const zero = { number: 0, totalGrams: isSumAnew ? 0 : mark.totalGrams };
  const begun = begin(context, { ...mark, ...zero, before });
  const counted = count(context, begun.mark, reading, before);
  return { mark: counted.mark, records: [...begun.records, ...counted.records] };
}

/** With the sum, since a count that began anew repeats its numbers. */
function keyOf({ prefix }: KeySpace, { number, totalGrams }: TotaliserReading): string {
  return `totaliser:${prefix}:${number}:${totalGrams}`;
}

function begin({ identity, space, atMs }: TotaliserContext, mark: TotaliserMark): TotaliserStep {
  const frame = { atMs, key: null, marks: marksAt(space, mark) };
  return { mark, records: [scaleSeen(identity, mark.number, mark.totalGrams, frame)] };
}

/** @param before where it stood before it fell, as long as the fall may have been a false reading. */
function count(
  context: TotaliserContext,
  base: TotaliserMark,
  reading: TotaliserReading,
  before: TotaliserMark['before'],
): TotaliserStep {
  const { identity, space, atMs, windows } = context;
  const { number, totalGrams } = reading;
  const mark: TotaliserMark = { ...base, number, totalGrams, before };
  const marks = marksAt(space, mark);
  const grownGrams = totalGrams - base.totalGrams;
  if (number > base.number + 1 || grownGrams < 0) {
    // A sum that fell while the count grew began anew: what the weighings came to, nobody knows.
    const span = {
      fromNumber: base.number + 1,
      toNumber: number,
      netGrams: grownGrams < 0 ? null : grownGrams,
    };
    return { mark, records: [missed(identity, span, { atMs, key: null, marks })] };
  }
  const frame = { atMs, key: keyOf(space, reading), marks };
  const load = completed(identity.config, windows, grownGrams);
  const reason = refusalOf(identity.config, grownGrams, load.grossGrams);
  if (reason === null) {
    const weight = { number, netGrams: grownGrams, ...load };
    return { mark, records: [recorded(identity, 'totaliser', weight, frame)] };
  }
  const shown = { number, shownGrams: load.grossGrams ?? grownGrams };
  return { mark, records: [refused(identity, reason, shown, frame)] };
}
