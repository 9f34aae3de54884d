/** What somebody may ask by mistake: refused with a stable code, in words, and nothing of it is in the ledger. */
import type {
  BaleAnswer,
  BaleRow,
  BalanceAnswer,
  JournalRow,
} from '@trame/protocol/material/material-answers';
import { isMaterialType } from '@trame/protocol/material/material-payloads';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { materialActs, type MaterialActs } from '../helpers/material-acts.ts';
import { CLIENT, COLLECTOR, declarePartners } from '../helpers/material-day.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';

const DAY_MS = 86_400_000;
const TABLES = 'tables-1';
const LOT = {
  collector: COLLECTOR,
  skimming: 'original',
  legalStatus: 'waste',
  condition: 'dry',
  family: 'mixed-tlc',
} as const;

function typed(figures: {
  readonly grossGrams?: number;
  readonly tareGrams?: number;
  readonly netGrams?: number;
}) {
  return { how: 'typed', ...figures };
}

describe('a line of hands whose people err', () => {
  let site: Site;
  let acts: MaterialActs;
  /** In stock, with a weight; `gone` is with a client. */
  let standing: string;
  let gone: string;
  let shipment: string;
  /** Ids of the events of everything that was done. */
  const done: string[] = [];

  const bale = (netGrams: number) =>
    acts.act('/bales', { outlet: 'effilochage', zone: 'stock', weight: typed({ netGrams }) });

  beforeAll(async () => {
    // Nobody works here but the test: no scale weighs, and every event is one of an act.
    site = await startSite({
      history: 'embedded',
      profile: 'manual',
      simulatorArgs: ['--crew-within', '3600'],
    });
    const all = materialActs(await site.signInAs('supervisor'));
    acts = {
      ...all,
      act: async (...asked) => {
        const answer = await all.act(...asked);
        if (!answer.replayed) done.push(...answer.events);
        return answer;
      },
    };
    await declarePartners(acts);
    await acts.act('/containers', { container: 'CAGE-1', kind: 'cage', tareGrams: 62_000 });
    await acts.act('/lots', {
      ...LOT,
      loads: [{ container: 'CAGE-1', weight: typed({ grossGrams: 262_000 }) }],
    });
    await acts.act(`/lines/${TABLES}/load`, { from: ['container:CAGE-1'] });
    ({ id: standing } = await bale(90_000));
    ({ id: gone } = await bale(85_000));
    ({ id: shipment } = await acts.act('/shipments', { partner: CLIENT }));
    await acts.act(`/shipments/${shipment}/load`, { code: gone });
    await acts.act(`/shipments/${shipment}/dispatch`, {});
  }, 120_000);

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  /** @returns the path, body and code of a mistake, once the day is set up. */
  const mistakes: readonly (readonly [what: string, code: string, act: () => readonly [string, object]])[] = [
    [
      'a bale whose packaging weighs as much as all of it',
      'tare-above-gross',
      () => ['/bales', { outlet: 'csr', weight: typed({ grossGrams: 900 }), packagingGrams: 900 }],
    ],
    [
      'a tare above the gross',
      'tare-above-gross',
      () => ['/lots', { ...LOT, loads: [{ weight: typed({ grossGrams: 60_000, tareGrams: 62_000 }) }] }],
    ],
    [
      'the same container twice in a minute',
      'weighed-just-now',
      () => ['/lots', { ...LOT, loads: [{ container: 'CAGE-1', weight: typed({ grossGrams: 262_000 }) }] }],
    ],
    [
      'a void of a bale that is shipped',
      'already-shipped',
      () => [`/bales/${gone}/void`, { reason: 'erreur' }],
    ],
    ['a shipment to nobody known', 'unknown-partner', () => ['/shipments', { partner: 'inconnu' }]],
    ['a shipment to a collector', 'unknown-partner', () => ['/shipments', { partner: COLLECTOR }]],
    [
      'a bale bound to a yoghurt',
      'foreign-code',
      () => ['/bales', { outlet: 'csr', weight: typed({ netGrams: 90_000 }), code: '3033490004743' }],
    ],
    ['a void of a bale that never was', 'unknown-output', () => ['/bales/B999/void', {}]],
    ['an outlet that is none', 'unknown-outlet', () => ['/bales', { outlet: 'or', stage: 'to-weigh' }]],
    [
      'an empty cage that is emptied',
      'nothing-there',
      () => ['/moves', { from: 'container:CAGE-1', to: `line:${TABLES}` }],
    ],
    [
      'a press of tomorrow',
      'in-the-future',
      () => ['/bales', { outlet: 'csr', stage: 'to-weigh', occurredAt: Date.now() + DAY_MS }],
    ],
    [
      'a sheet found after half a year',
      'too-long-ago',
      () => ['/bales', { outlet: 'csr', stage: 'to-weigh', occurredAt: Date.now() - 180 * DAY_MS }],
    ],
    [
      'a bale of twelve tonnes',
      'impossible-weight',
      () => ['/bales', { outlet: 'csr', weight: typed({ netGrams: 12_000_000 }) }],
    ],
    [
      'a weighing that is none',
      'unknown-weighing',
      () => ['/bales', { outlet: 'csr', weight: { how: 'scale', weighing: '0'.repeat(32) } }],
    ],
  ];

  it.each(mistakes)('%s is refused as «%s», in words', async (_what, code, act) => {
    const [path, body] = act();
    const refusal = await acts.refusal(path, body);
    expect(refusal).toMatchObject({ code, status: code.startsWith('unknown-') ? 404 : 409 });
    expect(refusal.title.length).toBeGreaterThan(5);
    expect(refusal.detail.length).toBeGreaterThan(5);
  });

  it('a net of nothing or less is refused before anything is decided', async () => {
    for (const netGrams of [0, -1_000]) {
      const body = { outlet: 'csr', weight: typed({ netGrams }) };
      expect(await acts.refusal('/bales', body)).toMatchObject({ status: 400, code: 'invalid-request' });
    }
  });

  it('a code that is none of this site is refused at the tailboard', async () => {
    const { id } = await acts.act('/shipments', { partner: CLIENT });
    for (const code of ['3033490004743', 'https://example.com/x', '376130321109103420']) {
      expect(await acts.refusal(`/shipments/${id}/load`, { code })).toMatchObject({ code: 'foreign-code' });
    }
  });

  it('a key that is used again for something else is refused, and the first act stands', async () => {
    const key = randomUUID();
    const first = { outlet: 'csr', zone: 'stock', weight: typed({ netGrams: 95_000 }) };
    const { id, events } = await acts.act('/bales', first, key);
    const other = { ...first, weight: typed({ netGrams: 96_000 }) };
    expect(await acts.refusal('/bales', other, key)).toMatchObject({ status: 409, code: 'key-reused' });
    expect(await acts.act('/bales', first, key)).toMatchObject({ id, events, replayed: true });
    const { bale: row } = await acts.read<BaleAnswer>(`/bales/${id}`);
    expect(row.netGrams).toBe(95_000);
  });

  it('an output heavier than all that was put on is recorded, and the difference is shown', async () => {
    const { total: was } = await acts.read<BalanceAnswer>('/balance?by=month');
    const heavy = await acts.act('/bales', {
      outlet: 'polymere',
      zone: 'stock',
      weight: typed({ netGrams: 250_000 }),
    });
    expect(heavy.warnings).toContain('heavier-than-source');
    const { total } = await acts.read<BalanceAnswer>('/balance?by=month');
    // 200 kg were put on, 90, 85 and 95 were taken off before.
    expect(was.residualGrams).toBe(-70_000);
    expect(total.residualGrams).toBe(-320_000);
    expect(total).toMatchObject({ inGrams: 200_000, alarm: true });
    const { content } = await acts.read<BaleAnswer>(`/bales/${heavy.id}`);
    expect(content).toEqual([{ lot: 'unknown', grams: 250_000, collector: null }]);
  });

  it('what left by mistake comes back by a return, or its weight is set right', async () => {
    const { journal } = await acts.read<{ journal: readonly JournalRow[] }>(`/bales/${gone}`);
    const weighed = journal.find(({ type }) => type === 'output.weighed');
    await acts.act(`/bales/${gone}/weigh`, {
      weight: typed({ netGrams: 84_000 }),
      corrects: weighed?.id,
    });
    await acts.act(`/shipments/${shipment}/return`, { bales: [gone], zone: 'stock' });
    await acts.act(`/bales/${gone}/void`, { reason: 'erreur' });
    const rows = await acts.rows<BaleRow>('/bales');
    expect(rows.find(({ id }) => id === gone)).toMatchObject({ status: 'voided' });
    expect(rows.find(({ id }) => id === standing)).toMatchObject({ status: 'stock', netGrams: 90_000 });
  });

  it('a month that is closed takes nothing, and what was in it is corrected today', async () => {
    const at = Date.now() - 31 * DAY_MS;
    const month = new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 7);
    const lot = await acts.act('/lots', {
      ...LOT,
      occurredAt: at,
      loads: [{ weight: typed({ netGrams: 7_000 }) }],
    });
    await acts.act('/closings', { month });
    expect(await acts.refusal('/closings', { month })).toMatchObject({ code: 'already-done' });
    const late = { ...LOT, occurredAt: at + 60_000, loads: [{ weight: typed({ netGrams: 8_000 }) }] };
    expect(await acts.refusal('/lots', late)).toMatchObject({ status: 409, code: 'month-closed' });
    const [event] = lot.events;
    const correction = { weight: typed({ netGrams: 7_500 }), corrects: event };
    await acts.act(`/lots/${lot.id}/weigh`, correction);
    const { rows } = await acts.read<BalanceAnswer>(`/balance?by=month&from=${month}-01`);
    expect(rows.find(({ key }) => key === month)?.inGrams).toBe(7_000);
  });

  it('the ledger holds what was done, once each, and nothing of what was refused', async () => {
    const told = (await exportLedger(site)).filter(({ type }) => isMaterialType(type));
    expect(told.map(({ id }) => id)).toEqual(done);
  });
});
