/** What a small site works with: one hand line, one line whose infeed scale counts, two presses, three zones. */
import { DEFAULT_STOP_CAUSES } from '@trame/protocol/stops/stop-names';
import type { Reference, ReferenceOutlet } from '../material/reference.ts';

export const TEST_SITE = 'caux';
/** Of hands; keeps the book. */
export const HAND_LINE = 'tri-1';
/** Has an infeed scale that counts. */
export const COUNTED_LINE = 'tri-2';

function outlet(id: string, more: Partial<ReferenceOutlet> = {}): ReferenceOutlet {
  return {
    id,
    label: id,
    pictogram: id,
    group: null,
    family: null,
    unit: 'bale',
    packagingGrams: 0,
    usualGrams: null,
    wasteCode: null,
    operation: null,
    ...more,
  };
}

export const TEST_REFERENCE: Reference = {
  site: TEST_SITE,
  bookKeeper: HAND_LINE,
  lines: [HAND_LINE, COUNTED_LINE],
  countedInfeeds: new Set([COUNTED_LINE]),
  outlets: [
    outlet('creme', { unit: 'sack', usualGrams: { min: 20_000, max: 60_000 } }),
    outlet('effilochage', { packagingGrams: 2_000, usualGrams: { min: 80_000, max: 250_000 } }),
    outlet('essuyage', { packagingGrams: 2_000 }),
    outlet('shoes', { unit: 'pairs', family: 'shoes' }),
  ],
  presses: [
    {
      id: 'presse-1',
      label: 'Presse 1',
      line: HAND_LINE,
      scale: 'bale-scale',
      outlets: ['creme', 'effilochage', 'essuyage', 'shoes'],
    },
    { id: 'presse-2', label: 'Presse 2', line: HAND_LINE, scale: null, outlets: ['effilochage'] },
  ],
  zones: [
    {
      id: 'stock',
      label: 'Stock',
      ceilingGrams: 1_000_000,
      ceilingLitres: null,
      kgPerM3: 200,
      holds: 'nothing',
    },
    {
      id: 'reception',
      label: 'Réception',
      ceilingGrams: null,
      ceilingLitres: 10_000,
      kgPerM3: 100,
      holds: 'nothing',
    },
    { id: 'yard', label: 'Cour', ceilingGrams: null, ceilingLitres: null, kgPerM3: null, holds: 'nothing' },
  ],
  siteCeiling: { grams: null, litres: null, kgPerM3: 100 },
  scales: [
    { id: 'bale-scale', label: 'Bascule', line: HAND_LINE, use: 'bale', intervalGrams: 200 },
    { id: 'floor-scale', label: 'Bascule au sol', line: HAND_LINE, use: 'reception', intervalGrams: 500 },
  ],
  printers: [],
  containerTares: new Map([['cage', 22_000]]),
  gs1: { prefix: '3761303', extension: 0, demo: true },
  ownDomain: 'https://trame.invalid',
  demo: true,
  stopCauses: DEFAULT_STOP_CAUSES,
  programmeApprovals: 1,
  lineOutlets: new Map(),
};
