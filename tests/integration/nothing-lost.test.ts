import type { HistoryAnswer, TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { countedGrams, grams, upTo, weighings } from '../helpers/ledger-books.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { edgeCommand, exportLedger, serverCommand } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { everythingArrived, LINE, standstill } from '../helpers/standstill.ts';
import { Seeded } from '../simulation/seeded.ts';
import { until } from '../helpers/until.ts';

/** A run of its own may ask for more rounds and for the seed of an earlier run. */
const ROUNDS = Number(process.env['TRAME_KILL_ROUNDS'] ?? 5);
const SEED = Number(process.env['TRAME_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROUND_MS_MAX = 20_000;
/** A total is told at least every 5 s; an edge that was killed is away for less than this. */
const HOLE_MS = 30_000;
const BALE_INTERVAL_GRAMS = 100;
/** As the demo line records it. */
const THROUGHPUT_EVERY_MS = 10_000;

type Victim = 'edge' | 'server' | 'broker' | 'history' | 'records';
const VICTIMS: readonly Victim[] = ['edge', 'server', 'broker', 'history', 'records'];

describe(`programs are killed ${ROUNDS} times while material falls (seed ${SEED})`, () => {
  let site: Site;
  let supervisor: DashboardClient;
  let truth: Truth;
  let ledger: readonly LedgerEvent[];

  beforeAll(
    async () => {
      site = await startSite({ history: 'influx', records: 'postgres', speed: 10 });
      const random = new Seeded(SEED);
      for (let round = 1; round <= ROUNDS; round += 1) await killSome(site, random, round);
      supervisor = await signInWhenBack(site);
      truth = await standstill(site);
      await everythingArrived(supervisor, THROUGHPUT_EVERY_MS);
      ledger = await exportLedger(site);
    },
    120_000 + ROUNDS * ROUND_MS_MAX,
  );

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  it('the chain at the edge is whole', async () => {
    const outcome = await edgeCommand(site, 'ledger', 'verify', '--json');
    expect(outcome.code).toBe(0);
    expect(JSON.parse(outcome.stdout)).toStrictEqual({ events: ledger.length, lines: 1, firstBroken: null });
  });

  it('the server holds every event of the edge once, and no other', async () => {
    const stored = await site.postgres?.query(
      'SELECT "epoch", "seq", "hash" FROM "ledger_events" ORDER BY "epoch", "seq"',
    );
    const told = ledger.map(({ epoch, seq, hash }) => `${epoch}|${seq}|${hash}`);
    expect(stored?.trim().split('\n')).toStrictEqual(told.toSorted(bySeq));
  });

  it('what the ledger counted is what fell, outlet by outlet, to the gram', () => {
    const counted = countedGrams(ledger);
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      expect([outlet, counted.get(`outlet.${outlet}`) ?? 0]).toStrictEqual([outlet, grams(kg)]);
    }
    expect(counted.get('input')).toBe(grams(truth.inputKg));
  });

  it('the tonnage of the server is what fell, outlet by outlet, to the gram', async () => {
    const answer = (await supervisor.get('/api/v1/tonnage?by=outlet')) as TonnageAnswer;
    const told = Object.fromEntries(answer.rows.map(({ key, t }) => [key, Math.round(t * 1e6)]));
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      expect([outlet, told[outlet] ?? 0]).toStrictEqual([outlet, grams(kg)]);
    }
  });

  it('every weighing is there once: recorded, or named as missed with the kilograms of its scale', () => {
    const reception = weighings(ledger, 'infeed-scale');
    expect(reception.numbers).toStrictEqual(upTo(truth.cagesWeighed));
    expect(reception.grams).toBe(grams(truth.inputKg));
    const bales = weighings(ledger, 'bale-scale');
    expect(bales.numbers).toStrictEqual(upTo(truth.baleCount));
    const shown = truth.bales.map(({ alibi, indicatedKg }) => [alibi, grams(indicatedKg)] as const);
    const differing = shown.filter(([alibi, net]) => (bales.netOf.get(alibi) ?? net) !== net);
    expect(differing).toStrictEqual([]);
    // What the scale shows is rounded to its interval; what it adds up is not.
    const roundedGramsMax = (BALE_INTERVAL_GRAMS / 2) * truth.baleCount;
    const baledGrams = Object.values(truth.baledKg).reduce((total, kg) => total + grams(kg), 0);
    expect(Math.abs(bales.grams - baledGrams)).toBeLessThanOrEqual(roundedGramsMax);
    expect(Math.min(truth.cagesWeighed, truth.baleCount)).toBeGreaterThan(0);
  });

  it('the history ends where the line stands, and what it lacks on the way is declared', async () => {
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      const tag = `${LINE}/line/outlet.${outlet}.total`;
      const { points, gaps } = (await supervisor.get(
        `/api/v1/history?tag=${tag}&every=raw&from=${Date.now() - 3_600_000}&to=${Date.now()}`,
      )) as HistoryAnswer;
      expect([outlet, points.at(-1)?.value]).toStrictEqual([outlet, grams(kg)]);
      const holes = points.filter(({ t }, index) => {
        const before = points[index - 1]?.t ?? t;
        return t - before > HOLE_MS && !gaps.some(({ from, to }) => from < t && to > before);
      });
      expect([outlet, holes]).toStrictEqual([outlet, []]);
    }
  });

  it('rebuilt from the ledger, the records say the same, byte for byte', async () => {
    const before = await projections(site);
    await site.server.process().stop();
    const outcome = await serverCommand(site, 'rebuild');
    expect([outcome.code, outcome.stderr]).toStrictEqual([0, '']);
    expect(await projections(site)).toBe(before);
  });
});

