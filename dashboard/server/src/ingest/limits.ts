/** What the host application takes in at most; past a limit things are counted and left out, never stored. */

/** Lines of one site. */
export const LINES_MAX = 64;
export const DEVICES_PER_LINE_MAX = 256;
export const METRICS_PER_DEVICE_MAX = 10_000;
/** Messages kept while an earlier one is missing. */
export const HELD_MESSAGES_MAX = 64;
/** How long a missing message is waited for (Sparkplug «Reorder Timeout»). */
export const REORDER_TIMEOUT_MS = 2_000;
/** Least time between two rebirth requests to one line. */
export const REBIRTH_INTERVAL_MS = 3_000;
/** How long a line that lost its sequence may stay without a new birth before it counts as offline. */
export const REBIRTH_PATIENCE_MS = 7_000;
/** How long after a node birth its devices may take to be born again. */
export const DEVICE_BIRTH_GRACE_MS = 2_000;
/** Longest text value kept, in characters. */
export const TEXT_VALUE_MAX = 4_096;
/** Stamps before this are a clock that was never set (2000-01-01). */
export const STAMP_MIN_MS = 946_684_800_000;
/** Stamps further ahead of the server than this are a wrong clock. */
export const STAMP_AHEAD_MAX_MS = 24 * 3_600_000;
/** Least time between two warnings that another site claims a line. */
export const FOREIGN_SITE_WARNING_MS = 60_000;
