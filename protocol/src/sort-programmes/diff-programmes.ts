/** What changed from one version of a sort programme to another: by threshold, by rule, by ceiling. */
import { canonicalJson } from '../canonical-json.ts';
import { criterionWords } from './criterion-words.ts';
import { inputWords, numberWords } from './input-words.ts';
import { outletName, type OutletNames } from './outlet-names.ts';
import type { ProgrammeInput } from './programme-inputs.ts';
import type { SortProgramme, SortRule, Threshold } from './sort-programme.ts';
import { resolveThresholds } from './thresholds.ts';

export const PROGRAMME_CHANGES = [
  /** Id, label, note or the mark «example» of the programme. */
  'programme-changed',
  'threshold-added',
  'threshold-removed',
  'threshold-changed',
  /** Nothing of it was changed, but what it hangs on was, and so its value. */
  'threshold-carried',
  'threshold-source-changed',
  'rule-added',
  'rule-removed',
  'rule-moved',
  'rule-outlet-changed',
  /** Its label or note. */
  'rule-text-changed',
  'test-added',
  'test-removed',
  'test-changed',
  'ceiling-added',
  'ceiling-removed',
] as const;
export type ProgrammeChangeKind = (typeof PROGRAMME_CHANGES)[number];

export interface ProgrammeChange {
  readonly kind: ProgrammeChangeKind;
  /** Name of the threshold, id of the rule, member of the programme; of a ceiling its outlet and substance. */
  readonly about: string;
  /** What is asked for, of tests only. */
  readonly input: ProgrammeInput | null;
  /** As it stands in the programme; null: it is not there. Of a moved rule its place, from 1; of a carried threshold its value. */
  readonly before: unknown;
  readonly after: unknown;
  readonly words: string;
}

/**
 * Of two programmes without errors, whose rules have each their own id. A version number is no change: it grows with each.
 *
 * @param names of outlets, for the words.
 * @returns nothing exactly when they are the same but for the order of ceilings. Rules that others were only put before or
 * after are not told as moved.
 */
