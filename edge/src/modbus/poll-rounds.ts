/** When a group of tags is read, and which requests are left of the present round. */
import { splitRequest, type ReadRequest } from './plan-reads.ts';

/** A refused address is asked again after this long: somebody may have changed the device. */
export const REFUSED_RETRY_MS = 5000;
/** Requests that were cut up after a refusal are put together again after this long. */
export const REJOIN_AFTER_MS = 10 * 60_000;

export interface PlannedRead {
  readonly request: ReadRequest;
  /** Monotonic time before which a refused request is not asked again; 0 when it was not refused. */
  readonly refusedUntilMs: number;
  /** Times in a row that the device did not answer it and answered something else after it. */
  readonly silences: number;
  /** Not null: the device is silent on it, so it is no part of the rounds and asked apart from them. */
  readonly retry: SilentRetry | null;
}

export interface SilentRetry {
  /** When it is asked next. Monotonic, ms. */
  readonly askMs: number;
  /** How long it is left alone when it is silent then, ms. */
  readonly pauseMs: number;
  /** It was asked as it is and cannot be cut. Others may hold tags that are answered: those keep their age. */
  readonly isRefused: boolean;
}

/** The rounds of one group: at most one round is under way, and a round that comes due meanwhile is left out. */
export interface PollRounds {
  readonly everyMs: number;
  /** The coalesced plan, as made from the configuration. */
  readonly whole: readonly ReadRequest[];
  readonly plan: readonly PlannedRead[];
  /** Null while the plan is whole. */
  readonly cutSinceMs: number | null;
  /** Requests of the present round that are not answered yet, in order. */
  readonly left: readonly PlannedRead[];
  /** When the present round, or with none under way the next one, is due. Monotonic, ms. */
  readonly dueMs: number;
  /** Since when the present or next round waits to be over: it was due, and the one before it was over. */
  readonly readyMs: number;
  /** When the group was last given the link, ms. */
  readonly servedMs: number;
}

export function startRounds(requests: readonly ReadRequest[], everyMs: number, startMs: number): PollRounds {
  const plan = requests.map(fresh);
  const timesMs = { dueMs: startMs, readyMs: startMs, servedMs: startMs };
  return { everyMs, whole: requests, plan, cutSinceMs: null, left: [], ...timesMs };
}

/**
 * Since when a group waits for its next request; of all that want a link the one that has waited longest is
 * served. So the groups take turns request by request: a long round of a slow group does not hold up a fast
 * one, and a fast one that fills the link holds up nobody. A round that is late by its whole period counts
 * from when it was ready, so that it is finished first: on a link that is asked for too much a group is read
 * at least once in its period and one turn of all groups.
 * @returns monotonic, ms.
 */
export function waitingSinceMs(rounds: PollRounds, nowMs: number): number {
  const isLate = nowMs - rounds.readyMs > rounds.everyMs;
  return isLate ? rounds.readyMs : Math.max(rounds.readyMs, rounds.servedMs);
}

/** The group is given the link for one request. */
export function served(rounds: PollRounds, nowMs: number): PollRounds {
  return { ...rounds, servedMs: nowMs };
}

/**
 * Starts the round that is due. Rounds keep to the times `start + n · every`: a late round does not move the
 * later ones, and those that were missed are not made up for.
 * @returns also the requests that are refused for now: not asked in this round, their tags stay bad.
 */
export function beginRound(
  rounds: PollRounds,
  nowMs: number,
): { readonly rounds: PollRounds; readonly refused: readonly ReadRequest[] } {
  const isRejoined =
    rounds.cutSinceMs !== null &&
    nowMs - rounds.cutSinceMs >= REJOIN_AFTER_MS &&
    // Each time a silent address is looked for anew costs time-outs: its own retries tell when it is back.
    rounds.plan.every(({ retry }) => retry === null);
  const plan = isRejoined ? rounds.whole.map(fresh) : rounds.plan;
  const missed = Math.max(0, Math.floor((nowMs - rounds.dueMs) / rounds.everyMs));
  const begun = {
    ...rounds,
    plan,
    cutSinceMs: isRejoined ? null : rounds.cutSinceMs,
    left: plan.filter((read) => read.refusedUntilMs <= nowMs && read.retry === null),
    dueMs: rounds.dueMs + missed * rounds.everyMs,
  };
  const refused = plan.filter((read) => isRefused(read, nowMs)).map((read) => read.request);
  return { rounds: begun.left.length === 0 ? endRound(begun, nowMs) : begun, refused };
}

/** The first request left was answered, or is given up for this round. */
export function takeAnswer(rounds: PollRounds, nowMs: number): PollRounds {
  const [first] = rounds.left;
  const plan =
    first === undefined || (first.refusedUntilMs === 0 && first.silences === 0)
      ? rounds.plan
      : rounds.plan.map((read) => (read.request === first.request ? fresh(read.request) : read));
  return withoutFirst({ ...rounds, plan }, nowMs);
}

/**
 * The device refused the addresses of the first request left: it is cut in two, so that one illegal address
 * does not blind its neighbours. What cannot be cut is refused.
 * @returns also that request, or null when the halves are asked now.
 */
export function takeRefusal(
  rounds: PollRounds,
  nowMs: number,
): { readonly rounds: PollRounds; readonly refused: ReadRequest | null } {
  const [first] = rounds.left;
  if (first === undefined) return { rounds, refused: null };
  const halves = splitRequest(first.request)?.map(fresh);
  const instead = halves ?? [{ ...fresh(first.request), refusedUntilMs: nowMs + REFUSED_RETRY_MS }];
  const plan = rounds.plan.flatMap((read) => (read.request === first.request ? instead : [read]));
  if (halves === undefined)
    return { rounds: withoutFirst({ ...rounds, plan }, nowMs), refused: first.request };
  const left = [...halves, ...rounds.left.slice(1)];
  return { rounds: { ...rounds, plan, left, cutSinceMs: rounds.cutSinceMs ?? nowMs }, refused: null };
}

/** Forgets refusals: another device may answer now. A round under way starts anew. */
export function rejoin(rounds: PollRounds): PollRounds {
  const plan = rounds.whole.map(fresh);
  return { ...rounds, plan, left: rounds.left.length === 0 ? [] : plan, cutSinceMs: null };
}

/** The present round goes on without a request. */
export function withoutRead(rounds: PollRounds, request: ReadRequest, nowMs: number): PollRounds {
  const left = rounds.left.filter((read) => read.request !== request);
  const isOver = left.length === 0 && rounds.left.length > 0;
  return isOver ? endRound(rounds, nowMs) : { ...rounds, left };
}

function withoutFirst(rounds: PollRounds, nowMs: number): PollRounds {
  const left = rounds.left.slice(1);
  return left.length === 0 ? endRound(rounds, nowMs) : { ...rounds, left };
}

function endRound(rounds: PollRounds, nowMs: number): PollRounds {
  const dueMs = rounds.dueMs + rounds.everyMs;
  return { ...rounds, left: [], dueMs, readyMs: Math.max(dueMs, nowMs) };
}

/** A request of which nothing is known yet. */
export function fresh(request: ReadRequest): PlannedRead {
  return { request, refusedUntilMs: 0, silences: 0, retry: null };
}

function isRefused({ refusedUntilMs, retry }: PlannedRead, nowMs: number): boolean {
  return refusedUntilMs > nowMs || retry?.isRefused === true;
}
