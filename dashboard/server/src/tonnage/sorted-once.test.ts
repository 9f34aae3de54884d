import { describe, expect, it } from 'vitest';
import { ofNet } from '../bales/test-outputs.ts';
import { logBale } from '../bales/log-bale.ts';
import { openBale } from '../bales/open-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { bringBack } from '../shipments/bring-back.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { openShipment } from '../shipments/open-shipment.ts';
import { declareSubcontractor } from '../shipments/test-shipments.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { sortedByOrigin } from './sorted-by-origin.ts';
import { sortedBetween } from './tonnage-repository.ts';
import { tonnageReport } from './tonnage-report.ts';

const NOVEMBER = { from: '2026-11-01', to: '2026-12-01' };
const DECEMBER = { from: '2026-12-01', to: '2027-01-01' };
const BIN = 'bin:tri-1/creme';
const DAY_MS = 24 * 3_600_000;

/** Kilograms by outlet; by origin they must be as many. */
async function kilograms({ site }: MaterialReading, period = NOVEMBER): Promise<Record<string, number>> {
  const masses = await sortedBetween(site.records, period);
  const { rows, total } = tonnageReport(masses, 'outlet', 't', () => null);
  const origins = await sortedByOrigin(site.records, { ...period, by: 'collector' });
  expect(tonnageReport(origins, 'collector', 't', () => null).total.t).toBe(total.t);
  return Object.fromEntries(rows.filter(({ t }) => t !== 0).map(({ key, t }) => [key, Math.round(t * 1e3)]));
}

async function bale({ site }: MaterialReading, outlet: string, kg: number) {
  const done = await site.act(logBale, { outlet, packagingGrams: 0, weight: ofNet(kg * 1000) });
  const weighed = (await site.records.selectFrom('outputs').selectAll().execute()).find(
    ({ output }) => output === done.id,
  );
  return { id: done.id, weightEvent: weighed?.weightEvent ?? '' };
}

async function handLine(reading: MaterialReading): Promise<void> {
  const { site } = reading;
  await declareNeighbours(site);
  await site.act(receiveLot, delivery({ loads: [loose(800_000)] }));
  await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
}

let counted = 0;

/** The scale of the outlet «creme» counts so many kilograms. */
async function machineCounts({ site }: MaterialReading, kg: number): Promise<void> {
  counted += kg * 1000;
  const source = { device: 'scale', tag: 'creme-total', generation: 0 };
  const count = {
    counter: 'outlet.creme',
    grams: kg * 1000,
    totalGrams: counted,
    source,
    sourceGrams: counted,
  };
  const to = site.nowMs;
  await site.tell('throughput.counted', { from: to - 60_000, to, counts: [count] });
}

