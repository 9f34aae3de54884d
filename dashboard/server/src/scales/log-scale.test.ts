import { expect, it } from 'vitest';
import { materialSite } from '../testing/test-material-site.ts';
import { logScale } from './log-scale.ts';

it('what is done to a scale is in its log book', async () => {
  await using site = await materialSite();
  const repair = { entry: 'repair', on: '2026-11-20', text: 'capteur changé' } as const;
  expect((await site.act(logScale, repair, 'bale-scale')).id).toBe('bale-scale');
  const rows = await site.records.selectFrom('scale_log').selectAll().execute();
  expect(rows).toMatchObject([
    { scale: 'bale-scale', entry: 'repair', onDay: '2026-11-20', due: null, text: 'capteur changé' },
  ]);
});

it.each([
  ['unknown-scale', 'none', { entry: 'note', on: '2026-11-20' }],
  ['in-the-future', 'bale-scale', { entry: 'note', on: '2026-11-21' }],
  ['wrong-state', 'bale-scale', { entry: 'note', on: '2026-02-30' }],
  ['wrong-state', 'bale-scale', { entry: 'verification', on: '2026-11-20' }],
] as const)('an entry is refused with %s', async (code, scale, body) => {
  await using site = await materialSite();
  expect((await site.refusal(logScale, body, scale)).code).toBe(code);
});
