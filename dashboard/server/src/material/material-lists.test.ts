import { describe, expect, it } from 'vitest';
import type {
  BaleAnswer,
  BaleRow,
  ContainerAnswer,
  ContainerRow,
  LotAnswer,
  LotRow,
  PartnerRow,
  ShipmentAnswer,
  ShipmentRow,
} from '@trame/protocol/material/material-answers';
import { logBale } from '../bales/log-bale.ts';
import { loadLine } from '../line-work/load-line.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, inside, loose } from '../lots/test-deliveries.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

const typed = (netGrams: number) => ({ how: 'typed', netGrams }) as const;

async function bale(reading: MaterialReading, outlet: string, netGrams: number): Promise<string> {
  const { id } = await reading.site.act(logBale, {
    outlet,
    weight: typed(netGrams),
    zone: 'stock',
    packagingGrams: 0,
  });
  return id;
}

describe.each(RECORDS_ENGINES)('what is told of material, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is the lots, latest first, with what of them still waits', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ loads: [inside('C-1', 122_000), loose(30_000)] }));
    await site.act(receiveLot, delivery({ loads: [loose(80_000)], collector: null }));
    await site.act(receiveLot, delivery({ loads: [] }));
    await site.act(loadLine, { from: ['lot:L2'] }, 'tri-1');
    const { rows, next } = await reading.read<Page<LotRow>>('/lots');
    expect(next).toBeNull();
    expect(
      rows.map(({ id, status, receivedGrams, waitingGrams }) => [id, status, receivedGrams, waitingGrams]),
    ).toEqual([
      ['L3', 'waiting-weight', null, 0],
      ['L2', 'used', 80_000, 0],
      ['L1', 'open', 130_000, 130_000],
    ]);
    const ids = async (query: string) => {
      const page = await reading.read<Page<LotRow>>(`/lots?${query}`);
      return page.rows.map(({ id }) => id);
    };
    expect(await ids('waiting=true')).toEqual(['L3', 'L1']);
    expect(await ids('collector=unknown')).toEqual(['L2']);
    expect(await ids('collector=emmaus')).toEqual(['L3', 'L1']);
    expect(await ids('status=used')).toEqual(['L2']);
    expect(await ids('status=open')).toEqual(['L1']);
    expect(await ids('status=waiting-weight')).toEqual(['L3']);
    expect(await ids('status=at-infeed')).toEqual([]);
    expect(await ids('from=2026-11-20&to=2026-11-21')).toEqual(['L3', 'L2', 'L1']);
    expect(await ids('to=2026-11-20')).toEqual([]);
  });

  it('is a lot at the infeed whose scale counts, also by the container that it lies in', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ loads: [inside('C-1', 122_000)] }));
    await site.act(receiveLot, delivery({ loads: [loose(50_000)] }));
    await site.act(loadLine, { from: ['container:C-1', 'lot:L2'] }, 'tri-2');
    const { rows } = await reading.read<Page<LotRow>>('/lots?status=at-infeed');
    expect(rows.map(({ id, status }) => [id, status])).toEqual([
      ['L2', 'at-infeed'],
      ['L1', 'at-infeed'],
    ]);
  });

  it('is one lot: where its kilograms are, its communes, and what happened to it', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    const communes = [
      { insee: '76217', name: 'Dieppe', permille: 333 },
      { insee: '76351', name: 'Le Havre', permille: 667 },
    ];
    await site.act(receiveLot, delivery({ loads: [loose(100_001)], communes }));
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    await bale(reading, 'essuyage', 60_000);
    const lot = await reading.read<LotAnswer>('/lots/L1');
    expect(lot.whereabouts).toEqual([
      { account: 'line:tri-1', grams: 40_001 },
      { account: 'output:B1', grams: 60_000 },
    ]);
    expect(lot.communes.map(({ insee, grams, estimated }) => [insee, grams, estimated])).toEqual([
      ['76217', 33_300, true],
      ['76351', 66_701, true],
    ]);
    expect(lot.journal.map(({ type }) => type)).toEqual(['lot.received', 'line.loaded']);
    expect(lot.journal[0]?.payload).toMatchObject({ lot: 'L1', number: 1 });
    expect(lot.journal[0]?.payload).not.toHaveProperty('moves');
    expect((await reading.ask('/lots/L9')).status).toBe(404);
  });

  it('is outputs by what they are, where they stand, and what they are called', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ loads: [loose(500_000)] }));
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    for (const outlet of ['essuyage', 'effilochage', 'essuyage']) await bale(reading, outlet, 90_000);
    const { rows } = await reading.read<Page<BaleRow>>('/bales');
    expect(
      rows.map(({ id, number, outlet, status, netGrams }) => [id, number, outlet, status, netGrams]),
    ).toEqual([
      ['B3', 3, 'essuyage', 'stock', 90_000],
      ['B2', 2, 'effilochage', 'stock', 90_000],
      ['B1', 1, 'essuyage', 'stock', 90_000],
    ]);
    const ids = async (query: string) => {
      const page = await reading.read<Page<BaleRow>>(`/bales?${query}`);
      return page.rows.map(({ id }) => id);
    };
    expect(await ids('outlet=essuyage')).toEqual(['B3', 'B1']);
    expect(await ids('status=stock&zone=stock')).toEqual(['B3', 'B2', 'B1']);
    expect(await ids('status=shipped')).toEqual([]);
    expect(await ids('zone=yard')).toEqual([]);
    expect(await ids('press=presse-1')).toEqual([]);
    expect(await ids('number=2')).toEqual(['B2']);
    expect(await ids(`from=${TEST_NOW_MS + 3_600_000}`)).toEqual([]);
    const code = rows[1]?.code ?? '';
    expect(code).toMatch(/^\d{18}$/u);
    expect(await ids(`code=${code}`)).toEqual(['B2']);
    for (const name of ['B2', '2', code]) {
      const found = await reading.read<BaleAnswer>(`/bales/${name}`);
      expect(found.bale.id).toBe('B2');
      expect(found.content).toEqual([{ lot: 'L1', grams: 90_000, collector: 'Emmaüs' }]);
      expect(found.journal.map(({ type }) => type)).toContain('output.weighed');
    }
    expect((await reading.ask('/bales/B9')).status).toBe(404);
  });

  it('goes on where a page ended, whatever came in meanwhile', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    for (let count = 0; count < 5; count += 1) await bale(reading, 'essuyage', 1_000);
    const first = await reading.read<Page<BaleRow>>('/bales?limit=2');
    expect(first.rows.map(({ id }) => id)).toEqual(['B5', 'B4']);
    await bale(reading, 'essuyage', 1_000);
    const second = await reading.read<Page<BaleRow>>(`/bales?limit=2&cursor=${first.next}`);
    expect(second.rows.map(({ id }) => id)).toEqual(['B3', 'B2']);
    const third = await reading.read<Page<BaleRow>>(`/bales?limit=2&cursor=${second.next}`);
    expect([third.rows.map(({ id }) => id), third.next]).toEqual([['B1'], null]);
    const all = await reading.read<Page<LotRow>>('/bales?limit=6');
    expect([all.rows.length, all.next]).toEqual([6, null]);
  });

  it('is partners and containers by their names, page by page', async () => {
    await using reading = await materialReading(await freshRecords());
    await declareNeighbours(reading.site);
    await reading.site.act(receiveLot, delivery({ loads: [inside('C-1', 122_000)] }));
    const partners = await reading.read<Page<PartnerRow>>('/partners?role=collector');
    expect(partners.rows.every(({ role }) => role === 'collector')).toBe(true);
    expect(partners.rows.map(({ id }) => id)).toContain('emmaus');
    const one = await reading.read<Page<PartnerRow>>('/partners?limit=1');
    const rest = await reading.read<Page<PartnerRow>>(`/partners?cursor=${one.next}`);
    const all = await reading.read<Page<PartnerRow>>('/partners');
    expect([...one.rows, ...rest.rows]).toEqual(all.rows);
    const filled = await reading.read<Page<ContainerRow>>('/containers?filled=true');
    expect(filled.rows.map(({ id, grams }) => [id, grams])).toEqual([['C-1', 100_000]]);
    const empty = await reading.read<Page<ContainerRow>>('/containers?filled=false');
    expect(empty.rows.map(({ id }) => id)).not.toContain('C-1');
    const container = await reading.read<ContainerAnswer>('/containers/C-1');
    expect(container.content).toEqual([{ lot: 'L1', grams: 100_000, collector: 'Emmaüs' }]);
    expect((await reading.ask('/containers/C-99')).status).toBe(404);
  });

  it('is shipments with what is on them', async () => {
    await using reading = await materialReading(await freshRecords());
    const { site } = reading;
    await declareNeighbours(site);
    await bale(reading, 'essuyage', 60_000);
    await site.record([
      {
        type: 'partner.declared',
        occurredAt: site.nowMs,
        payload: {
          partner: 'frip-nord',
          role: 'client',
          name: 'Frip Nord',
          siret: null,
          accredited: false,
          points: [],
          communes: [],
          retired: false,
        },
      },
      {
        type: 'shipment.opened',
        occurredAt: site.nowMs,
        payload: {
          shipment: 'E1',
          number: 1,
          partner: 'frip-nord',
          purpose: 'delivery',
          transporter: null,
          vehicle: 'AB-123-CD',
          operation: 'R0',
          wasteCode: null,
          note: '',
        },
      },
      {
        type: 'shipment.loaded',
        occurredAt: site.nowMs,
        payload: { shipment: 'E1', output: 'B1', checkGrams: 60_200, differenceGrams: 200, weight: null },
      },
    ]);
    const open = await reading.read<Page<ShipmentRow>>('/shipments?status=open');
    expect(open.rows).toMatchObject([{ id: 'E1', partnerName: 'Frip Nord', outputs: 1, netGrams: 60_000 }]);
    await site.record([
      {
        type: 'shipment.dispatched',
        occurredAt: site.nowMs,
        payload: {
          shipment: 'E1',
          outputs: 1,
          netGrams: 60_000,
          vehicle: 'AB-123-CD',
          annexVii: null,
          attachments: [],
          moves: [{ from: 'output:B1', to: 'client:frip-nord', shares: null }],
        },
      },
      {
        type: 'shipment.received',
        occurredAt: site.nowMs,
        payload: {
          shipment: 'E1',
          clientGrams: 59_500,
          differenceGrams: -500,
          refused: [],
          reason: '',
          attachments: [],
        },
      },
    ]);
    const shipment = await reading.read<ShipmentAnswer>('/shipments/E1');
    expect(shipment.shipment).toMatchObject({ status: 'received', netGrams: 60_000, differenceGrams: -500 });
    expect(shipment.bales).toMatchObject([{ bale: { id: 'B1', status: 'shipped' }, checkGrams: 60_200 }]);
    expect(shipment.journal.map(({ type }) => type)).toEqual([
      'shipment.opened',
      'shipment.loaded',
      'shipment.dispatched',
      'shipment.received',
    ]);
    expect((await reading.read<Page<ShipmentRow>>('/shipments?status=open')).rows).toEqual([]);
    expect((await reading.ask('/shipments/E7')).status).toBe(404);
  });
});

describe('who reads material', () => {
  it.each(['/lots', '/bales', '/containers', '/partners', '/shipments', '/lots/L1/descendants'])(
    'may read %s when working with it: not the region, not trainees, nobody unknown',
    async (path) => {
      await using reading = await materialReading();
      const status = async (role: 'operator' | 'supervisor' | 'region' | 'trainee' | null) =>
        (await reading.ask(path, role)).status;
      expect(await status('operator')).not.toBe(403);
      expect([await status('region'), await status('trainee'), await status(null)]).toEqual([403, 403, 401]);
    },
  );

  it.each([
    ['/lots?cursor=x', '/query/cursor'],
    ['/bales?limit=501', '/query/limit'],
    ['/bales?status=gone', '/query/status'],
    ['/lots?from=hier', '/query/from'],
    ['/lots?colour=red', '/query/colour'],
  ])('is told where %s is wrong', async (path, at) => {
    await using reading = await materialReading();
    const { status, body } = await reading.ask(path);
    expect(status).toBe(400);
    expect((body as { errors: { path: string }[] }).errors.map((one) => one.path)).toContain(at);
  });
});
