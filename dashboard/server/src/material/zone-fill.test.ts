import { describe, expect, it } from 'vitest';
import { logged, put } from '../bales/test-outputs.ts';
import { declareContainer } from '../containers/declare-container.ts';
import { placeContainer } from '../containers/place-container.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { delivery, loose } from '../lots/test-deliveries.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { zoneWarnings } from './zone-fill.ts';

describe('a zone', () => {
  it('is filled by outputs, lots and containers that stand in it, by weight or by volume', async () => {
    // 10 m³ at 100 kg/m³: a ton.
    await using site = await materialSite();
    const full = (grams: number) => zoneWarnings(site.context(), 'reception', grams);
    const collector = null;
    await site.act(receiveLot, delivery({ collector, zone: 'reception', loads: [loose(300_000)] }));
    await site.act(receiveLot, delivery({ collector, zone: 'yard', loads: [loose(300_000)] }));
    expect(await full(499_999)).toEqual([]);
    expect(await full(500_000)).toEqual(['zone-80']);
    await site.act(declareContainer, { container: 'C-1', kind: 'cage', tareGrams: 22_000 });
    await put(site, 'container:C-1', [{ lot: 'L2', grams: 200_000 }]);
    expect(await full(299_999 + 200_000)).toEqual([]);
    await site.act(placeContainer, { zone: 'reception' }, 'C-1');
    expect(await full(300_000)).toEqual(['zone-80']);
    await logged(site, 100_000, { zone: 'reception' });
    expect(await full(400_000)).toEqual(['zone-80']);
    expect(await full(400_001)).toEqual(['zone-over']);
    expect(await zoneWarnings(site.context(), 'yard', 1_000_000_000)).toEqual([]);
  });
});
