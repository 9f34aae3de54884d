/**
 * Which outlet a piece goes to, and why: the first rule that holds. Pure; a decision takes microseconds.
 *
 * A guard moves a limit inwards by so many errors of the reading. The error of a sum of shares is taken to be that of
 * one share: shares add up to 100 in the cloth and in the reading, so their errors add up to nothing, and a sum errs by
 * as much as what is left out of it. With two or three fibres in a piece one side of that is a single share, and the
 * error is that of one share exactly; with errors of the same size that only their sum ties together, two out of four
 * err by 1.15 times as much, three out of six by 1.34.
 */
import type {
  CompiledChoiceTest,
  CompiledNumberTest,
  CompiledProgramme,
  CompiledRule,
  CompiledSetTest,
  Limit,
} from './compile-programme.ts';
import { asWritten } from './decimals.ts';
import type { ChoiceInput, NumberInput, PieceFacts, SetInput } from './programme-inputs.ts';

/** The first test of a rule that did not hold. Limits are effective ones, after the guard. */
export type FailedTest =
  | { readonly why: 'not-known'; readonly input: NumberInput | ChoiceInput | SetInput }
  | {
      readonly why: 'under' | 'not-under';
      readonly input: NumberInput;
      readonly measured: number;
      readonly limit: number;
    }
  | {
      readonly why: 'another-word';
      readonly input: ChoiceInput;
      readonly measured: string;
      readonly asked: readonly string[];
    }
  | {
      /** `none-of`: none of those asked for is there; `one-of`: one is that must not be. */
      readonly why: 'none-of' | 'one-of';
      readonly input: SetInput;
      readonly measured: readonly string[];
      readonly asked: readonly string[];
    };

/** A rule that was looked at; `failed` null: it holds. */
export interface RuleLook {
  readonly rule: string;
  readonly failed: FailedTest | null;
}

export interface Decision {
  readonly outlet: string;
  readonly rule: string;
  /** Every rule that was looked at, in order; the last of them holds. */
  readonly trace: readonly RuleLook[];
}

export function decideOutlet(programme: CompiledProgramme, facts: PieceFacts): Decision {
  const trace: RuleLook[] = [];
  for (const rule of programme.rules) {
    const failed = firstFailure(rule, facts);
    trace.push({ rule: rule.id, failed });
    if (failed === null) return { outlet: rule.outlet, rule: rule.id, trace };
  }
  throw new Error(`the programme «${programme.id}» was compiled without a rule that takes everything`);
}

/** @returns null when the rule holds. */
export function firstFailure(rule: CompiledRule, facts: PieceFacts): FailedTest | null {
  for (const test of rule.tests) {
    const failed =
      test.kind === 'number'
        ? numberFailure(test, facts)
        : test.kind === 'choice'
          ? choiceFailure(test, facts)
          : setFailure(test, facts);
    if (failed !== null) return failed;
  }
  return null;
}

/** A number that is none counts as not known: it must not slip past a limit. */
function numberFailure(test: CompiledNumberTest, facts: PieceFacts): FailedTest | null {
  const { input, lower, upper } = test;
  const measured = measuredNumber(test, facts);
  if (measured === null || !Number.isFinite(measured)) {
    return test.orUnknown ? null : { why: 'not-known', input };
  }
  if (lower !== null) {
    const limit = effectiveLimit(lower, facts.errorPoints);
    if (!(measured >= limit)) return { why: 'under', input, measured, limit };
  }
  if (upper !== null) {
    const limit = effectiveLimit(upper, facts.errorPoints);
    if (!(measured < limit)) return { why: 'not-under', input, measured, limit };
  }
  return null;
}

/** @returns what the test looks at, null: not known. Shares in %, moisture in %, weight in g. */
export function measuredNumber(
  test: Pick<CompiledNumberTest, 'input' | 'fibres'>,
  facts: PieceFacts,
): number | null {
  if (test.fibres === null) return test.input === 'moisture' ? facts.moisturePercent : facts.weightG;
  if (facts.composition === null) return null;
  let sum = 0;
  for (const fibre of test.fibres) sum += facts.composition[fibre] ?? 0;
  return asWritten(sum);
}

/** @param errorPoints less than nothing would widen a guard band instead of narrowing it: taken as nothing. */
export function effectiveLimit({ at, perError }: Limit, errorPoints: number): number {
  return perError === 0 ? at : asWritten(at + perError * Math.max(0, errorPoints));
}

function choiceFailure(test: CompiledChoiceTest, facts: PieceFacts): FailedTest | null {
  const { input, allowed } = test;
  const measured = facts[input];
  if (measured === null) return test.orUnknown ? null : { why: 'not-known', input };
  return allowed.includes(measured) ? null : { why: 'another-word', input, measured, asked: allowed };
}

function setFailure(test: CompiledSetTest, facts: PieceFacts): FailedTest | null {
  const { input, anyOf, noneOf } = test;
  const measured: readonly string[] | null = facts[input];
  if (measured === null) return test.orUnknown ? null : { why: 'not-known', input };
  if (anyOf !== null && !anyOf.some((word) => measured.includes(word))) {
    return { why: 'none-of', input, measured, asked: anyOf };
  }
  if (noneOf.some((word) => measured.includes(word))) {
    return { why: 'one-of', input, measured, asked: noneOf };
  }
  return null;
}
