/** What names a version of a programme beyond doubt, in verdicts and in the ledger. */
import { hash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { SortProgramme } from './sort-programme.ts';

/** @returns SHA-256 of the canonical JSON (RFC 8785), hex. Members that are not given and the order of keys do not matter. */
export function programmeHash(programme: SortProgramme): string {
  return hash('sha256', canonicalJson(programme));
}
