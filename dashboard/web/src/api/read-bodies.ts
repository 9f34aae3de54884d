/** Reads the bodies of the HTTP interface: what has not the agreed shape is null, never a half-read number. */
import {
  ROLES,
  type HistoryAnswer,
  type HistoryGap,
  type HistoryPoint,
  type Role,
  type Session,
  type TonnageAnswer,
  type TonnageRow,
} from '@trame/protocol/dashboard-api';
import { GAP_REASONS } from '@trame/protocol/ledger-names';
import { isRecord } from './json.ts';

export function readSession(body: unknown): Session | null {
  if (!isRecord(body)) return null;
  const { login, role, expiresAt, installation, timeZone, actorRef } = body;
  if (typeof login !== 'string' || !isRole(role) || !isFinite(expiresAt)) return null;
  if (installation !== 'real' && installation !== 'demo') return null;
  if (typeof timeZone !== 'string' || typeof actorRef !== 'string') return null;
  return { login, role, expiresAt, installation, timeZone, actorRef };
}

export function readHistory(body: unknown): HistoryAnswer | null {
  if (!isRecord(body)) return null;
  const { tag, from, to, everyMs, points, gaps, gapsTruncated, truncated } = body;
  if (typeof tag !== 'string' || !isFinite(from) || !isFinite(to) || !isFinite(everyMs)) return null;
  if (!Array.isArray(points) || !points.every(isHistoryPoint)) return null;
  if (!Array.isArray(gaps) || !gaps.every(isHistoryGap)) return null;
  if (typeof gapsTruncated !== 'boolean') return null;
  return { tag, from, to, everyMs, points, gaps, gapsTruncated, truncated: truncated === true };
}

export function readTonnage(body: unknown): TonnageAnswer | null {
  if (!isRecord(body)) return null;
  const { rows, total, from, to } = body;
  if (!Array.isArray(rows) || !rows.every(isTonnageRow)) return null;
  if (!isRecord(total) || !isFinite(total['t']) || !isFiniteOrNull(total['GJ'])) return null;
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  return { rows, total: { t: total['t'], GJ: total['GJ'] }, from, to };
}

/** For answers of which only the status matters. */
export function readNothing(): true {
  return true;
}

function isTonnageRow(row: unknown): row is TonnageRow {
  return (
    isRecord(row) &&
    typeof row['id'] === 'string' &&
    typeof row['key'] === 'string' &&
    isFinite(row['t']) &&
    isFiniteOrNull(row['GJ'])
  );
}

function isHistoryPoint(point: unknown): point is HistoryPoint {
  return (
    isRecord(point) &&
    isFinite(point['t']) &&
    isFiniteOrNull(point['value']) &&
    isFiniteOrNull(point['min']) &&
    isFiniteOrNull(point['max']) &&
    isFinite(point['quality'])
  );
}

export function isHistoryGap(gap: unknown): gap is HistoryGap {
  return (
    isRecord(gap) &&
    isFinite(gap['from']) &&
    isFinite(gap['to']) &&
    isFiniteOrNull(gap['samples']) &&
    GAP_REASONS.some((reason) => reason === gap['reason'])
  );
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function isFiniteOrNull(value: unknown): value is number | null {
  return value === null || isFinite(value);
}
