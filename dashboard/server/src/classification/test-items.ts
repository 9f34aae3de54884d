/** What an edge says of pieces that it sorted, for tests. */
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { READINGS } from '@trame/protocol/sort-programmes/programme-inputs';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';

/** So many pieces of one fibre each, read in the minute before `toAt`; numbered from 1. */
export function itemsSorted({
  items = 10,
  described = items,
  toAt = TEST_NOW_MS,
  fromSeq = 1,
  ...more
}: Partial<ItemsSorted> = {}): ItemsSorted {
  const readings = Object.fromEntries(READINGS.map((one) => [one, 0])) as ItemsSorted['readings'];
  return {
    device: 'nir',
    life: '0000beef',
    outlet: 'effilochage',
    fromAt: toAt - 50_000,
    toAt,
    fromSeq,
    toSeq: fromSeq + items - 1,
    items,
    readings: { ...readings, pure: described, unknown: items - described },
    composition: described === 0 ? [] : [{ fibre: 'cotton', percent: 100 }],
    described,
    errorPoints: described === 0 ? null : 3,
    late: 0,
    programme: { id: 'usine', version: 2, hash: 'ab'.repeat(32) },
    model: { id: 'sim-v1', sha256: 'cd'.repeat(32) },
    hash: 'ef'.repeat(32),
    ...more,
  };
}
