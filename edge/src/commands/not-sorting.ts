/** What a line answers that does not sort by spectra, whatever it is asked of pieces: who asks tells it from a fault. */
import {
  ITEM_EXPLAIN,
  ITEM_LIST,
  ItemExplainArgs,
  ItemListArgs,
  PROGRAMME_DRY_RUN,
  ProgrammeDryRunArgs,
} from '@trame/protocol/classification/item-requests';
import type { ReadCommand } from '../ports/read-command.ts';

export function notSorting() {
  const detail = "cette ligne ne trie pas d'après les spectres";
  return { kind: 'refused', refusal: 'not-sorting', detail } as const;
}

export const QUESTIONS_NOT_SORTING: readonly ReadCommand[] = [
  { command: ITEM_LIST, args: ItemListArgs },
  { command: ITEM_EXPLAIN, args: ItemExplainArgs },
  { command: PROGRAMME_DRY_RUN, args: ProgrammeDryRunArgs },
].map((asked) => ({ ...asked, read: () => Promise.resolve(notSorting()) }));
