import type { Quality } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';

/** One value of one tag, as a line told it. Times are ms since 1970 UTC. */
export interface Reading {
  readonly metric: string;
  /** UCUM code. */
  readonly unit: string | null;
  /** Null: nothing that is a value; the last known one stands. */
  readonly value: TagValue | null;
  readonly quality: Quality;
  /** When the device took it. */
  readonly sourceTimeMs: number;
  /** When the edge sent it. */
  readonly edgeTimeMs: number;
}
