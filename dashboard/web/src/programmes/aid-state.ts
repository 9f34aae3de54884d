/** What somebody says of the piece in the hand, and where a programme leads it: pure, worked out in the page. */
import { compileProgramme, type CompiledProgramme } from '@trame/protocol/sort-programmes/compile-programme';
import {
  decideOutlet,
  firstFailure,
  type Decision,
  type FailedTest,
} from '@trame/protocol/sort-programmes/decide-outlet';
import type { Said } from '@trame/protocol/sort-programmes/facts-of-verdict';
import { handFacts } from '@trame/protocol/sort-programmes/hand-facts';
import type { ProgrammeInput } from '@trame/protocol/sort-programmes/programme-inputs';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';

export type Label = NonNullable<Parameters<typeof handFacts>[1]>;
export type LabelFibre = Label[number]['fibre'];

export interface AidSaid extends Pick<Said, 'category' | 'colour' | 'grade' | 'family' | 'disruptors'> {
  readonly label: Label;
}

export const NOTHING_SAID: AidSaid = { label: [] };

/** Null: the programme cannot be used, which the server would not have let happen. */
export function compiledOrNull(programme: SortProgramme): CompiledProgramme | null {
  const compilation = compileProgramme(programme);
  return compilation.kind === 'compiled' ? compilation.programme : null;
}

export interface AidRule {
  readonly id: string;
  readonly label: string;
  readonly outlet: string;
  /** Null: it holds, or would have if another had not come first. */
  readonly failed: FailedTest | null;
}

export type AidAnswer =
  | {
      readonly kind: 'decided';
      readonly decision: Decision;
      /** Every rule in order. */
      readonly rules: readonly AidRule[];
      /** What was not said and kept a rule before from holding: saying it may change the outlet. */
      readonly open: readonly ProgrammeInput[];
    }
  /** The label is not right as it was typed. */
  | { readonly kind: 'refused'; readonly words: string };

export function aidAnswer(programme: CompiledProgramme, { label, ...said }: AidSaid): AidAnswer {
  const hand = handFacts(said, label);
  if (hand.kind === 'refused') return { kind: 'refused', words: hand.words };
  const decision = decideOutlet(programme, hand.facts);
  const rules = programme.rules.map((rule) => ({
    id: rule.id,
    label: rule.label,
    outlet: rule.outlet,
    failed: firstFailure(rule, hand.facts),
  }));
  const before = decision.trace.flatMap(({ failed }) => (failed?.why === 'not-known' ? [failed.input] : []));
  return { kind: 'decided', decision, rules, open: [...new Set(before)] };
}

/** @returns what is left of a label for the next fibre, %; 100 of an empty one, 0 of a full one. */
export function labelRest(label: Label): number {
  return Math.max(0, 100 - label.reduce((sum, { percent }) => sum + percent, 0));
}

/** @param percent null: takes the fibre away. */
export function setShare(label: Label, fibre: LabelFibre, percent: number | null): Label {
  if (percent === null) return label.filter((share) => share.fibre !== fibre);
  return label.some((share) => share.fibre === fibre)
    ? label.map((share) => (share.fibre === fibre ? { fibre, percent } : share))
    : [...label, { fibre, percent }];
}

/** A word of which several may be true; null: nothing said yet. Touched again it is taken back. */
export function toggled<T extends string>(list: readonly T[] | null, word: T): readonly T[] {
  const said = list ?? [];
  return said.includes(word) ? said.filter((one) => one !== word) : [...said, word];
}

/** Outlets to which the programme leads, in the order of its rules: what a learner chooses from. */
export function outletsOf(programme: CompiledProgramme): readonly string[] {
  return [...new Set(programme.rules.map(({ outlet }) => outlet))];
}
