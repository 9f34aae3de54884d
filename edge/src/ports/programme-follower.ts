/** Who follows a sort programme, as whoever is asked to change it sees it. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import type { ProgrammeFinding } from '@trame/protocol/sort-programmes/sort-programme';

export type Staging =
  | { readonly kind: 'staged'; readonly ref: ProgrammeRef }
  /** One finding at least, each an error. */
  | { readonly kind: 'refused'; readonly findings: readonly ProgrammeFinding[] }
  /** The disk refuses; nothing was changed. */
  | { readonly kind: 'not-kept'; readonly reason: string };

export interface ProgrammeFollower {
  /** Checks a programme whole and lays it down on the disk; it is followed once {@link commit} says so. */
  stage(value: unknown): Staging;
  /** What was staged last is followed from the next piece on. */
  commit(): void;
  /** What was staged last is not meant any more. */
  drop(): void;
}
