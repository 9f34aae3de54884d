/** What a request quotes that expires: the last heartbeat of its line, while that is heard. */
import type { CommandRequest } from '@trame/protocol/command';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { LineAddress } from '../ledger/judge-event.ts';

/** A line that was not heard for so long is asked nothing that expires, ms. */
export const EDGE_SILENT_MS = 6_000;

export type QuotedHeartbeat = NonNullable<CommandRequest['heartbeat']>;

/**
 * @param nowMs the wall clock of the server.
 * @returns null when the line is silent. A heartbeat that seems to come from the future came before a step of the clock.
 */
export function lastHeartbeat(
  board: Pick<HeartbeatBoard, 'of'>,
  address: LineAddress,
  nowMs: number,
): QuotedHeartbeat | null {
  const heard = board.of(address);
  if (heard === null) return null;
  const ageMs = nowMs - heard.receivedAtMs;
  return ageMs < 0 || ageMs > EDGE_SILENT_MS ? null : { boot: heard.said.boot, tick: heard.said.tick };
}
