/** Where the programme by which a piece was judged can be read: saved here, or one of the examples, or nowhere here. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { getExamples, getProgramme } from '../api/programmes.ts';
import type { Answer } from '../api/request.ts';
import { programmeRoute, type ProgrammeRoute } from '../sorting/sorting-route.ts';

/** `null`: it cannot be read here. `undefined`: not known, nobody answered. */
export type FoundProgramme =
  | {
      readonly route: ProgrammeRoute;
      /** By the ids of its rules. */
      readonly ruleLabels: ReadonlyMap<string, string>;
    }
  | null
  | undefined;

function labelsOf({ rules }: SortProgramme): ReadonlyMap<string, string> {
  return new Map(rules.map(({ id, label }) => [id, label]));
}

export async function findProgramme(
  { id, version, hash }: ProgrammeRef,
  noticed: <T>(asked: Promise<Answer<T>>) => Promise<Answer<T>>,
  signal: AbortSignal,
): Promise<FoundProgramme> {
  const saved = await noticed(getProgramme(id, version, signal));
  if (saved.kind === 'ok' && saved.body.hash === hash) {
    return { route: programmeRoute(id, { version }), ruleLabels: labelsOf(saved.body.programme) };
  }
  if (saved.kind !== 'ok' && !(saved.kind === 'refused' && saved.status === 404)) return undefined;
  const examples = await noticed(getExamples(signal));
  if (examples.kind !== 'ok') return undefined;
  const example = examples.body.rows.find((one) => one.id === id && one.version === version);
  if (example === undefined) return null;
  return { route: programmeRoute(null, { example: id }), ruleLabels: labelsOf(example) };
}