describe.each(RECORDS_ENGINES)('what was sorted is counted once, on %s:', (engine) => {
  const freshRecords = freshRecordsOf(engine);
  const begun = async (): Promise<MaterialReading> => {
    counted = 0;
    const reading = await materialReading(await freshRecords());
    await handLine(reading);
    return reading;
  };

  it('hands sort where a machine counted once, long ago', async () => {
    await using reading = await begun();
    await machineCounts(reading, 30);
    reading.site.advance(DAY_MS);
    await bale(reading, 'creme', 100);
    // 30 of them were in the bin.
    expect(await kilograms(reading)).toEqual({ creme: 100 });
  });

  it('what a machine counted stays so when its bale gets another outlet', async () => {
    await using reading = await begun();
    await machineCounts(reading, 100);
    const { id } = await bale(reading, 'creme', 100);
    expect(await kilograms(reading)).toEqual({ creme: 100 });
    await reading.site.act(reclassifyBale, { outlet: 'essuyage' }, id);
    expect(await kilograms(reading)).toEqual({ essuyage: 100 });
  });

  it('what hands made is not lost when it gets an outlet that a machine counts', async () => {
    await using reading = await begun();
    const { id } = await bale(reading, 'essuyage', 100);
    await machineCounts(reading, 50);
    await reading.site.act(reclassifyBale, { outlet: 'creme' }, id);
    expect(await kilograms(reading)).toEqual({ creme: 150 });
  });

  it('a bale that is opened onto the line is counted again by the machine, not twice', async () => {
    await using reading = await begun();
    await machineCounts(reading, 100);
    const { id } = await bale(reading, 'creme', 100);
    await reading.site.act(openBale, { to: 'line:tri-1' }, id);
    await machineCounts(reading, 100);
    expect(await kilograms(reading)).toEqual({ creme: 100 });
  });

  it('a weight beyond what the machine counted is its error, also when it is set right on another day', async () => {
    await using reading = await begun();
    await machineCounts(reading, 100);
    const { id, weightEvent } = await bale(reading, 'creme', 105);
    reading.site.advance(DAY_MS);
    await reading.site.act(
      weighBale,
      { weight: ofNet(99_000), packagingGrams: 0, corrects: weightEvent },
      id,
    );
    expect(await kilograms(reading)).toEqual({ creme: 100 });
  });

  it('what comes back from a subcontractor into a bin was sorted before', async () => {
    await using reading = await begun();
    const { site } = reading;
    await declareSubcontractor(site);
    for (const [outlet, shipment] of [
      [null, 'E1'],
      ['effilochage', 'E2'],
    ] as const) {
      const { id } = await bale(reading, 'essuyage', 100);
      await site.act(openShipment, { partner: 'essuyage-76' });
      await site.act(loadShipment, { code: id }, shipment);
      await site.act(dispatchShipment, {}, shipment);
      const lot = await site.act(bringBack, { weight: ofNet(90_000), outlet }, shipment);
      const weight = { how: 'typed', netGrams: 90_000 } as const;
      const to = 'bin:tri-1/effilochage';
      // Straight, and in a cage.
      if (outlet === null) await site.act(moveMass, { from: `lot:${lot.id}`, to, weight });
      else {
        await site.act(moveMass, { from: `lot:${lot.id}`, to: 'container:C-1', weight });
        site.advance(3_600_000);
        await site.act(moveMass, { from: 'container:C-1', to, weight });
      }
      await bale(reading, 'effilochage', 90);
    }
    expect(await kilograms(reading)).toEqual({ essuyage: 200 });
  });

  it('what stood in the bins on the first day was sorted before, whatever the machine counts later', async () => {
    await using reading = await begun();
    const { site } = reading;
    await site.act(receiveLot, delivery({ collector: null, loads: [loose(300_000)] }));
    const opening = { from: 'lot:L2', to: BIN, grams: 300_000 };
    await site.act(moveMass, { ...opening, sortedBefore: true });
    expect(await kilograms(reading)).toEqual({});
    await bale(reading, 'creme', 250);
    expect(await kilograms(reading)).toEqual({});
    await machineCounts(reading, 40);
    expect(await kilograms(reading)).toEqual({ creme: 40 });
  });

  it('what is found out in another month changes that month, not the one before', async () => {
    await using reading = await begun();
    const { site } = reading;
    const first = await bale(reading, 'essuyage', 100);
    const second = await bale(reading, 'essuyage', 50);
    const third = await bale(reading, 'essuyage', 40);
    const weight = { how: 'typed', netGrams: 20_000 } as const;
    const moved = await site.act(moveMass, { from: 'line:tri-1', to: BIN, weight });
    const november = { essuyage: 190, creme: 20 };
    expect(await kilograms(reading)).toEqual(november);
    site.advance(15 * DAY_MS);
    await site.act(reclassifyBale, { outlet: 'effilochage' }, first.id);
    await site.act(voidBale, { reason: 'mistaken' }, second.id);
    const corrects = third.weightEvent;
    await site.act(weighBale, { weight: ofNet(45_000), packagingGrams: 0, corrects }, third.id);
    const right = { how: 'typed', netGrams: 25_000 } as const;
    const again = { from: 'line:tri-1', to: BIN, weight: right, corrects: moved.events[0] ?? '' };
    await site.act(moveMass, again);
    expect(await kilograms(reading)).toEqual(november);
    expect(await kilograms(reading, DECEMBER)).toEqual({ effilochage: 100, creme: 5, essuyage: -145 });
  });
});
