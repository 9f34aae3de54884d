/** Thresholds of a sort programme: from names to numbers, and what cannot be meant. */
import { asWritten } from './decimals.ts';
import { inputWords, isNumberInput, quantityWords, fibresOf } from './input-words.ts';
import { pathText } from './path-text.ts';
import { NUMBER_INPUTS, type NumberInput } from './programme-inputs.ts';
import type { NumberTest, ProgrammeFinding, SortProgramme, SortRule, Threshold } from './sort-programme.ts';

/**
 * Error of a share that a reading usually has, points: cotton/polyester ratios on fabrics that were not learnt from are
 * read with 1.5 to 3.5. Guard bands are judged with it where no reading is at hand.
 */
export const USUAL_ERROR_POINTS = 3;

export interface ResolvedThresholds {
  /** Those that lead to a number, by name. */
  readonly values: ReadonlyMap<string, number>;
  readonly findings: readonly ProgrammeFinding[];
}

/** Follows `of … plus` to the end. A circle is told once, with its whole way round. */
export function resolveThresholds(thresholds: SortProgramme['thresholds']): ResolvedThresholds {
  const given = new Map(Object.entries(thresholds));
  const values = new Map<string, number>();
  const lost = new Set<string>();
  const findings: ProgrammeFinding[] = [];
  for (const name of given.keys()) {
    const way = wayFrom(name, given, (one) => values.has(one) || lost.has(one));
    const finding = wayFinding(way, given, lost);
    if (finding !== null) findings.push(finding);
    for (const one of way.names.toReversed()) {
      const value = valueOf(given.get(one), values);
      if (value === null) {
        lost.add(one);
      } else if (Number.isFinite(value)) {
        values.set(one, value);
      } else {
        lost.add(one);
        findings.push({
          ...thresholdError('absurd-threshold', one),
          words: `Le seuil « ${one} » n'est pas un nombre fini : donnez-lui une valeur.`,
        });
      }
    }
  }
  return { values, findings };
}

interface Way {
  /** Thresholds gone through, each hanging on the next. */
  readonly names: readonly string[];
  /** What the last of them hangs on: known already, missing, or one of `names`; null: it hangs on nothing. */
  readonly to: string | null;
}

function wayFrom(
  name: string,
  given: ReadonlyMap<string, Threshold>,
  isKnown: (name: string) => boolean,
): Way {
  const names: string[] = [];
  let at: string | null = name;
  while (at !== null && !isKnown(at) && !names.includes(at)) {
    const threshold = given.get(at);
    if (threshold === undefined) break;
    names.push(at);
    at = 'of' in threshold ? threshold.of : null;
  }
  return { names, to: names.length === 0 ? null : at };
}

function wayFinding(
  { names, to }: Way,
  given: ReadonlyMap<string, Threshold>,
  lost: ReadonlySet<string>,
): ProgrammeFinding | null {
  const last = names.at(-1);
  if (to === null || last === undefined || lost.has(to)) return null;
  if (!given.has(to)) {
    return {
      ...thresholdError('unknown-threshold', last, 'of'),
      words: `Le seuil « ${last} » s'appuie sur « ${to} », qui n'existe pas : créez-le ou corrigez le nom.`,
    };
  }
  const from = names.indexOf(to);
  if (from === -1) return null;
  const circle = names.slice(from);
  return {
    fault: 'circular-threshold',
    weight: 'error',
    about: circle,
    at: pathText(['thresholds', to, 'of']),
    words: `Des seuils tournent en rond : ${[...circle, to].join(' → ')}. Donnez une valeur à l'un d'eux.`,
  };
}

function valueOf(threshold: Threshold | undefined, values: ReadonlyMap<string, number>): number | null {
  if (threshold === undefined) return null;
  if ('value' in threshold) return asWritten(threshold.value);
  const base = values.get(threshold.of);
  return base === undefined ? null : asWritten(base + threshold.plus);
}

function thresholdError(fault: 'unknown-threshold' | 'absurd-threshold', name: string, member?: string) {
  const at = pathText(member === undefined ? ['thresholds', name] : ['thresholds', name, member]);
  return { fault, weight: 'error' as const, about: [name], at };
}

/**
 * What is wrong with the limits of one rule: a name that is no threshold, a limit outside the range of its input, limits
 * that leave nothing between them, a guard where there is no error of a reading; and, as a warning, a guard that leaves
 * nothing at {@link USUAL_ERROR_POINTS}: only a label that was read passes such a test.
 */
