import { fabrics, type Fabric } from './materials.ts';
import { binIds, type BinId } from './outlets.ts';

/** The classes that the sorter tells apart, in the order of its table. */
export const sorterClasses = Object.keys(fabrics) as Fabric[];

/** What the sorter follows until verdicts come from outside. */
export interface SortProgramme {
  id: string;
  version: number;
  /** For each of {@link sorterClasses} its outlet. */
  routes: Record<Fabric, BinId>;
}

/** The programme that the sorter was delivered with. */
export function factoryProgramme(): SortProgramme {
  return {
    id: 'factory',
    version: 1,
    routes: {
      cotton: 'effilochage',
      'cotton-stretch': 'effilochage',
      wool: 'effilochage',
      acrylic: 'effilochage',
      flax: 'buchettes',
      viscose: 'buchettes',
      polyester: 'polymere',
      polyamide: 'polymere',
      polypropylene: 'polymere',
      'cotton-rich': 'csr',
      'polyester-rich': 'csr',
      'wool-polyamide': 'csr',
      'acrylic-wool': 'csr',
      multilayer: 'csr',
    },
  };
}

/** The bin of a number, 1 to 8; null: there is none. */
export function binOf(number: number): BinId | null {
  return binIds[number - 1] ?? null;
}

/** The number of a bin, from 1; 0 of none. */
export function binNumber(bin: BinId | null): number {
  return bin === null ? 0 : binIds.indexOf(bin) + 1;
}

export function notDiverted(): Record<BinId, BinId | null> {
  return Object.fromEntries(binIds.map((id) => [id, null])) as Record<BinId, BinId | null>;
}
