/** What the page asks of a line that is controlled. */
import type { CommandBody } from '@trame/protocol/health-api';
import {
  readOrderAnswer,
  readOrderRow,
  readOrderRows,
  type OrderAnswer,
  type OrderRow,
} from './read-control.ts';
import { request, type Answer } from './request.ts';

/** Asks a line for something; the same `key` is the same request, done once. It answers within a second. */
export function sendOrder(
  line: string,
  body: CommandBody,
  key: string,
  signal: AbortSignal,
): Promise<Answer<OrderAnswer>> {
  const path = `/api/v1/lines/${encodeURIComponent(line)}/commands`;
  return request({ method: 'POST', path, body, idempotencyKey: key, read: readOrderAnswer, signal });
}

/** What came of one request. */
export function getOrder(id: string, signal: AbortSignal): Promise<Answer<OrderRow>> {
  const path = `/api/v1/commands/${encodeURIComponent(id)}`;
  return request({ method: 'GET', path, read: readOrderRow, signal });
}

/** What this account asked of a line under a key: one row, or none when the server knows of no such request. */
export function findOrder(
  { line, site }: { readonly line: string; readonly site: string },
  key: string,
  signal: AbortSignal,
): Promise<Answer<readonly OrderRow[]>> {
  const query = new URLSearchParams({ line, site, key });
  return request({ method: 'GET', path: `/api/v1/commands?${query}`, read: readOrderRows, signal });
}
