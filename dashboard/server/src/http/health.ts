/** How the server is, in one word, and whether data flows. */
import type { Health } from '@trame/protocol/dashboard-api';
import type { HistoryStats } from '../history/history-store.ts';
import type { LivePicture } from '../live/picture.ts';

/**
 * @returns `live` once a line's data stands in the picture and a sample in the history; `degraded` while
 * the broker, the history, the records or a line is away.
 */
export function healthOf(
  picture: LivePicture,
  history: HistoryStats,
  linkUp: boolean,
  recordsUp: boolean,
): Health {
  const lines = Object.values(picture.state.lines);
  const shown = lines.some(({ devices }) => Object.keys(devices).length > 0);
  const live = shown && history.stored > 0;
  if (!live) return { status: 'starting', live };
  const well = linkUp && recordsUp && history.healthy && lines.every(({ state }) => state === 'online');
  return { status: well ? 'ok' : 'degraded', live };
}
