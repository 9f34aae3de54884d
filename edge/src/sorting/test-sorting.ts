/** A small programme, a station's configuration and spectra for tests of sorting. */
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import type { SortingConfig } from '../domain/sorting-config.ts';
import type { SortingDeskOptions } from './sorting-desk.ts';

export const OUTLETS = { polymere: 5, csr: 7, manuel: 8, elimination: 8 } as const;

export const RING: SortingDeskOptions['ring'] = {
  wavelengths: { fromNm: 940, stepNm: 4, count: 186 },
  quantity: 'absorbance',
};

export const CONFIG: SortingConfig = {
  nir: 'nir',
  sorter: 'plc',
  model: { kind: 'shipped', id: 'sim-v1' },
  programme: { kind: 'shipped', id: 'essai' },
  fallback: 'manuel',
  outlets: OUTLETS,
  keep: { pieces: 100, spectra: 10 },
};

/** What was not read goes to disposal, all else to fuel. */
export function programme(version = 1, rest = 'csr'): SortProgramme {
  return {
    format: 'trame-sort-programme',
    id: 'essai',
    version,
    label: 'Essai',
    example: false,
    thresholds: {},
    ceilings: [],
    rules: [
      { id: 'pas-lu', label: 'Pas lu', when: { reading: { in: ['unreadable'] } }, outlet: 'elimination' },
      { id: 'reste', label: 'Tout le reste', when: {}, outlet: rest },
    ],
  };
}
