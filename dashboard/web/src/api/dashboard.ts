/** The questions that the page asks the dashboard server. */
import type { HistoryAnswer, Session, SignIn, TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { CommandAnswer, CommandBody, EpochDecision, HealthOverview } from '@trame/protocol/health-api';
import { readCommandAnswer, readHealth } from './read-health.ts';
import { readHistory, readNothing, readSession, readTonnage } from './read-bodies.ts';
import { request, type Answer } from './request.ts';

export function getSession(signal: AbortSignal): Promise<Answer<Session>> {
  return request({ method: 'GET', path: '/api/v1/session', read: readSession, signal });
}

export function signIn(body: SignIn, signal: AbortSignal): Promise<Answer<Session>> {
  return request({ method: 'POST', path: '/api/v1/session', body, read: readSession, signal });
}

export function signOut(signal: AbortSignal): Promise<Answer<true>> {
  return request({ method: 'DELETE', path: '/api/v1/session', read: readNothing, signal });
}

export function getHealth(signal: AbortSignal): Promise<Answer<true>> {
  return request({ method: 'GET', path: '/healthz', read: readNothing, signal });
}

export interface HistoryQuestion {
  /** `line/device/metric`. */
  readonly tag: string;
  /** ms since 1970 UTC, `toMs` excluded. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Length of a bucket, as the interface writes it: `10s`, `1min`, `1h`. */
  readonly every: string;
}

export function getHistory(question: HistoryQuestion, signal: AbortSignal): Promise<Answer<HistoryAnswer>> {
  const query = new URLSearchParams({
    tag: question.tag,
    from: String(question.fromMs),
    to: String(question.toMs),
    every: question.every,
  });
  return request({ method: 'GET', path: `/api/v1/history?${query}`, read: readHistory, signal });
}

/** Tonnes by outlet; dates are `YYYY-MM-DD` in the site's zone, `to` excluded. */
export function getTonnageByOutlet(
  range: { readonly from: string; readonly to: string },
  signal: AbortSignal,
): Promise<Answer<TonnageAnswer>> {
  const query = new URLSearchParams({ by: 'outlet', from: range.from, to: range.to });
  return request({ method: 'GET', path: `/api/v1/tonnage?${query}`, read: readTonnage, signal });
}

/** Whether everything that happened has arrived, and what stands in the way. */
export function getHealthOverview(signal: AbortSignal): Promise<Answer<HealthOverview>> {
  return request({ method: 'GET', path: '/api/v1/health', read: readHealth, signal });
}

/** Accepts an epoch (32 hex digits) of a line's ledger that the server has refused. */
export function acceptEpoch(line: string, body: EpochDecision, signal: AbortSignal): Promise<Answer<true>> {
  const path = `/api/v1/lines/${encodeURIComponent(line)}/ledger/epoch`;
  return request({ method: 'POST', path, body, read: readNothing, signal });
}

/** Asks the edge of a line to record something. The same `key` asked again is the same request: done once. */
export function sendCommand(
  line: string,
  body: CommandBody,
  key: string,
  signal: AbortSignal,
): Promise<Answer<CommandAnswer>> {
  const path = `/api/v1/lines/${encodeURIComponent(line)}/commands`;
  return request({ method: 'POST', path, body, idempotencyKey: key, read: readCommandAnswer, signal });
}
