/** What a working day must have left behind, on a line of machines as on a line of hands. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type {
  BalanceAnswer,
  BaleAnswer,
  BaleRow,
  GraphAnswer,
  LotRow,
  ShiftRow,
  ShipmentRow,
  StockAnswer,
} from '@trame/protocol/material/material-answers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from './dashboard-client.ts';
import { materialActs, type MaterialActs } from './material-acts.ts';
import {
  COLLECTOR,
  damageAndCount,
  declarePartners,
  logOutput,
  logToWeigh,
  logTyped,
  logWronglyAndAgain,
  lotsAdd,
  newTally,
  openShipment,
  receiveDeliveries,
  repress,
  ship,
  type Deliveries,
  type Hall,
  type LoggedOutput,
  type Tally,
} from './material-day.ts';
import { verifyLedger } from './site-commands.ts';
import { startSite, type Site } from './site.ts';

/** So much faster than life: an hour of the hall is a minute. */
const SPEED = 60;
const DAY_MS = 86_400_000;

export interface DayAt {
  readonly site: Site;
  readonly acts: MaterialActs;
  readonly supervisor: DashboardClient;
  readonly tally: Tally;
}

interface PlayedDay extends DayAt {
  readonly shipment: ShipmentRow;
  /** Id of the shift, and what closing it answered. */
  readonly shift: string;
  readonly closing: ActAnswer;
}

export interface DayPlan {
  readonly profile: 'automatic' | 'manual';
  readonly simulatorArgs: readonly string[];
  /** Scale that outputs are weighed on. */
  readonly scale: string;
  /** The line at work; `late` is a lot of three tonnes. */
  readonly begin: (day: DayAt, deliveries: Deliveries) => Promise<Hall>;
  /** Nothing more is made; what was made and not logged yet is logged by whoever is called. */
  readonly end: (day: DayAt, hall: Hall) => Promise<void>;
  /** Further promises of this profile alone. */
  readonly also: (day: () => DayAt) => void;
}

/** Registers the tests of a day that is played once before them. */
export function describeDay(plan: DayPlan): void {
  describe(`a working day on a line of the profile ${plan.profile}, by API`, () => {
    let day: PlayedDay;

    beforeAll(async () => {
      const { profile, simulatorArgs } = plan;
      const site = await startSite({ history: 'embedded', profile, speed: SPEED, simulatorArgs });
      const supervisor = await site.signInAs('supervisor');
      const at = { site, supervisor, acts: materialActs(supervisor), tally: newTally() };
      day = { ...at, ...(await playDay(plan, at)) };
    }, 240_000);

    afterAll(async () => {
      await day.site[Symbol.asyncDispose]();
    });

    plan.also(() => day);
    theBookAdds(() => day);
    theDayIsTold(plan, () => day);
  });
}

function theBookAdds(day: () => PlayedDay): void {
  it('lists each output once, as it ended', async () => {
    const rows = await day().acts.rows<BaleRow>('/bales');
    const listed = rows.map(({ id, outlet, netGrams, status }) => ({
      id,
      outlet,
      netGrams,
      where: status,
    }));
    expect(listed.sort(byNumber)).toEqual([...day().tally.outputs].sort(byNumber));
  });

  it('balances to the gram what came in against what went out', async () => {
    const { total, rows } = await day().acts.read<BalanceAnswer>(period('month'));
    const { inGrams, refusedGrams, waterGrams, missingGrams } = day().tally;
    const shipped = day().tally.outputs.filter(({ where }) => where === 'shipped');
    const outGrams = shipped.reduce((sum, { netGrams }) => sum + netGrams, 0);
    expect(total).toMatchObject({ inGrams, refusedGrams, waterGrams, missingGrams, outGrams });
    for (const row of [total, ...rows]) {
      expect(
        row.outGrams +
          row.refusedGrams +
          row.waterGrams +
          row.missingGrams +
          row.stockChangeGrams +
          row.residualGrams,
      ).toBe(row.inGrams);
    }
  });

  it('shows in stock what the balance says is left', async () => {
    const stock = await day().acts.read<StockAnswer>('/stock');
    const { total } = await day().acts.read<BalanceAnswer>(period('month'));
    expect(stock.site.grams).toBe(total.stockChangeGrams);
    const parts = [...stock.zones, ...stock.elsewhere].reduce((sum, { grams }) => sum + grams, 0);
    expect(parts).toBe(stock.site.grams);
  });

  it('shows in the stock zone the outputs that stand there', async () => {
    const { zones } = await day().acts.read<StockAnswer>('/stock');
    const shown = zones.find(({ id }) => id === 'stock')?.outputs ?? [];
    const standing = day().tally.outputs.filter(({ where }) => where === 'stock');
    expect(shown.reduce((count, row) => count + row.count, 0)).toBe(standing.length);
    expect(shown.reduce((sum, row) => sum + row.grams, 0)).toBe(
      standing.reduce((sum, { netGrams }) => sum + netGrams, 0),
    );
  });

  it('says of each lot where all of it is', async () => {
    const lots = await lotsAdd(day().acts);
    expect(lots.length).toBeGreaterThanOrEqual(4);
    for (const { lot, sum } of lots)
      expect([lot.id, sum]).toEqual([
        lot.id,
        lot.receivedGrams === null ? 0 : lot.receivedGrams + lot.refusedGrams,
      ]);
  });

  it('knows by source lot what is in each output that stands there', async () => {
    for (const { id, netGrams, where } of day().tally.outputs) {
      if (where !== 'stock') continue;
      const { content } = await day().acts.read<BaleAnswer>(`/bales/${id}`);
      const inside = content.reduce((sum, { grams }) => sum + grams, 0);
      expect([id, inside]).toEqual([id, netGrams]);
      const { nodes, truncated } = await day().acts.read<GraphAnswer>(`/bales/${id}/ancestry`);
      expect(truncated).toBe(false);
      expect(nodes.map((node) => node.id)).toContain(`output:${id}`);
    }
  });
}

