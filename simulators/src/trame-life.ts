/** The supervising system's life counter, as the PLC watches it. Times in wall-clock ms, monotonic. */
export interface LifeWatch {
  readonly value: number | null;
  readonly atMs: number;
  /** It changed at least once: somebody counts, and is missed when it stands still. */
  readonly counted: boolean;
}

export const lifeWithinMs = 5_000;

export const noLife: LifeWatch = { value: null, atMs: 0, counted: false };

/** A client wrote its counter. */
export function lifeWritten(watch: LifeWatch, value: number, nowMs: number): LifeWatch {
  if (value === watch.value) return watch;
  return { value, atMs: nowMs, counted: watch.counted || watch.value !== null };
}

export function isLost(watch: LifeWatch, nowMs: number): boolean {
  return watch.counted && nowMs - watch.atMs > lifeWithinMs;
}
