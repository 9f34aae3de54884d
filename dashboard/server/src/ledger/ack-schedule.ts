/** When a line is told how far its ledger is stored. Pure; times are monotonic ms. */
import { ACK_INTERVAL_MS, ACK_SOON_MS, ASK_AGAIN_INTERVAL_MS } from './limits.ts';

export interface AckSchedule {
  readonly dueMs: number;
  /** Null: never yet. */
  readonly lastMs: number | null;
}

export function firstAck(nowMs: number): AckSchedule {
  return { dueMs: nowMs, lastMs: null };
}

/** Something was stored, or refused: told soon, together with what follows at once. */
export function ackSoon(schedule: AckSchedule, nowMs: number): AckSchedule {
  return { ...schedule, dueMs: Math.min(schedule.dueMs, nowMs + ACK_SOON_MS) };
}

/** Something is missing: asked for at once, but not at every message that comes after it. */
export function ackAtOnce(schedule: AckSchedule, nowMs: number): AckSchedule {
  const earliestMs = schedule.lastMs === null ? nowMs : schedule.lastMs + ASK_AGAIN_INTERVAL_MS;
  return { ...schedule, dueMs: Math.min(schedule.dueMs, Math.max(nowMs, earliestMs)) };
}

export function acked(nowMs: number): AckSchedule {
  return { dueMs: nowMs + ACK_INTERVAL_MS, lastMs: nowMs };
}
