/** A working day of a line of hands, held against what its scale showed and what its hands really made. */
import type { BalanceAnswer, LotRow, ShiftRow, StockAnswer } from '@trame/protocol/material/material-answers';
import { expect, it } from 'vitest';
import { grams } from '../helpers/ledger-books.ts';
import { describeDay, period, type DayAt } from '../helpers/material-day-tests.ts';
import {
  COLLECTOR,
  logOutput,
  REPRESSED_LOSS_GRAMS,
  type Hall,
  type MadeOutput,
} from '../helpers/material-day.ts';
import { handsOf, PLATFORM, type Weighed } from '../helpers/material-hands.ts';
import type { Truth } from '../helpers/simulation-control.ts';

interface HandTruth extends Truth {
  readonly bales: readonly (Truth['bales'][number] & { readonly packagingKg: number })[];
}

const CONTAINERS = 3;
/** What the platform shows goes in steps of this. */
const INTERVAL_GRAMS = 100;

let received: { readonly lot: string; readonly netGrams: number };
let loadedGrams = 0;
/** Weighed, and nobody logs it. */
let forgotten: Weighed;

/** A truck is weighed container by container; its delivery is one lot, which goes on the tables. */
async function receiveTruck({ site, acts, tally }: DayAt): Promise<void> {
  const hands = handsOf(site.ports.sim);
  const truck = (await hands.view()).deliveries[0];
  if (truck === undefined) throw new Error('no truck waits');
  const loads = [];
  let netGrams = 0;
  for (const { id, kind, tareKg } of truck.containers.slice(0, CONTAINERS)) {
    await acts.act('/containers', { container: id, kind, tareGrams: grams(tareKg) });
    const { weighing, shownGrams } = await hands.weigh(acts, id);
    loads.push({ container: id, weight: { how: 'scale', weighing } });
    netGrams += shownGrams - grams(tareKg);
  }
  await hands.carry('send-away', { what: truck.id });
  const { id: lot } = await acts.act('/lots', {
    collector: COLLECTOR,
    skimming: 'original',
    legalStatus: 'waste',
    condition: 'dry',
    family: 'mixed-tlc',
    zone: 'reception',
    loads,
  });
  tally.inGrams += netGrams;
  received = { lot, netGrams };
  const from = loads.map(({ container }) => `container:${container}`);
  await acts.act('/lines/tables-1/load', { from });
  for (const { container } of loads) await hands.carry('put-on-line', { what: container });
  loadedGrams += netGrams;
}

describeDay({
  profile: 'manual',
  simulatorArgs: ['--crew-within', '3600'],
  scale: PLATFORM,
  begin: async (day, { late, unknown }) => {
    const { site, acts } = day;
    await receiveTruck(day);
    await acts.act('/lines/tables-1/load', { from: [`lot:${late}`, `lot:${unknown}`] });
    loadedGrams += 3_020_000 + 84_300;
    const hands = handsOf(site.ports.sim);
    const next = async (): Promise<MadeOutput> => {
      const { id, outlet, unit, press, packagingKg } = await hands.finished();
      const { weighing, shownGrams } = await hands.weigh(acts, id);
      return { outlet, unit, press, packagingGrams: grams(packagingKg), weighing, shownGrams };
    };
    return { line: 'tables-1', next };
  },
  end: async ({ site, acts, tally }, hall: Hall) => {
    await logOutput(acts, tally, hall, await hall.next());
    const hands = handsOf(site.ports.sim);
    forgotten = await hands.weigh(acts, (await hands.finished()).id);
  },
  also: (day) => {
    it('counts of each outlet what the scale stored, to the gram, and the forgotten one alone is missing', async () => {
      const truth = (await day().site.simulation.truth()) as HandTruth;
      const stored = truth.bales.map(({ outlet, indicatedKg, packagingKg }) => [
        outlet,
        grams(indicatedKg) - grams(packagingKg),
      ]);
      const logged = day().tally.claimed.map(({ outlet, netGrams }) => [outlet, netGrams]);
      expect(stored.slice(0, -1)).toEqual(logged);
      expect(grams(truth.bales.at(-1)?.indicatedKg ?? 0)).toBe(forgotten.shownGrams);
      const shifts = await day().acts.rows<ShiftRow>('/shifts');
      expect(shifts[0]?.unclaimed.map(({ id }) => id)).toEqual([forgotten.weighing]);
    });

    it('counts in what the truck brought, within the interval of the scale', async () => {
      const truth = await day().site.simulation.truth();
      const lot = await day().acts.read<{ lot: LotRow }>(`/lots/${received.lot}`);
      expect(lot.lot.receivedGrams).toBe(received.netGrams);
      expect(Math.abs(received.netGrams - grams(truth.inputKg))).toBeLessThanOrEqual(
        CONTAINERS * INTERVAL_GRAMS,
      );
    });

    it('leaves on the line what was put on it and not weighed out, and no residual but that of the press', async () => {
      const stock = await day().acts.read<StockAnswer>('/stock');
      const onLine = stock.elsewhere.filter(({ account }) => /^(?:line|bin):/u.test(account));
      const outGrams = day().tally.claimed.reduce((sum, { netGrams }) => sum + netGrams, 0);
      expect(onLine.reduce((sum, one) => sum + one.grams, 0)).toBe(loadedGrams - outGrams);
      const { total } = await day().acts.read<BalanceAnswer>(period('month'));
      expect(total).toMatchObject({ residualGrams: REPRESSED_LOSS_GRAMS, alarm: false });
    });

    it('balances the shift: on the line against what was weighed out', async () => {
      const { rows } = await day().acts.read<BalanceAnswer>(period('shift'));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ inGrams: loadedGrams });
    });
  },
});
