/**
 * First-out: of alarms that belong together (one stop, one station), the one that came up while none of them stood is
 * what the others follow from. They begin anew once none stands: what is over and was only not seen yet stands no more,
 * what waits for its reset does.
 */
import type { AlarmStateName } from '@trame/protocol/alarms/alarm-names';

export interface GroupMember {
  readonly id: string;
  readonly group: string | null;
  readonly state: AlarmStateName;
}

const STANDING: readonly AlarmStateName[] = [
  'unacknowledged',
  'acknowledged',
  'latched-unacknowledged',
  'latched-acknowledged',
];

/** @returns whether this alarm, should it come up now, is the first of its group. False without a group. */
export function isFirstOut(
  alarm: { readonly id: string; readonly group: string | null },
  all: Iterable<GroupMember>,
): boolean {
  if (alarm.group === null) return false;
  for (const { id, group, state } of all) {
    if (group === alarm.group && id !== alarm.id && STANDING.includes(state)) return false;
  }
  return true;
}
