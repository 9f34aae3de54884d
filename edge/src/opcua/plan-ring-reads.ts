/**
 * Which results of a station's ring are read next, and what becomes of each. Pure.
 *
 * Result number n lies in place n mod size until n + size is laid over it. Each result after the first number told is given
 * exactly once, in order: delivered, or told as missed. One request is under way at a time, so what waits is bounded
 * by the ring itself.
 */
import { after, distance, FAR_AHEAD, UINT32 } from '../domain/sorting/read-numbers.ts';
import type { MissedReads, SpectrumLife, SpectrumMiss, SpectrumRead } from '../ports/spectrum-source.ts';

export interface RingRules {
  /** Places of the ring. */
  readonly size: number;
  /** Results that one request may ask for. */
  readonly perRead: number;
}

export interface RingState {
  /** The last number that the station told; null before the first. Never behind `last`. */
  readonly head: number | null;
  /** The last number that was given, or that reading began after. */
  readonly last: number;
  /** The request under way; null: none. */
  readonly asked: RingRequest | null;
  /** Requests in a row that found the next result not written yet. */
  readonly tries: number;
  /** Tells the answer of this request from that of one that no longer counts. */
  readonly ticket: number;
}

export interface RingRequest {
  readonly ticket: number;
  readonly first: number;
  readonly count: number;
  /** How long to wait before it is sent, ms. */
  readonly afterMs: number;
}

/** What lay in one place. */
export type RingPlace =
  | { readonly kind: 'result'; readonly read: SpectrumRead }
  /** No spectrum can be had of it, though the place may tell its number. */
  | { readonly kind: 'unreadable'; readonly seq: number | null };

export type RingEvent =
  /** A new session: what was under way in the one before will not be answered. */
  | { readonly kind: 'session' }
  | { readonly kind: 'seq'; readonly seq: number }
  /** Places in the order of the request; `head` is the station's number when they had been read, null when it was not told. */
  | {
      readonly kind: 'answer';
      readonly ticket: number;
      readonly places: readonly RingPlace[];
      readonly head: number | null;
    }
  /** The request brought nothing. */
  | { readonly kind: 'failed'; readonly ticket: number };

export type RingEffect =
  | ({ readonly kind: 'read' } & RingRequest)
  | { readonly kind: 'begun'; readonly seq: number; readonly why: SpectrumLife }
  | { readonly kind: 'spectra'; readonly reads: readonly SpectrumRead[] }
  | ({ readonly kind: 'missed' } & MissedReads);

export interface RingStep {
  readonly state: RingState;
  readonly effects: readonly RingEffect[];
}

/** A station may count a result a moment before it lies in its place. */
export const NOT_WRITTEN_TRIES = 5;
export const NOT_WRITTEN_PAUSE_MS = 20;
/** Between two requests of which the first failed. */
export const FAILED_PAUSE_MS = 250;

export const NO_RESULTS: RingState = { head: null, last: 0, asked: null, tries: 0, ticket: 0 };

/** @returns the place of a result. */
export function placeOf(seq: number, size: number): number {
  return seq % size;
}

export function next(state: RingState, event: RingEvent, rules: RingRules): RingStep {
  switch (event.kind) {
    case 'session':
      return { state: { ...state, asked: null, tries: 0 }, effects: [] };
    case 'seq':
      return heed(state, event.seq, rules);
    case 'answer': {
      const { asked } = state;
      if (asked === null || asked.ticket !== event.ticket) return { state, effects: [] };
      return sort(state, asked, event, rules);
    }
    case 'failed':
      if (state.asked?.ticket !== event.ticket) return { state, effects: [] };
      return ask({ ...state, asked: null }, rules, FAILED_PAUSE_MS);
  }
}

