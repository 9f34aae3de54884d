/** A new sort programme, or the next version of one. What was saved is never changed. */
import type { SaveProgrammeBody } from '@trame/protocol/sort-programmes/programme-events';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { ProgrammeFinding, SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { recording, refused, type Decide, type Refused } from '../material/decision.ts';
import { outletNames, programmeOutlets } from '../material/reference.ts';

/** Names that addresses below `/sort-programmes` have. */
const TAKEN_NAMES: readonly string[] = ['check', 'examples', 'lines'];

/** Answers with the version as `number`. What is said already is not said again. */
export const saveProgramme: Decide<SaveProgrammeBody> = async (context, body) => {
  const { book, reference, occurredAt, checkProgramme } = context;
  const { id } = body.programme;
  if (TAKEN_NAMES.includes(id)) {
    return refused('already-exists', `«${id}» is no name of a programme`, { programme: id });
  }
  const last = await book.programmes.last(id);
  const versionOf = (version: number): SortProgramme => ({ ...body.programme, version });
  const programme = versionOf((last?.version ?? 0) + 1);
  const isSaid = last !== undefined && programmeHash(versionOf(last.version)) === last.hash;
  const overtaken = notBasedOn(body, last?.version ?? null, isSaid);
  if (overtaken !== null) return overtaken;
  const findings = await checkProgramme(programme, programmeOutlets(reference, null), outletNames(reference));
  if (isFaulty(findings)) return faulty(id, findings);
  if (isSaid) return recording(id, [], { number: last.version, findings });
  const payload = { programme, hash: programmeHash(programme), note: body.note?.trim() ?? '' };
  return recording(id, [{ type: 'programme.saved', occurredAt, payload }], {
    number: programme.version,
    findings,
  });
};

/** @param last version of that id; null: there is none. @param isSaid by the last one. @returns null: it may be saved. */
function notBasedOn(
  { basedOn, programme: { id } }: SaveProgrammeBody,
  last: number | null,
  isSaid: boolean,
): Refused | null {
  if (basedOn === undefined) return null;
  if (basedOn === null) {
    if (last === null) return null;
    return refused('programme-exists', `«${id}» has ${last} versions`, { programme: id, version: last });
  }
  if (last === null || basedOn.version > last) {
    return refused('unknown-programme', `«${id}» has no version ${basedOn.version}`, { programme: id });
  }
  if (basedOn.version === last || isSaid) return null;
  return refused('programme-moved-on', `version ${last} was saved meanwhile`, {
    programme: id,
    version: last,
  });
}

export function isFaulty(findings: readonly ProgrammeFinding[]): boolean {
  return findings.some(({ weight }) => weight === 'error');
}

/** All findings go along, errors first. */
export function faulty(programme: string, findings: readonly ProgrammeFinding[]): Refused {
  const errors = findings.filter(({ weight }) => weight === 'error').length;
  const refusal = refused('programme-faulty', `${errors} errors: see findings`, { programme, errors });
  return { ...refusal, findings };
}
