import { StockCountBody } from '@trame/protocol/material/bale-acts';
import type { StockCountRow } from '@trame/protocol/material/material-answers';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { bale, LINE, logged, outputOf, put, siteAtWork } from '../bales/test-outputs.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { openShipment } from '../shipments/open-shipment.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { declareClient } from '../shipments/test-shipments.ts';
import { materialReading } from '../testing/test-material-reading.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import { countStock } from './count-stock.ts';

async function threeInStock(): Promise<MaterialSite> {
  const site = await siteAtWork();
  for (const net of [100_000, 110_000, 120_000]) await logged(site, net);
  return site;
}

describe('a count of the stock', () => {
  it('that agrees needs no reason and moves nothing', async () => {
    await using site = await threeInStock();
    const done = await site.act(countStock, { zone: 'stock', count: 3, bales: ['B3', 'B1', 'B2'] });
    expect(done).toMatchObject({ id: 'stock', number: null, warnings: [] });
    expect(done.drafts[0]?.payload).toMatchObject({
      bookedCount: 3,
      bookedGrams: 330_000,
      countedGrams: 330_000,
      differenceGrams: 0,
      missing: [],
      found: [],
      moves: [],
    });
  });

  it('names what is missing, with its kilograms, and a later one finds it again', async () => {
    await using site = await threeInStock();
    const body = { zone: 'stock', count: 2, bales: ['B1', 'B3'] };
    expect(await site.refusal(countStock, body)).toEqual({
      code: 'reason-missing',
      params: { counted: 2, booked: 3, differenceGrams: -110_000 },
    });
    const done = await site.act(countStock, { ...body, reason: 'introuvable' });
    expect(done.warnings).toEqual(['stock-differs']);
    expect((await outputOf(site, 'B2')).status).toBe('missing');
    expect((await site.standing())['missing:site']).toBe(110_000);
    const again = { zone: 'yard', count: 1, bales: ['B2'], reason: 'retrouvée dehors' };
    await site.act(countStock, again);
    expect(await outputOf(site, 'B2')).toMatchObject({ status: 'stock', zone: 'yard' });
    expect(await site.held('output:B2')).toEqual({ L1: 82_500, L2: 27_500 });
    expect((await site.standing())['missing:site']).toBeUndefined();
  });

  it('finds what the book has elsewhere, without a movement', async () => {
    await using site = await threeInStock();
    await logged(site, 90_000, { zone: 'yard' });
    const bales = ['B1', 'B2', 'B3', 'B4'];
    const { drafts } = await site.act(countStock, { zone: 'stock', count: 4, bales, reason: 'rangement' });
    expect(drafts[0]?.payload).toMatchObject({ found: ['B4'], moves: [], differenceGrams: 90_000 });
    expect((await outputOf(site, 'B4')).zone).toBe('stock');
  });

  it('by number alone tells the signed difference and leaves the book as it is', async () => {
    await using site = await threeInStock();
    const body = { zone: 'stock', count: 4, grams: 441_500, reason: 'étiquettes illisibles' };
    const { drafts } = await site.act(countStock, body);
    expect(drafts[0]?.payload).toMatchObject({ differenceGrams: 111_500, missing: [], moves: [] });
    expect((await site.standing())['missing:site']).toBeUndefined();
    const uncounted = await site.act(countStock, { zone: 'stock', count: 3 });
    expect(uncounted.drafts[0]?.payload).toMatchObject({ countedGrams: null, differenceGrams: null });
  });

  it('of one outlet looks at that one only', async () => {
    await using site = await threeInStock();
    await logged(site, 90_000, { outlet: 'essuyage' });
    const body = { zone: 'stock', outlet: 'essuyage', count: 1, bales: ['B4'] };
    expect((await site.act(countStock, body)).warnings).toEqual([]);
    expect(await site.refusal(countStock, { ...body, bales: ['B1'] })).toMatchObject({
      code: 'not-the-outlet',
      params: { output: 'B1', outlet: 'effilochage' },
    });
  });

  it('includes what waits for its weight, by number', async () => {
    await using site = await threeInStock();
    await site.act(logBale, bale({ stage: 'to-weigh', zone: 'stock' }));
    const body = { zone: 'stock', count: 3, bales: ['B1', 'B2', 'B3'], reason: 'partie' };
    const { drafts } = await site.act(countStock, body);
    expect(drafts[0]?.payload).toMatchObject({ bookedCount: 4, missing: ['B4'], moves: [] });
  });

  it('leaves out what is just in the press or on a truck', async () => {
    await using site = await threeInStock();
    await declareClient(site);
    await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(loadShipment, { code: 'B3' }, 'E1');
    await site.act(logBale, bale({ stage: 'pressed' }));
    const bales = ['B1', 'B2', 'B3', 'B4'];
    const done = await site.act(countStock, { zone: 'stock', count: 4, bales });
    expect(done.warnings).toEqual(['in-work-not-counted']);
    expect(done.drafts[0]?.payload).toMatchObject({
      bookedCount: 2,
      countedCount: 2,
      differenceGrams: 0,
      missing: [],
      found: [],
    });
    expect((await outputOf(site, 'B3')).status).toBe('loaded');
  });

  it('of more than fits into a page names them all', async () => {
    await using site = await siteAtWork();
    const names = Array.from({ length: 620 }, (_, at) => `B${at + 1}`);
    await logged(site, 1_000);
    const { site: name, ...like } = await outputOf(site, 'B1');
    const others = names
      .slice(1)
      .map((output, at) => ({ ...like, site: name, output, number: at + 2, code: null }));
    for (let at = 0; at < others.length; at += 100) {
      await site.records
        .insertInto('outputs')
        .values(others.slice(at, at + 100))
        .execute();
    }
    const body = { zone: 'stock', count: 620, bales: names };
    expect(Compile(StockCountBody).Check(body)).toBe(true);
    const { drafts, warnings } = await site.act(countStock, body);
    expect(drafts[0]?.payload).toMatchObject({ bookedCount: 620, countedCount: 620, missing: [] });
    expect(warnings).toEqual([]);
  });

  it('stays readable with its signed difference, latest first', async () => {
    await using reading = await materialReading();
    const { site } = reading;
    await put(site, LINE, [{ lot: 'L1', grams: 500_000 }]);
    await logged(site, 100_000);
    await site.act(countStock, { zone: 'stock', count: 5, grams: 400_000, reason: 'étiquettes illisibles' });
    site.advance(60_000);
    await site.act(countStock, { zone: 'yard', count: 1, bales: ['B1'], reason: 'dehors' });
    site.advance(60_000);
    await site.act(countStock, { zone: 'stock', count: 0 });
    const read = (query: string) =>
      reading.read<{ rows: StockCountRow[]; next: string | null }>(`/stock/counts${query}`);
    const all = await read('');
    expect(
      all.rows.map((row) => [row.zone, row.bookedCount, row.differenceCount, row.differenceGrams, row.found]),
    ).toEqual([
      ['stock', 0, 0, null, 0],
      ['yard', 0, 1, 100_000, 1],
      ['stock', 1, 4, 300_000, 0],
    ]);
    expect((await read('?zone=stock')).rows.map(({ reason }) => reason)).toEqual([
      '',
      'étiquettes illisibles',
    ]);
    const first = await read('?limit=2');
    expect(first.rows).toEqual(all.rows.slice(0, 2));
    expect(await read(`?limit=2&cursor=${first.next}`)).toEqual({ rows: all.rows.slice(2), next: null });
    expect((await reading.ask('/stock/counts', 'region')).status).toBe(403);
  });

  it('is refused where it contradicts itself or the book', async () => {
    await using site = await threeInStock();
    await declareClient(site);
    await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(loadShipment, { code: 'B3' }, 'E1');
    const of = (changes: object) =>
      site.refusal(countStock, { zone: 'stock', count: 1, reason: 'x', ...changes });
    expect(await of({ bales: ['B1', 'B2'] })).toEqual({
      code: 'count-differs',
      params: { counted: 1, named: 2 },
    });
    expect(await of({ bales: ['B9'] })).toMatchObject({ code: 'unknown-output' });
    await site.act(dispatchShipment, {}, 'E1');
    expect(await of({ bales: ['B3'] })).toMatchObject({
      code: 'already-shipped',
      params: { state: 'shipped', shipment: 'E1' },
    });
    expect(await of({ zone: 'nowhere' })).toMatchObject({ code: 'unknown-zone' });
    expect(await of({ outlet: 'nowhere' })).toMatchObject({ code: 'unknown-outlet' });
  });
});
