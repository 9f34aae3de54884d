/** What the records keep of alarms: all of it follows from the events of the lines' ledgers. */
import type { AlarmSource, AlarmStateName } from '@trame/protocol/alarms/alarm-names';

/** One for each alarm that a line ever declared, as it stands now. */
export interface AlarmTable {
  site: string;
  line: string;
  alarm: string;
  priority: number;
  source: AlarmSource;
  label: string;
  cause: string;
  consequence: string;
  response: string;
  latching: number;
  /** Of which the first is what the others follow from. */
  family: string | null;
  station: string | null;
  device: string | null;
  /** 0: it is no longer configured, or its edge never declared it. */
  declared: number;
  state: AlarmStateName;
  occurrence: number;
  /** Null: not known. */
  condition: number | null;
  /** JSON; null: it comes from no tag. */
  value: string | null;
  /** When its condition came up last; null: never. */
  raisedAt: number | null;
  changedAt: number;
  first: number;
  comment: string | null;
  until: number | null;
}

/** One for each change of an alarm. */
export interface AlarmJournalTable {
  site: string;
  line: string;
  /** Of the event. */
  id: string;
  /** Puts changes of the same moment in the order in which they were recorded. */
  turn: string;
  alarm: string;
  /** As it was declared then. */
  label: string;
  priority: number;
  at: number;
  occurrence: number;
  fromState: AlarmStateName;
  toState: AlarmStateName;
  because: string;
  /** Whether the condition stands, apart from the state; null: not known, or not kept by the version before. */
  condition: number | null;
  value: string | null;
  first: number;
  comment: string | null;
  /** 1: it came up for whoever watches. */
  raised: number;
}

/** Where a flood of alarms began or ended. */
export interface AlarmFloodTable {
  site: string;
  line: string;
  id: string;
  at: number;
  phase: 'began' | 'ended';
  alarms: number;
}

export interface AlarmTables {
  alarms: AlarmTable;
  alarm_journal: AlarmJournalTable;
  alarm_floods: AlarmFloodTable;
}

/** In the order in which they are emptied. */
export const ALARM_PROJECTIONS = ['alarms', 'alarm_journal', 'alarm_floods'] as const;
