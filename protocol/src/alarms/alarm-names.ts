/** Words of alarm management (ISA-18.2-2016 / IEC 62682) that edge, server and page share. */

/** 1 is the gravest. Target shares 5 / 15 / 80 % (ISA-18.2 annex). */
export const ALARM_PRIORITIES = [1, 2, 3] as const;
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number];

/** ISA-18.2-2016, figure 2. */
export const ALARM_STATES = [
  /** A: no condition, nothing to say. */
  'normal',
  /** B: the condition stands, nobody has seen it. */
  'unacknowledged',
  /** C: the condition stands, somebody has seen it. */
  'acknowledged',
  /** D: the condition is over, and nobody saw it. */
  'returned',
  /** E, F: it is over and was seen, or not; it stays until somebody resets it (latching alarms). */
  'latched-acknowledged',
  'latched-unacknowledged',
  /** G: put aside by a person, for a time. */
  'shelved',
  /** H: it says nothing while the line is as its design says (e.g. low throughput of a stopped line). */
  'suppressed',
  /** I: taken out by a person until put back. */
  'out-of-service',
] as const;
export type AlarmStateName = (typeof ALARM_STATES)[number];

/** States in which a person has something to do or to look at. */
export const STANDING_STATES: readonly AlarmStateName[] = [
  'unacknowledged',
  'acknowledged',
  'returned',
  'latched-acknowledged',
  'latched-unacknowledged',
];

/** What made an alarm change. */
export const ALARM_CAUSES = ['condition', 'person', 'design', 'time'] as const;
/** What the journal knows besides: it was taken out of the configuration, or its edge's ledger began anew. */
export const ALARM_JOURNAL_CAUSES = [...ALARM_CAUSES, 'withdrawn', 'forgotten'] as const;

/** Where the condition of an alarm comes from: a comparison on a tag, or something that Trame watches itself. */
export const ALARM_SOURCES = [
  'tag',
  /** A device does not answer, or its values are stale. */
  'device',
  /** Free space is low. */
  'disk',
  /** The clock is not set, wrong, or behind. */
  'clock',
  /** The ledger is not written. */
  'ledger',
  /** A consumer of the ledger does not follow. */
  'chain',
  /** A certificate runs out or has run out. */
  'certificate',
  'throughput-low',
  'scale-unstable',
  'scale-expired',
  /** A station did not come within its bound. */
  'station-late',
  /** The sorter names a programme of ours that it does not follow: some of its table is another's. */
  'programme-mixed',
  /** The PLC does not take Trame's own life counter. */
  'life',
  /** The station's spectra lie farther from their model than at first, or more of them are refused. */
  'nir-drift',
  /** What comes down the belt is called otherwise than in the last days. */
  'class-shares',
  /** Numbers of the station's reads are missing: nothing was judged of these pieces. */
  'spectra-missed',
  /** Told by the server (`alarm.report`): the mass residual, and what else only it can see. */
  'reported',
] as const;
export type AlarmSource = (typeof ALARM_SOURCES)[number];

/** Why something that is asked of an alarm cannot be: stable, beside the words for a person. */
export const ALARM_REFUSALS = [
  /** The line has no such alarm. */
  'unknown-alarm',
  /** Trame watches it on the line itself: nobody else reports it. */
  'not-reported',
  'never-raised',
  /** The occurrence that was named is over: it came up again since. */
  'raised-again',
  'already-acknowledged',
  'nothing-to-acknowledge',
  /** It is acknowledged before it is reset. */
  'not-acknowledged',
  /** Its condition still stands. */
  'still-standing',
  'nothing-to-reset',
  'not-shelved',
  'out-of-service',
  'not-out-of-service',
] as const;
export type AlarmRefusal = (typeof ALARM_REFUSALS)[number];

/** Longest time for which an alarm may be put aside, ms. */
export const SHELVE_MAX_MS = 12 * 3_600_000;
/** ISA-18.2: more than ten new alarms in ten minutes are a flood; it ends below five in ten minutes. */
export const FLOOD_WINDOW_MS = 10 * 60_000;
export const FLOOD_BEGINS_ABOVE = 10;
export const FLOOD_ENDS_BELOW = 5;
