/**
 * What a scale did, from what it shows: weighings that count, those that are refused, and those that nobody saw. The
 * scale's alibi memory is the legal record; this makes the copy that carries its number.
 */
import { EVENT_TIME_MIN_MS, type LedgerPayload } from '@trame/protocol/ledger-event';
import type { ScaleConfig } from './line-config.ts';
import {
  leastLoadGrams,
  LOAD_UNKNOWN,
  loadUnseen,
  nextLoad,
  type Indication,
  type LoadNews,
  type LoadState,
} from './weighing-load.ts';
import { nextNumbers, NO_NUMBERS, type NumbersState } from './weighing-numbers.ts';
import { recorded, refused, type ScaleIdentity, type WeighingRecord } from './weighing-record.ts';
import type { ScaleReads } from './weighing-reads.ts';
import { goodFlag, goodGrams, goodSerial, type ScaleSnapshot } from './weighing-snapshot.ts';
import { nextStanding, type Standing } from './weighing-standing.ts';
import { verificationOn, type Verification } from './weighing-verification.ts';
import { pushWindow, type StableWindow } from './weighing-windows.ts';
import type { Instant } from './tag-state.ts';

export interface WeighingState {
  /** What the instrument said last; null: nothing, or it says none. */
  readonly serial: string | null;
  readonly standing: Standing | null;
  readonly windows: readonly StableWindow[];
  readonly load: LoadState;
  readonly numbers: NumbersState;
}

/** Where every run of the edge begins: how far the scale was recorded is told by the ledger's marks. */
export const NOTHING_WEIGHED: WeighingState = {
  serial: null,
  standing: null,
  windows: [],
  load: LOAD_UNKNOWN,
  numbers: NO_NUMBERS,
};

export interface WeighingInput {
  readonly config: ScaleConfig;
  readonly reads: ScaleReads;
  readonly snapshot: ScaleSnapshot;
  readonly at: Instant;
  /** `YYYY-MM-DD` in the site's zone. */
  readonly today: string;
  readonly verification: Verification;
  /** What was recorded under this key, or waits to be; null: nothing. */
  readonly recordedUnder: (key: string) => LedgerPayload | null;
  /** A mark of the ledger; null: there is none. */
  readonly markOf: (name: string) => string | null;
}

export interface WeighingStep {
  readonly state: WeighingState;
  /** In this order; each carries how far the scale has come with it. */
  readonly records: readonly WeighingRecord[];
}

/**
 * Takes what the scale shows now. To be called whenever something of it was read, and at each tick. Not calling it
 * for a while loses no number: what happened meanwhile is one weighing, or is named as missed.
 */
export function nextWeighing(state: WeighingState, input: WeighingInput): WeighingStep {
  // Nothing can be dated: numbers are caught up by difference when the clock is set.
  if (input.at.wallMs < EVENT_TIME_MIN_MS) return { state: unseen(state), records: [] };
  const { config, snapshot, at, today, verification } = input;
  const serial = goodSerial(config, snapshot.serialTag);
  const told = serial.told ? serial.serial : state.serial;
  const identity: ScaleIdentity = {
    config,
    serial: told,
    verification: verificationOn(today, verification),
  };
  const keepsNumbers = config.alibi !== null || config.weighings !== null;
  const platform = watchPlatform({ ...state, serial: told }, identity, input, keepsNumbers);
  // A number belongs to an instrument: without its serial it means nothing yet.
  if (!keepsNumbers || !serial.told) return platform;
  const numbers = nextNumbers(platform.state.numbers, {
    identity,
    reads: input.reads,
    snapshot,
    at,
    windows: platform.state.windows,
    recordedUnder: input.recordedUnder,
    markOf: input.markOf,
  });
  return {
    state: { ...platform.state, numbers: numbers.state },
    records: [...platform.records, ...numbers.records],
  };
}

function unseen(state: WeighingState): WeighingState {
  return { ...state, standing: null, load: loadUnseen(state.load) };
}

/** The load on the platform, as far as the scale shows it. */
function watchPlatform(
  state: WeighingState,
  identity: ScaleIdentity,
  { config, snapshot, at }: WeighingInput,
  keepsNumbers: boolean,
): WeighingStep {
  const shown = nextStanding(state.standing, snapshot, config, at);
  const isOverload = config.overload === null ? false : goodFlag(snapshot.overload);
  if (shown === null || isOverload === null) return { state: unseen(state), records: [] };
  const { standing, untilMs, grossGrams } = shown;
  const stands = standing !== null && !isOverload && untilMs - standing.sinceMs >= config.stableForMs;
  const seen: Indication = {
    grossGrams,
    stands,
    isOverload,
    isBelowMin: goodFlag(snapshot.belowMin) === true,
    tareGrams: tareOf(config, snapshot),
    untilMs,
  };
  const isLoad = stands && grossGrams >= leastLoadGrams(config);
  const windows = isLoad
    ? pushWindow(state.windows, { grossGrams, tareGrams: seen.tareGrams }, config.intervalGrams)
    : state.windows;
  const { state: load, news } = nextLoad(state.load, seen, config);
  const next = { ...state, standing, windows, load };
  const record = news === null ? null : recordOf(news, identity, at.wallMs, keepsNumbers);
  return { state: next, records: record === null ? [] : [record] };
}

/** An instrument that keeps numbers decides itself what it weighs: of its platform only an overload is told. */
function recordOf(
  news: LoadNews,
  identity: ScaleIdentity,
  atMs: number,
  keepsNumbers: boolean,
): WeighingRecord | null {
  const frame = { atMs, key: null, marks: {} };
  if (news.kind === 'weighed') {
    if (keepsNumbers) return null;
    const { grossGrams, tareGrams } = news;
    const weight = { number: null, grossGrams, tareGrams, netGrams: grossGrams - tareGrams };
    return recorded(identity, 'stable-window', weight, frame);
  }
  const { reason, shownGrams } = news;
  if (keepsNumbers && reason !== 'overload') return null;
  return refused(identity, reason, { number: null, shownGrams }, frame);
}

/** @returns null when it is not known: a tare that should have been taken is not 0. */
function tareOf(config: ScaleConfig, { tare }: ScaleSnapshot): number | null {
  if (config.tareKind === 'none') return 0;
  if (config.tare === null) return config.presetTareGrams;
  const grams = goodGrams(tare);
  return grams !== null && grams > 0 ? grams : null;
}
