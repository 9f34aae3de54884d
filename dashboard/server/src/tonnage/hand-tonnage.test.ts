import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { openBale } from '../bales/open-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { voidBale } from '../bales/void-bale.ts';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { sortedByOrigin } from './sorted-by-origin.ts';
import { sortedBetween } from './tonnage-repository.ts';
import { tonnageReport } from './tonnage-report.ts';

const NOVEMBER = { from: '2026-11-01', to: '2026-12-01' };

async function byOutlet({ site }: MaterialReading): Promise<Record<string, number>> {
  const { rows } = tonnageReport(await sortedBetween(site.records, NOVEMBER), 'outlet', 't', () => null);
  return Object.fromEntries(rows.map(({ key, t }) => [key, t]));
}

async function byOrigin({ site }: MaterialReading, by: 'collector' | 'commune') {
  const masses = await sortedByOrigin(site.records, { ...NOVEMBER, by });
  return tonnageReport(masses, by, 't', () => null);
}

async function bale({ site }: MaterialReading, outlet: string, kg: number): Promise<string> {
  const weight = { how: 'typed', netGrams: kg * 1000 } as const;
  return (await site.act(logBale, { outlet, packagingGrams: 0, weight })).id;
}

async function handLine(reading: MaterialReading): Promise<void> {
  const { site } = reading;
  await declareNeighbours(site);
  await site.act(receiveLot, delivery({ loads: [loose(600_000)] }));
  await site.act(receiveLot, delivery({ loads: [loose(200_000)], collector: null, communes: [] }));
  await site.act(loadLine, { from: ['lot:L1', 'lot:L2'] }, 'tri-1');
}

describe.each(RECORDS_ENGINES)('what hands sorted, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is what was weighed out, less what never was and what was put back on the line', async () => {
    await using reading = await materialReading(await freshRecords());
    await handLine(reading);
    const { site } = reading;
    const first = await bale(reading, 'essuyage', 100);
    const second = await bale(reading, 'essuyage', 60);
    const third = await bale(reading, 'effilochage', 80);
    expect(await byOutlet(reading)).toEqual({ essuyage: 0.16, effilochage: 0.08 });
    await site.act(voidBale, { reason: 'mistaken' }, second);
    await site.act(openBale, { to: 'line:tri-1' }, third);
    expect(await byOutlet(reading)).toEqual({ essuyage: 0.1 });
    await site.act(reclassifyBale, { outlet: 'effilochage' }, first);
    expect(await byOutlet(reading)).toEqual({ effilochage: 0.1 });
    await site.record([
      {
        type: 'shipment.dispatched',
        occurredAt: site.nowMs,
        payload: {
          shipment: 'E1',
          outputs: 1,
          netGrams: 100_000,
          vehicle: null,
          annexVii: null,
          attachments: [],
          moves: [{ from: `output:${first}`, to: 'client:frip-nord', shares: null }],
        },
      },
    ]);
    expect(await byOutlet(reading)).toEqual({ effilochage: 0.1 });
  });

  it('counts once what went through a bin, baled or not', async () => {
    await using reading = await materialReading(await freshRecords());
    await handLine(reading);
    const weight = { how: 'typed', netGrams: 90_000 } as const;
    await reading.site.act(moveMass, { from: 'line:tri-1', to: 'bin:tri-1/essuyage', weight });
    expect(await byOutlet(reading)).toEqual({ essuyage: 0.09 });
    await bale(reading, 'essuyage', 50);
    expect(await byOutlet(reading)).toEqual({ essuyage: 0.09 });
    await bale(reading, 'essuyage', 60);
    expect(await byOutlet(reading)).toEqual({ essuyage: 0.11 });
  });

  it('leaves to a machine what a machine counts, from the first day on', async () => {
    await using reading = await materialReading(await freshRecords());
    await handLine(reading);
    await bale(reading, 'essuyage', 100);
    await bale(reading, 'effilochage', 50);
    await reading.site.records
      .insertInto('sorted')
      .values({ site: 'caux', line: 'tri-1', outlet: 'essuyage', day: '2026-11-20', grams: 97_000 })
      .execute();
    expect(await byOutlet(reading)).toEqual({ essuyage: 0.097, effilochage: 0.05 });
    const { total, rows } = await byOrigin(reading, 'collector');
    expect(total.t).toBe(0.147);
    // 97 kg that the book carried nowhere, and the quarter of 50 kg whose lot nobody knows.
    expect(rows.map(({ key, t }) => [key, t])).toEqual([
      ['unknown', 0.1095],
      ['emmaus', 0.0375],
    ]);
  });

  it('goes to collectors and communes by the source lots, and adds up to the same', async () => {
    await using reading = await materialReading(await freshRecords());
    await handLine(reading);
    await bale(reading, 'essuyage', 400);
    const collectors = await byOrigin(reading, 'collector');
    expect(collectors.rows.map(({ key, label, t }) => [key, label, t])).toEqual([
      ['emmaus', 'Emmaüs', 0.3],
      ['unknown', undefined, 0.1],
    ]);
    const communes = await byOrigin(reading, 'commune');
    expect(communes.rows.map(({ key, label, estimated, t }) => [key, label, estimated, t])).toEqual([
      ['76217', 'Dieppe', true, 0.18],
      ['76351', 'Le Havre', true, 0.12],
      ['unknown', undefined, false, 0.1],
    ]);
    expect([collectors.total.t, communes.total.t]).toEqual([0.4, 0.4]);
  });
});
