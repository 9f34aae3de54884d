/** How a list stands that is asked for page by page. */
import type { Answer } from '../api/request.ts';

export type PagedState = 'loading' | 'ready' | 'failed' | 'forbidden';

/** @param answer that brought no rows. */
export function stateAfter(answer: Answer<unknown>): PagedState {
  return answer.kind === 'refused' && answer.status === 403 ? 'forbidden' : 'failed';
}
