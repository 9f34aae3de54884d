/** Apart from the schema, so that a page can know it without carrying the schema library. */

/** Past this age a heartbeat says nothing of the present. */
export const HEARTBEAT_STALE_MS = 10_000;
