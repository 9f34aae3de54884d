/**
 * Requests that a device leaves without an answer while it answers others. Many cheap devices are silent on
 * addresses they do not have. Such a request is cut in two like a refused one, and what is left of it is asked
 * again apart from the rounds, less and less: each attempt costs the link a time-out.
 */
import { splitRequest, type ReadRequest } from './plan-reads.ts';
import {
  fresh,
  REFUSED_RETRY_MS,
  withoutRead,
  type PlannedRead,
  type PollRounds,
  type SilentRetry,
} from './poll-rounds.ts';

/** Silences in a row, each with the device answering something else after it, that convict a request. */
const CONVICTED_AFTER = 2;
/** A silent request that cannot be cut is asked again after 5 s, doubled each time, at most this. */
const MAX_RETRY_MS = 5 * 60_000;
/** Pause of a whole device between two attempts, in time-outs: 1, 2, 4, then 8 while none is answered. */
const MAX_PAUSE_TIMEOUTS = 8;
const MAX_PAUSE_MS = 5 * 60_000;

/**
 * The device did not answer a request and answered something else after it.
 * @returns the rounds with what became of it; whether it is left out of them now, and whether its tags are
 *   refused: no part of it is left to be asked for.
 */
export function takeSilence(
  rounds: PollRounds,
  request: ReadRequest,
  nowMs: number,
): { readonly rounds: PollRounds; readonly verdict: 'doubted' | 'cut' | 'refused' } {
  const read = rounds.plan.find((planned) => planned.request === request);
  if (read === undefined) return { rounds, verdict: 'doubted' };
  const silences = read.silences + 1;
  if (read.retry === null && silences < CONVICTED_AFTER) {
    const doubted = { ...read, silences };
    const left = rounds.left.map((waiting) => (waiting.request === request ? doubted : waiting));
    return { rounds: replace({ ...rounds, left }, request, [doubted]), verdict: 'doubted' };
  }
  const halves = splitRequest(request);
  if (halves !== null) {
    const instead = halves.map((half) =>
      silent(half, { askMs: nowMs, pauseMs: REFUSED_RETRY_MS, isRefused: false }),
    );
    const cut = { ...rounds, cutSinceMs: rounds.cutSinceMs ?? nowMs };
    return { rounds: withoutRead(replace(cut, request, instead), request, nowMs), verdict: 'cut' };
  }
  const pauseMs = read.retry?.pauseMs ?? REFUSED_RETRY_MS;
  const retry = { askMs: nowMs + pauseMs, pauseMs: Math.min(2 * pauseMs, MAX_RETRY_MS), isRefused: true };
  const instead = [silent(request, retry)];
  return { rounds: withoutRead(replace(rounds, request, instead), request, nowMs), verdict: 'refused' };
}

/** A silent request was answered, or at least refused in words: it is part of the rounds again. */
export function takeVoice(rounds: PollRounds, request: ReadRequest): PollRounds {
  return replace(rounds, request, [fresh(request)]);
}

/** @returns the silent request that has waited longest for its next attempt, and since when; or null. */
export function nextAttempt(
  groups: readonly PollRounds[],
): { readonly group: number; readonly request: ReadRequest; readonly askMs: number } | null {
  let best: { readonly group: number; readonly request: ReadRequest; readonly askMs: number } | null = null;
  groups.forEach(({ plan }, group) => {
    for (const { request, retry } of plan) {
      if (retry !== null && (best === null || retry.askMs < best.askMs))
        best = { group, request, askMs: retry.askMs };
    }
  });
  return best;
}

/**
 * @param silences attempts of a device in a row that were not answered, from 1.
 * @param devices that share the link: together they may not spend more of it on attempts than one alone.
 * @returns how long no silent request of the device is asked, ms.
 */
export function attemptPauseMs(silences: number, timeoutMs: number, devices: number): number {
  const timeouts = Math.min(2 ** Math.min(silences - 1, 16), MAX_PAUSE_TIMEOUTS);
  return Math.min(timeouts * timeoutMs * devices, MAX_PAUSE_MS);
}

function silent(request: ReadRequest, retry: SilentRetry): PlannedRead {
  return { ...fresh(request), silences: CONVICTED_AFTER, retry };
}

function replace(rounds: PollRounds, request: ReadRequest, instead: readonly PlannedRead[]): PollRounds {
  const plan = rounds.plan.flatMap((read) => (read.request === request ? instead : [read]));
  return { ...rounds, plan };
}