export function diffProgrammes(
  before: SortProgramme,
  after: SortProgramme,
  names: OutletNames = {},
): readonly ProgrammeChange[] {
  return [
    ...programmeChanges(before, after),
    ...thresholdChanges(before, after),
    ...ruleChanges(before, after, names),
    ...ceilingChanges(before, after, names),
  ];
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

const PROGRAMME_MEMBERS = {
  id: 'Le nom',
  label: 'Le titre',
  note: 'La note',
  example: 'La mention « exemple »',
};

function programmeChanges(before: SortProgramme, after: SortProgramme): ProgrammeChange[] {
  return (Object.keys(PROGRAMME_MEMBERS) as (keyof typeof PROGRAMME_MEMBERS)[])
    .filter((member) => !isSame(before[member], after[member]))
    .map((member) => ({
      kind: 'programme-changed',
      about: member,
      input: null,
      before: before[member] ?? null,
      after: after[member] ?? null,
      words: `${PROGRAMME_MEMBERS[member]} du programme change.`,
    }));
}

function thresholdChanges(before: SortProgramme, after: SortProgramme): ProgrammeChange[] {
  const [olds, news] = [
    new Map(Object.entries(before.thresholds)),
    new Map(Object.entries(after.thresholds)),
  ];
  const oldValues = resolveThresholds(before.thresholds).values;
  const newValues = resolveThresholds(after.thresholds).values;
  const changes: ProgrammeChange[] = [];
  for (const name of new Set([...olds.keys(), ...news.keys()])) {
    const [old, now] = [olds.get(name), news.get(name)];
    const [oldValue, newValue] = [oldValues.get(name), newValues.get(name)];
    const tell = (kind: ProgrammeChangeKind, words: string, from: unknown = old, to: unknown = now) =>
      changes.push({ kind, about: name, input: null, before: from ?? null, after: to ?? null, words });
    if (old === undefined) {
      tell('threshold-added', `Nouveau seuil « ${name} » : ${valueWords(newValue)}.`);
    } else if (now === undefined) {
      tell('threshold-removed', `Le seuil « ${name} » (${valueWords(oldValue)}) est retiré.`);
    } else if (!isSame(limitOf(old), limitOf(now))) {
      tell(
        'threshold-changed',
        `Le seuil « ${name} » passe de ${valueWords(oldValue)} à ${valueWords(newValue)}${hangingWords(old, now)}.`,
      );
    } else if (oldValue !== newValue) {
      const words = `Le seuil « ${name} » passe de ${valueWords(oldValue)} à ${valueWords(newValue)} avec celui dont il dépend.`;
      tell('threshold-carried', words, oldValue, newValue);
    }
    if (old !== undefined && now !== undefined && old.source !== now.source) {
      const words = `La source du seuil « ${name} » est maintenant : ${now.source}`;
      tell('threshold-source-changed', words, old.source, now.source);
    }
  }
  return changes;
}

function limitOf(threshold: Threshold): object {
  return 'value' in threshold ? { value: threshold.value } : { of: threshold.of, plus: threshold.plus };
}

function valueWords(value: number | undefined): string {
  return value === undefined ? 'une valeur inconnue' : numberWords(value);
}

function hangingWords(old: Threshold, now: Threshold): string {
  const [oldBase, newBase] = ['of' in old ? old.of : null, 'of' in now ? now.of : null];
  if (oldBase === newBase) return '';
  return newBase === null ? ', par lui-même' : `, d'après « ${newBase} »`;
}

function ruleChanges(before: SortProgramme, after: SortProgramme, names: OutletNames): ProgrammeChange[] {
  const olds = new Map(before.rules.map((rule, index) => [rule.id, { rule, place: index + 1 }]));
  const news = new Map(after.rules.map((rule, index) => [rule.id, { rule, place: index + 1 }]));
  const still = longestInOrder([...news.keys()].flatMap((id) => olds.get(id)?.place ?? []));
  const values = {
    old: resolveThresholds(before.thresholds).values,
    now: resolveThresholds(after.thresholds).values,
  };
  const changes: ProgrammeChange[] = [];
  for (const [id, { rule: old, place }] of olds) {
    if (news.has(id)) continue;
    const words = `La règle « ${old.label} » (n° ${place}, → ${outletName(names, old.outlet)}) est retirée.`;
    changes.push({ kind: 'rule-removed', about: id, input: null, before: old, after: null, words });
  }
  for (const [id, { rule: now, place }] of news) {
    const known = olds.get(id);
    if (known === undefined) {
      const words = `Nouvelle règle « ${now.label} » (n° ${place}, → ${outletName(names, now.outlet)}).`;
      changes.push({ kind: 'rule-added', about: id, input: null, before: null, after: now, words });
      continue;
    }
    if (!still.has(known.place)) {
      const words = `La règle « ${now.label} » passe de la place ${known.place} à la place ${place}.`;
      changes.push({ kind: 'rule-moved', about: id, input: null, before: known.place, after: place, words });
    }
    changes.push(...changesOfRule(known.rule, now, values, names));
  }
  return changes;
}

/** @returns the most of these numbers that rise as they stand: what is left has moved. */
function longestInOrder(numbers: readonly number[]): ReadonlySet<number> {
  const best: (readonly number[])[] = [];
  for (const [index, number] of numbers.entries()) {
    let longest: readonly number[] = [];
    for (const chain of best.slice(0, index)) {
      if ((chain.at(-1) ?? 0) < number && chain.length > longest.length) longest = chain;
    }
    best.push([...longest, number]);
  }
  return new Set(best.reduce<readonly number[]>((a, b) => (b.length > a.length ? b : a), []));
}

interface BothValues {
  readonly old: ReadonlyMap<string, number>;
  readonly now: ReadonlyMap<string, number>;
}

function changesOfRule(
  old: SortRule,
  now: SortRule,
  values: BothValues,
  names: OutletNames,
): ProgrammeChange[] {
  const changes: ProgrammeChange[] = [];
  const of = { about: now.id, input: null };
  if (old.outlet !== now.outlet) {
    const words = `La règle « ${now.label} » mène à ${outletName(names, now.outlet)} au lieu de ${outletName(names, old.outlet)}.`;
    changes.push({ ...of, kind: 'rule-outlet-changed', before: old.outlet, after: now.outlet, words });
  }
  if (!isSame(textsOf(old), textsOf(now))) {
    const renamed = old.label === now.label ? 'change de note' : `s'appelait « ${old.label} »`;
    const words = `La règle « ${now.label} » ${renamed}.`;
    changes.push({ ...of, kind: 'rule-text-changed', before: textsOf(old), after: textsOf(now), words });
  }
  const inputs = new Set([...Object.keys(old.when), ...Object.keys(now.when)]) as ReadonlySet<ProgrammeInput>;
  for (const input of inputs) changes.push(...changesOfTest(input, old, now, values));
  return changes;
}

function textsOf({ label, note }: SortRule) {
  return { label, note: note ?? null };
}

function changesOfTest(
  input: ProgrammeInput,
  old: SortRule,
  now: SortRule,
  values: BothValues,
): ProgrammeChange[] {
  const [before, after] = [old.when[input], now.when[input]];
  if (isSame(before, after)) return [];
  const of = { about: now.id, input, before: before ?? null, after: after ?? null };
  const rule = `Règle « ${now.label} »`;
  if (after === undefined) {
    return [
      { ...of, kind: 'test-removed', words: `${rule} : ne demande plus rien de « ${inputWords(input)} ».` },
    ];
  }
  const newWords = criterionWords(input, after, values.now);
  if (before === undefined) {
    return [{ ...of, kind: 'test-added', words: `${rule} : demande aussi ${newWords}.` }];
  }
  const words = `${rule} : ${newWords} (avant : ${criterionWords(input, before, values.old)}).`;
  return [{ ...of, kind: 'test-changed', words }];
}

/** One that was changed is told as taken away and put in: it names what is allowed in a lot, and is read as a whole. */
function ceilingChanges(before: SortProgramme, after: SortProgramme, names: OutletNames): ProgrammeChange[] {
  const [olds, news] = [before.ceilings, after.ceilings].map((ceilings) =>
    ceilings.map((ceiling) => ({ ceiling, key: canonicalJson(ceiling) })),
  );
  const missing = (from: typeof olds, others: typeof news) => {
    const left = (others ?? []).map(({ key }) => key);
    return (from ?? []).filter(({ key }) => {
      const at = left.indexOf(key);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
  };
  const told = (kind: 'ceiling-added' | 'ceiling-removed', changed: ReturnType<typeof missing>) =>
    changed.map(({ ceiling }): ProgrammeChange => {
      const { outlet, substance, mgPerKgDry } = ceiling;
      const what = `${substance} dans ${outletName(names, outlet)}, ${numberWords(mgPerKgDry)} mg/kg sec`;
      const isAdded = kind === 'ceiling-added';
      return {
        kind,
        about: `${outlet}/${substance}`,
        input: null,
        before: isAdded ? null : ceiling,
        after: isAdded ? ceiling : null,
        words: isAdded ? `Nouveau plafond : ${what}.` : `Plafond retiré : ${what}.`,
      };
    });
  return [...told('ceiling-removed', missing(olds, news)), ...told('ceiling-added', missing(news, olds))];
}
