/** Whether anybody is at the other end of a line's requests. */
import type { Records } from '../records/open-records.ts';
import type { HeartbeatBoard } from './heartbeat-board.ts';
import type { LineAddress } from './judge-event.ts';
import { heldLines } from './line-sites.ts';

/** @returns false: no edge of this line was ever heard of; what is known of it, devices or people say. */
export async function hasEdge(
  records: Records,
  board: Pick<HeartbeatBoard, 'of'>,
  { site, line }: LineAddress,
): Promise<boolean> {
  if (board.of({ site, line }) !== null) return true;
  return (await heldLines(records)).some((held) => held.site === site && held.line === line);
}
