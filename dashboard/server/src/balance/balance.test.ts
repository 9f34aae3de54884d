import type { BalanceAnswer, BalanceRow } from '@trame/protocol/material/material-answers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { closeMonth } from '../closings/close-month.ts';
import { emptyLine } from '../line-work/empty-line.ts';
import { loadLine } from '../line-work/load-line.ts';
import { attributeLot } from '../lots/attribute-lot.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { refuseLot } from '../lots/refuse-lot.ts';
import { declareNeighbours, delivery } from '../lots/test-deliveries.ts';
import { weighLot } from '../lots/weigh-lot.ts';
import { closeShift } from '../shifts/close-shift.ts';
import { openShift } from '../shifts/open-shift.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { figuresOf, SITE_BUCKETS, type Bucket } from './balance-buckets.ts';
import { alarmLimitGrams, mpeGrams, totaliserVariance, weightVariance } from './scale-error.ts';

/** Of three weighings of 100 kg, on a scale whose interval is not known. */
function limitOf(how: 'scale' | 'typed' | 'estimated' | 'weighbridge'): number {
  return alarmLimitGrams(3 * weightVariance({ how, intervalGrams: null }, 100_000, 100_000));
}

describe('a class III scale in service', () => {
  it.each([
    [50, 1],
    [100, 1],
    [100.2, 2],
    [400, 2],
    [400.2, 3],
    [2_000, 3],
  ])('with e = 200 g and %s kg on it errs by %s e at most', (kg, intervals) => {
    expect(mpeGrams(kg * 1000, 200)).toBe(intervals * 200);
  });

  it('has a limit of twice the root of the squares', () => {
    // Three weighings of ±400 g: u = 400/√3 each, √(3·u²) = 400.
    const one = weightVariance({ how: 'scale', intervalGrams: 200 }, 300_000, 280_000);
    expect(alarmLimitGrams(3 * one)).toBe(800);
  });

  it('is trusted less when somebody copied it, and an estimate least', () => {
    // √(3·u²) is the error itself: ±500 g at 200 e of 500 g, twice that, 20 %, ±20 kg of a weighbridge.
    expect([limitOf('scale'), limitOf('typed'), limitOf('estimated'), limitOf('weighbridge')]).toEqual([
      1_000, 2_000, 40_000, 40_000,
    ]);
    expect(alarmLimitGrams(3 * totaliserVariance(1_000_000))).toBe(20_000);
  });
});

describe('the figures of a balance', () => {
  it('add up whatever moves, and the residual is what is left', () => {
    const bucket = fc.constantFrom<Bucket>('in', 'out', 'refused', 'water', 'missing', 'residual', 'stock');
    const flow = fc.record({ from: bucket, to: bucket, grams: fc.nat(1e9) });
    fc.assert(
      fc.property(fc.array(flow), (flows) => {
        const f = figuresOf(flows);
        const explained = f.outGrams + f.refusedGrams + f.waterGrams + f.missingGrams + f.stockChangeGrams;
        expect(f.inGrams).toBe(explained + f.residualGrams);
      }),
    );
    expect(SITE_BUCKETS.rest).toBe('stock');
  });
});

function figures(row: BalanceRow | undefined): Record<string, number> {
  if (row === undefined) throw new Error('there is no such row');
  const { inGrams, outGrams, refusedGrams, stockChangeGrams, residualGrams } = row;
  return {
    in: inGrams,
    out: outGrams,
    refused: refusedGrams,
    stock: stockChangeGrams,
    residual: residualGrams,
  };
}