export function limitFindings(
  rule: SortRule,
  ruleIndex: number,
  { values }: ResolvedThresholds,
  names: ReadonlySet<string>,
): ProgrammeFinding[] {
  const findings: ProgrammeFinding[] = [];
  for (const [input, test] of Object.entries(rule.when)) {
    if (!isNumberInput(input)) continue;
    const about = (member: keyof NumberTest, ...thresholds: (string | undefined)[]) => ({
      about: [rule.id, ...thresholds.filter((name) => name !== undefined)],
      at: pathText(['rules', ruleIndex, 'when', input, member]),
    });
    findings.push(...oneTest(rule, input, test, values, names, about));
  }
  return findings;
}

type About = (
  member: keyof NumberTest,
  ...thresholds: (string | undefined)[]
) => Pick<ProgrammeFinding, 'about' | 'at'>;

function oneTest(
  rule: SortRule,
  input: NumberInput,
  test: NumberTest,
  values: ReadonlyMap<string, number>,
  names: ReadonlySet<string>,
  about: About,
): ProgrammeFinding[] {
  const findings: ProgrammeFinding[] = [];
  const here = `Règle « ${rule.label} », ${inputWords(input)} : `;
  for (const member of ['atLeast', 'below'] as const) {
    const name = test[member];
    if (name === undefined) continue;
    const value = values.get(name);
    if (!names.has(name)) {
      findings.push({
        fault: 'unknown-threshold',
        weight: 'error',
        ...about(member, name),
        words: `${here}le seuil « ${name} » n'existe pas. Créez-le ou corrigez le nom.`,
      });
    } else if (value !== undefined && isOutside(input, member, value)) {
      const { max } = NUMBER_INPUTS[input];
      findings.push({
        ...absurd(about(member, name)),
        words: `${here}le seuil « ${name} » vaut ${quantityWords(input, value)}, hors de ce qui peut arriver (de 0 à ${quantityWords(input, max)}). Corrigez-le.`,
      });
    }
  }
  if (findings.length > 0) return findings;
  const between = betweenFinding(here, input, test, values, about);
  return between === null ? [] : [between];
}

/** Under 0 there is nothing: `below` 0 never holds, `atLeast` 0 asks that the number be known. */
function isOutside(input: NumberInput, member: 'atLeast' | 'below', value: number): boolean {
  return value < 0 || value > NUMBER_INPUTS[input].max || (member === 'below' && value === 0);
}

function betweenFinding(
  here: string,
  input: NumberInput,
  test: NumberTest,
  values: ReadonlyMap<string, number>,
  about: About,
): ProgrammeFinding | null {
  const { max } = NUMBER_INPUTS[input];
  const guard = test.guard ?? 0;
  if (guard > 0 && fibresOf(input) === null) {
    return {
      ...absurd(about('guard')),
      words: `${here}une marge de garde compte en erreurs de lecture, et cette mesure n'en porte pas. Retirez la marge et déplacez le seuil.`,
    };
  }
  const lower = test.atLeast === undefined ? undefined : values.get(test.atLeast);
  const upper = test.below === undefined ? undefined : values.get(test.below);
  if (lower !== undefined && upper !== undefined && lower >= upper) {
    return {
      ...absurd(about('below', test.atLeast, test.below)),
      words: `${here}au moins ${quantityWords(input, lower)} et moins de ${quantityWords(input, upper)} ne peuvent tenir ensemble. Corrigez l'un des deux seuils.`,
    };
  }
  const from = (lower ?? 0) + (lower === undefined ? 0 : guard * USUAL_ERROR_POINTS);
  const to = upper === undefined ? null : upper - guard * USUAL_ERROR_POINTS;
  if (guard === 0 || (to === null ? from <= max : from < to)) return null;
  return {
    ...absurd(about('guard', test.atLeast, test.below)),
    weight: 'warning',
    words: `${here}avec l'erreur de lecture habituelle (${USUAL_ERROR_POINTS} points), la marge de garde ne laisse rien passer ; seule une étiquette lue le pourrait. Réduisez la marge ou écartez les seuils.`,
  };
}

function absurd(where: Pick<ProgrammeFinding, 'about' | 'at'>) {
  return { fault: 'absurd-threshold' as const, weight: 'error' as 'error' | 'warning', ...where };
}
