import type { Clock } from '../ports/clock.ts';

/** The other side did not answer in time. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Waits for a promise that nobody can cancel, but no longer than `ms`.
 *
 * @param what names the wait in the error, e.g. `reading the namespaces`.
 * @throws {DeadlineExceeded} when the time is over; what the promise does later is ignored.
 * @throws the signal's reason when it aborts.
 */
export async function withDeadline<T>(
  clock: Clock,
  { ms, what, signal }: { readonly ms: number; readonly what: string; readonly signal: AbortSignal },
  promise: Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const expiry = clock.sleep(ms, AbortSignal.any([signal, done.signal])).then((): never => {
    throw new DeadlineExceeded(`no answer within ${ms} ms while ${what}`);
  });
  try {
    return await Promise.race([promise, expiry]);
  } finally {
    done.abort();
  }
}
