import { describe, expect, it } from 'vitest';
import { damageBale } from '../bales/damage-bale.ts';
import { loseBale } from '../bales/lose-bale.ts';
import { findBale } from '../bales/find-bale.ts';
import { LINE, logged, ofNet, outputOf, put } from '../bales/test-outputs.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { MaterialSite } from '../testing/test-material-site.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { zoneWarnings } from './zone-fill.ts';

describe.each(RECORDS_ENGINES)('what decisions read, on %s', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('is enough to set right, lose, find and void an output, and to know how full its zone is', async () => {
    await using opened = await fresh();
    await using site = new MaterialSite(opened.records, TEST_REFERENCE, () => Promise.resolve());
    await put(site, LINE, [{ lot: 'L1', grams: 900_000 }]);
    const { events } = await logged(site, 300_000, { sheet: '1-1' });
    await site.act(weighBale, { weight: ofNet(310_000), corrects: events[2] ?? '' }, 'B1');
    const { weightEvent, code } = await outputOf(site, 'B1');
    expect(await site.book.corrected(weightEvent ?? '')).toBe(events[2]);
    await site.act(damageBale, { lostGrams: 10_000 }, 'B1');
    await site.act(loseBale, {}, 'B1');
    await site.act(findBale, { zone: 'stock' }, 'B1');
    expect(await site.held('output:B1')).toEqual({ L1: 300_000 });
    await put(site, 'lot:L1', [{ lot: 'L1', grams: 5 }]);
    expect(await zoneWarnings(site.context(), 'stock', 499_999)).toEqual([]);
    expect(await zoneWarnings(site.context(), 'stock', 500_000)).toEqual(['zone-80']);
    await site.act(voidBale, {}, 'B1');
    expect(await site.standing()).toEqual({
      'collector:emmaus': -900_005,
      'lot:L1': 5,
      [LINE]: 900_000,
    });
    expect((await site.book.outputBySheet('1-1'))?.status).toBe('voided');
    await logged(site, 100_000, { sheet: '1-1', code: code ?? '' });
    expect((await site.book.outputBySheet('1-1'))?.output).toBe('B2');
    expect((await site.book.outputByCode(code ?? ''))?.output).toBe('B2');
    expect(await site.book.nextNumber('outputs')).toBe(3);
  });
});
