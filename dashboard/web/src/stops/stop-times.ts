/** When a stop began and ended, as a person reads it. */
import { MICRO_STOP_MS } from '@trame/protocol/stops/stop-names';
import type { StopRow } from '@trame/protocol/stops/stop-answers';
import type { InstantFormat } from '../format/instant.ts';

export interface StopTimes {
  /** `22 nov. 18:13`; of a short stop `22 nov. 18:13:05`. */
  readonly from: string;
  /** `18:31`, `18:13:23`; null: it lasts. */
  readonly to: string | null;
}

/** A short stop that is over is told to the second: by minutes it would end when it began. */
export function stopTimes({ from, to, durationMs }: StopRow, format: InstantFormat): StopTimes {
  const clock = to !== null && durationMs < MICRO_STOP_MS ? format.time : format.hourMinute;
  return { from: `${format.dayMonth(from)} ${clock(from)}`, to: to === null ? null : clock(to) };
}
