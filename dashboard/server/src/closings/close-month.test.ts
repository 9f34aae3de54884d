import { expect, it } from 'vitest';
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
