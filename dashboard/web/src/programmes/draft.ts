/** A programme that somebody is changing and has not saved. */
import type { ProgrammeForm } from './programme-form.ts';

export interface Draft {
  readonly form: ProgrammeForm;
  /** Version that it began with; 0: a new programme. */
  readonly version: number;
  /** The last version that whoever writes it knows of: over a later one it is not saved unasked. 0: a new programme. */
  readonly over: number;
}

/** @param id null: a new programme. @param example that it began with. */
export function draftKey(id: string | null, example: string | null): string {
  return id ?? `+${example ?? ''}`;
}
