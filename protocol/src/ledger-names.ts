/** Words that ledger, server and page share: stable, since alarms, logs and translations hang on them. */

/** Why a consumer does not store an event. Stable: alarms, logs and counters carry these words. */
export const REFUSAL_CODES = [
  /** Not JSON, or not UTF-8. */
  'not-json',
  /** More than a message may hold. */
  'too-large',
  /** A member is missing, unknown, or not of its type. */
  'invalid-event',
  /** The event names another site or line than its topic. */
  'wrong-topic',
  /** Its payload or envelope is not what its hash says. */
  'wrong-hash',
  /** Dated before 2020, or more than a day ahead of the reader. */
  'impossible-date',
  /** The payload of a known type has a member that cannot be: 0 kg, −1 kg, a million tonnes. */
  'invalid-payload',
  /** Its number follows, but its `prev` is not the hash of the event before. */
  'broken-chain',
  /** Another content under a number that is already stored. */
  'fork',
  /** The line has another epoch, and no person has accepted this one. */
  'unknown-epoch',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Why measured values are lost. */
export const GAP_REASONS = [
  /** The spool had no room left: the oldest went first. */
  'spool-full',
  /** Older than the spool keeps. */
  'too-old',
  /** The disk refused. */
  'not-stored',
  /** The edge was cut off: what it had not written yet. */
  'edge-cut-off',
  /** Their tag is not in the configuration any more, or of another type: they would arrive as something else. */
  'tag-changed',
  /** The server's history was away, and more waited in memory than fits: the oldest went first. */
  'history-full',
  /** The server was stopped while its history was away: what waited in memory. */
  'history-away',
  /** The server was cut off while samples waited in memory for its history. */
  'server-cut-off',
] as const;
export type GapReason = (typeof GAP_REASONS)[number];
