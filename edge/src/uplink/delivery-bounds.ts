/** Bounds of the ledger's way to its consumers. What lies past each of them simply waits in the ledger. */

/** Events that one consumer may have been sent and not acknowledged. */
export const WINDOW_EVENTS_MAX = 2_000;
/** Bytes that one consumer may have been sent and not acknowledged. */
export const WINDOW_BYTES_MAX = 1024 * 1024;
/** Messages that one consumer may have been sent and not acknowledged: many small ones become few large ones. */
export const WINDOW_MESSAGES_MAX = 64;
/**
 * Windows that one consumer may be ahead by when others are sent what it needs next: it hears them anyway, and one
 * whose acknowledgements come a moment later shares their sending instead of being sent everything once more.
 */
export const SHARED_WINDOWS = 2;
/** Window of a consumer that did not move: enough to find out whether it does now. */
export const PROBE_EVENTS_MAX = 50;

/** First wait for a cursor that does not move before the same events are sent again, ms; doubled each time. */
export const RESEND_FIRST_MS = 3_000;
/** Longest such wait, ms. */
export const RESEND_MAX_MS = 30_000;
/** An acknowledgement that is heard so long after sending, and brings nothing, tells that something was lost, ms. */
export const UNMOVED_AFTER_MS = 1_000;
/** Re-requests by a lower cursor are heard at most so often, ms: two consumers under one name must not cost the line. */
export const REREQUEST_EVERY_MS = 2_000;

/** A consumer says every 5 s how far it is; not heard for so long, it is silent, ms. */
export const SILENT_AFTER_MS = 20_000;
/** A consumer that is heard, and whose cursor stands for so long while events wait, is stuck, ms. */
export const STUCK_AFTER_MS = 20_000;

/** How often time-outs, congestion and silence are looked after, ms. */
export const DELIVERY_TICK_MS = 100;
/** The same thing about the same consumer is logged at most so often, ms. */
export const SAME_WORDS_EVERY_MS = 60_000;
