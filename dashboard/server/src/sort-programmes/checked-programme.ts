/** Checks a sort programme where it holds up nobody: an intricate one takes seconds. */
import { checkProgramme } from '@trame/protocol/sort-programmes/check-programme';
import type { OutletNames } from '@trame/protocol/sort-programmes/outlet-names';
import type { ProgrammeFinding, SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import type { Records } from '../records/open-records.ts';

export interface CheckAsked {
  readonly programme: SortProgramme;
  /** Null: not known, not checked. */
  readonly outlets: readonly string[] | null;
  /** For the words. */
  readonly names: OutletNames;
}

export function checkedProgramme(
  _records: Records,
  { programme, outlets, names }: CheckAsked,
): Promise<readonly ProgrammeFinding[]> {
  return Promise.resolve(checkProgramme(programme, outlets, names));
}
