/** Puts what a check found beside the part of the form that it is about. */
import type { ToldFinding } from '@trame/protocol/sort-programmes/programme-finding';
import type { ProgrammeForm } from './programme-form.ts';

export type Finding = Readonly<Pick<ToldFinding, 'weight' | 'at' | 'words'>> & {
  readonly about: readonly string[];
};

export interface PlacedFindings {
  /** By the key of a rule, a threshold or a ceiling. */
  readonly byPart: ReadonlyMap<string, readonly Finding[]>;
  /** About the programme as a whole, or about nothing that stands in the form. */
  readonly whole: readonly Finding[];
  readonly counts: Readonly<Record<Finding['weight'], number>>;
}

export const NO_FINDINGS: PlacedFindings = {
  byPart: new Map(),
  whole: [],
  counts: { error: 0, warning: 0, note: 0 },
};

const PLACE = /^(?<list>rules|ceilings)\[(?<index>\d+)\]/u;
const THRESHOLD = /^thresholds(?:\.(?<plain>[\w-]+)|\[(?<quoted>"(?:[^"\\]|\\.)*")\])/u;

/** @param form as it was when it was checked: places are those of its rules then. @param ids of its rules, in order. */
export function placeFindings(
  findings: readonly Finding[],
  form: ProgrammeForm,
  ids: readonly string[],
): PlacedFindings {
  const byPart = new Map<string, readonly Finding[]>();
  const whole: Finding[] = [];
  const counts = { error: 0, warning: 0, note: 0 };
  for (const finding of findings) {
    counts[finding.weight] += 1;
    const key = partOf(finding, form, ids);
    if (key === undefined) whole.push(finding);
    else byPart.set(key, [...(byPart.get(key) ?? []), finding]);
  }
  return { byPart, whole, counts };
}

function partOf({ at, about }: Finding, form: ProgrammeForm, ids: readonly string[]): string | undefined {
  const place = PLACE.exec(at)?.groups;
  if (place !== undefined) {
    return form[place['list'] === 'rules' ? 'rules' : 'ceilings'][Number(place['index'])]?.key;
  }
  const threshold = THRESHOLD.exec(at)?.groups;
  if (threshold !== undefined) {
    const { plain, quoted } = threshold;
    const name = plain ?? (quoted === undefined ? '' : String(JSON.parse(quoted)));
    return form.thresholds.find((one) => one.name.trim() === name)?.key;
  }
  const [rule] = about;
  return rule === undefined ? undefined : form.rules[ids.indexOf(rule)]?.key;
}