async function killSome(site: Site, random: Seeded, round: number): Promise<void> {
  const victims = VICTIMS.filter(() => random.chance(0.3));
  const chosen = victims.length > 0 ? victims : [VICTIMS[random.between(0, VICTIMS.length - 1)] ?? 'edge'];
  process.stdout.write(`round ${round}: ${chosen.join(', ')}\n`);
  for (const victim of chosen) {
    await kill(site, victim);
    await sleep(random.between(0, 400));
  }
  await sleep(random.between(0, 3_000));
  for (const victim of chosen) {
    await start(site, victim);
    await sleep(random.between(0, 400));
  }
  await sleep(random.between(200, 6_000));
}

function kill(site: Site, victim: Victim): Promise<void> {
  switch (victim) {
    case 'edge':
      return site.edge.kill();
    case 'server':
      return site.server.kill();
    case 'broker':
      return site.broker.kill();
    case 'history':
      return site.influx?.kill() ?? Promise.resolve();
    case 'records':
      return site.postgres?.kill() ?? Promise.resolve();
  }
}

async function start(site: Site, victim: Victim): Promise<void> {
  if (victim === 'edge') site.edge.start();
  else if (victim === 'broker') await site.broker.start();
  else if (victim === 'history') await site.influx?.start();
  else if (victim === 'records') await site.postgres?.start();
  else site.server.start();
}

/** Whoever could not start because the database was away is started again, as systemd would. */
async function signInWhenBack(site: Site): Promise<DashboardClient> {
  return until(
    'a server that answers',
    async () => {
      try {
        return await site.signInAs('supervisor');
      } catch (error) {
        const ended = await Promise.race([site.server.process().exited, sleep(50, null)]);
        if (ended !== null) site.server.start();
        throw error;
      }
    },
    60_000,
  );
}

function bySeq(a: string, b: string): number {
  const [epochA = '', seqA = ''] = a.split('|');
  const [epochB = '', seqB = ''] = b.split('|');
  return epochA === epochB ? Number(seqA) - Number(seqB) : epochA < epochB ? -1 : 1;
}

const PROJECTIONS = [
  'weighings',
  'device_states',
  'line_states',
  'scale_verifications',
  'telemetry_gaps',
  'count_lives',
  'edge_totals',
  'uncounted',
  'sorted',
] as const;

/** Every row of every projection, in one text. */
async function projections(site: Site): Promise<string> {
  const texts: string[] = [];
  for (const table of PROJECTIONS) {
    texts.push((await site.postgres?.query(`SELECT t::text FROM "${table}" t ORDER BY 1`)) ?? '');
  }
  return texts.join('\n---\n');
}