function heed(state: RingState, seq: number, rules: RingRules): RingStep {
  const { head } = state;
  if (head === null) return begin(state, seq, 'first');
  const ahead = distance(head, seq);
  if (ahead <= FAR_AHEAD) return ask({ ...state, head: seq }, rules);
  return begin(state, seq, distance(seq, head) <= UINT32 / 2 ? 'went-back' : 'jumped-ahead');
}

/** What the ring holds up to this number is left: it belongs to pieces that nobody waits for. */
function begin(state: RingState, seq: number, why: SpectrumLife): RingStep {
  return {
    state: { ...state, head: seq, last: seq, asked: null, tries: 0 },
    effects: [{ kind: 'begun', seq, why }],
  };
}

/** Asks for what was not given yet, unless a request is under way. */
function ask(state: RingState, { size, perRead }: RingRules, afterMs = 0): RingStep {
  const { head, asked } = state;
  if (asked !== null || head === null || head === state.last) return { state, effects: [] };
  const waiting = distance(state.last, head);
  const lost = Math.max(0, waiting - size);
  const last = after(state.last, lost);
  const ticket = state.ticket + 1;
  const request = { ticket, first: after(last, 1), count: Math.min(waiting - lost, perRead), afterMs };
  const missed: RingEffect[] =
    lost === 0 ? [] : [{ kind: 'missed', fromSeq: after(state.last, 1), count: lost, why: 'overwritten' }];
  return {
    state: { ...state, last, asked: request, ticket, tries: lost === 0 ? state.tries : 0 },
    effects: [...missed, { kind: 'read', ...request }],
  };
}

/** What is wrong with a result, or the result itself. */
type Found = SpectrumRead | SpectrumMiss;

function sort(
  state: RingState,
  { first, count }: RingRequest,
  { places, head }: { readonly places: readonly RingPlace[]; readonly head: number | null },
  rules: RingRules,
): RingStep {
  const effects: RingEffect[] = [];
  let given = 0;
  let { tries } = state;
  for (; given < count; given += 1) {
    const seq = after(first, given);
    const found = judge(seq, places[given], head, rules.size);
    // It may come in a moment, and those after it wait for their turn.
    if (found === 'not-written' && tries < NOT_WRITTEN_TRIES) break;
    tries = found === 'not-written' ? tries : 0;
    note(effects, seq, found);
  }
  const isWaiting = given < count;
  const sorted = {
    ...state,
    last: after(first, given - 1 + UINT32),
    asked: null,
    tries: isWaiting ? tries + 1 : 0,
  };
  const asking = ask(sorted, rules, isWaiting ? NOT_WRITTEN_PAUSE_MS : 0);
  return { state: asking.state, effects: [...effects, ...asking.effects] };
}

/** @param head the station's number after the place was read. */
function judge(seq: number, place: RingPlace | undefined, head: number | null, size: number): Found {
  if (place === undefined) return 'unreadable';
  // A later one was begun, perhaps while the place was read: what was read may be half of each.
  const counted = head === null ? 0 : distance(seq, head);
  if (counted >= size && counted <= FAR_AHEAD) return 'overwritten';
  const own = place.kind === 'result' ? place.read.seq : place.seq;
  if (own === null) return 'unreadable';
  if (own === seq) return place.kind === 'result' ? place.read : 'unreadable';
  return distance(seq, own) <= FAR_AHEAD ? 'overwritten' : 'not-written';
}

/** Adds to the last effect what continues it. */
function note(effects: RingEffect[], seq: number, found: Found): void {
  const before = effects.at(-1);
  if (typeof found === 'string') {
    const joins = before?.kind === 'missed' && before.why === found;
    if (joins) effects[effects.length - 1] = { ...before, count: before.count + 1 };
    else effects.push({ kind: 'missed', fromSeq: seq, count: 1, why: found });
    return;
  }
  if (before?.kind === 'spectra')
    effects[effects.length - 1] = { ...before, reads: [...before.reads, found] };
  else effects.push({ kind: 'spectra', reads: [found] });
}
