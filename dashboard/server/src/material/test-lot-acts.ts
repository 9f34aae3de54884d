/** What hands can do with lots, containers and the line, and what is to be expected of it. */
import { emptyLine } from '../line-work/empty-line.ts';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { unloadLine } from '../line-work/unload-line.ts';
import { attributeLot } from '../lots/attribute-lot.ts';
import { dryLot } from '../lots/dry-lot.ts';
import { mergeLots } from '../lots/merge-lots.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { refuseLot } from '../lots/refuse-lot.ts';
import { returnLot } from '../lots/return-lot.ts';
import { splitLot } from '../lots/split-lot.ts';
import { delivery } from '../lots/test-deliveries.ts';
import { weighLot } from '../lots/weigh-lot.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import type { LotTable } from './material-tables.ts';
import { lotsOf, never, partOf, pick, planned, type Plan } from './test-plan.ts';

const COLLECTORS = ['emmaus', null, 'relais'] as const;
const BINS = ['bin:tri-1/creme', 'bin:tri-1/effilochage', 'bin:tri-1/essuyage'] as const;
const CONTAINERS = ['container:C-1', 'container:C-2', 'container:C-3'] as const;

function netOf(netGrams: number) {
  return { how: 'weighbridge', netGrams } as const;
}

/** Mostly one of which something is there. */
async function aim(site: MaterialSite, which: number): Promise<LotTable | undefined> {
  const lots = (await lotsOf(site)).filter(({ status }) => status === 'open');
  const waiting: LotTable[] = [];
  for (const lot of lots) if ((await thereOf(site, lot.lot)) > 0) waiting.push(lot);
  return pick(which % 9 === 0 || waiting.length === 0 ? lots : waiting, which);
}

/** Grams of a lot that wait: loose, and its part of what containers hold. */
async function thereOf(site: MaterialSite, lot: string): Promise<number> {
  const loose = await site.grams(`lot:${lot}`);
  const inside = (await site.book.whereabouts(lot)).filter(({ account }) => account.startsWith('container:'));
  return inside.reduce((total, { grams }) => total + grams, loose);
}

export const LOT_ACTS = {
  receiveLot: (_site, { which, other, grams }) => {
    const collector = COLLECTORS[which % 3] ?? null;
    const container = `C-${1 + (other % 3)}`;
    const loads = [
      ...(which % 5 === 0 ? [] : [{ weight: netOf(grams) }]),
      ...(which % 2 === 0 ? [] : [{ container, weight: netOf(grams + 1) }]),
    ];
    const net = loads.reduce((total, { weight }) => total + weight.netGrams, 0);
    return planned(receiveLot, delivery({ collector, loads }), '', (world, { id }) => {
      world.received.set(id, net);
    });
  },
  weighLot: async (site, { which, grams }) => {
    const lot = pick(
      (await lotsOf(site)).filter(({ status }) => status === 'open'),
      which,
    );
    if (lot === undefined) return never;
    const corrects = lot.weightEvent === null ? {} : { corrects: lot.weightEvent };
    const body = { weight: netOf(grams), ...corrects };
    return planned(
      weighLot,
      body,
      lot.lot,
      (world) => {
        if (lot.kind === 'received') world.received.set(lot.lot, grams);
      },
      'differs',
    );
  },
  dryLot: async (site, { which, other, grams }) => {
    const lot = await aim(site, which);
    if (lot === undefined) return never;
    const from = pick([`lot:${lot.lot}`, ...CONTAINERS], other) ?? '';
    const held = await site.grams(from);
    const net = Math.max(1, held - (grams % Math.max(1, held)));
    return planned(dryLot, { from, weight: netOf(net) }, lot.lot, (world) => {
      world.gone.water += held - net;
    });
  },
  refuseLot: async (site, hand) => {
    const lot = await aim(site, hand.which);
    if (lot === undefined) return never;
    const there = await thereOf(site, lot.lot);
    const grams = hand.yes ? partOf(there, hand) : null;
    return planned(refuseLot, { reason: 'wet', grams }, lot.lot, (world) => {
      world.gone.returned += grams ?? there;
    });
  },
  returnLot: async (site, hand) => {
    const lot = await aim(site, hand.which);
    if (lot === undefined) return never;
    const there = await thereOf(site, lot.lot);
    const grams = hand.yes ? partOf(there, hand) : null;
    return planned(returnLot, { to: 'relais', grams }, lot.lot, (world) => {
      world.gone.returned += grams ?? there;
    });
  },
  attributeLot: async (site, { which, other }) => {
    const lot = pick(await lotsOf(site), which);
    if (lot === undefined) return never;
    return planned(attributeLot, { collector: COLLECTORS[other % 3] ?? null }, lot.lot);
  },
  splitLot: async (site, hand) => {
    const lot = await aim(site, hand.which);
    if (lot === undefined) return never;
    const part = partOf(Math.floor((await thereOf(site, lot.lot)) / 2), hand);
    return planned(splitLot, { grams: hand.yes ? [part] : [part, part] }, lot.lot);
  },
  mergeLots: async (site, { which, other }) => {
    const one = await aim(site, which);
    const another = await aim(site, other);
    if (one === undefined || another === undefined || one.lot === another.lot) return never;
    return planned(mergeLots, { lots: [one.lot, another.lot] });
  },
  moveMass: async (site, { which, other, grams, yes }) => {
    const lot = (await aim(site, which))?.lot ?? 'L1';
    const places = [`lot:${lot}`, ...CONTAINERS, 'line:tri-1', ...BINS];
    const from = pick(places, which) ?? '';
    const to = pick(places, other) ?? '';
    return planned(moveMass, yes ? { from, to } : { from, to, grams }, '', undefined, 'differs');
  },
  correctMove: async (site, { which, grams }) => {
    const last = await site.records
      .selectFrom('postings')
      .select(['event', 'fromAccount', 'toAccount'])
      .where('type', '=', 'mass.moved')
      .orderBy('at', 'desc')
      .limit(3)
      .execute();
    const moved = pick(last, which);
    if (moved === undefined) return never;
    const body = { from: moved.fromAccount, to: moved.toAccount, grams, corrects: moved.event };
    return planned(moveMass, body, '', undefined, 'differs');
  },
  loadLine: async (site, { which, other, grams, yes }) => {
    const lot = await aim(site, which);
    const from = pick([`lot:${lot?.lot ?? 'L1'}`, ...CONTAINERS], other) ?? '';
    const body = yes ? { from: [from] } : { from: [from], weight: netOf(grams) };
    return planned(loadLine, body, 'tri-1');
  },
  unloadLine: async (site, hand) => {
    const { which, other } = hand;
    const lot = await aim(site, which);
    const grams = partOf(await site.grams('line:tri-1'), hand);
    const from = pick([`lot:${lot?.lot ?? 'L1'}`, ...CONTAINERS], other) ?? '';
    return planned(unloadLine, { from, grams }, 'tri-1');
  },
  emptyLine: (_site, { grams, yes }) =>
    planned(emptyLine, yes ? {} : { remainingGrams: grams }, 'tri-1', undefined, 'differs'),
} as const satisfies Readonly<Record<string, Plan>>;
