import { expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { loadLine } from '../line-work/load-line.ts';
import { attributeLot } from '../lots/attribute-lot.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { openCampaign } from '../shifts/open-campaign.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { closeMonth } from './close-month.ts';

it('a month is closed when it is over, once, and none before it is left open', async () => {
  await using site = await materialSite();
  await site.act(openCampaign, { name: 'Première' }, '', Date.parse('2026-08-31T22:30:00Z'));
  expect(await site.refusal(closeMonth, { month: '2026-11' })).toEqual({
    code: 'in-the-future',
    params: { month: '2026-11', current: '2026-11' },
  });
  const outOfOrder = { code: 'wrong-state', params: { next: '2026-09', state: 'out-of-order' } };
  expect(await site.refusal(closeMonth, { month: '2026-10' })).toMatchObject(outOfOrder);
  expect(await site.refusal(closeMonth, { month: '2026-08' })).toMatchObject(outOfOrder);
  await site.act(closeMonth, { month: '2026-09', note: 'vu' });
  expect(await site.book.isMonthClosed('2026-09-30')).toBe(true);
  expect((await site.refusal(closeMonth, { month: '2026-09' })).code).toBe('already-done');
  await site.act(closeMonth, { month: '2026-10' });
  expect((await site.refusal(closeMonth, { month: '2026-11' })).code).toBe('in-the-future');
});

it('the month ends by the clock of the site, and a year does not stop the order', async () => {
  await using site = await materialSite();
  site.nowMs = Date.parse('2026-12-31T22:59:00Z');
  expect((await site.refusal(closeMonth, { month: '2026-12' })).code).toBe('in-the-future');
  site.nowMs = Date.parse('2026-12-31T23:00:00Z');
  await site.act(closeMonth, { month: '2026-12' });
  site.nowMs = Date.parse('2027-02-01T00:00:00Z');
  await site.act(closeMonth, { month: '2027-01' });
  expect(await site.book.diary.lastClosedMonth()).toBe('2027-01');
});

it('what was declared of a month is kept with it, so that what is known later can be held against it', async () => {
  await using site = await materialSite();
  await declareNeighbours(site);
  await site.act(receiveLot, delivery({ loads: [loose(300_000)] }));
  await site.act(receiveLot, delivery({ loads: [loose(100_000)], collector: null, communes: [] }));
  await site.act(loadLine, { from: ['lot:L1', 'lot:L2'] }, 'tri-1');
  const weight = { how: 'typed', netGrams: 200_000 } as const;
  await site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight });
  site.nowMs = Date.parse('2026-12-02T09:00:00Z');
  const closing = await site.act(closeMonth, { month: '2026-11' });
  const declared = {
    outlets: [{ outlet: 'essuyage', grams: 200_000 }],
    collectors: [
      { collector: 'emmaus', grams: 150_000 },
      { collector: null, grams: 50_000 },
    ],
    otherGrams: 0,
  };
  expect(closing.drafts).toMatchObject([{ payload: { month: '2026-11', declared } }]);
  await site.act(attributeLot, { collector: 'relais' }, 'L2');
  await site.act(reclassifyBale, { outlet: 'effilochage' }, 'B1');
  const now = await site.book.diary.sortedByCollector('2026-11-01', '2026-12-01');
  expect(now.map(({ outlet, origin, grams }) => `${outlet} ${origin?.key} ${grams}`).toSorted()).toEqual([
    'essuyage emmaus 150000',
    'essuyage relais 50000',
  ]);
});
