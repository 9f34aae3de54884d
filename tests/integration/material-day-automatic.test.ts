/** A working day of a line of machines, held against what its scales stored and what its bins really got. */
import type { WeighingsAnswer } from '@trame/protocol/dashboard-api';
import type { BalanceAnswer } from '@trame/protocol/material/material-answers';
import { expect, it } from 'vitest';
import { grams } from '../helpers/ledger-books.ts';
import { weighingOf } from '../helpers/material-acts.ts';
import { describeDay, period, type DayAt } from '../helpers/material-day-tests.ts';
import { logOutput, type Hall, type MadeOutput } from '../helpers/material-day.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { everythingArrived, LINE, standstill } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

const SCALE = 'bale-scale';
const MADE_MS = 90_000;
/** As the demo line records it. */
const THROUGHPUT_EVERY_MS = 10_000;
/** What reuse is packed in. */
const SACKS: ReadonlySet<string> = new Set(['creme', 'reemploi']);

let truth: Truth;
let logged = 0;

async function made(day: DayAt, bale: Truth['bales'][number]): Promise<MadeOutput> {
  const { id, netGrams } = await weighingOf(day.acts, SCALE, bale.alibi);
  expect(netGrams).toBe(grams(bale.indicatedKg));
  return {
    outlet: bale.outlet,
    unit: SACKS.has(bale.outlet) ? 'sack' : 'bale',
    press: 'presse-1',
    packagingGrams: 0,
    shownGrams: grams(bale.indicatedKg),
    weighing: id,
  };
}

describeDay({
  profile: 'automatic',
  simulatorArgs: ['--no-incidents'],
  scale: SCALE,
  begin: async (day, { late, unknown }) => {
    await day.acts.act(`/lines/${LINE}/load`, { from: [`lot:${late}`, `lot:${unknown}`] });
    const next = async (): Promise<MadeOutput> => {
      const bale = await until(
        'a bale that was weighed',
        async () => (await day.site.simulation.truth()).bales[logged],
        MADE_MS,
      );
      logged += 1;
      return made(day, bale);
    };
    return { line: LINE, next };
  },
  end: async (day, hall: Hall) => {
    truth = await standstill(day.site);
    while (logged < truth.bales.length) {
      const bale = truth.bales[logged];
      logged += 1;
      if (bale !== undefined) await logOutput(day.acts, day.tally, hall, await made(day, bale));
    }
    await everythingArrived(day.supervisor, THROUGHPUT_EVERY_MS);
  },
  also: (day) => {
    it('counts of each outlet what the scale stored, to the gram', () => {
      const stored = truth.bales.map(({ outlet, indicatedKg }) => [outlet, grams(indicatedKg)]);
      expect(day().tally.claimed.map(({ outlet, netGrams }) => [outlet, netGrams])).toEqual(stored);
      expect(truth.baleCount).toBe(stored.length);
    });

    it('takes from the lots at the infeed what its scale weighed, and counts it on the line', async () => {
      const { rows } = await day().acts.read<WeighingsAnswer>('/weighings?scale=infeed-scale&limit=500');
      const weighedGrams = rows.reduce((sum, { netGrams }) => sum + (netGrams ?? 0), 0);
      expect(weighedGrams).toBeGreaterThan(0);
      const shifts = await day().acts.read<BalanceAnswer>(period('shift'));
      expect(shifts.rows).toHaveLength(1);
      expect(shifts.total.inGrams).toBe(weighedGrams);
      expect(weighedGrams).toBe(grams(truth.inputKg));
    });

    it('cannot explain what lay in the bins before the first second, shows it, and no more than that', async () => {
      const { total } = await day().acts.read<BalanceAnswer>(period('month'));
      const unknownGrams = Object.values(truth.initialBinsKg).reduce((sum, kg) => sum + grams(kg), 0);
      expect(total.alarm).toBe(true);
      expect(-total.residualGrams).toBeGreaterThan(total.limitGrams);
      expect(-total.residualGrams).toBeLessThanOrEqual(unknownGrams);
    });
  },
});
