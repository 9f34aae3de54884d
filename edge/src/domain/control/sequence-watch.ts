/**
 * Watching the PLC's sequence: at a start the stations come downstream first, so that nothing is fed onto what stands;
 * at a stop upstream first, so that the line runs empty. Trame asks for nothing here: it says which one does not come
 * within its bound after the one before, which comes before its turn, and which falls out again.
 */
import type { StationState } from '@trame/protocol/line-description';
import type { StationInput } from './read-inputs.ts';

export interface SequenceWatch {
  readonly direction: 'start' | 'stop';
  /** In the order in which they are to come. */
  readonly waiting: readonly string[];
  /** Since when the first of them is waited for, monotonic ms. */
  readonly sinceMs: number;
  readonly come: readonly string[];
  /** Their tags did not say within the bound: nobody knows. */
  readonly unseen: readonly string[];
  /** Seen on their way, so that «blocked» is no longer how they stood before. */
  readonly moved: readonly string[];
  /** Seen as they were before: what was running already does not come out of order. */
  readonly apart: readonly string[];
  /** One that is there while one that should be there first is waited for, and since when, monotonic ms. */
  readonly early: (Disorder & { readonly sinceMs: number }) | null;
  /** The first such one that stayed so for longer than two readings may differ. */
  readonly disorder: Disorder | null;
  /** Bound of the first one, ms: the warning sounds before it. */
  readonly firstWithinMs: number;
  readonly withinMs: number;
  /** When the PLC took the command, monotonic ms. */
  readonly takenAtMs: number;
}

/** `station` came before `before`, which should have been there first. */
export interface Disorder {
  readonly station: string;
  readonly before: string;
}

export type SequenceVerdict =
  | { readonly kind: 'coming'; readonly station: string }
  | { readonly kind: 'complete' }
  | { readonly kind: 'late'; readonly station: string }
  | { readonly kind: 'fell-out'; readonly station: string };

/** Two stations that come in one order may be read in the other, and one be read as it stood before: by so much, ms. */
const READING_SLACK_MS = 1_000;

export function startSequence(
  direction: 'start' | 'stop',
  stations: readonly string[],
  bounds: { readonly firstWithinMs: number; readonly withinMs: number },
  nowMs: number,
): SequenceWatch {
  return {
    direction,
    waiting: direction === 'start' ? stations.toReversed() : stations,
    sinceMs: nowMs,
    takenAtMs: nowMs,
    come: [],
    unseen: [],
    moved: [],
    apart: [],
    early: null,
    disorder: null,
    ...bounds,
  };
}

/** @returns the watch and how the sequence stands. @param nowMs monotonic. */
export function nextSequence(
  before: SequenceWatch,
  stations: readonly StationInput[],
  nowMs: number,
): { readonly watch: SequenceWatch; readonly verdict: SequenceVerdict } {
  const states = new Map(stations.map(({ id, state }) => [id, state]));
  const seen = noteSeen(waitAgain(before, states, nowMs), states);
  const fallen = seen.come.find((id) => hasFallen(seen.direction, states.get(id) ?? null));
  if (fallen !== undefined) return { watch: seen, verdict: { kind: 'fell-out', station: fallen } };
  return advance(seen, states, nowMs);
}

type States = ReadonlyMap<string, StationState | null>;

/** A stop that meets a start: stations were read as they stood before it, and move only now. They are waited for. */
function waitAgain(watch: SequenceWatch, states: States, nowMs: number): SequenceWatch {
  if (watch.direction !== 'stop' || nowMs - watch.takenAtMs > READING_SLACK_MS) return watch;
  const moving = watch.come.filter((id) => hasFallen('stop', states.get(id) ?? null));
  if (moving.length === 0) return watch;
  const come = watch.come.filter((id) => !moving.includes(id));
  return { ...watch, come, waiting: [...moving, ...watch.waiting], sinceMs: nowMs };
}

/** Remembers how the stations that are waited for were seen. */
function noteSeen(watch: SequenceWatch, states: States): SequenceWatch {
  const add = (known: readonly string[], is: (state: StationState, id: string) => boolean) => {
    const more = watch.waiting.filter((id) => {
      const state = states.get(id) ?? null;
      return state !== null && !known.includes(id) && is(state, id);
    });
    return more.length === 0 ? known : [...known, ...more];
  };
  return {
    ...watch,
    moved: add(watch.moved, (state) => state === 'starting' || state === 'running'),
    apart: add(watch.apart, (state, id) => !isThere(watch, id, state)),
  };
}

/** Takes those whose turn it is and who are there, as long as there are some. */
function advance(
  from: SequenceWatch,
  states: States,
  nowMs: number,
): { readonly watch: SequenceWatch; readonly verdict: SequenceVerdict } {
  let watch = from;
  for (const station of from.waiting) {
    const isFirst = watch.come.length === 0 && watch.unseen.length === 0;
    const boundMs = isFirst ? watch.firstWithinMs : watch.withinMs;
    const state = states.get(station) ?? null;
    const rest = watch.waiting.slice(1);
    if (isThere(watch, station, state)) {
      watch = { ...watch, waiting: rest, come: [...watch.come, station], sinceMs: nowMs };
    } else if (nowMs - watch.sinceMs < boundMs) {
      return { watch: noteEarly(watch, station, states, nowMs), verdict: { kind: 'coming', station } };
    } else if (state === null) {
      watch = { ...watch, waiting: rest, unseen: [...watch.unseen, station], sinceMs: nowMs };
    } else {
      return { watch, verdict: { kind: 'late', station } };
    }
  }
  return { watch, verdict: { kind: 'complete' } };
}

/** @returns whether a station that shows this runs, or has nothing to run for; of a stop, whether it stands. */
export function hasCome(direction: 'start' | 'stop', state: StationState | null): boolean {
  if (direction === 'stop') return state === 'off' || state === 'stopped' || stands(state);
  return state === 'running' || state === 'starved';
}

function isThere({ direction, moved }: SequenceWatch, id: string, state: StationState | null): boolean {
  return hasCome(direction, state) || (direction === 'start' && state === 'blocked' && moved.includes(id));
}

function hasFallen(direction: 'start' | 'stop', state: StationState | null): boolean {
  if (direction === 'stop') return state === 'running' || state === 'starting';
  return state === 'off' || state === 'stopped' || stands(state);
}

function stands(state: StationState | null): boolean {
  return state === 'jammed' || state === 'fault';
}

function noteEarly(watch: SequenceWatch, awaited: string, states: States, nowMs: number): SequenceWatch {
  const station = watch.waiting
    .slice(1)
    .find((id) => watch.apart.includes(id) && isThere(watch, id, states.get(id) ?? null));
  if (station === undefined) return { ...watch, early: null };
  const early = watch.early?.before === awaited ? watch.early : { station, before: awaited, sinceMs: nowMs };
  const isSure = nowMs - early.sinceMs > READING_SLACK_MS;
  const found = isSure ? { station: early.station, before: early.before } : null;
  return { ...watch, early, disorder: watch.disorder ?? found };
}
