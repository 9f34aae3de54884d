/** Audits through a whole server: noted, read on the thread of large questions, taken back. */
import type { AuditPlanRow, AuditRow, LotClass } from '@trame/protocol/classification/classification-answers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMaterialServer, type MaterialServer } from '../testing/test-material-server.ts';

let site: MaterialServer;

beforeAll(async () => {
  site = await startMaterialServer();
});

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

it('an audit is noted, read, and taken back by whoever answers for the line', async () => {
  const line = 'tri-1';
  const rows = () => site.get<{ rows: AuditRow[] }>(`/audits?line=${line}`);
  const misplaced = [{ outlet: 'reuse', grams: 1_500 }];
  const body = { outlet: 'wipers', sampledGrams: 30_000, misplaced };
  const noted = await site.act(`/lines/${line}/audits`, body);
  expect(noted.status).toBe(201);
  const [event = ''] = noted.body.events;
  expect((await rows()).rows).toMatchObject([
    { line, outlet: 'wipers', error: { audits: 1, percent: 5 }, misplaced, samples: [{ event }] },
  ]);
  const plan = await site.get<{ rows: AuditPlanRow[] }>(`/audits/plan?line=${line}&margin=5`);
  expect(plan.rows.find(({ outlet }) => outlet === 'wipers')).toMatchObject({ sampledGrams: 30_000 });
  const undo = (reason: string, role: 'operator' | 'supervisor') =>
    site.act(`/audits/${event}/void`, { reason }, { role });
  expect((await undo('noté deux fois', 'operator')).status).toBe(403);
  expect((await undo('', 'supervisor')).status).toBe(400);
  expect(await undo('noté deux fois', 'supervisor')).toMatchObject({ status: 200, body: { id: 'wipers' } });
  expect(await undo('noté deux fois', 'supervisor')).toMatchObject({
    status: 409,
    body: { code: 'already-done' },
  });
  expect((await rows()).rows).toEqual([]);
});

it('a lot that comes in has a class as soon as it is asked for', async () => {
  const lot = await site.act('/lots', {
    collector: null,
    skimming: 'original',
    legalStatus: 'waste',
    condition: 'dry',
    family: 'mixed-tlc',
    loads: [{ weight: { how: 'weighbridge', netGrams: 300_000 } }],
  });
  expect(lot.status).toBe(201);
  expect(await site.get<LotClass>(`/lots/${lot.body.id}/class`)).toMatchObject({
    basis: 'unknown',
    receivedGrams: 300_000,
    class: [],
  });
});
