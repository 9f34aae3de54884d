/** What hands can do with outputs, and what is to be expected of it. */
import type { WeightBody } from '@trame/protocol/material/act-parts';
import { damageBale } from '../bales/damage-bale.ts';
import { findBale } from '../bales/find-bale.ts';
import { labelBale } from '../bales/label-bale.ts';
import { logBale } from '../bales/log-bale.ts';
import { loseBale } from '../bales/lose-bale.ts';
import { openBale } from '../bales/open-bale.ts';
import { placeBale } from '../bales/place-bale.ts';
import { pressBale } from '../bales/press-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { repressBales } from '../bales/repress-bales.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { countStock } from '../stock/count-stock.ts';
import type { OutputTable } from './material-tables.ts';
import { never, outputsOf, pick, planned, type Plan } from './test-plan.ts';

const OUTLETS = ['creme', 'effilochage', 'essuyage'] as const;
const ZONES = ['stock', 'reception', 'yard'] as const;

/** What is said of an output's weight, and the net that it makes. */
function said(grams: number, typed: boolean, packagingGrams: number): { weight: WeightBody; net: number } {
  return typed
    ? { weight: { how: 'typed', grossGrams: grams + packagingGrams, tareGrams: packagingGrams }, net: grams }
    : { weight: { how: 'estimated', netGrams: grams }, net: grams };
}

/** Mostly one that it can be done to; now and then any other. */
async function aim(
  site: Parameters<Plan>[0],
  which: number,
  statuses: readonly string[],
): Promise<OutputTable | undefined> {
  const outputs = await outputsOf(site);
  const fitting = outputs.filter(({ status }) => statuses.includes(status));
  return pick(which % 11 === 0 || fitting.length === 0 ? outputs : fitting, which);
}

const IN_STOCK = ['stock', 'to-weigh', 'pressed'];

