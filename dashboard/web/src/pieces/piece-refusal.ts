/** Why something about pieces was not answered or not noted, in words that say what to do. */
import type { Answer } from '../api/request.ts';
import { actRefusalWords } from '../messages/refusal-words.ts';
import { t } from '../messages/translate.ts';
import { LINE_REFUSAL_WORDS } from './piece-words.ts';

export type Failure = Exclude<Answer<unknown>, { readonly kind: 'ok' } | { readonly kind: 'dropped' }>;

/** The line has no sorting by spectra: nothing is wrong, and nothing is to be awaited. */
const NOT_SORTING = 'not-sorting';

export function isNotSorting(failure: Failure | null): boolean {
  return failure?.kind === 'refused' && failure.code === NOT_SORTING;
}

/** @returns one sentence or two, never empty. */
export function pieceRefusalText(failure: Failure): string {
  if (failure.kind === 'away') return t('pieces.serverAway');
  const key = Object.hasOwn(LINE_REFUSAL_WORDS, failure.code) ? LINE_REFUSAL_WORDS[failure.code] : undefined;
  if (key !== undefined) return t(key);
  const { status, code, params = {} } = failure;
  return actRefusalWords({ status, code, params });
}
