/**
 * Reads the text of a server-sent event. The frame is checked here (revisions, operations, lines); what a tag
 * holds is checked where it is shown.
 */
import type {
  LiveDelta,
  LiveHeartbeat,
  LiveLine,
  LiveOp,
  LiveSnapshot,
  LiveState,
} from '@trame/protocol/live-state';
import { isRecord, readJson } from '../api/json.ts';

export function readSnapshot(text: string): LiveSnapshot | null {
  const body = readJson(text);
  if (!isRecord(body)) return null;
  const { epoch, rev, state } = body;
  if (typeof epoch !== 'string' || !isRevision(rev) || !isLiveState(state)) return null;
  return { epoch, rev, state };
}

export function readDelta(text: string): LiveDelta | null {
  const body = readJson(text);
  if (!isRecord(body)) return null;
  const { prev, rev, ops } = body;
  if (!isRevision(prev) || !isRevision(rev) || !Array.isArray(ops) || !ops.every(isOp)) return null;
  return { prev, rev, ops };
}

export function readHeartbeat(text: string): LiveHeartbeat | null {
  const body = readJson(text);
  if (!isRecord(body) || typeof body['serverTime'] !== 'number') return null;
  return Number.isFinite(body['serverTime']) ? { serverTime: body['serverTime'] } : null;
}

function isRevision(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isOp(value: unknown): value is LiveOp {
  if (!isRecord(value)) return false;
  const { path } = value;
  return Array.isArray(path) && path.length > 0 && path.every((step) => typeof step === 'string');
}

function isLiveState(value: unknown): value is LiveState {
  return isRecord(value) && isRecord(value['lines']) && Object.values(value['lines']).every(isLine);
}

function isLine(value: unknown): value is LiveLine {
  if (!isRecord(value)) return false;
  const { description, devices, lastMessageAt } = value;
  return (
    typeof value['id'] === 'string' &&
    typeof value['line'] === 'string' &&
    (value['state'] === 'online' || value['state'] === 'offline') &&
    (lastMessageAt === null || typeof lastMessageAt === 'number') &&
    isRecord(description) &&
    Array.isArray(description['stations']) &&
    Array.isArray(description['outlets']) &&
    isRecord(devices) &&
    Object.values(devices).every((device) => isRecord(device) && isRecord(device['tags']))
  );
}
