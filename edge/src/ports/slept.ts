import type { Clock } from './clock.ts';

/** @returns true after `ms` of monotonic time, false as soon as the signal aborts. */
export async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
