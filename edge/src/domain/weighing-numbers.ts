/** A scale that keeps numbers: which instrument it is, what its registers say together, and what that means. */
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import {
  firstAlibi,
  isSettledAlibi,
  needsTotal,
  takeAlibi,
  type AlibiContext,
  type AlibiReading,
} from './weighing-alibi.ts';
import { nextCandidate, type Candidate, type CandidateStep, type Part } from './weighing-candidate.ts';
import { keySpace, readMark, type KeySpace, type ScaleMark } from './weighing-mark.ts';
import type { ScaleReads } from './weighing-reads.ts';
import type { ScaleIdentity, WeighingRecord } from './weighing-record.ts';
import { goodGrams, goodNumber, goodTotal, type ScaleSnapshot } from './weighing-snapshot.ts';
import { firstTotaliser, isSettledTotaliser, takeTotaliser } from './weighing-totaliser.ts';
import type { StableWindow } from './weighing-windows.ts';
import type { Instant, TagState } from './tag-state.ts';

/** How long a scale's total is waited for when it is needed to say what was missed, ms. */
export const TOTAL_WAIT_MS = 60_000;
/** Instruments that one run of the edge remembers for a scale; an older one is read from the ledger again. */
const SPACES_MAX = 8;

export interface NumbersState {
  readonly candidate: Candidate | null;
  /** The pair that was dealt with last: as long as it stands there, nothing happens. */
  readonly dealt: Pair | null;
  /** By name of the instrument's own mark: what this run has recorded, of which the ledger may not have all yet. */
  readonly spaces: readonly (readonly [ownMark: string, mark: ScaleMark])[];
}

interface Pair {
  readonly ownMark: string;
  readonly number: number;
  readonly grams: number;
}

export const NO_NUMBERS: NumbersState = { candidate: null, dealt: null, spaces: [] };

export interface NumbersInput {
  readonly identity: ScaleIdentity;
  readonly reads: ScaleReads;
  readonly snapshot: ScaleSnapshot;
  readonly at: Instant;
  readonly windows: readonly StableWindow[];
  readonly recordedUnder: (key: string) => LedgerPayload | null;
  readonly markOf: (name: string) => string | null;
}

export interface NumbersStep {
  readonly state: NumbersState;
  readonly records: readonly WeighingRecord[];
}

/** @returns the same state when the registers are not good: whatever the scale did is found when they are again. */
export function nextNumbers(state: NumbersState, input: NumbersInput): NumbersStep {
  const { identity, snapshot, at } = input;
  const parts = partsOf(input.identity.config.alibi === null ? 'totaliser' : 'alibi', snapshot);
  if (parts === null) return { state: { ...state, candidate: null }, records: [] };
  const space = keySpace(identity.config, identity.serial);
  const step = nextCandidate(state.candidate, { ownMark: space.ownMark, ...parts }, at);
  const next = { ...state, candidate: step.candidate };
  if (!step.isPair || isDealt(state.dealt, step.candidate)) return { state: next, records: [] };
  const isAlibi = identity.config.alibi !== null;
  return isAlibi ? byAlibi(next, space, input, step) : byTotaliser(next, space, input, step);
}

function partsOf(
  by: 'alibi' | 'totaliser',
  { alibi, alibiWeight, weighings, total }: ScaleSnapshot,
): { readonly number: Part; readonly grams: Part; readonly total: Part | null } | null {
  const sum = partOf(total, goodTotal(total));
  const number = by === 'alibi' ? partOf(alibi, goodNumber(alibi)) : partOf(weighings, goodNumber(weighings));
  const grams = by === 'alibi' ? partOf(alibiWeight, goodGrams(alibiWeight)) : sum;
  if (number === null || grams === null) return null;
  return { number, grams, total: by === 'alibi' ? sum : null };
}

function partOf(tag: TagState | null, value: number | null): Part | null {
  return tag === null || value === null ? null : { tag, value };
}

