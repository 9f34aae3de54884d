/** One row of what the page tells of a line or of the server. */
import type { Level } from './troubles.ts';

/** `unknown`: nothing can be said, or no more. `plain`: a fact that is neither good nor bad. */
export type Mark = Level | 'fine' | 'unknown' | 'plain';

export interface Fact {
  /** Names the row in the page and for tests. */
  readonly id: string;
  readonly label: string;
  readonly mark: Mark;
  readonly words: string;
  /** Figures and since when, each a line of its own. */
  readonly details: readonly string[];
  /** What the machine says about it, in its own language. */
  readonly technical: string | null;
  /** True: last known, says nothing of the present. */
  readonly old: boolean;
}

/** One that is well, with nothing more to say. */
export function row(id: string, label: string, words: string): Fact {
  return { id, label, mark: 'fine', words, details: [], technical: null, old: false };
}
