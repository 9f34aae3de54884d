/**
 * Everything that can be said of a sort programme before it sorts anything: what keeps it from being used (errors), what its
 * author hardly meant (warnings), and what is good to know (notes: rules that overlap, what only the last rule takes).
 */
import { compileProgramme, type CompiledRule } from './compile-programme.ts';
import { gapsOf } from './find-gaps.ts';
import { overlapsOf, type Overlap } from './find-overlaps.ts';
import { reachOf } from './find-unreachable.ts';
import { numberWords } from './input-words.ts';
import { outletName, type OutletNames } from './outlet-names.ts';
import { pathText } from './path-text.ts';
import { errorSlices, pieceSpace, type PieceSpace } from './piece-space.ts';
import { boxWords, pieceWords } from './piece-words.ts';
import { programmeErrors } from './programme-errors.ts';
import type { ProgrammeFinding, SortProgramme } from './sort-programme.ts';
import { USUAL_ERROR_POINTS, resolveThresholds } from './thresholds.ts';

/**
 * How many kinds of pieces are tried to find one that a rule takes, pieces that rules share, and gaps. A programme for
 * which that does not do is told as `too-intricate`, with what was not answered. All of it takes a few seconds at most.
 */
const TRIES_PER_RULE_MAX = 2_000;
const OVERLAP_TRIES_MAX = 40_000;
const GAP_TRIES_MAX = 20_000;
/** Slices of errors that are looked at: more come only of dozens of guard bands of different width on one input. */
const SLICES_MAX = 200;
const GAPS_TOLD_MAX = 5;
const NAMES_TOLD_MAX = 4;

/**
 * What keeps a programme from being used on a line: the errors of {@link checkProgramme}, all of them, without the comparison
 * of rules with one another, which finds no error and takes seconds.
 * @param outlets that the line has; null: not known, not checked.
 */
export function programmeFaults(
  programme: SortProgramme,
  outlets: readonly string[] | null,
): readonly ProgrammeFinding[] {
  const errors = programmeErrors(programme, resolveThresholds(programme.thresholds));
  return [...errors, ...outletFindings(programme, outlets)].filter(({ weight }) => weight === 'error');
}

/**
 * @param outlets that the line has; null: not known, not checked.
 * @param names of outlets, for the words.
 * @returns findings, worst first. With an error of the programme itself, rules are not compared with one another.
 */
