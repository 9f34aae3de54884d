/** What carrying a command out has in common: it asks for one write at a time, and ends. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { CommandOutcomeName, CommandPhase } from '@trame/protocol/control/control-names';
import type { TagValue } from '@trame/protocol/tag';
import type { TagRef } from '../tag-ref.ts';
import type { ControlSetup, StepOutcome } from './control-types.ts';
import type { ControlInputs } from './read-inputs.ts';
import { reason } from './refusals.ts';

/** What of the outside a job sees. */
export interface JobView {
  readonly setup: ControlSetup;
  readonly inputs: ControlInputs;
  /** Whether a request bit of before may still stand at the PLC, or has only just been taken back. */
  readonly mayStand: boolean;
  /** Monotonic. */
  readonly nowMs: number;
}

export type JobEvent =
  | { readonly kind: 'begin' }
  /** A new snapshot, or time has passed. */
  | { readonly kind: 'look' }
  /** Of what was asked for last. */
  | { readonly kind: 'outcome'; readonly outcome: StepOutcome }
  /** What was asked for last was not written: the emergency stop or an interlock forbids it now. */
  | { readonly kind: 'forbidden'; readonly reasons: readonly CommandReason[] };

export type JobAsk =
  | {
      readonly kind: 'write';
      readonly target: TagRef;
      readonly value: TagValue;
      /** The job ends with it: nothing else is watched. */
      readonly settle?: boolean;
      /** Null: the write alone counts, for the job looks elsewhere whether it was followed. */
      readonly expect?: null;
    }
  | {
      readonly kind: 'call';
      readonly device: string;
      readonly method: string;
      readonly args: readonly TagValue[];
    }
  /** Of a request bit: never forbidden, and nobody waits for its outcome. */
  | { readonly kind: 'take-back'; readonly target: TagRef };

export interface JobEnd {
  readonly outcome: CommandOutcomeName;
  readonly reasons: readonly CommandReason[];
  readonly readBack: TagValue | null;
  readonly late: string | null;
  readonly detail: string | null;
}

export interface JobStep<Job> {
  readonly job: Job;
  /** At most one `write` or `call`, none while one is under way; any `take-back` comes first. */
  readonly asks: readonly JobAsk[];
  readonly phase: CommandPhase;
  /** Station that is waited for. */
  readonly station: string | null;
  /** Null: it goes on. */
  readonly end: JobEnd | null;
}

export function done(detail: string | null = null, readBack: TagValue | null = null): JobEnd {
  return { outcome: 'done', reasons: [], readBack, late: null, detail };
}

export function failed(detail: string, more: Partial<JobEnd> = {}): JobEnd {
  return { outcome: 'failed', reasons: [], readBack: null, late: null, detail, ...more };
}

/** The device said no, and nothing was written. */
export function refusedByDevice(detail: string): JobEnd {
  return failed(detail, { outcome: 'refused', reasons: [reason('refused-by-device')] });
}

/** It was sent, and what is read back differs or nothing is. */
export function unconfirmed(detail: string, readBack: TagValue | null = null): JobEnd {
  return failed(detail, { outcome: 'unconfirmed', readBack });
}

/** @returns how a command that is one write ended. */
export function endOfWrite(outcome: StepOutcome): JobEnd {
  switch (outcome.kind) {
    case 'confirmed':
      return done(null, outcome.readBack);
    case 'refused':
      return refusedByDevice(outcome.reason);
    case 'unconfirmed':
      return unconfirmed(outcome.reason, outcome.readBack);
  }
}

/** @returns how a command ended of which nothing was written yet. */
export function endOfForbidden(reasons: readonly CommandReason[]): JobEnd {
  return failed('Rien n’a été écrit.', { outcome: 'refused', reasons });
}