export const OUTPUT_ACTS = {
  logBale: (_site, { which, grams, yes }) => {
    const outlet = OUTLETS[which % 3] ?? 'creme';
    const { weight, net } = said(grams, yes, 2_000);
    const press = which % 2 === 0 ? 'presse-1' : null;
    const body = { outlet, press, weight, zone: pick(ZONES, which) ?? null };
    return planned(logBale, body, '', (world, { id }) => world.made(id, 'stock', net), 'takes');
  },
  startBale: (_site, { which }) => {
    const stage = (['started', 'pressed', 'to-weigh'] as const)[which % 3] ?? 'started';
    const body = { outlet: OUTLETS[which % 3] ?? 'creme', stage };
    return planned(logBale, body, '', (world, { id }) => world.made(id, stage, null));
  },
  pressBale: async (site, { which, yes }) => {
    const output = await aim(site, which, ['started', 'pressed']);
    if (output === undefined) return never;
    return planned(pressBale, { toWeigh: yes }, output.output, (world, { id }) => {
      world.output(id).status = yes ? 'to-weigh' : 'pressed';
    });
  },
  weighBale: async (site, { which, grams, yes }) => {
    const output = await aim(site, which, ['started', 'pressed', 'to-weigh', 'stock']);
    if (output === undefined) return never;
    const { weight, net } = said(grams, yes, 1_000);
    return planned(
      weighBale,
      { weight },
      output.output,
      (world, { id }) => world.weighed(id, net),
      'differs',
    );
  },
  correctWeight: async (site, { which, grams, yes }) => {
    const output = await aim(site, which, yes ? ['shipped'] : ['stock']);
    if (output?.weightEvent == null) return never;
    const { weight, net } = said(grams, false, 0);
    const body = { weight, corrects: output.weightEvent };
    // What was damaged since that weight was told stays lost.
    const told = (await site.book.diary.weighedGrams(output.weightEvent)) ?? 0;
    const holds = net - (told - (output.netGrams ?? 0));
    return planned(weighBale, body, output.output, (world, { id }) => world.weighed(id, holds), 'differs');
  },
  labelBale: async (site, { which }) => {
    const output = await aim(site, which, IN_STOCK);
    return output === undefined ? never : planned(labelBale, {}, output.output);
  },
  placeBale: async (site, { which, other }) => {
    const output = await aim(site, which, IN_STOCK);
    const zone = pick(ZONES, other) ?? 'stock';
    return output === undefined ? never : planned(placeBale, { zone }, output.output);
  },
  reclassifyBale: async (site, { which, other }) => {
    const output = await aim(site, which, IN_STOCK);
    const outlet = pick(OUTLETS, other) ?? 'creme';
    return output === undefined ? never : planned(reclassifyBale, { outlet }, output.output);
  },
  openBale: async (site, { which, other }) => {
    const output = await aim(site, which, IN_STOCK);
    if (output === undefined) return never;
    const to = pick([undefined, 'line:tri-1', 'container:C-1', 'container:C-2'] as const, other);
    const body = to === undefined ? {} : { to };
    return planned(openBale, body, output.output, (world, { id }) => void world.emptied(id, 'opened'));
  },
  voidBale: async (site, { which }) => {
    const output = await aim(site, which, ['started', ...IN_STOCK]);
    if (output === undefined) return never;
    return planned(
      voidBale,
      {},
      output.output,
      (world, { id }) => {
        world.gone.missing -= world.output(id).lost;
        world.emptied(id, 'voided');
      },
      'differs',
    );
  },
  damageBale: async (site, { which, grams }) => {
    const output = await aim(site, which, IN_STOCK);
    if (output === undefined) return never;
    const lostGrams = grams % 20_000;
    return planned(damageBale, { lostGrams }, output.output, (world, { id }) => {
      const expected = world.output(id);
      expected.held -= lostGrams;
      expected.lost += lostGrams;
      if (expected.net !== null) expected.net -= lostGrams;
      world.gone.missing += lostGrams;
    });
  },
  loseBale: async (site, { which }) => {
    const output = await aim(site, which, IN_STOCK);
    if (output === undefined) return never;
    return planned(loseBale, {}, output.output, (world, { id }) => {
      world.gone.missing += world.emptied(id, 'missing');
    });
  },
  findBale: async (site, { which }) => {
    const output = await aim(site, which, ['missing']);
    if (output === undefined) return never;
    return planned(findBale, {}, output.output, (world, { id }) => {
      world.gone.missing -= world.back(id);
    });
  },
  repressBales: async (site, { which, other, grams, yes }) => {
    const first = await aim(site, which, IN_STOCK);
    const second = await aim(site, other, IN_STOCK);
    if (first === undefined || second === undefined) return never;
    const bales = [...new Set([first.output, second.output])];
    const { weight, net } = said(grams, false, 0);
    const isWeighed = which % 4 !== 0;
    const body = { bales, outlet: first.outlet, unusual: yes, ...(isWeighed ? { weight } : {}) };
    return planned(
      repressBales,
      body,
      '',
      (world, { id }) => {
        let held = 0;
        for (const bale of bales) held += world.emptied(bale, 'repressed');
        world.made(id, isWeighed ? 'stock' : 'pressed', isWeighed ? net : null);
        if (!isWeighed) world.output(id).held = held;
      },
      'differs',
    );
  },
  countStock: async (site, { which, other }) => {
    const zone = pick(ZONES, which) ?? 'stock';
    const there = (await outputsOf(site)).filter(({ status }) => ['stock', 'to-weigh'].includes(status));
    const lost = (await outputsOf(site)).filter(({ status }) => status === 'missing');
    const expected = there.filter((output) => output.zone === zone);
    const seen = [...expected.slice(other % 2), ...lost.slice(0, which % 2)];
    const bales = seen.map(({ output }) => output);
    const missing = expected.slice(0, other % 2).map(({ output }) => output);
    const found = lost.slice(0, which % 2).map(({ output }) => output);
    const body = { zone, count: bales.length, bales, reason: 'inventaire' };
    return planned(countStock, body, '', (world) => {
      for (const id of missing) world.gone.missing += world.emptied(id, 'missing');
      for (const id of found) world.gone.missing -= world.back(id);
    });
  },
} as const satisfies Readonly<Record<string, Plan>>;
