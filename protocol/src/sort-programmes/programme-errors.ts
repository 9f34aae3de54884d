/** What keeps a sort programme from being used at all, and what its thresholds should be asked about. */
import { inputWords } from './input-words.ts';
import { pathText } from './path-text.ts';
import type { ProgrammeInput } from './programme-inputs.ts';
import type { ProgrammeFinding, SortProgramme, SortRule } from './sort-programme.ts';
import { limitFindings, type ResolvedThresholds } from './thresholds.ts';

/** @returns faults of the programme by itself, whatever line it is for; none of weight `error`: it can be used. */
export function programmeErrors(
  programme: SortProgramme,
  resolved: ResolvedThresholds,
): readonly ProgrammeFinding[] {
  const names = new Set(Object.keys(programme.thresholds));
  return [
    ...doubleIds(programme.rules),
    ...catchAllFindings(programme.rules),
    ...resolved.findings,
    ...programme.rules.flatMap((rule, index) => [
      ...emptyTests(rule, index),
      ...limitFindings(rule, index, resolved, names),
    ]),
  ];
}

/** A rule without any test holds always. */
export function isCatchAll(rule: SortRule): boolean {
  return Object.keys(rule.when).length === 0;
}

function doubleIds(rules: readonly SortRule[]): ProgrammeFinding[] {
  const findings: ProgrammeFinding[] = [];
  const first = new Map<string, number>();
  for (const [index, { id }] of rules.entries()) {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, index);
      continue;
    }
    findings.push({
      fault: 'double-id',
      weight: 'error',
      about: [id],
      at: pathText(['rules', index, 'id']),
      words: `Les règles ${before + 1} et ${index + 1} s'appellent toutes deux « ${id} » : donnez un autre nom à l'une d'elles.`,
    });
  }
  return findings;
}

function catchAllFindings(rules: readonly SortRule[]): ProgrammeFinding[] {
  const early: ProgrammeFinding[] = [];
  for (const [index, rule] of rules.entries()) {
    if (index === rules.length - 1 || !isCatchAll(rule)) continue;
    early.push({
      fault: 'catch-all-not-last',
      weight: 'error',
      about: [rule.id],
      at: pathText(['rules', index]),
      words: `La règle « ${rule.label} » prend tout et n'est pas la dernière : les suivantes ne servent jamais. Mettez-la à la fin, ou donnez-lui un critère.`,
    });
  }
  const last = rules.at(-1);
  if (early.length > 0 || (last !== undefined && isCatchAll(last))) return early;
  return [
    {
      fault: 'no-catch-all',
      weight: 'error',
      about: [],
      at: 'rules',
      words:
        "La dernière règle doit tout prendre : ajoutez à la fin une règle sans critère, vers le tri manuel par exemple. Sans elle, une pièce qu'aucune règle ne prend n'aurait pas de destination.",
    },
  ];
}

/** Members of a test that ask something; `guard` and `orUnknown` only change how. */
const ASKING = ['atLeast', 'below', 'in', 'anyOf', 'noneOf'] as const;

function emptyTests(rule: SortRule, index: number): ProgrammeFinding[] {
  return Object.entries(rule.when)
    .filter(([, test]) => !ASKING.some((member) => Object.hasOwn(test, member)))
    .map(([input]) => ({
      fault: 'empty-test',
      weight: 'error',
      about: [rule.id],
      at: pathText(['rules', index, 'when', input]),
      words: `Règle « ${rule.label} » : le critère « ${inputWords(input as ProgrammeInput)} » ne demande rien. Donnez-lui une limite ou un mot, ou retirez-le.`,
    }));
}
