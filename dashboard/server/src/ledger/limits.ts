/** Bounds of the ledger's way into the records. What is dropped past one is sent again by its edge. */

/** Lines whose ledger is taken. */
export const LEDGER_LINES_MAX = 64;
/** Messages of one line that wait to be stored. */
export const QUEUE_MESSAGES_MAX = 64;
/** All that waits, bytes. */
export const QUEUE_BYTES_MAX = 32 * 1024 * 1024;
/** Messages of one line that are stored in one transaction. */
export const MESSAGES_PER_TRANSACTION_MAX = 10;

/** How often each line is told how far its ledger is stored, ms. */
export const ACK_INTERVAL_MS = 5_000;
/** What is stored meanwhile is told together, ms. */
export const ACK_SOON_MS = 100;
/** Least time between two requests for what is missing, ms. */
export const ASK_AGAIN_INTERVAL_MS = 200;
/** How long to wait after the records could not be written, ms. */
export const RECORDS_RETRY_MS = 1_000;

/** Refusals kept of one line; the longest past go first. */
export const REFUSALS_PER_LINE_MAX = 50;
/** Refusals kept of all lines: strangers may invent lines. */
export const REFUSALS_MAX = 2_000;
/** Rows that are written by one statement. */
export const ROWS_PER_STATEMENT_MAX = 200;
/** Longest explanation of a refusal that is kept, characters. */
export const DETAIL_LENGTH_MAX = 500;
/** What is shown of refusals under names that are no line's. */
export const STRANGERS_SHOWN_MAX = 20;
/** How long they are kept, ms. */
export const STRANGERS_KEPT_MS = 7 * 24 * 3_600_000;
/** Two ledgers under one name speak at the same time when no more than this lies between them, ms. */
export const CONTESTED_MS = 5 * 60_000;
