/** From whatever a file or a request holds to a sort programme, or to what is wrong with it. */
import { Value } from 'typebox/value';
import { schemaFaults } from './schema-faults.ts';
import { SortProgramme, type ProgrammeFinding } from './sort-programme.ts';

export type ProgrammeReading =
  | { readonly kind: 'programme'; readonly programme: SortProgramme }
  /** One finding at least, each `not-a-programme`. */
  | { readonly kind: 'refused'; readonly findings: readonly ProgrammeFinding[] };

/**
 * @param value of JSON or YAML, already parsed. Keys that are not known are refused, so that no test is left out for a
 * spelling. What a programme means is not looked at here: see `checkProgramme`.
 */
export function readProgramme(value: unknown): ProgrammeReading {
  const faults = schemaFaults(SortProgramme, value);
  if (faults.length === 0 && Value.Check(SortProgramme, value))
    return { kind: 'programme', programme: value };
  const told =
    faults.length > 0
      ? faults
      : [{ at: '', words: "Ce n'est pas un programme de tri. Partez d'un exemple et changez-le." }];
  return {
    kind: 'refused',
    findings: told.map(({ at, words }) => ({
      fault: 'not-a-programme',
      weight: 'error',
      about: [],
      at,
      words,
    })),
  };
}