export function checkProgramme(
  programme: SortProgramme,
  outlets: readonly string[] | null,
  names: OutletNames = {},
): readonly ProgrammeFinding[] {
  const resolved = resolveThresholds(programme.thresholds);
  const findings = [
    ...programmeErrors(programme, resolved),
    ...outletFindings(programme, outlets, names),
    ...unusedThresholds(programme),
  ];
  const compilation = compileProgramme(programme);
  if (compilation.kind === 'compiled') findings.push(...comparisons(compilation.programme.rules, names));
  const order = ['error', 'warning', 'note'];
  return findings.toSorted((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
}

function outletFindings(
  programme: SortProgramme,
  outlets: readonly string[] | null,
  names: OutletNames = {},
): ProgrammeFinding[] {
  if (outlets === null) return [];
  const named = [
    ...programme.rules.map(({ id, label, outlet }, index) => ({
      about: [id],
      what: `La règle « ${label} »`,
      outlet,
      at: pathText(['rules', index, 'outlet']),
    })),
    ...programme.ceilings.map(({ substance, outlet }, index) => ({
      about: [],
      what: `Le plafond de ${substance}`,
      outlet,
      at: pathText(['ceilings', index, 'outlet']),
    })),
  ];
  return named
    .filter(({ outlet }) => !outlets.includes(outlet))
    .map(({ about, what, outlet, at }) => ({
      fault: 'unknown-outlet',
      weight: 'error',
      about,
      at,
      words: `${what} mène à « ${outlet} », un débouché que cette ligne n'a pas. Choisissez l'un de : ${outlets.map((id) => outletName(names, id)).join(', ')}.`,
    }));
}

/** One on which only unused ones hang is unused as well. */
function unusedThresholds(programme: SortProgramme): ProgrammeFinding[] {
  const thresholds = new Map(Object.entries(programme.thresholds));
  const used = new Set<string>();
  const toFollow = programme.rules.flatMap(({ when }) =>
    Object.values(when).flatMap((test) => [
      ...('atLeast' in test ? [test.atLeast] : []),
      ...('below' in test ? [test.below] : []),
    ]),
  );
  for (const name of toFollow) {
    if (name === undefined || used.has(name)) continue;
    used.add(name);
    const threshold = thresholds.get(name);
    if (threshold !== undefined && 'of' in threshold) toFollow.push(threshold.of);
  }
  return [...thresholds.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({
      fault: 'unused-threshold',
      weight: 'warning',
      about: [name],
      at: pathText(['thresholds', name]),
      words: `Aucune règle ne se sert du seuil « ${name} » : retirez-le, ou mettez-le dans la règle qui devait s'en servir.`,
    }));
}

function comparisons(rules: readonly CompiledRule[], names: OutletNames): ProgrammeFinding[] {
  const hasGuard = rules.some(({ tests }) =>
    tests.some((test) => test.kind === 'number' && (test.lower ?? test.upper)?.perError !== 0),
  );
  const error = hasGuard ? USUAL_ERROR_POINTS : 0;
  const usual = { from: error, to: error };
  const slices = errorSlices(rules);
  if (slices.length > SLICES_MAX) {
    return [tooIntricate([], 'ni les règles sans effet, ni les recouvrements, ni les oublis')];
  }
  const isUsual = ({ from, to }: { from: number; to: number }) => from <= usual.from && usual.to <= to;
  const spaces = slices
    .toSorted((a, b) => Number(isUsual(b)) - Number(isUsual(a)))
    .map((slice) => pieceSpace(rules, slice));
  return [
    ...unreachableFindings(rules, spaces),
    ...overlapFindings(rules, spaces, names),
    ...gapFindings(rules, pieceSpace(rules, usual), names),
  ];
}

function unreachableFindings(
  rules: readonly CompiledRule[],
  spaces: readonly PieceSpace[],
): ProgrammeFinding[] {
  const findings: ProgrammeFinding[] = [];
  const unsure: string[] = [];
  // The last rule takes everything: that nothing is left for it is no fault.
  for (const [index, rule] of rules.slice(0, -1).entries()) {
    const reach = reachOf(index, spaces, { tries: TRIES_PER_RULE_MAX });
    if (reach.kind === 'given-up') unsure.push(rule.id);
    if (reach.kind !== 'unreachable') continue;
    const why =
      reach.by.length === 0
        ? 'aucune pièce ne peut répondre à tous ses critères. Corrigez-les'
        : `tout ce qu'elle demande est déjà pris par ${labels(reach.by.map((before) => rules[before]))}. Remontez-la, resserrez les autres`;
    findings.push({
      fault: 'unreachable',
      weight: 'warning',
      about: [rule.id],
      at: pathText(['rules', index]),
      words: `La règle « ${rule.label} » ne sert jamais : ${why}, ou retirez-la.`,
    });
  }
  if (unsure.length > 0) findings.push(tooIntricate(unsure, 'si certaines règles servent un jour'));
  return findings;
}

/** One note for each rule that goes before others. */
function overlapFindings(
  rules: readonly CompiledRule[],
  spaces: readonly PieceSpace[],
  names: OutletNames,
): ProgrammeFinding[] {
  const outletOf = (rule: CompiledRule | undefined): string => outletName(names, rule?.outlet ?? '');
  const overlaps = overlapsOf(rules, spaces, { tries: OVERLAP_TRIES_MAX });
  const byEarlier = new Map<number, Overlap[]>();
  for (const overlap of overlaps) {
    if (overlap === null) continue;
    byEarlier.set(overlap.earlier, [...(byEarlier.get(overlap.earlier) ?? []), overlap]);
  }
  const findings: ProgrammeFinding[] = [...byEarlier].map(([earlier, unsorted]) => {
    // Rules that ask for the same things were more likely meant to be apart.
    const found = unsorted.toSorted((a, b) => likeness(rules, b) - likeness(rules, a));
    const [first] = found;
    const laters = found.map(({ later }) => rules[later]);
    const example = first === undefined ? '' : pieceWords(first.piece.facts);
    return {
      fault: 'overlap',
      weight: 'note',
      about: [rules[earlier]?.id ?? '', ...laters.map((rule) => rule?.id ?? '')],
      at: pathText(['rules', earlier]),
      words: `La règle « ${rules[earlier]?.label ?? ''} » (→ ${outletOf(rules[earlier])}) passe avant ${labels(laters)}, qui ${laters.length === 1 ? 'prendrait' : 'prendraient'} aussi certaines de ses pièces. Par exemple pour « ${laters[0]?.label ?? ''} » (→ ${outletOf(laters[0])}) : ${example}. Si ce n'est pas voulu, changez l'ordre.`,
    };
  });
  if (overlaps.includes(null)) findings.push(tooIntricate([], 'quelles règles se recouvrent'));
  return findings;
}

/** How many inputs both rules ask for. */
function likeness(rules: readonly CompiledRule[], { earlier, later }: Overlap): number {
  const inputs = new Set(rules[earlier]?.tests.map(({ input }) => input));
  return (rules[later]?.tests ?? []).filter(({ input }) => inputs.has(input)).length;
}

function gapFindings(
  rules: readonly CompiledRule[],
  space: PieceSpace,
  names: OutletNames,
): ProgrammeFinding[] {
  const last = rules.at(-1);
  if (last === undefined || rules.length === 1) return [];
  const { gaps, isAll } = gapsOf(space, GAPS_TOLD_MAX, { tries: GAP_TRIES_MAX });
  const { from } = space.slice;
  const error = from > 0 ? ` (à ${numberWords(from)} points d'erreur de lecture)` : '';
  return gaps.map(({ box, piece }, index) => ({
    fault: 'gap',
    weight: 'note',
    about: [last.id],
    at: pathText(['rules', rules.length - 1]),
    words: `Seule la dernière règle, « ${last.label} » (→ ${outletName(names, last.outlet)}), prend${error} : ${boxWords(space, box)}. Par exemple : ${pieceWords(piece.facts)}.${isAll || index < gaps.length - 1 ? '' : " Il y en a d'autres."}`,
  }));
}

function tooIntricate(about: readonly string[], what: string): ProgrammeFinding {
  return {
    fault: 'too-intricate',
    weight: 'warning',
    about,
    at: 'rules',
    words: `Le programme est trop compliqué pour dire ${what}. Ce qui est dit par ailleurs reste juste. Pour tout savoir, faites moins de règles, ou moins de seuils par mesure.`,
  };
}

function labels(rules: readonly (CompiledRule | undefined)[]): string {
  const names = rules.flatMap((rule) => (rule === undefined ? [] : [`« ${rule.label} »`]));
  const told = names.slice(0, NAMES_TOLD_MAX);
  const more = names.length - told.length;
  if (more > 0) return `${told.join(', ')} et ${more} autre${more === 1 ? '' : 's'}`;
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} et ${told.at(-1) ?? ''}`;
}