/** 1 000 kg in, 50 refused, 950 on the line, 900 in two bales of which one is shipped, 50 lost on the line. */
async function workingDay({ site }: MaterialReading): Promise<string> {
  await declareNeighbours(site);
  const weight = { how: 'weighbridge', netGrams: 1_000_000 } as const;
  await site.act(receiveLot, delivery({ loads: [{ weight }] }));
  await site.act(refuseLot, { grams: 50_000, reason: 'wet' }, 'L1');
  const shift = await site.act(openShift, {
    line: 'tri-1',
    team: 'matin',
    posts: [{ post: 'table', heads: 4 }],
  });
  await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
  for (const netGrams of [400_000, 500_000]) {
    await site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight: { how: 'typed', netGrams } });
  }
  await site.act(emptyLine, {}, 'tri-1');
  await site.act(closeShift, {}, shift.id);
  await site.record([
    {
      type: 'shipment.opened',
      occurredAt: site.nowMs,
      payload: {
        shipment: 'E1',
        number: 1,
        partner: 'frip-nord',
        purpose: 'delivery',
        transporter: null,
        vehicle: null,
        operation: null,
        wasteCode: null,
        note: '',
      },
    },
    {
      type: 'shipment.dispatched',
      occurredAt: site.nowMs,
      payload: {
        shipment: 'E1',
        outputs: 1,
        netGrams: 400_000,
        vehicle: null,
        annexVii: null,
        attachments: [],
        moves: [{ from: 'output:B1', to: 'client:frip-nord', shares: null }],
      },
    },
  ]);
  return shift.id;
}

