import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { usualZone, type ReferenceZone } from './reference.ts';

const [stock, reception, yard] = TEST_REFERENCE.zones as [ReferenceZone, ReferenceZone, ReferenceZone];

function zonesOf(...zones: ReferenceZone[]) {
  return { ...TEST_REFERENCE, zones };
}

describe('where something stands when nobody says where', () => {
  it('is the zone for it, or the only one there is', () => {
    const outputs: ReferenceZone = { ...stock, holds: 'outputs' };
    expect(usualZone(zonesOf(yard, outputs, reception), 'outputs')).toBe('stock');
    expect(usualZone(zonesOf(yard, outputs, reception), 'deliveries')).toBeNull();
    expect(usualZone(zonesOf(yard, { ...stock, holds: 'all' }), 'deliveries')).toBe('stock');
    expect(usualZone(zonesOf(yard), 'outputs')).toBe('yard');
    expect(usualZone(zonesOf(), 'outputs')).toBeNull();
  });

  it('is where a delivery and a bale of the kiosks are put', async () => {
    const zones: ReferenceZone[] = [
      { ...reception, holds: 'deliveries' },
      { ...stock, holds: 'outputs' },
    ];
    await using site = await materialSite({ zones });
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ loads: [loose(900_000)] }));
    const weight = { how: 'typed', scale: 'bale-scale', grossGrams: 202_000 } as const;
    await site.act(logBale, { outlet: 'essuyage', press: 'presse-1', weight });
    expect(await site.book.lot('L1')).toMatchObject({ zone: 'reception' });
    expect(await site.book.output('B1')).toMatchObject({ zone: 'stock' });
  });
});
