/** What the answer to an act means for the act: recorded, refused for good, or to be asked again. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import { NO_REPLY, type Answer } from '../api/request.ts';
import type { Refusal } from './entry.ts';

export type Verdict =
  | { readonly kind: 'recorded'; readonly answer: ActAnswer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nobody knows whether it was recorded, or it cannot be now: the same key is asked again. */
  | { readonly kind: 'again'; readonly why: 'away' | 'busy' | 'line-away' | 'line-trust' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'dropped' };

/** Answers with a status of 4xx that say nothing about the act itself: it is sound, the moment is not. */
const NOT_NOW: ReadonlySet<string> = new Set(['stale', 'busy', 'not-stored', 'expired', 'key-in-flight']);
/** The line does not take this server's word: whoever installs has to act, and the act has to wait for that. */
const LINE_TRUST: ReadonlySet<string> = new Set([
  'unknown-key',
  'bad-signature',
  'wrong-line',
  'unknown-command',
]);
const REQUEST_TIMEOUT = 408;
const TOO_EARLY = 425;
const TOO_MANY_REQUESTS = 429;
const RETRY_STATUS: ReadonlySet<number> = new Set([REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY_REQUESTS]);

export function judgeAnswer(answer: Answer<ActAnswer>): Verdict {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'recorded', answer: answer.body };
    case 'away':
      return { kind: 'again', why: 'away' };
    case 'dropped':
      return { kind: 'dropped' };
    case 'refused':
      return judgeRefusal(answer);
  }
}

function judgeRefusal(answer: Answer<ActAnswer> & { kind: 'refused' }): Verdict {
  const { status, code, params = {} } = answer;
  if (status === 401) return { kind: 'signed-out' };
  if (code === NO_REPLY) return { kind: 'again', why: 'line-away' };
  if (LINE_TRUST.has(code)) return { kind: 'again', why: 'line-trust' };
  if (status >= 500 || RETRY_STATUS.has(status) || NOT_NOW.has(code)) return { kind: 'again', why: 'busy' };
  return { kind: 'refused', refusal: { status, code, params } };
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * How long to wait before the same act is asked again: twice as long each time, half of it by chance, so that the
 * screens of a site do not come back all at once.
 * @param attempt 0 after the first failure.
 * @param chance in [0, 1).
 */
export function retryDelayMs(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
  return longest * (0.5 + chance / 2);
}
