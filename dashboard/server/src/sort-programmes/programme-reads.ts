/** What addresses that read sort programmes need, and who may read. */
import { roles } from '../access/guard.ts';
import type { MaterialReadOptions } from '../material/material-reads.ts';

export interface ProgrammeRouteOptions extends Pick<MaterialReadOptions, 'records' | 'reference' | 'heavy'> {
  /** @returns the opaque reference of an account. */
  readonly actorRefOf: (login: string) => Promise<string>;
}

/** Who sorts by them, who answers for them, and who learns. */
export const PROGRAMME_READERS = roles('operator', 'supervisor', 'trainee', 'administrator');
