/** Which outputs wait for somebody. */
import type { BaleRow } from '@trame/protocol/material/material-answers';

/** Cannot ship without a weight: to be done today. Not found: somebody looks for it. */
const LEVELS: Readonly<Record<string, 2 | 3>> = { 'to-weigh': 2, pressed: 3, missing: 2 };

/** @returns null: nobody has to do anything. */
export function baleLevel({ status }: Pick<BaleRow, 'status'>): 2 | 3 | null {
  return LEVELS[status] ?? null;
}
