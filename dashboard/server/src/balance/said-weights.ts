/** Which weights an event about material says, and how far they may err. Pure. */
import type { MaterialEventType, MaterialPayloads } from '@trame/protocol/material/material-payloads';
import type { Weight } from '@trame/protocol/material/move';
import { weightVariance } from './scale-error.ts';

/** Events that say how much something weighs. */
export const WEIGHING_TYPES = [
  'lot.received',
  'lot.weighed',
  'lot.dried',
  'line.loaded',
  'mass.moved',
  'output.weighed',
  'subcontract.returned',
] as const satisfies readonly MaterialEventType[];
type WeighingType = (typeof WEIGHING_TYPES)[number];

const ESTIMATED: Pick<Weight, 'how' | 'intervalGrams'> = { how: 'estimated', intervalGrams: null };

/**
 * @param payload of an event of that type, as the ledger's contract let it in.
 * @param movedGrams by the event; of what was said without a weight, that is what may err.
 * @returns u² of all that it weighed together, grams².
 */
export function saidVariance(type: WeighingType, payload: unknown, movedGrams: number): number {
  switch (type) {
    case 'lot.received': {
      const { loads } = payload as MaterialPayloads['lot.received'];
      return loads.reduce(
        (sum, { grossGrams, netGrams, weight }) =>
          sum + weightVariance(weight, grossGrams ?? netGrams, netGrams),
        0,
      );
    }
    case 'lot.weighed':
    case 'lot.dried':
    case 'subcontract.returned': {
      const { netGrams, weight } = payload as MaterialPayloads['lot.weighed'];
      return weightVariance(weight, netGrams, netGrams);
    }
    case 'output.weighed': {
      const { grossGrams, netGrams, weight } = payload as MaterialPayloads['output.weighed'];
      return weightVariance(weight, grossGrams ?? netGrams, netGrams);
    }
    case 'line.loaded':
    case 'mass.moved': {
      const { counted, weight } = payload as Pick<MaterialPayloads['mass.moved'], 'counted' | 'weight'>;
      // All that was there was moved: how much that is, was weighed before.
      if (counted === 'all') return 0;
      return weightVariance(weight ?? ESTIMATED, movedGrams, movedGrams);
    }
  }
}

/** @returns grams that such an event says were weighed; 0: it says no weight of its own. */
export function saidGrams(type: WeighingType, payload: unknown): number {
  switch (type) {
    case 'lot.received': {
      const { loads } = payload as MaterialPayloads['lot.received'];
      return loads.reduce((sum, { netGrams }) => sum + netGrams, 0);
    }
    case 'lot.weighed':
    case 'lot.dried':
    case 'subcontract.returned':
    case 'output.weighed':
      return (payload as MaterialPayloads['lot.weighed']).netGrams;
    case 'line.loaded':
    case 'mass.moved':
      return 0;
  }
}
