/** French for every code in which alarms speak. A code without a word does not compile. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import type {
  ALARM_JOURNAL_CAUSES,
  AlarmPriority,
  AlarmSource,
  AlarmStateName,
} from '@trame/protocol/alarms/alarm-names';
import type { AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import { formatDuration } from '../format/duration.ts';
import { t, type MessageKey } from '../messages/translate.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

export const ALARM_STATE_WORDS: Words<AlarmStateName> = {
  normal: 'alarmState.normal',
  unacknowledged: 'alarmState.unacknowledged',
  acknowledged: 'alarmState.acknowledged',
  returned: 'alarmState.returned',
  'latched-acknowledged': 'alarmState.latchedAcknowledged',
  'latched-unacknowledged': 'alarmState.latchedUnacknowledged',
  shelved: 'alarmState.shelved',
  suppressed: 'alarmState.suppressed',
  'out-of-service': 'alarmState.outOfService',
};

export const BECAUSE_WORDS: Words<(typeof ALARM_JOURNAL_CAUSES)[number]> = {
  condition: 'alarmBecause.condition',
  person: 'alarmBecause.person',
  design: 'alarmBecause.design',
  time: 'alarmBecause.time',
  withdrawn: 'alarmBecause.withdrawn',
  forgotten: 'alarmBecause.forgotten',
};

/** @param condition null: it is not known whether the cause is there. */
export function conditionWords(condition: boolean | null): MessageKey {
  if (condition === null) return 'alarm.causeUnknown';
  return condition ? 'alarm.causeStands' : 'alarm.causeGone';
}

export const SOURCE_WORDS: Words<AlarmSource> = {
  tag: 'alarmSource.tag',
  device: 'alarmSource.device',
  disk: 'alarmSource.disk',
  clock: 'alarmSource.clock',
  ledger: 'alarmSource.ledger',
  chain: 'alarmSource.chain',
  certificate: 'alarmSource.certificate',
  'throughput-low': 'alarmSource.throughputLow',
  'scale-unstable': 'alarmSource.scaleUnstable',
  'scale-expired': 'alarmSource.scaleExpired',
  'station-late': 'alarmSource.stationLate',
  'programme-mixed': 'alarmSource.programmeMixed',
  life: 'alarmSource.life',
  'nir-drift': 'alarmSource.nirDrift',
  'class-shares': 'alarmSource.classShares',
  'spectra-missed': 'alarmSource.spectraMissed',
  reported: 'alarmSource.reported',
};

export const PRIORITY_WORDS: Readonly<Record<AlarmPriority, MessageKey>> = {
  1: 'alarmPriority.one',
  2: 'alarmPriority.two',
  3: 'alarmPriority.three',
};

/** What a button says. */
export const ACT_WORDS: Words<AlarmAct> = {
  acknowledge: 'alarmAct.acknowledge',
  reset: 'alarmAct.reset',
  shelve: 'alarmAct.shelve',
  unshelve: 'alarmAct.unshelve',
  'out-of-service': 'alarmAct.outOfService',
  'in-service': 'alarmAct.inService',
};

/** @returns `depuis 3 min`, of the state that is told with it. */
export function sinceText(row: Pick<AlarmRow, 'raisedAt' | 'changedAt'>, nowMs: number): string {
  return t('alarm.since', { duration: formatDuration(Math.max(0, nowMs - sinceOf(row))) });
}

/** @returns when it came up; of one that never did, when it changed last. */
export function sinceOf({ raisedAt, changedAt }: Pick<AlarmRow, 'raisedAt' | 'changedAt'>): number {
  return raisedAt ?? changedAt;
}

/** @returns the priority as this page knows it: what it does not know is told with the gravest. */
export function priorityOf(priority: number): AlarmPriority {
  return priority === 2 || priority === 3 ? priority : 1;
}
