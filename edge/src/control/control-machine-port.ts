/** The machine of a line as the room runs it: the pure functions of `domain/control` with what stays the same. */
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import type { ControlEvent, ControlStep } from '../domain/control/control-types.ts';
import type { Instant } from '../domain/tag-state.ts';

export interface ControlMachine<State> {
  /** @param mark what the ledger keeps under a name; null: nothing, or the ledger cannot be read. */
  start(mark: (name: string) => string | null, at: Instant): ControlStep<State>;
  next(state: State, event: ControlEvent): ControlStep<State>;
  /** @param n number of the picture, from 1. */
  picture(state: State, at: Instant, n: number): ControlPicture;
}
