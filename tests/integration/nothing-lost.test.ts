import type { HistoryAnswer, TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { HealthOverview } from '@trame/protocol/health-api';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { knownEvent } from '@trame/protocol/ledger-payloads';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { ROOT, runProcess } from '../helpers/process.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { Seeded } from '../simulation/seeded.ts';
import { until } from '../helpers/until.ts';

const LINE = 'tri-1';
/** A run of its own may ask for more rounds and for the seed of an earlier run. */
const ROUNDS = Number(process.env['TRAME_KILL_ROUNDS'] ?? 10);
const SEED = Number(process.env['TRAME_KILL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const ROUND_MS_MAX = 20_000;

type Victim = 'edge' | 'server' | 'broker' | 'history' | 'records';
const VICTIMS: readonly Victim[] = ['edge', 'server', 'broker', 'history', 'records'];

const grams = (kg: number) => Math.round(kg * 1000);
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

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
      await everythingArrived(supervisor);
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
    const counted = new Map<string, number>();
    for (const event of ledger) {
      const known = knownEvent(event);
      if (known?.type !== 'throughput.counted') continue;
      for (const { counter, grams: fell } of known.payload.counts) {
        counted.set(counter, (counted.get(counter) ?? 0) + fell);
      }
    }
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
    const shown = new Map(truth.bales.map(({ alibi, indicatedKg }) => [alibi, grams(indicatedKg)]));
    const differing = [...bales.netOf].filter(([alibi, net]) => (shown.get(alibi) ?? net) !== net);
    expect(differing).toStrictEqual([]);
  });

  it('the history ends where the line stands', async () => {
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      const tag = `${LINE}/line/outlet.${outlet}.total`;
      const answer = (await supervisor.get(
        `/api/v1/history?tag=${tag}&every=raw&from=${Date.now() - 3_600_000}&to=${Date.now()}`,
      )) as HistoryAnswer;
      expect([outlet, answer.points.at(-1)?.value]).toStrictEqual([outlet, grams(kg)]);
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

/** An emergency stop freezes the line; then the truth no longer changes. */
async function standstill(site: Site): Promise<Truth> {
  await site.simulation.addFault({ kind: 'estop', target: 'line' });
  return until(
    'a line that stands still',
    async () => {
      const before = await site.simulation.truth();
      await sleep(3_000);
      const after = await site.simulation.truth();
      return shown(before) === shown(after) && after;
    },
    60_000,
  );
}

function shown({ inputKg, outputKg, baleCount }: Truth): string {
  return JSON.stringify([inputKg, outputKg, baleCount]);
}

/** The server has stored up to the head of the edge's ledger, and the edge has nothing left to record. */
async function everythingArrived(supervisor: DashboardClient): Promise<void> {
  let quietSince: number | null = null;
  await until(
    'a ledger that is stored to its head, and rests',
    async () => {
      const health = (await supervisor.get('/api/v1/health')) as HealthOverview;
      const line = health.lines.find(({ id }) => id === LINE);
      const said = line?.heartbeat?.said;
      const level =
        said !== undefined &&
        line?.stored.upTo === said.ledger.head &&
        said.ledger.unstored === 0 &&
        said.spool?.samples === 0 &&
        line.chain === 'intact';
      quietSince = level ? (quietSince ?? performance.now()) : null;
      // Longer than the period in which throughput is recorded.
      return quietSince !== null && performance.now() - quietSince > 12_000;
    },
    120_000,
  );
}

function edgeCommand(site: Site, ...args: string[]) {
  const main = join(ROOT, 'edge/src/main.ts');
  return runProcess(process.execPath, [main, ...args, '--data', join(site.dataDir, 'edge')]);
}

function serverCommand(site: Site, ...args: string[]) {
  const main = join(ROOT, 'dashboard/server/src/main.ts');
  return runProcess(process.execPath, [main, ...args, '--config', site.serverFile], { env: site.env });
}

async function exportLedger(site: Site): Promise<readonly LedgerEvent[]> {
  const outcome = await edgeCommand(site, 'ledger', 'export');
  if (outcome.code !== 0) throw new Error(`ledger export: ${outcome.stderr}`);
  return outcome.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEvent);
}

interface ScaleBook {
  /** Every number that the ledger names, in order. */
  readonly numbers: readonly number[];
  readonly netOf: ReadonlyMap<number, number>;
  /** Recorded and missed together. */
  readonly grams: number;
}

function weighings(ledger: readonly LedgerEvent[], scale: string): ScaleBook {
  const numbers: number[] = [];
  const netOf = new Map<number, number>();
  let missedGrams = 0;
  for (const event of ledger) {
    const known = knownEvent(event);
    if (known?.type === 'weighing.recorded' && known.payload.scale === scale) {
      const number = known.payload.number ?? 0;
      numbers.push(number);
      netOf.set(number, known.payload.netGrams);
    }
    if (known?.type === 'weighing.missed' && known.payload.scale === scale) {
      const { fromNumber, toNumber, netGrams } = known.payload;
      for (let number = fromNumber; number <= toNumber; number += 1) numbers.push(number);
      missedGrams += netGrams ?? 0;
    }
  }
  return { numbers, netOf, grams: sum(netOf.values()) + missedGrams };
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
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
  'count_sources',
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
