/** Every rule of a programme as it meets one piece: what explains where the piece went, at its edge or from a saved version. */
import type { CompiledProgramme } from './compile-programme.ts';
import { firstFailure, type FailedTest } from './decide-outlet.ts';
import type { PieceFacts } from './programme-inputs.ts';

export interface ExplainedRule {
  readonly id: string;
  readonly label: string;
  readonly outlet: string;
  /** The first test that failed; null: the rule holds, or would have. */
  readonly failed: FailedTest | null;
}

/** @returns its rules in order, those after the one that took the piece too. */
export function explainRules({ rules }: CompiledProgramme, facts: PieceFacts): ExplainedRule[] {
  return rules.map((rule) => {
    const { id, label, outlet } = rule;
    return { id, label, outlet, failed: firstFailure(rule, facts) };
  });
}
