/** Samples waiting for the engine; when it stays away longer the oldest go, counted. About 40 MB. */
export const BUFFERED_SAMPLES_MAX = 200_000;
/** Samples in one write. */
export const BATCH_SAMPLES_MAX = 5_000;
/** A sample reaches the engine this long after it was taken at the latest. */
export const WRITE_INTERVAL_MS = 500;
/**
 * Samples that wait longer are marked on disk as kept in memory alone. An edge sends again what it sent in its
 * last 2 × keep-alive, at least 2 s: what is lost sooner after it came needs no mark.
 */
export const MARK_AFTER_MS = 1_000;
/** How often that is looked at. */
export const MARK_INTERVAL_MS = 500;
/** Losses kept for each line; past it the oldest are told together. */
export const LOSSES_OF_LINE_MAX = 500;
/** Longest wait between two attempts to reach an engine that is away. */
export const RETRY_MAX_MS = 10_000;
/** How often touched minutes and hours are recomputed, the running ones included. */
export const RECOMPUTE_INTERVAL_MS = 10_000;
/** Minutes that may wait for it; past that, writing waits. */
export const TOUCHED_MINUTES_MAX = 20_000;
/** Minute and hour figures are kept for the audits of five years. */
export const AGGREGATE_DAYS = 5 * 366;
/** How often what is too old is removed. */
export const RETENTION_INTERVAL_MS = 3_600_000;
/** Most points of one answer. */
export const POINTS_MAX = 10_000;
/** Refused rows kept for a person to look at, bytes. */
export const DEAD_LETTER_BYTES_MAX = 1024 * 1024;
/** How long a stop waits for the last samples to be stored. */
export const CLOSE_PATIENCE_MS = 2_000;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
