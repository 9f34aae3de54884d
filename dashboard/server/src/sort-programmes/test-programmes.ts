/** Sort programmes for tests of the server. */
import type { SaveProgrammeBody } from '@trame/protocol/sort-programmes/programme-events';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';

/** Wool from `percent` on goes to one outlet, all else to another: both of the test site. */
export function woolProgramme(percent = 80, changes: Partial<SortProgramme> = {}): SortProgramme {
  return {
    format: 'trame-sort-programme',
    id: 'laine',
    version: 1,
    label: 'Laine',
    example: false,
    thresholds: { laine: { value: percent, source: 'essai' } },
    ceilings: [],
    rules: [
      { id: 'laine', label: 'Laine', when: { 'fibre.wool': { atLeast: 'laine' } }, outlet: 'effilochage' },
      { id: 'reste', label: 'Reste', when: {}, outlet: 'essuyage' },
    ],
    ...changes,
  };
}

export function saving(programme: SortProgramme, note?: string): SaveProgrammeBody {
  return note === undefined ? { programme } : { programme, note };
}
