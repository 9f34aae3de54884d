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

/** Latest orders that are looked at for one that was not answered. */
const LOOKED_AT = 20;

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

/** What was asked of a line lately, newest first. */
export function listOrders(
  { line, site }: { readonly line: string; readonly site: string },
  signal: AbortSignal,
): Promise<Answer<readonly OrderRow[]>> {
  const query = new URLSearchParams({ line, site, limit: String(LOOKED_AT) });
  return request({ method: 'GET', path: `/api/v1/commands?${query}`, read: readOrderRows, signal });
}
