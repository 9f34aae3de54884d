/** What the pipeline tells whoever publishes, and what a publisher may ask of it. */
import type { Quality } from '@trame/protocol/quality';
import type { TagValue } from '@trame/protocol/tag';
import type { TagDefinition } from '../domain/reading.ts';
import type { Sample } from '../domain/tag-state.ts';

/** What one cycle changed. Deaths come before births, births before samples. */
export type DeviceChange =
  /** The device came online, or its tags were defined anew: take its {@link BirthSource.device} now. */
  | { readonly kind: 'online'; readonly device: string }
  | { readonly kind: 'offline'; readonly device: string }
  | { readonly kind: 'samples'; readonly device: string; readonly samples: readonly Sample[] };

export type ChangeConsumer = (changes: readonly DeviceChange[]) => void;

export interface TagSnapshot {
  readonly definition: TagDefinition;
  readonly value: TagValue | null;
  readonly quality: Quality;
  /** UTC ms. */
  readonly timeMs: number;
}

export interface BirthSource {
  /**
   * @returns every tag of an online device as it is now, and notes these values as published; null when the
   * device is not online.
   */
  device(id: string): readonly TagSnapshot[] | null;
}
