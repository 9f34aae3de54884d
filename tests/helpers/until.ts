import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/**
 * Asks again and again until the answer is neither null, undefined nor false, and gives it.
 * @throws after `timeoutMs`, naming what was waited for and the last error of the question.
 */
export async function until<T>(
  what: string,
  question: () => T | Promise<T>,
  timeoutMs = 15_000,
): Promise<Exclude<T, null | undefined | false>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    let trouble = '';
    try {
      const answer = await question();
      if (isAnswer(answer)) return answer;
    } catch (error) {
      trouble = `; last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}${trouble}`);
    await sleep(POLL_MS);
  }
}

function isAnswer<T>(answer: T): answer is Exclude<T, null | undefined | false> {
  return answer !== null && answer !== undefined && answer !== false;
}
