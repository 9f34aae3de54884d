/** Least time between two revisions of the live picture: four a second; the latest value of each wins. */
export const REVISION_INTERVAL_MS = 250;
/** The same where the control of a line changed: somebody stands there and waits for what a command did. */
export const CONTROL_REVISION_MS = 100;
/** A page that lost its link for less than this continues where it was. */
export const REPLAY_MS = 5 * 60_000;
/** Memory that the replay may take; the oldest revisions go first, and the page gets a snapshot instead. */
export const REPLAY_BYTES_MAX = 16 * 1024 * 1024;
export const HEARTBEAT_MS = 10_000;
/** A client that takes nothing for so long is closed. */
export const CLOGGED_MAX_MS = 30_000;
export const CLIENTS_MAX = 128;