function byAlibi(
  state: NumbersState,
  space: KeySpace,
  input: NumbersInput,
  { candidate, hasTotal }: CandidateStep,
): NumbersStep {
  const { identity, reads, at } = input;
  const { config } = identity;
  const { mark, isNew } = lastMark(state, space, input);
  const last = mark?.by === 'alibi' ? mark : null;
  const reading: AlibiReading = {
    number: candidate.number.value,
    netGrams: candidate.grams.value,
    totalGrams: hasTotal ? (candidate.total?.value ?? null) : null,
  };
  if (last !== null && isSettledAlibi(last, reading, reads)) return { state, records: [] };
  const waits = config.total !== null && !hasTotal && needsTotal(last, reading, reads);
  if (waits && at.monotonicMs - candidate.sinceMs < TOTAL_WAIT_MS) return { state, records: [] };
  const context: AlibiContext = {
    identity,
    reads,
    space,
    atMs: candidate.seenAtMs,
    windows: input.windows,
    recordedUnder: input.recordedUnder,
  };
  return stepFrom(state, space, {
    last,
    first: () => firstAlibi(context, reading, isNew ? config.baseline : 'first'),
    isSettled: (from) => isSettledAlibi(from, reading, reads),
    take: (from) => takeAlibi(context, from, reading),
  });
}

function byTotaliser(
  state: NumbersState,
  space: KeySpace,
  { identity, reads, windows, recordedUnder, markOf }: NumbersInput,
  { candidate }: CandidateStep,
): NumbersStep {
  const { mark, isNew } = lastMark(state, space, { markOf });
  const last = mark?.by === 'totaliser' ? mark : null;
  const reading = { number: candidate.number.value, totalGrams: candidate.grams.value };
  if (last !== null && isSettledTotaliser(last, reading, reads)) return { state, records: [] };
  const context = { identity, reads, space, atMs: candidate.seenAtMs, windows, recordedUnder };
  return stepFrom(state, space, {
    last,
    first: () => firstTotaliser(context, reading, isNew ? identity.config.baseline : 'first'),
    isSettled: (from) => isSettledTotaliser(from, reading, reads),
    take: (from) => takeTotaliser(context, from, reading),
  });
}

interface Taken<M> {
  readonly mark: M;
  readonly records: readonly WeighingRecord[];
}

/** From where an instrument was left, or is first seen, to what it says now. */
function stepFrom<M extends ScaleMark>(
  state: NumbersState,
  space: KeySpace,
  by: {
    readonly last: M | null;
    readonly first: () => Taken<M>;
    readonly isSettled: (from: M) => boolean;
    readonly take: (from: M) => Taken<M>;
  },
): NumbersStep {
  const first = by.last === null ? by.first() : { mark: by.last, records: [] };
  const taken = by.isSettled(first.mark) ? { mark: first.mark, records: [] } : by.take(first.mark);
  return {
    state: withMark(dealtWith(state), space, taken.mark),
    records: [...first.records, ...taken.records],
  };
}

function isDealt(dealt: Pair | null, { ownMark, number, grams }: Candidate): boolean {
  return dealt?.ownMark === ownMark && dealt.number === number.value && dealt.grams === grams.value;
}

function dealtWith(state: NumbersState): NumbersState {
  const { candidate } = state;
  if (candidate === null) return state;
  const { ownMark, number, grams } = candidate;
  return { ...state, dealt: { ownMark, number: number.value, grams: grams.value } };
}

/** @returns where this instrument was left; `isNew`: nothing of this scale was ever recorded. */
function lastMark(
  { spaces }: NumbersState,
  { ownMark, scaleMark }: KeySpace,
  { markOf }: Pick<NumbersInput, 'markOf'>,
): { readonly mark: ScaleMark | null; readonly isNew: boolean } {
  const kept = spaces.find(([name]) => name === ownMark)?.[1] ?? null;
  const mark = kept ?? readMark(markOf(ownMark));
  return { mark, isNew: mark === null && spaces.length === 0 && markOf(scaleMark) === null };
}

function withMark(state: NumbersState, { ownMark }: KeySpace, mark: ScaleMark): NumbersState {
  const others = state.spaces.filter(([name]) => name !== ownMark);
  const kept: readonly [string, ScaleMark] = [ownMark, mark];
  return { ...state, spaces: [...others, kept].slice(-SPACES_MAX) };
}
