/** From whatever a file or a request holds to a sort programme that this line can follow, or to why it cannot. */
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import { programmeFaults } from '@trame/protocol/sort-programmes/check-programme';
import { compileProgramme, type CompiledProgramme } from '@trame/protocol/sort-programmes/compile-programme';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import { readProgramme } from '@trame/protocol/sort-programmes/read-programme';
import type { ProgrammeFinding, SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';

export interface UsableProgramme {
  readonly programme: SortProgramme;
  readonly compiled: CompiledProgramme;
  readonly ref: ProgrammeRef;
}

export type ProgrammeJudgement =
  | { readonly kind: 'usable'; readonly usable: UsableProgramme }
  /** One finding at least, each an error. */
  | { readonly kind: 'refused'; readonly findings: readonly ProgrammeFinding[] };

/**
 * The errors are those that the full check has, all of them. Comparing rules with one another finds none, and takes seconds in
 * which no piece would be sorted: whoever writes programmes does that.
 * @param outlets that the sorter has.
 */
export function judgeProgramme(value: unknown, outlets: readonly string[]): ProgrammeJudgement {
  const reading = readProgramme(value);
  if (reading.kind === 'refused') return reading;
  const { programme } = reading;
  const findings = programmeFaults(programme, outlets);
  if (findings.length > 0) return { kind: 'refused', findings };
  const compilation = compileProgramme(programme);
  if (compilation.kind === 'refused') return compilation;
  const { id, version } = programme;
  const ref = { id, version, hash: programmeHash(programme) };
  return { kind: 'usable', usable: { programme, compiled: compilation.programme, ref } };
}

/** What is wrong, in one line for a log or a reply. */
export function findingWords(findings: readonly ProgrammeFinding[]): string {
  return findings.map(({ at, words }) => (at === '' ? words : `${at} : ${words}`)).join(' ');
}
