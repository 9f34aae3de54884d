import type { StockAnswer } from '@trame/protocol/material/material-answers';
import { describe, expect, it } from 'vitest';
import { repressBales } from '../bales/repress-bales.ts';
import { pressBale } from '../bales/press-bale.ts';
import { logged, ofNet, put } from '../bales/test-outputs.ts';
import { weighBale } from '../bales/weigh-bale.ts';
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
});
