import type { Clock } from './clock.ts';

/**
 * Runs `task` every `everyMs` of monotonic time until the signal aborts, one run at a time.
 * @returns a promise that settles after the last run. A failing task rejects it.
 */
export async function repeat(
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
  task: () => void | Promise<void>,
): Promise<void> {
  while (await slept(clock, everyMs, signal)) await task();
}

/** As {@link repeat}; a run that fails is told of, and the next one is made all the same. */
export function repeatWhateverFails(
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
  { task, failed }: { readonly task: () => Promise<void>; readonly failed: (reason: string) => void },
): Promise<void> {
  return repeat(clock, everyMs, signal, async () => {
    try {
      await task();
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
    }
  });
}

/** @returns true after `ms`, false as soon as the signal aborts. */
export async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** Waits for `work`, but no longer than `ms`; what becomes of it after that is its owner's. */
export async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  await Promise.race([work, slept(clock, ms, late.signal)]);
  late.abort();
}
