/** Requests that a unit answered lately: what it is asked to find out whether it or one address is silent. */
import type { ReadRequest } from './plan-reads.ts';

/** As many as there may be silences before a unit is offline: each of them may be another request. */
const MAX_WITNESSES = 3;

/** Lately answered requests, the latest first; at most {@link MAX_WITNESSES}. */
export type Witnesses = readonly ReadRequest[];

export function remember(witnesses: Witnesses, request: ReadRequest): Witnesses {
  if (witnesses[0] === request) return witnesses;
  return [request, ...witnesses.filter((known) => known !== request)].slice(0, MAX_WITNESSES);
}

/**
 * What to ask a unit that was silent.
 * @param failures its silences in a row, from 1.
 * @param accused the request that it was silent on first: it is no witness of its own.
 * @param all every request of the unit. Null while the unit may be doubted but is not yet given up: only what
 *   was answered before tells something then. With it every request has its turn, for a unit that was given up
 *   may be another one when it comes back.
 * @returns null when there is nothing to ask but what is due anyway.
 */
export function signOfLife(
  witnesses: Witnesses,
  failures: number,
  accused: ReadRequest | null,
  all: readonly ReadRequest[] | null,
): ReadRequest | null {
  const others = witnesses.filter((known) => known !== accused);
  if (all === null) return others[(failures - 1) % others.length] ?? null;
  const half = Math.floor(failures / 2);
  if (others.length > 0 && failures % 2 === 1) return others[half % others.length] ?? null;
  const turn = others.length > 0 ? half : failures;
  return all[turn % all.length] ?? null;
}
