/** Where the programme by which a piece was judged can be read: saved here, or one of the examples, or nowhere here. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import { getExamples, getProgramme } from '../api/programmes.ts';
import type { Answer } from '../api/request.ts';
import { programmeRoute, type ProgrammeRoute } from '../sorting/sorting-route.ts';

/** `null`: it cannot be read here. `undefined`: not known, nobody answered. */
export type FoundProgramme = ProgrammeRoute | null | undefined;

export async function findProgramme(
  { id, version, hash }: ProgrammeRef,
  noticed: <T>(asked: Promise<Answer<T>>) => Promise<Answer<T>>,
  signal: AbortSignal,
): Promise<FoundProgramme> {
  const saved = await noticed(getProgramme(id, version, signal));
  if (saved.kind === 'ok' && saved.body.hash === hash) return programmeRoute(id, { version });
  if (saved.kind !== 'ok' && !(saved.kind === 'refused' && saved.status === 404)) return undefined;
  const examples = await noticed(getExamples(signal));
  if (examples.kind !== 'ok') return undefined;
  const example = examples.body.rows.find((one) => one.id === id && one.version === version);
  return example === undefined ? null : programmeRoute(null, { example: id });
}
