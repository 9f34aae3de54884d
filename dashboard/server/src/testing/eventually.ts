import { setTimeout as delay } from 'node:timers/promises';

const STEP_MS = 20;

/** Asks again until `read` gives something other than null or undefined. @throws after `withinMs`. */
export async function eventually<T>(
  read: () => T | null | undefined | Promise<T | null | undefined>,
  withinMs = 5_000,
): Promise<T> {
  for (let waitedMs = 0; ; waitedMs += STEP_MS) {
    const found = await read();
    if (found !== null && found !== undefined) return found;
    if (waitedMs >= withinMs) throw new Error(`not seen within ${withinMs} ms`);
    await delay(STEP_MS);
  }
}
