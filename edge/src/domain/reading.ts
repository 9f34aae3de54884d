import type { Quality } from '@trame/protocol/quality';
import type { TagType, TagValue } from '@trame/protocol/tag';

/** One value of one tag as a driver saw it. A bad reading has no value: never a wrong number. */
export interface Reading {
  readonly tag: string;
  readonly value: TagValue | null;
  readonly quality: Quality;
  /** When the device says that it took the value, ms since 1970 UTC; null when it does not say. */
  readonly sourceTimeMs: number | null;
}

/** What a driver knows of a tag once its device has answered. */
export interface TagDefinition {
  readonly name: string;
  readonly type: TagType;
  readonly unit: string | null;
  readonly deadband: number;
  readonly range: readonly [min: number, max: number] | null;
  /** Age past which the value is stale, ms; null when the driver itself watches the age. */
  readonly staleAfterMs: number | null;
  /** Time after which an unchanged value is published again, ms; absent: only changes are published. */
  readonly repeatAfterMs?: number;
}
