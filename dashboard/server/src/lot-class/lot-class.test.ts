/** Lots from their delivery to their class, on real records of both engines. */
import type { LotClass } from '@trame/protocol/classification/classification-answers';
import type { LotBody } from '@trame/protocol/material/lot-acts';
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { emptyLine } from '../line-work/empty-line.ts';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { refuseLot } from '../lots/refuse-lot.ts';
import { splitLot } from '../lots/split-lot.ts';
import { declareNeighbours, loose, received } from '../lots/test-deliveries.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';

const LINE = 'tri-1';

async function deliver(
  { site }: MaterialReading,
  kg: number,
  changes: Partial<LotBody> = {},
): Promise<string> {
  return received(site, { loads: [loose(kg * 1_000)], ...changes });
}

async function bale({ site }: MaterialReading, outlet: string, kg: number): Promise<void> {
  const weight = { how: 'typed', netGrams: kg * 1_000 } as const;
  await site.act(logBale, { outlet, packagingGrams: 0, weight });
}

/** One lot alone on the line, sorted into bales; what is left over is no part of any. */
async function sortLot(
  reading: MaterialReading,
  lot: string,
  kg: Readonly<Record<string, number>>,
): Promise<void> {
  await reading.site.act(loadLine, { from: [`lot:${lot}`] }, LINE);
  for (const [outlet, some] of Object.entries(kg)) await bale(reading, outlet, some);
}

async function sortWhole(
  reading: MaterialReading,
  kg: Readonly<Record<string, number>>,
  changes: Partial<LotBody> = {},
): Promise<string> {
  const all = Object.values(kg).reduce((sum, some) => sum + some, 0);
  const lot = await deliver(reading, all, changes);
  await sortLot(reading, lot, kg);
  await reading.site.act(emptyLine, { remainingGrams: 0 }, LINE);
  return lot;
}

const classOf = (reading: MaterialReading, lot: string) => reading.read<LotClass>(`/lots/${lot}/class`);
const forecast = ({ outlets }: LotClass) =>
  outlets.reduce((sum, { forecastGrams }) => sum + forecastGrams, 0);

const count = (outlet: string, grams: number) => ({
  counter: `outlet.${outlet}`,
  grams,
  totalGrams: grams,
  source: { device: 'scale', tag: `${outlet}-total`, generation: 0 },
  sourceGrams: grams,
});

describe.each(RECORDS_ENGINES)('the class of a lot, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is there when it comes in, from lots like it, and its own once it is sorted', async () => {
    await using reading = await materialReading(await freshRecords());
    await declareNeighbours(reading.site);
    const first = await deliver(reading, 500);
    expect(await classOf(reading, first)).toMatchObject({ basis: 'unknown', class: [], outlets: [] });
    for (const creme of [60, 70, 80]) await sortWhole(reading, { creme, essuyage: 100 - creme });
    for (const creme of [10, 12])
      await sortWhole(reading, { creme, essuyage: 100 - creme }, { collector: 'relais' });
    await sortWhole(reading, { effilochage: 100 }, { skimming: 'skimmed' });
    const like = await classOf(reading, first);
    expect(like).toMatchObject({ basis: 'like', likeLots: 3, class: ['creme'], sortedGrams: 0 });
    expect(like.outlets).toMatchObject([
      { outlet: 'creme', foundGrams: 0, expectedPercent: expect.closeTo(70, 9), forecastGrams: 350_000 },
      { outlet: 'essuyage', forecastGrams: 150_000 },
    ]);
    // The two of that collector are too few: all six.
    const other = await deliver(reading, 100, { collector: 'relais' });
    expect(await classOf(reading, other)).toMatchObject({ basis: 'site', likeLots: 6 });
    await sortLot(reading, first, { creme: 30, essuyage: 30 });
    expect(await classOf(reading, first)).toMatchObject({ basis: 'like', sortedGrams: 60_000 });
    await bale(reading, 'essuyage', 60);
    const own = await classOf(reading, first);
    expect(own).toMatchObject({
      basis: 'own',
      class: ['essuyage'],
      receivedGrams: 500_000,
      sortedGrams: 120_000,
    });
    expect(own.outlets).toMatchObject([
      { outlet: 'essuyage', foundGrams: 90_000, expectedPercent: 75, forecastGrams: 285_000 },
      { outlet: 'creme', foundGrams: 30_000, expectedPercent: 25, forecastGrams: 95_000 },
    ]);
  });

  it('looks for lots like it among those of which something was sorted, however many wait', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    for (const creme of [60, 70, 80]) await sortWhole(reading, { creme, essuyage: 100 - creme });
    let last = '';
    for (let n = 0; n < 85; n += 1) {
      site.advance(60_000);
      last = await deliver(reading, 300);
    }
    expect(await classOf(reading, last)).toMatchObject({ basis: 'like', likeLots: 3, class: ['creme'] });
  });

  it('counts what a machine counted, and once what was baled of it', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    const lot = await deliver(reading, 1_000);
    await site.act(moveMass, { from: `lot:${lot}`, to: `line:${LINE}`, grams: 400_000 });
    const to = site.nowMs;
    const counts = [count('creme', 240_000), count('essuyage', 60_000)];
    await site.tell('throughput.counted', { from: to - 60_000, to, counts }, to);
    await bale(reading, 'creme', 200);
    const found = await classOf(reading, lot);
    expect(found).toMatchObject({ basis: 'own', sortedGrams: 300_000, class: ['creme'] });
    expect(found.outlets).toMatchObject([
      { outlet: 'creme', foundGrams: 240_000, forecastGrams: 560_000 },
      { outlet: 'essuyage', foundGrams: 60_000, forecastGrams: 140_000 },
    ]);
  });

  it('forecasts of what stays: not what was refused, nor what left a lot that was split', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    for (const creme of [60, 70, 80]) await sortWhole(reading, { creme, essuyage: 100 - creme });
    const lot = await deliver(reading, 500);
    await site.act(refuseLot, { reason: 'wet', grams: 100_000 }, lot);
    const wet = await classOf(reading, lot);
    expect(wet).toMatchObject({ receivedGrams: 400_000, sortedGrams: 0 });
    expect(forecast(wet)).toBe(400_000);
    await site.act(splitLot, { grams: [150_000] }, lot);
    const rows = await site.records.selectFrom('lots').select('lot').where('kind', '=', 'split').execute();
    const part = await classOf(reading, rows[0]?.lot ?? '');
    expect(part).toMatchObject({ basis: 'like', receivedGrams: 150_000, sortedGrams: 0 });
    expect(forecast(part)).toBe(150_000);
  });
});

describe('the address of the class of a lot', () => {
  it('is open to who works with lots or reads tonnes', async () => {
    await using reading = await materialReading();
    await declareNeighbours(reading.site);
    const lot = await deliver(reading, 500);
    const roles = { operator: 200, supervisor: 200, region: 200, administrator: 200, trainee: 403 } as const;
    for (const [role, status] of Object.entries(roles)) {
      const asked = await reading.ask(`/lots/${lot}/class`, role as keyof typeof roles);
      expect([role, asked.status]).toEqual([role, status]);
    }
    expect((await reading.ask(`/lots/${lot}/class`, null)).status).toBe(401);
    expect((await reading.ask('/lots/L99/class')).status).toBe(404);
  });
});
