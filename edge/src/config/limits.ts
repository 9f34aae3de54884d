/** How large a line may be. A file past one of these is refused with a message that names it. */
export const MAX_DEVICES = 256;
export const MAX_GROUPS_PER_DEVICE = 64;
export const MAX_TAGS_PER_DEVICE = 10_000;
export const MAX_WRITES_PER_DEVICE = 1000;
export const MAX_STATIONS = 64;
export const MAX_OUTLETS = 64;
export const MAX_SCALES = 16;
export const MAX_CONSUMERS = 8;
export const MAX_TRUSTED_KEYS = 16;

export const MAX_METHODS_PER_DEVICE = 200;

/** A device that has not taken a value by then will not; the control gives a write up two seconds later. */
export const MAX_READBACK_MS = 8_000;

/** Poll and sampling periods. */
export const MIN_PERIOD_MS = 10;
export const MAX_PERIOD_MS = 24 * 3_600_000;

/** Errors shown at once; the rest is counted. */
export const MAX_ISSUES = 200;
