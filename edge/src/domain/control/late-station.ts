/** The station that did not come, or did not stand still, in the last sequence: late until it does, or the line begins anew. */
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { PlcCommand } from './control-config.ts';
import { isMoving } from './packml.ts';
import type { ControlInputs } from './read-inputs.ts';
import { hasCome } from './sequence-watch.ts';

export interface LateStation {
  /** Its id, or `warning`. */
  readonly id: string;
  readonly direction: 'start' | 'stop';
  /** Whether the line was seen not to run since: what runs after that was begun anew. */
  readonly hasStood: boolean;
}

/** @param id as the command ended; null: all came. */
export function lateAfter(command: PlcCommand, id: string | null): LateStation | null {
  return id === null ? null : { id, direction: command === 'stop' ? 'stop' : 'start', hasStood: false };
}

/** @param before state of the line as it was seen last. */
export function nextLate(
  late: LateStation | null,
  before: LineStateName,
  { state, stations }: ControlInputs,
): LateStation | null {
  if (late === null || (late.hasStood && beginsAnew(before, state))) return null;
  const says = stations.find(({ id }) => id === late.id)?.state ?? null;
  if (hasCome(late.direction, says)) return null;
  return late.hasStood || state === 'unknown' || isMoving(state) ? late : { ...late, hasStood: true };
}

/** It runs again, or somebody has reset it: however its sequence went, that is over. */
function beginsAnew(before: LineStateName, now: LineStateName): boolean {
  if (before === now) return false;
  return now === 'execute' || (now === 'idle' && BEFORE_READY.includes(before));
}

const BEFORE_READY: readonly LineStateName[] = ['resetting', 'stopped', 'complete'];
