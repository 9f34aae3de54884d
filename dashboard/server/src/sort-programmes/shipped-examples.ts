/** The sort programmes that come with this version, to begin from. */
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { EVERY_OUTLET_PROGRAMME } from '@trame/protocol/sort-programmes/examples/every-outlet';
import { HAND_TABLES_PROGRAMME } from '@trame/protocol/sort-programmes/examples/hand-tables';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';

export const SHIPPED_EXAMPLES: readonly SortProgramme[] = [
  AUTOMATIC_LINE_PROGRAMME,
  HAND_TABLES_PROGRAMME,
  EVERY_OUTLET_PROGRAMME,
];
