/**
 * First-out: of alarms that belong together (one stop, one station), the one that came up while none of them stood is
 * what the others follow from. They begin anew once none stands.
 */
import { STANDING_STATES, type AlarmStateName } from '@trame/protocol/alarms/alarm-names';

export interface GroupMember {
  readonly id: string;
  readonly group: string | null;
  readonly state: AlarmStateName;
}

/** @returns whether this alarm, should it come up now, is the first of its group. False without a group. */
export function isFirstOut(
  alarm: { readonly id: string; readonly group: string | null },
  all: Iterable<GroupMember>,
): boolean {
  if (alarm.group === null) return false;
  for (const { id, group, state } of all) {
    if (group === alarm.group && id !== alarm.id && STANDING_STATES.includes(state)) return false;
  }
  return true;
}
