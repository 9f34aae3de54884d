import type { StockAnswer } from '@trame/protocol/material/material-answers';
import { describe, expect, it } from 'vitest';
import { repressBales } from '../bales/repress-bales.ts';
import { pressBale } from '../bales/press-bale.ts';
import { logged, ofNet, put } from '../bales/test-outputs.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { declareContainer } from '../containers/declare-container.ts';
import { placeContainer } from '../containers/place-container.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { delivery, inside, loose } from '../lots/test-deliveries.ts';
import { materialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';

describe.each(RECORDS_ENGINES)('the stock, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('keeps what is pressed anew and waits for its weight', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await put(site, 'line:tri-1', [{ lot: 'L1', grams: 190_000 }]);
    await logged(site, 100_000);
    await logged(site, 90_000);
    await site.act(repressBales, { bales: ['B1', 'B2'] });
    const pressed = await reading.read<StockAnswer>('/stock');
    expect(pressed.elsewhere).toEqual([{ account: 'output:B3', grams: 190_000 }]);
    expect(pressed.site.grams).toBe(190_000);
    await site.act(pressBale, { toWeigh: true }, 'B3');
    const waiting = await reading.read<StockAnswer>('/stock');
    expect([waiting.site.grams, waiting.elsewhere]).toEqual([
      190_000,
      [{ account: 'outputs', grams: 190_000 }],
    ]);
    await site.act(weighBale, { weight: ofNet(185_000) }, 'B3');
    expect((await reading.read<StockAnswer>('/stock')).site.grams).toBe(185_000);
  });

  it('takes room wherever it lies: by the density of the site where nothing else says it', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    site.reference = { ...site.reference, siteCeiling: { grams: null, litres: 20_000, kgPerM3: 100 } };
    const litres = async () => (await reading.read<StockAnswer>('/stock')).site.litres;
    const collector = null;
    await site.act(receiveLot, delivery({ collector, zone: null, loads: [loose(500_000)] }));
    expect(await litres()).toBe(5_000);
    // 200 kg/m³ there; the yard states no density.
    await logged(site, 400_000, { zone: 'stock' });
    await logged(site, 100_000, { zone: 'yard' });
    await logged(site, 50_000, { zone: null });
    expect(await litres()).toBe(5_000 + 2_000 + 1_000 + 500);
    await put(site, 'line:tri-1', [{ lot: 'L1', grams: 70_000 }]);
    expect(await litres()).toBe(9_200);
    await site.act(declareContainer, { container: 'C-1', kind: 'skip', tareGrams: 1, volumeLitres: 6_800 });
    const inSkip = delivery({ collector, zone: null, loads: [inside('C-1', 10_001)] });
    expect((await site.act(receiveLot, inSkip)).warnings).toEqual(['site-80']);
    const stock = await reading.read<StockAnswer>('/stock');
    expect(stock.site).toMatchObject({ litres: 16_000, percent: 80, level: 'warn' });
    expect((await site.act(receiveLot, delivery({ collector, loads: [loose(401_000)] }))).warnings).toEqual([
      'site-over',
    ]);
  });

  it('warns of a zone by the volume of its containers, as it is shown', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    // 10 m³ at 100 kg/m³.
    await put(site, 'container:C-1', [{ lot: 'L1', grams: 10_000 }]);
    await site.act(declareContainer, { container: 'C-1', kind: 'skip', tareGrams: 1, volumeLitres: 9_000 });
    expect((await site.act(placeContainer, { zone: 'reception' }, 'C-1')).warnings).toEqual(['zone-80']);
    expect((await site.act(placeContainer, { zone: 'reception' }, 'C-1')).warnings).toEqual(['zone-80']);
    const zone = (await reading.read<StockAnswer>('/stock')).zones.find(({ id }) => id === 'reception');
    expect(zone).toMatchObject({ litres: 9_000, percent: 90 });
    const more = delivery({ collector: null, zone: 'reception', loads: [inside('C-2', 12_000)] });
    await site.act(declareContainer, { container: 'C-2', kind: 'skip', tareGrams: 1, volumeLitres: 1_001 });
    expect((await site.act(receiveLot, more)).warnings).toEqual(['zone-over']);
  });
});
