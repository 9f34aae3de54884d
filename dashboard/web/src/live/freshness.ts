/**
 * How far a number on the screen may be taken as of now. Two things must both hold: the link page – server –
 * edge carries data, and the tag's own quality is good. The age of a single tag says nothing: a value that does
 * not move is not sent again, and the edge itself marks what it can no longer read.
 */
import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import type { QualityReason } from '@trame/protocol/quality';

/** Data older than this is hatched. */
export const LATE_AFTER_MS = 10_000;
/** Data older than this brings a banner with the time of the last known values. */
export const LOST_AFTER_MS = 30_000;

/** Whether the page's stream is up; `sinceMs` is the server time of the last message. */
export type StreamState = { readonly kind: 'up' } | { readonly kind: 'cut'; readonly sinceMs: number | null };

export type LineFreshness =
  | { readonly kind: 'live'; readonly ageMs: number }
  | { readonly kind: 'late'; readonly ageMs: number; readonly lastAt: number }
  | { readonly kind: 'lost'; readonly cause: 'link' | 'edge' | 'silence'; readonly lastAt: number | null };

/** `nowMs` and all stamps are server time, ms since 1970 UTC. */
export function lineFreshness(
  line: Pick<LiveLine, 'state' | 'since' | 'lastMessageAt'>,
  stream: StreamState,
  nowMs: number,
): LineFreshness {
  const lastAt = line.lastMessageAt;
  if (stream.kind === 'cut') return { kind: 'lost', cause: 'link', lastAt: earlier(lastAt, stream.sinceMs) };
  if (line.state === 'offline') return { kind: 'lost', cause: 'edge', lastAt: lastAt ?? line.since };
  if (lastAt === null) return { kind: 'lost', cause: 'silence', lastAt: null };
  const ageMs = Math.max(0, nowMs - lastAt);
  if (ageMs > LOST_AFTER_MS) return { kind: 'lost', cause: 'silence', lastAt };
  return ageMs > LATE_AFTER_MS ? { kind: 'late', ageMs, lastAt } : { kind: 'live', ageMs };
}

/** Why a number is not to be trusted; the words are in the catalogue. */
export type Doubt = QualityReason | 'link-cut' | 'late' | 'not-known' | 'overload';

/** What the page says beside a number. `stale`: good when last heard, but the link has been silent since. */
export type ShownQuality = 'good' | 'uncertain' | 'bad' | 'stale' | 'missing';

export interface Trust {
  readonly quality: ShownQuality;
  readonly doubt: Doubt | null;
}

export const TRUSTED: Trust = { quality: 'good', doubt: null };
const MISSING: Trust = { quality: 'missing', doubt: 'not-known' };

/** What the link alone says of every number of a line. */
export function linkTrust(line: LineFreshness): Trust {
  switch (line.kind) {
    case 'live':
      return TRUSTED;
    case 'late':
      return { quality: 'stale', doubt: 'late' };
    case 'lost':
      return { quality: 'stale', doubt: lostDoubt(line.cause) };
  }
}

/** @returns what to say of one tag; a tag that is not there is `missing`. */
export function tagTrust(tag: LiveTag | undefined, line: LineFreshness): Trust {
  if (tag === undefined) return MISSING;
  if (tag.quality === 'good') return linkTrust(line);
  return worseTrust({ quality: tag.quality, doubt: tag.reason ?? 'device-bad' }, linkTrust(line));
}

/** @returns the worse of two judgements, the first when they are equal. */
export function worseTrust(a: Trust, b: Trust): Trust {
  return RANK[b.quality] > RANK[a.quality] ? b : a;
}

const RANK: Readonly<Record<ShownQuality, number>> = { good: 0, uncertain: 1, stale: 2, bad: 3, missing: 4 };

function lostDoubt(cause: 'link' | 'edge' | 'silence'): Doubt {
  switch (cause) {
    case 'link':
      return 'link-cut';
    case 'edge':
      return 'edge-offline';
    case 'silence':
      return 'late';
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
