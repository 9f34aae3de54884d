/** What the editor does to its form. The last rule takes everything: it is neither moved nor removed, and asks for nothing. */
import { NUMBER_INPUTS, type ProgrammeInput } from '@trame/protocol/sort-programmes/programme-inputs';
import { isChoiceInput, isNumberInput } from '@trame/protocol/sort-programmes/input-words';
import type { CeilingForm, ProgrammeForm, RuleForm, TestForm, ThresholdForm } from './programme-form.ts';

export const INPUT_ORDER: readonly ProgrammeInput[] = [
  'category',
  'family',
  'grade',
  'colour',
  'disruptors',
  'reading',
  ...(Object.keys(NUMBER_INPUTS) as (keyof typeof NUMBER_INPUTS)[]),
];

/** A programme with nothing but the rule that takes everything. */
export function emptyForm(label: string, restLabel: string, outlet: string): ProgrammeForm {
  const rest: RuleForm = { key: 'p1', id: 'reste', label: restLabel, outlet, note: '', tests: [] };
  return { nextKey: 2, id: '', label, note: '', example: false, thresholds: [], ceilings: [], rules: [rest] };
}

/** A form to begin with: an example or another programme becomes one's own, under a name of its own. */
export function ownForm(form: ProgrammeForm, label: string): ProgrammeForm {
  return { ...form, id: '', label, example: false };
}

function withKey(form: ProgrammeForm): { readonly form: ProgrammeForm; readonly key: string } {
  return { form: { ...form, nextKey: form.nextKey + 1 }, key: `p${form.nextKey}` };
}

const replaced = <T extends { readonly key: string }>(list: readonly T[], one: T): readonly T[] =>
  list.map((other) => (other.key === one.key ? one : other));
const without = <T extends { readonly key: string }>(list: readonly T[], key: string): readonly T[] =>
  list.filter((one) => one.key !== key);

/** Before the rule that takes everything. */
export function addRule(before: ProgrammeForm, label: string, outlet: string): ProgrammeForm {
  const { form, key } = withKey(before);
  const rule: RuleForm = { key, id: '', label, outlet, note: '', tests: [] };
  return { ...form, rules: [...form.rules.slice(0, -1), rule, ...form.rules.slice(-1)] };
}

export function setRule(form: ProgrammeForm, rule: RuleForm): ProgrammeForm {
  return { ...form, rules: replaced(form.rules, rule) };
}

export function removeRule(form: ProgrammeForm, key: string): ProgrammeForm {
  return isLast(form, key) ? form : { ...form, rules: without(form.rules, key) };
}

function isLast(form: ProgrammeForm, key: string): boolean {
  return form.rules.at(-1)?.key === key;
}

/** @param by -1: one up, 1: one down. @returns whether that can be done. */
export function canMove(form: ProgrammeForm, key: string, by: -1 | 1): boolean {
  const from = form.rules.findIndex((rule) => rule.key === key);
  const to = from + by;
  return from !== -1 && to >= 0 && to < form.rules.length - 1 && from < form.rules.length - 1;
}

export function moveRule(form: ProgrammeForm, key: string, by: -1 | 1): ProgrammeForm {
  if (!canMove(form, key, by)) return form;
  const from = form.rules.findIndex((rule) => rule.key === key);
  const rule = form.rules[from];
  if (rule === undefined) return form;
  return { ...form, rules: form.rules.toSpliced(from, 1).toSpliced(from + by, 0, rule) };
}

/** Inputs of which a rule asks nothing yet. */
export function freeInputs(rule: RuleForm): readonly ProgrammeInput[] {
  return INPUT_ORDER.filter((input) => !rule.tests.some((test) => test.input === input));
}

export function addTest(before: ProgrammeForm, ruleKey: string, input: ProgrammeInput): ProgrammeForm {
  const { form, key } = withKey(before);
  const rule = form.rules.find((one) => one.key === ruleKey);
  if (rule === undefined || isLast(form, ruleKey)) return before;
  return setRule(form, { ...rule, tests: [...rule.tests, emptyTest(key, input)] });
}

function emptyTest(key: string, input: ProgrammeInput): TestForm {
  const asked = { key, orUnknown: false };
  if (isNumberInput(input)) return { ...asked, kind: 'number', input, atLeast: '', below: '', guard: '' };
  if (isChoiceInput(input)) return { ...asked, kind: 'choice', input, words: [] };
  return { ...asked, kind: 'set', input, anyOf: [], noneOf: [] };
}

export function setTest(rule: RuleForm, test: TestForm): RuleForm {
  return { ...rule, tests: replaced(rule.tests, test) };
}

export function removeTest(rule: RuleForm, key: string): RuleForm {
  return { ...rule, tests: without(rule.tests, key) };
}

export function addThreshold(before: ProgrammeForm): ProgrammeForm {
  const { form, key } = withKey(before);
  const threshold: ThresholdForm = { key, name: '', kind: 'value', value: '', of: '', plus: '0', source: '' };
  return { ...form, thresholds: [...form.thresholds, threshold] };
}

export function setThreshold(form: ProgrammeForm, threshold: ThresholdForm): ProgrammeForm {
  return { ...form, thresholds: replaced(form.thresholds, threshold) };
}

/** What names it: labels of rules, names of thresholds. One that is named is not removed. */
export function usersOf(form: ProgrammeForm, key: string): readonly string[] {
  const rules = form.rules.filter(({ tests }) =>
    tests.some((test) => test.kind === 'number' && (test.atLeast === key || test.below === key)),
  );
  const thresholds = form.thresholds.filter(({ kind, of }) => kind === 'of' && of === key);
  return [...rules.map(({ label }) => label), ...thresholds.map(({ name }) => name)];
}

export function removeThreshold(form: ProgrammeForm, key: string): ProgrammeForm {
  return usersOf(form, key).length > 0 ? form : { ...form, thresholds: without(form.thresholds, key) };
}

export function addCeiling(before: ProgrammeForm, outlet: string): ProgrammeForm {
  const { form, key } = withKey(before);
  const ceiling: CeilingForm = { key, outlet, substance: '', mgPerKgDry: '', source: '' };
  return { ...form, ceilings: [...form.ceilings, ceiling] };
}

export function setCeiling(form: ProgrammeForm, ceiling: CeilingForm): ProgrammeForm {
  return { ...form, ceilings: replaced(form.ceilings, ceiling) };
}

export function removeCeiling(form: ProgrammeForm, key: string): ProgrammeForm {
  return { ...form, ceilings: without(form.ceilings, key) };
}