describe.each(RECORDS_ENGINES)('the balance, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('of the site tells what came in, went out and is left, and what nobody can explain', async () => {
    await using reading = await materialReading(await freshRecords());
    await workingDay(reading);
    const day = { in: 1_000_000, out: 400_000, refused: 50_000, stock: 500_000, residual: 50_000 };
    for (const by of ['day', 'month', 'lot']) {
      const { rows, total } = await reading.read<BalanceAnswer>(`/balance?by=${by}`);
      expect(rows.map(figures)).toEqual([day]);
      expect(figures(total)).toEqual(day);
      // 20 kg of a weighbridge, two typed weights: far less than 50 kg.
      expect(rows[0]).toMatchObject({ alarm: true });
      expect(rows[0]?.limitGrams).toBeGreaterThan(20_000);
      expect(rows[0]?.limitGrams).toBeLessThan(50_000);
    }
    const none = await reading.read<BalanceAnswer>('/balance?by=day&from=2026-10-01&to=2026-11-01');
    expect([none.rows, figures(none.total)]).toEqual([
      [],
      { in: 0, out: 0, refused: 0, stock: 0, residual: 0 },
    ]);
  });

  it('of a shift is what was put on its line against what came off it', async () => {
    await using reading = await materialReading(await freshRecords());
    const shift = await workingDay(reading);
    const { rows, total } = await reading.read<BalanceAnswer>('/balance?by=shift');
    const worked = { in: 950_000, out: 900_000, refused: 0, stock: 0, residual: 50_000 };
    expect(rows.map((row) => [row.id, figures(row)])).toEqual([[shift, worked]]);
    expect(figures(total)).toEqual(worked);
  });

  it('of shifts counts once what two teams did together, over the whole period', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    const posts = [{ post: 'table', heads: 5 }];
    const weight = { how: 'weighbridge', netGrams: 1_000_000 } as const;
    await site.act(receiveLot, delivery({ loads: [{ weight }] }));
    const first = await site.act(openShift, { line: 'tri-1', team: 'matin', posts });
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    const second = await site.act(openShift, { line: 'tri-1', team: 'renfort', posts });
    const bale = { outlet: 'essuyage', packagingGrams: 0 };
    await site.act(logBale, { ...bale, weight: { how: 'typed', netGrams: 400_000 } });
    await site.act(closeShift, {}, first.id);
    await site.act(logBale, { ...bale, weight: { how: 'typed', netGrams: 100_000 } });
    await site.act(closeShift, {}, second.id);
    site.advance(3_600_000);
    const third = await site.act(openShift, { line: 'tri-1', team: 'soir', posts });
    await site.act(logBale, { ...bale, weight: { how: 'typed', netGrams: 50_000 } });
    await site.act(closeShift, {}, third.id);
    const { rows, total } = await reading.read<BalanceAnswer>('/balance?by=shift');
    expect(rows.map(({ id, outGrams }) => [id, outGrams])).toEqual([
      [third.id, 50_000],
      [second.id, 500_000],
      [first.id, 400_000],
    ]);
    const all = { in: 1_000_000, out: 550_000, refused: 0, stock: 450_000, residual: 0 };
    expect(figures(total)).toEqual(all);
    const page = await reading.read<BalanceAnswer>('/balance?by=shift&limit=1');
    expect([page.rows.length, figures(page.total)]).toEqual([1, all]);
  });

  it.each([[[]], [[{ post: 'table', heads: 3 }]], [[{ post: 'table', heads: null }]]])(
    'tells nobody what few people did: %j',
    async (posts) => {
      await using reading = await materialReading(await freshRecords());
      const { site } = reading;
      const shift = await site.act(openShift, { line: 'tri-1', team: 'matin', posts });
      await site.act(logBale, {
        outlet: 'essuyage',
        packagingGrams: 0,
        weight: { how: 'typed', netGrams: 70_000 },
      });
      await site.act(closeShift, {}, shift.id);
      for (const role of ['supervisor', 'region', 'administrator'] as const) {
        const answer = await reading.read<BalanceAnswer>('/balance?by=shift', role);
        expect(answer.rows).toEqual([]);
        expect(answer.hidden).toEqual([{ id: shift.id, key: shift.id, reason: 'few-people' }]);
        expect(answer.total.outGrams).toBe(70_000);
      }
    },
  );

  it('of a month stays as it was, whatever is found out about it in the next one', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    const weight = { how: 'weighbridge', netGrams: 1_000_000 } as const;
    await site.act(receiveLot, delivery({ loads: [{ weight }], collector: null }));
    // Loaded on another day than weighed: its weight counts for that day too.
    site.advance(24 * 3_600_000);
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    for (const netGrams of [400_000, 300_000]) {
      await site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight: { how: 'typed', netGrams } });
    }
    const weighed = (await site.book.output('B2'))?.weightEvent ?? '';
    const lotWeighed = (await site.book.lot('L1'))?.weightEvent ?? '';
    const told = async () =>
      Promise.all(
        ['day', 'month'].map((by) =>
          reading.read<BalanceAnswer>(`/balance?by=${by}&from=2026-11-01&to=2026-12-01`),
        ),
      );
    const before = await told();
    site.advance(15 * 24 * 3_600_000);
    await site.act(closeMonth, { month: '2026-11' });
    await site.act(voidBale, { reason: 'mistaken' }, 'B1');
    const right = { how: 'typed', netGrams: 310_000 } as const;
    await site.act(weighBale, { weight: right, packagingGrams: 0, corrects: weighed }, 'B2');
    const estimate = { how: 'typed', netGrams: 990_000 } as const;
    await site.act(weighLot, { weight: estimate, corrects: lotWeighed }, 'L1');
    await site.act(reclassifyBale, { outlet: 'effilochage' }, 'B2');
    await site.act(attributeLot, { collector: 'emmaus' }, 'L1');
    expect(await told()).toEqual(before);
    const [whole] = (await reading.read<BalanceAnswer>('/balance?by=month&from=2026-11-01&to=2027-01-01'))
      .rows;
    expect(whole).toEqual(before[1]?.rows[0]);
  });

  it('shows what was weighed out without ever having come in', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    const weight = { how: 'typed', netGrams: 300_000 } as const;
    await site.act(logBale, { outlet: 'essuyage', packagingGrams: 0, weight });
    const { rows } = await reading.read<BalanceAnswer>('/balance?by=lot');
    expect(rows.map((row) => [row.key, figures(row), row.alarm])).toEqual([
      ['unknown', { in: 0, out: 0, refused: 0, stock: 300_000, residual: -300_000 }, true],
    ]);
  });

  it('is for those who read sums, also in the region', async () => {
    await using reading = await materialReading(await freshRecords());
    const status = async (role: 'operator' | 'region' | 'trainee' | 'supervisor') =>
      (await reading.ask('/balance', role)).status;
    expect([await status('supervisor'), await status('region')]).toEqual([200, 200]);
    expect([await status('operator'), await status('trainee')]).toEqual([403, 403]);
  });
});
