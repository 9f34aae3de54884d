/** From the form to the programme that is checked and saved, or to what of it cannot be written down. */
import { inputWords } from '@trame/protocol/sort-programmes/input-words';
import type { ToldFinding } from '@trame/protocol/sort-programmes/programme-finding';
import { t } from '../messages/translate.ts';
import { readFigure } from './figures.ts';
import { nameOfLabel } from './name-of-label.ts';
import type { ProgrammeForm, RuleForm, TestForm, ThresholdForm } from './programme-form.ts';

/** What the form itself finds, in the shape of what the server finds. */
export type FormFault = Readonly<Pick<ToldFinding, 'at' | 'words'>>;

export interface FormRead {
  /** As `SortProgramme`, with what was not filled in: the server says what is missing. */
  readonly programme: { readonly id: string; readonly rules: readonly { readonly id: string }[] };
  /** None: it can be sent. */
  readonly faults: readonly FormFault[];
}

/** Names that addresses have below `/sort-programmes`. */
const TAKEN_ALWAYS = ['check', 'examples', 'lines'];

/** @param version that is shown; the server gives it anew. @param taken names that other programmes have. */
export function programmeOfForm(form: ProgrammeForm, version: number, taken: readonly string[]): FormRead {
  const faults: FormFault[] = [];
  const figure = (text: string, at: string, what: string): number | null => {
    const value = readFigure(text);
    if (value === null) faults.push({ at, words: t('programmeForm.noNumber', { what, text }) });
    return value;
  };
  const names = new Map(form.thresholds.map(({ key, name }) => [key, name.trim()]));
  const thresholds = thresholdsOf(form.thresholds, names, figure, faults);
  const ids = new Set(form.rules.flatMap(({ id }) => (id === '' ? [] : [id])));
  const rules = form.rules.map((rule, index) => {
    const id = rule.id === '' ? nameOfLabel(rule.label, 'regle', ids) : rule.id;
    ids.add(id);
    return ruleOf(rule, id, index, names, figure, faults);
  });
  const id =
    form.id === '' ? nameOfLabel(form.label, 'programme', new Set([...taken, ...TAKEN_ALWAYS])) : form.id;
  const programme = {
    format: 'trame-sort-programme',
    id,
    version,
    label: form.label.trim(),
    ...textMember('note', form.note),
    example: form.example,
    thresholds,
    ceilings: form.ceilings.map(({ outlet, substance, mgPerKgDry, source }, index) => ({
      outlet,
      substance: substance.trim(),
      mgPerKgDry: figure(mgPerKgDry, `ceilings[${index}].mgPerKgDry`, substance),
      source: source.trim(),
    })),
    rules,
  };
  return { programme, faults };
}

type Figure = (text: string, at: string, what: string) => number | null;

function textMember<K extends string>(name: K, text: string): { readonly [name in K]?: string } {
  return text.trim() === '' ? {} : ({ [name]: text.trim() } as { readonly [name in K]?: string });
}

function thresholdsOf(
  thresholds: readonly ThresholdForm[],
  names: ReadonlyMap<string, string>,
  figure: Figure,
  faults: FormFault[],
): Readonly<Record<string, object>> {
  const written = new Map<string, object>();
  for (const { key, kind, value, of, plus, source } of thresholds) {
    const name = names.get(key) ?? '';
    const at = `thresholds[${JSON.stringify(name)}]`;
    if (name === '') faults.push({ at, words: t('programmeForm.noName') });
    else if (written.has(name)) faults.push({ at, words: t('programmeForm.doubleName', { name }) });
    const whence = { source: source.trim() };
    written.set(
      name,
      kind === 'value'
        ? { value: figure(value, at, name), ...whence }
        : { of: names.get(of) ?? '', plus: figure(plus, at, name), ...whence },
    );
    if (kind === 'of' && !names.has(of)) faults.push({ at, words: t('programmeForm.noBase', { name }) });
  }
  return Object.fromEntries(written);
}

function ruleOf(
  { label, outlet, note, tests }: RuleForm,
  id: string,
  index: number,
  names: ReadonlyMap<string, string>,
  figure: Figure,
  faults: FormFault[],
): { readonly id: string } {
  const at = `rules[${index}]`;
  const what = label.trim() === '' ? String(index + 1) : label;
  if (label.trim() === '') faults.push({ at, words: t('programmeForm.noLabel') });
  if (outlet === '') faults.push({ at, words: t('programmeForm.noOutlet', { what }) });
  const when = tests.map((test) => {
    if (test.kind === 'choice' && test.words.length === 0) {
      faults.push({ at, words: t('programmeForm.noWord', { what, input: inputWords(test.input) }) });
    }
    return [test.input, testOf(test, names, (text) => figure(text, at, inputWords(test.input)))] as const;
  });
  const rule = {
    id,
    label: label.trim(),
    when: Object.fromEntries(when),
    outlet,
    ...textMember('note', note),
  };
  return rule;
}

function testOf(
  test: TestForm,
  names: ReadonlyMap<string, string>,
  figure: (text: string) => number | null,
): object {
  const unknown = test.orUnknown ? { orUnknown: true } : {};
  if (test.kind === 'choice') return { in: [...test.words], ...unknown };
  if (test.kind === 'set') {
    const { anyOf, noneOf } = test;
    return {
      ...(anyOf.length === 0 ? {} : { anyOf: [...anyOf] }),
      ...(noneOf.length === 0 ? {} : { noneOf: [...noneOf] }),
      ...unknown,
    };
  }
  const [atLeast, below] = [names.get(test.atLeast), names.get(test.below)];
  return {
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(below === undefined ? {} : { below }),
    ...(test.guard.trim() === '' ? {} : { guard: figure(test.guard) }),
    ...unknown,
  };
}