function theDayIsTold(plan: DayPlan, day: () => PlayedDay): void {
  it('keeps the weight of the client beside its own, and what came back', async () => {
    expect(day().shipment).toMatchObject({ status: 'received', differenceGrams: -500 });
    const kept = day().tally.outputs.filter(({ where }) => where === 'shipped');
    expect(kept).toHaveLength(1);
  });

  it('gives the bags of unknown origin to whom they were attributed', async () => {
    const lots = await day().acts.rows<LotRow>('/lots');
    expect(lots.every(({ collector }) => collector !== null)).toBe(true);
    expect(lots.filter(({ collector }) => collector === COLLECTOR).length).toBeGreaterThanOrEqual(3);
  });

  it('tells at the end of the shift which weighings nobody claimed', async () => {
    const shifts = await day().acts.rows<ShiftRow>('/shifts');
    const closed = shifts.find(({ id }) => id === day().shift);
    expect(closed?.closedAt).not.toBeNull();
    const unclaimed = (closed?.unclaimed ?? []).filter(({ scale }) => scale === plan.scale);
    const claimed = new Set(day().tally.claimed.map(({ weighing }) => weighing));
    expect(unclaimed.filter(({ id }) => claimed.has(id))).toEqual([]);
    expect(day().closing.warnings.includes('unclaimed-weighings')).toBe((closed?.unclaimed.length ?? 0) > 0);
  });

  it('dates nothing into a month that was closed', async () => {
    const at = Date.now() - 31 * DAY_MS;
    const note = { occurredAt: at, text: 'trop tard' };
    expect(await day().acts.refusal('/notes', note)).toMatchObject({ status: 409, code: 'month-closed' });
  });

  it('leaves a whole chain at the edge', async () => {
    const { events, firstBroken } = await verifyLedger(day().site);
    expect(firstBroken).toBeNull();
    expect(events).toBeGreaterThan(day().tally.outputs.length * 3);
  });
}

/** «B12» after «B2». */
function byNumber(a: { readonly id: string }, b: { readonly id: string }): number {
  return Number(a.id.slice(1)) - Number(b.id.slice(1));
}

function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function period(by: 'day' | 'month' | 'shift' | 'lot'): string {
  return `/balance?by=${by}&from=${utcDay(Date.now() - 62 * DAY_MS)}&to=${utcDay(Date.now() + 2 * DAY_MS)}`;
}

async function playDay(plan: DayPlan, day: DayAt) {
  const { acts, tally } = day;
  await declarePartners(acts);
  await closeLastMonth(day);
  const { id: shift } = await acts.act('/shifts', { team: 'Matin', posts: [{ post: 'presse', heads: 4 }] });
  const deliveries = await receiveDeliveries(acts, tally);
  const hall = await plan.begin(day, deliveries);
  const { id: lorry } = await openShipment(acts);

  const kept = await logOutput(acts, tally, hall, await hall.next());
  const returned = await logToWeigh(acts, tally, hall, lorry);
  const taken = await logWronglyAndAgain(acts, tally, hall, 'essuyage');
  const torn = await logTyped(acts, tally, hall, plan.scale);
  const pair: LoggedOutput[] = [];
  for (let one = 0; one < 2; one += 1) pair.push(await logOutput(acts, tally, hall, await hall.next()));
  await repress(acts, tally, hall, pair);
  await damageAndCount(acts, tally, torn);
  const shipment = await ship(acts, lorry, [kept, returned, taken]);
  await plan.end(day, hall);
  const closing = await acts.act(`/shifts/${shift}/close`, { note: '' });
  return { shipment, shift, closing };
}

/** Something that was told late, and the month is closed. */
async function closeLastMonth({ acts, tally }: DayAt): Promise<void> {
  const at = Date.now() - 31 * DAY_MS;
  await acts.act('/lots', {
    occurredAt: at,
    entry: 'paper',
    collector: COLLECTOR,
    skimming: 'skimmed',
    legalStatus: 'waste',
    condition: 'dry',
    family: 'shoes',
    loads: [{ weight: { how: 'paper', netGrams: 12_400 } }],
  });
  tally.inGrams += 12_400;
  const month = new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 7);
  await acts.act('/closings', { month });
}
