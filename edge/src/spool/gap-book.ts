/**
 * What was given up, until a ledger has it. Losses of one reason gather into one gap; a gap that was told does
 * not change any more, and the next one of its reason waits until it is known to be recorded. So however fast
 * losses come, and however long nobody records them, two gaps of a reason are all there is.
 */
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import { GAP_REASONS, type GapReason } from '@trame/protocol/ledger-names';

/** Both included, UTC ms by the edge's clock. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Values taken between two times. */
export interface Loss extends TimeRange {
  /** Null when nobody can know. */
  readonly samples: number | null;
  readonly reason: GapReason;
}

interface OpenGap extends Loss {
  /** Monotonic ms from which it may be told. */
  readonly dueAtMs: number;
}

export interface ToldGap extends Loss {
  readonly key: string;
  /** Monotonic ms at which it was last told. */
  readonly toldAtMs: number;
}

export interface GapBook {
  readonly open: ReadonlyMap<GapReason, OpenGap>;
  readonly told: ReadonlyMap<GapReason, ToldGap>;
}

/** Losses of one reason gather for so long before they are told: at most one event in that time, ms. */
export const GAP_GATHER_MS = 30_000;
/** A gap that is not known to be recorded is told again after this, ms. */
export const GAP_RETELL_MS = 60_000;

export const EMPTY_GAP_BOOK: GapBook = { open: new Map(), told: new Map() };

/**
 * Notes a loss.
 * @param dueAtMs monotonic ms from which a new gap may be told; one that is open already keeps its own.
 */
export function noteLoss(book: GapBook, loss: Loss, dueAtMs: number): GapBook {
  const { fromMs, toMs, samples, reason } = loss;
  const before = book.open.get(reason);
  const gap =
    before === undefined
      ? { fromMs, toMs, samples, reason, dueAtMs }
      : { ...merged(before, loss), dueAtMs: before.dueAtMs };
  return { ...book, open: new Map(book.open).set(reason, gap) };
}

/**
 * @param newKey gives a key that no other gap has.
 * @returns the gaps to tell now: those that have gathered, and those told long ago and still not recorded.
 */
export function tellGaps(
  book: GapBook,
  atMs: number,
  newKey: () => string,
): { readonly book: GapBook; readonly due: readonly ToldGap[] } {
  const open = new Map(book.open);
  const told = new Map(book.told);
  const due: ToldGap[] = [];
  for (const reason of GAP_REASONS) {
    const gap = dueGap(told.get(reason), open.get(reason), atMs, newKey);
    if (gap === null) continue;
    if (!told.has(reason)) open.delete(reason);
    told.set(reason, gap);
    due.push(gap);
  }
  return due.length === 0 ? { book, due } : { book: { open, told }, due };
}

function dueGap(
  told: ToldGap | undefined,
  open: OpenGap | undefined,
  atMs: number,
  newKey: () => string,
): ToldGap | null {
  if (told !== undefined) return atMs - told.toldAtMs < GAP_RETELL_MS ? null : { ...told, toldAtMs: atMs };
  if (open === undefined || atMs < open.dueAtMs) return null;
  const { fromMs, toMs, samples, reason } = open;
  return { fromMs, toMs, samples, reason, key: newKey(), toldAtMs: atMs };
}

/** Forgets the gaps that a ledger has. */
export function settleGaps(book: GapBook, isRecorded: (key: string) => boolean): GapBook {
  const left = [...book.told].filter(([, gap]) => !isRecorded(gap.key));
  return left.length === book.told.size ? book : { ...book, told: new Map(left) };
}

/** @returns both together; what was told of either stays as it was told, if it can. */
export function mergeGaps(into: GapBook, from: GapBook): GapBook {
  let book = into;
  for (const gap of from.told.values()) {
    if (book.told.has(gap.reason)) book = noteLoss(book, gap, -Infinity);
    else book = { ...book, told: new Map(book.told).set(gap.reason, gap) };
  }
  for (const gap of from.open.values()) book = noteLoss(book, gap, gap.dueAtMs);
  return book;
}

/**
 * @param oldestMs first time of which anything is known.
 * @returns what was lost with something that can no longer be believed: its times if they can be, else all of it.
 */
export function unreadableLoss({ fromMs, toMs }: TimeRange, oldestMs: number | null, nowMs: number): Loss {
  const areTimes = EVENT_TIME_MIN_MS <= fromMs && fromMs <= toMs && toMs <= nowMs;
  const range = areTimes ? { fromMs, toMs } : { fromMs: Math.min(oldestMs ?? nowMs, nowMs), toMs: nowMs };
  return { ...range, samples: null, reason: 'not-stored' };
}

/** @param earliestMs the earliest time that an event may name, UTC ms: a clock that was never set reads less. */
export function gapPayload({ fromMs, toMs, samples, reason }: Loss, earliestMs: number): TelemetryGap {
  const from = Math.max(earliestMs, Math.trunc(fromMs));
  return { from, to: Math.max(from, Math.trunc(toMs)), samples, reason };
}

function merged(a: Loss, b: Loss): Loss {
  return {
    reason: a.reason,
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    samples: a.samples === null || b.samples === null ? null : a.samples + b.samples,
  };
}
