/**
 * Which requests the control API takes. It listens on loopback without any account, and every page that is open
 * in a browser on that machine can send requests there: what a browser sends for another site is refused.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface Refusal {
  readonly status: 403 | 415;
  readonly error: string;
}

/**
 * @param port on which the API listens: a page that it served itself would have that port in its origin.
 * @returns null when the request may be answered.
 */
export function refusalOf(headers: IncomingHttpHeaders, port: number): Refusal | null {
  const { origin } = headers;
  // Not compared with the Host header: a page whose name was made to point here would name itself in both.
  if (origin !== undefined && !ownOrigins(port).includes(origin)) {
    return { status: 403, error: `Origin: requests from "${origin}" are refused` };
  }
  if (hasBody(headers) && mediaType(headers) !== 'application/json') {
    return { status: 415, error: 'Content-Type: expected application/json' };
  }
  return null;
}

function ownOrigins(port: number): readonly string[] {
  return ['127.0.0.1', 'localhost'].map((name) => `http://${name}:${port}`);
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function mediaType(headers: IncomingHttpHeaders): string | undefined {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase();
}
