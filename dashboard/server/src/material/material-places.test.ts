import type {
  CampaignRow,
  DocumentRow,
  RestartAnswer,
  ScaleRow,
  ShiftRow,
  StockAnswer,
} from '@trame/protocol/material/material-answers';
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { answerRestart } from '../line-work/answer-restart.ts';
import { loadLine } from '../line-work/load-line.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, inside, loose } from '../lots/test-deliveries.ts';
import { logScale } from '../scales/log-scale.ts';
import { closeShift } from '../shifts/close-shift.ts';
import { openCampaign } from '../shifts/open-campaign.ts';
import { openShift } from '../shifts/open-shift.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { openShipment } from '../shipments/open-shipment.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { weighings } from '../weighings/weighing-repository.ts';

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

async function bale(reading: MaterialReading, netGrams: number, zone: string | null): Promise<string> {
  const weight = { how: 'typed', netGrams } as const;
  const { id } = await reading.site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight, zone });
  return id;
}

function photo(letter: string) {
  const sha256 = letter.repeat(64);
  return { sha256, name: `${letter}.jpg`, media: 'image/jpeg', bytes: 10, kind: 'photo' } as const;
}

describe.each(RECORDS_ENGINES)('where material is, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is told by zone against its ceilings, with what is in none', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    site.reference = { ...site.reference, siteCeiling: { grams: 2_000_000, litres: null, kgPerM3: 100 } };
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ loads: [inside('C-1', 122_000)], zone: 'reception' }));
    await site.act(receiveLot, delivery({ loads: [loose(1_500_000)] }));
    await site.act(loadLine, { from: ['lot:L2'] }, 'tri-1');
    await bale(reading, 500_000, 'stock');
    await bale(reading, 300_000, 'stock');
    await bale(reading, 100_000, 'yard');
    await site.act(logBale, { outlet: 'essuyage', stage: 'to-weigh', zone: 'stock' });
    const stock = await reading.read<StockAnswer>('/stock');
    expect(
      stock.zones.map(({ id, grams, litres, percent, level }) => [id, grams, litres, percent, level]),
    ).toEqual([
      // 800 of 1 000 kg; by 200 kg/m³ 4 m³.
      ['stock', 800_000, 4_000, 80, 'warn'],
      ['reception', 100_000, 1_000, 10, 'ok'],
      ['yard', 100_000, null, null, 'ok'],
    ]);
    expect(stock.zones[0]?.outputs).toEqual([
      { outlet: 'essuyage', unit: 'bale', count: 3, grams: 800_000, toWeigh: 1 },
    ]);
    expect(stock.zones[1]?.unsortedGrams).toBe(100_000);
    expect(stock.elsewhere).toEqual([{ account: 'line:tri-1', grams: 600_000 }]);
    expect(stock.site).toMatchObject({
      grams: 1_600_000,
      ceilingGrams: 2_000_000,
      percent: 80,
      level: 'warn',
    });
  });

  it('is on the truck once it is loaded, and away once it has left', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    await bale(reading, 60_000, 'stock');
    const { id } = await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(loadShipment, { code: 'B1' }, id);
    const loaded = await reading.read<StockAnswer>('/stock');
    expect([loaded.elsewhere, loaded.site.grams]).toEqual([
      [{ account: `shipment:${id}`, grams: 60_000 }],
      60_000,
    ]);
    await site.act(dispatchShipment, {}, id);
    const left = await reading.read<StockAnswer>('/stock');
    expect([left.elsewhere, left.site.grams]).toEqual([[], 0]);
  });

  it('is a shift with the weighings that nothing claims, and a campaign', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await site.weighing({ netGrams: 90_000 });
    site.advance(60_000);
    const posts = [{ post: 'table-1', heads: 5 }];
    const shift = await site.act(openShift, { line: 'tri-1', team: 'matin', posts });
    await site.act(openCampaign, { line: 'tri-1', name: 'Novembre' });
    site.advance(60_000);
    const claimed = await site.weighing({ netGrams: 120_000, grossGrams: 122_000 });
    const left = await site.weighing({ netGrams: 130_000, grossGrams: 132_000 });
    const weight = { how: 'scale', weighing: claimed } as const;
    await site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight });
    site.advance(60_000);
    await site.act(closeShift, {}, shift.id);
    const { rows } = await reading.read<Page<ShiftRow>>('/shifts?line=tri-1');
    expect(rows.map((row) => [row.id, row.posts, row.unclaimed.map(({ id }) => id)])).toEqual([
      [shift.id, posts, [left]],
    ]);
    expect((await reading.read<Page<ShiftRow>>('/shifts?open=true')).rows).toEqual([]);
    // However many came after it.
    for (let n = 1; n <= 25; n += 1) {
      site.advance(60_000);
      const next = await site.act(openShift, { line: 'tri-1', team: `t${n}`, posts: [] });
      await site.act(closeShift, {}, next.id);
    }
    const recent = await reading.read<Page<ShiftRow>>('/shifts?line=tri-1');
    expect(recent.rows.some((row) => row.id === shift.id)).toBe(false);
    const one = await reading.read<Page<ShiftRow>>(`/shifts?line=tri-1&shift=${shift.id}`);
    expect(one.rows).toMatchObject([{ id: shift.id, team: 'matin' }]);
    expect(one.next).toBeNull();
    expect((await reading.read<Page<ShiftRow>>('/shifts?line=tri-2&shift=S-nope')).rows).toEqual([]);
    expect((await reading.read<Page<CampaignRow>>('/campaigns?open=true')).rows).toMatchObject([
      { name: 'Novembre', closedAt: null },
    ]);
    const all = { line: null, scale: 'bale-scale', fromMs: null, toMs: null, after: null, limit: 10 };
    const ids = async (unclaimed: boolean) =>
      (await weighings(site.records, { ...all, unclaimed })).map(({ id }) => id);
    expect([(await ids(true))[0], await ids(false)]).toEqual([left, [claimed]]);
  });

  it('is the log book of a scale, and what a refused one weighed since it was last good', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    const state = async () => {
      const { rows } = await reading.read<Page<ScaleRow>>('/scales');
      return rows.find(({ id }) => id === 'bale-scale');
    };
    expect(await state()).toMatchObject({ state: 'unknown', entries: [], inDoubt: null });
    const before = await site.weighing({ netGrams: 90_000 });
    await site.tell('scale.verified', {
      scale: 'bale-scale',
      outcome: 'accepted',
      on: '2026-11-20',
      due: '2027-11-20',
      request: '0'.repeat(32),
    });
    expect(await state()).toMatchObject({ state: 'valid', verifiedOn: '2026-11-20', due: '2027-11-20' });
    site.advance(1_000);
    await site.act(logScale, { entry: 'seal-broken', on: '2026-11-20', text: 'plomb arraché' }, 'bale-scale');
    expect(await state()).toMatchObject({ state: 'seal-broken' });
    const claimed = await site.weighing({ netGrams: 120_000 });
    const weight = { how: 'scale', weighing: claimed } as const;
    const { id } = await site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight });
    site.advance(1_000);
    await site.tell('scale.verified', {
      scale: 'bale-scale',
      outcome: 'refused',
      on: '2026-11-20',
      due: null,
      request: '1'.repeat(32),
    });
    site.advance(1_000);
    await site.weighing({ netGrams: 50_000 });
    const refused = await state();
    expect(refused?.state).toBe('refused');
    expect(refused?.entries.map(({ entry }) => entry)).toEqual(['refusal', 'seal-broken', 'verification']);
    expect(refused?.inDoubt?.weighings.map((one) => [one.id, one.claimedBy])).toEqual([
      [claimed, `output:${id}`],
      [before, null],
    ]);
    expect(refused?.inDoubt?.count).toBe(2);
  });

  it('is documents by what they are about, page by page', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    for (const letter of ['a', 'b', 'c']) {
      const about = letter === 'b' ? 'output:B1' : 'lot:L1';
      await site.tell('document.attached', { about, attachment: photo(letter) });
      site.advance(1_000);
    }
    const names = async (query: string) => {
      const { rows, next } = await reading.read<Page<DocumentRow>>(`/documents${query}`);
      return { names: rows.map(({ name }) => name), next };
    };
    expect((await names('')).names).toEqual(['c.jpg', 'b.jpg', 'a.jpg']);
    expect((await names('?about=lot:L1')).names).toEqual(['c.jpg', 'a.jpg']);
    const first = await names('?limit=2');
    expect((await names(`?limit=2&cursor=${first.next}`)).names).toEqual(['a.jpg']);
  });

  it('is what a restart leaves to be answered, and nothing once it was', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    expect(await reading.read<RestartAnswer>('/lines/tri-1/restart')).toEqual({ restart: null });
    expect((await reading.ask('/lines/tri-9/restart')).status).toBe(404);
    const { id } = await site.act(logBale, { outlet: 'essuyage', press: 'presse-1', stage: 'started' });
    const boot = 'ab'.repeat(8);
    await site.tell('edge.started', { version: '1', boot, unclean: true, lastAliveAt: site.nowMs - 60_000 });
    const { restart } = await reading.read<RestartAnswer>('/lines/tri-1/restart', 'operator');
    expect(restart).toMatchObject({ boot, lastAliveAt: site.nowMs - 60_000 });
    expect(restart?.presses.map(({ press, outputs }) => [press, outputs.map(({ id }) => id)])).toEqual([
      ['presse-1', [id]],
      ['presse-2', []],
    ]);
    expect(restart?.bins.every(({ grams }) => grams === 0)).toBe(true);
    await site.act(answerRestart, { boot, presses: [], bins: [], clockRight: true }, 'tri-1');
    expect(await reading.read<RestartAnswer>('/lines/tri-1/restart')).toEqual({ restart: null });
  });
});
