/** What the desk is asked to do, and what comes of it. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { ActContext, Decision, Refused } from './decision.ts';
import type { ActKey } from './act-requests.ts';

/** What a line has a request of its own for: it records the event itself. */
export interface Commanded {
  readonly kind: 'command';
  readonly id: string;
  readonly line: string;
  readonly command: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export type ActDecision = Decision | Commanded;

export interface ActOrder extends ActKey {
  readonly login: string;
  /** When it happened, ms since 1970 UTC; null: now. */
  readonly occurredAt: number | null;
  readonly decide: (context: ActContext) => Promise<ActDecision>;
}

/** Why it could not be done now, or not at all, though nothing is wrong with what was asked. */
export type ActProblem =
  | 'busy'
  | 'key-reused'
  /** It may be recorded: the same key asks again. */
  | 'no-reply'
  /** The line could not record it now. */
  | 'not-recorded'
  /** Nobody said whose ledger it goes to. */
  | 'no-book-keeper'
  /** The line refuses what was decided. */
  | 'refused';

export type ActOutcome =
  | { readonly kind: 'done'; readonly answer: ActAnswer }
  | Refused
  | { readonly kind: 'problem'; readonly code: ActProblem; readonly detail?: string };

export function problem(code: ActProblem, detail?: string): ActOutcome {
  return detail === undefined ? { kind: 'problem', code } : { kind: 'problem', code, detail };
}
