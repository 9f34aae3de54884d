import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const ANSWER_MS = 2_000;

/**
 * Asks `http://127.0.0.1:<port>/healthz` until `isReached` says yes to its body (undefined when it is no JSON).
 * @throws the signal's reason when it is aborted first.
 */
export async function waitForHealth(
  port: number,
  isReached: (body: unknown) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const body = await ask(port, signal);
    if (body.kind === 'answer' && isReached(body.json)) return;
    await sleep(POLL_MS, undefined, { signal });
  }
}

type Answer = { readonly kind: 'answer'; readonly json: unknown } | { readonly kind: 'none' };

async function ask(port: number, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const text = await response.text();
    return { kind: 'answer', json: parseOrUndefined(text) };
  } catch {
    // Not listening yet: the caller asks again until its own signal ends the wait.
    return { kind: 'none' };
  }
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the dashboard says that live data has arrived. */
export function saysLive(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'live' in body && body.live === true;
}

/** Whether an edge says that it is well: its broker hears it, and every consumer follows its ledger. */
export function saysFollowed(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'ok';
}
