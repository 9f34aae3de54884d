import type { HandScaleId } from './hand-state.ts';

/** What is physically wrong with a hand line at this moment, put there by a fault. */
export interface HandHazards {
  readonly pressBlocked: boolean;
  readonly disturbed: readonly HandScaleId[];
  readonly overloaded: readonly HandScaleId[];
  readonly unpowered: readonly string[];
}

export const noHandHazards: HandHazards = {
  pressBlocked: false,
  disturbed: [],
  overloaded: [],
  unpowered: [],
};

/** Everything that reaches a hand line from outside during one step. */
export interface HandInputs {
  readonly hazards: HandHazards;
  /** Somebody is at work. */
  readonly crewPresent: boolean;
  /** Somebody outside says what is weighed and what is sorted next; else the people here do it by themselves. */
  readonly led: boolean;
  /** Wall-clock time of this step, used for stamps only: it never changes what happens. */
  readonly wallMs: number;
}
