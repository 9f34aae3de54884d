import type { FractionRow, OutputComposition } from '@trame/protocol/classification/classification-answers';
import { expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { startMaterialServer } from '../testing/test-material-server.ts';
import { itemsSorted } from './test-items.ts';

const outlet = { route: 'recycling' } as const;

it('tells over HTTP what a line read and what its outlets are said to be made of; a bale is examined', async () => {
  await using site = await startMaterialServer();
  await using edge = await TestEdge.connect({
    url: site.server.mqttUrl,
    devices: [],
    description: {
      stations: [],
      outlets: [
        { ...outlet, id: 'wipers', label: 'Essuyage', composition: { cotton: 100 } },
        { ...outlet, id: 'reuse', label: 'Réemploi', composition: { cotton: 50, polyester: 50 } },
      ],
    },
  });
  expect(edge.line).toBe('tri-1');
  const { line } = site;
  const toAt = systemClock.nowMs() - 1_000;
  const composition = [
    { fibre: 'wool', percent: 75 },
    { fibre: 'polyester', percent: 25 },
  ] as const;
  line.ledger.add(
    'items.sorted',
    itemsSorted({ outlet: 'wipers', items: 400, toAt, composition: [...composition] }),
    {
      occurredAt: toAt,
      recordedAt: toAt,
    },
  );
  line.send(line.ledger.events);
  const wipers = await eventually(async () => {
    const { rows } = await site.get<{ rows: FractionRow[] }>('/fractions?line=tri-1');
    return rows.find((row) => row.outlet === 'wipers') ?? null;
  });
  expect(wipers).toMatchObject({
    grams: 0,
    composition: {
      source: 'items',
      pieces: 400,
      shares: [
        { fibre: 'wool', percent: 75, grams: null },
        { fibre: 'polyester', percent: 25 },
      ],
    },
  });
  const weight = { how: 'typed', netGrams: 200_000 } as const;
  const made = await site.act('/bales', { outlet: 'wipers', press: 'presse-1', weight, packagingGrams: 0 });
  expect(made.status).toBe(201);
  const path = `/bales/${made.body.id ?? '?'}`;
  const before = await site.get<OutputComposition>(`${path}/composition`);
  expect(before).toMatchObject({
    netGrams: 200_000,
    composition: { source: 'items', pieces: 400 },
    grade: null,
  });
  // 75 % of 18.25 and 25 % of 1.5.
  expect([before.moistureSource, before.dryGrams]).toEqual(['conventional', Math.round(200_000 / 1.140_625)]);
  const examined = await site.act(
    `${path}/examine`,
    { moisturePercent: 20, grade: 'wiper' },
    { role: 'operator' },
  );
  expect(examined.status).toBe(200);
  expect(await site.get<OutputComposition>(`${path}/composition`)).toMatchObject({
    moisturePercent: 20,
    moistureSource: 'measured',
    dryGrams: 160_000,
    conventionalGrams: 182_500,
    grade: 'wiper',
  });
  const refused = async (body: object) => {
    const answered = await site.act(`${path}/examine`, body);
    return [answered.status, answered.body.code];
  };
  expect(await refused({ note: 'belle' })).toEqual([409, 'nothing-said']);
  expect(await refused({ moisturePercent: 61 })).toEqual([400, 'invalid-request']);
  expect(await refused({ grade: 'pretty' })).toEqual([400, 'invalid-request']);
  expect((await site.act(`${path}/examine`, { moisturePercent: 8 }, { role: 'trainee' })).status).toBe(403);
  const sacks = await site.act('/bales', {
    outlet: 'reuse',
    weight: { how: 'typed', netGrams: 30_000 },
    packagingGrams: 0,
  });
  const byHand = await eventually(async () => {
    const known = await site.get<OutputComposition>(`/bales/${sacks.body.id ?? '?'}/composition`);
    return known.composition.source === 'hand' ? known : null;
  });
  expect(byHand.composition.shares.map(({ fibre, grams }) => [fibre, grams])).toEqual([
    ['cotton', 15_000],
    ['polyester', 15_000],
  ]);
  const unknown = await fetch(`${site.server.url}/api/v1/fractions?line=tri-9`, {
    headers: { cookie: await site.server.signIn('region') },
  });
  expect(unknown.status).toBe(404);
});
