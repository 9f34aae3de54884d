import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHandSimulation, type HandSimulation } from '../hand-simulation.ts';
import { startSimulation } from '../simulation.ts';
import { runCrew } from './crew.ts';
import { MemoryFile } from './memory.ts';
import { PlantClient } from './plant-client.ts';
import { SiteClient } from './site-client.ts';
import { systemClock } from '../system/clock.ts';
import { TestSite, type TakenAct } from './test-site.ts';

const log = pino({ level: 'silent' });
let directory = '';
let site: TestSite;
let url = '';
/** The crew's watch is ahead by so much. */
let laterMs = 0;
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trame-crew-'));
  const accounts = [
    { login: 'operator', secret: 'o', role: 'operator' },
    { login: 'supervisor', secret: 's', role: 'supervisor' },
  ];
  writeFileSync(join(directory, 'accounts.json'), JSON.stringify(accounts));
  laterMs = 0;
  site = new TestSite();
  url = await site.listen();
});

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  await site.close();
  rmSync(directory, { recursive: true });
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(condition: () => boolean, limitMs = 15_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not reached in time: ${condition.toString()}`);
    await sleep(25);
  }
}

async function handLine(scales: 1 | 2 = 1): Promise<HandSimulation> {
  const started = await startHandSimulation({ directory, log, speed: 60, scales, crewWithinMs: 60_000 });
  if (started.kind === 'refused') throw new Error(started.reason);
  ends.push(started.simulation.stop);
  return started.simulation;
}

/** A crew at work; what it gives sends it home. */
function crew(control: number | undefined): () => Promise<void> {
  const stopping = new AbortController();
  const running = runCrew(
    {
      site: new SiteClient(url, join(directory, 'accounts.json')),
      plant: new PlantClient(`http://127.0.0.1:${control ?? 0}`),
      memory: new MemoryFile(join(directory, 'crew.json')),
      clock: { ...systemClock, wallMs: () => systemClock.wallMs() + laterMs },
      log,
    },
    stopping.signal,
  );
  const goHome = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  ends.push(goHome);
  return goHome;
}

function loadsOf(lot: TakenAct): { container?: string; weight: { how: string; weighing: string } }[] {
  return lot.body['loads'] as {
    container?: string;
    weight: { how: string; weighing: string };
  }[];
}

function isOpening({ body }: TakenAct): boolean {
  return body['usualName'] === "Stock d'ouverture";
}

/** Lots that trucks brought. */
function lots(): TakenAct[] {
  return site.at('/lots').filter((lot) => !isOpening(lot));
}

function sumGrams(kg: Readonly<Record<string, number>>): number {
  return Object.values(kg).reduce((sum, each) => sum + Math.round(each * 1_000), 0);
}

function weighingOf(bale: TakenAct): unknown {
  return (bale.body['weight'] as Record<string, unknown>)['weighing'];
}

/** What holds of everything the crew wrote down, whatever went wrong meanwhile. */
function expectOnceEach(): void {
  expect(site.reused).toEqual([]);
  const claimed = [
    ...lots().flatMap((lot) => loadsOf(lot).map(({ weight }) => weight.weighing)),
    ...site.at('/bales').map(weighingOf),
  ];
  expect(claimed).not.toContain(undefined);
  expect(new Set(claimed).size).toBe(claimed.length);
  // What goes on the line was received before.
  const received = site.taken.flatMap((act, index) =>
    act.path.endsWith('/lots')
      ? loadsOf(act).map(({ container }) => ({
          place: container === undefined ? `lot:${act.id}` : `container:${container}`,
          index,
        }))
      : [],
  );
  const loaded = site.taken.flatMap((act, index) =>
    act.path.endsWith('/load') && act.path.includes('/lines/')
      ? [{ from: act.body['from'] as string[], index }]
      : [],
  );
  for (const { from, index } of loaded) {
    const before = received.filter((one) => one.index < index).map(({ place }) => place);
    expect(before).toEqual(expect.arrayContaining(from));
  }
}

describe('the crew of a hand line', () => {
  it('receives deliveries, sorts them, logs every output once with the weighing, and ships', async () => {
    const simulation = await handLine();
    crew(simulation.ports['control']);
    await until(() => site.at('/dispatch').length > 0 && lots().length > 0, 100_000);
    expectOnceEach();
    const [lot] = lots();
    expect(lot?.body).toMatchObject({ legalStatus: 'waste', family: 'mixed-tlc', points: expect.any(Array) });
    expect(loadsOf(lot as TakenAct).every(({ weight }) => weight.how === 'scale')).toBe(true);
    const truth = simulation.truth();
    for (const [index, bale] of site.at('/bales').entries()) {
      const one = truth.bales[index];
      expect(bale.body).toMatchObject({
        line: 'tables-1',
        outlet: one?.outlet,
        unit: one?.unit,
        zone: 'stock',
        packagingGrams: Math.round((one?.packagingKg ?? 0) * 1_000),
      });
      expect(weighingOf(bale)).toBe(`platform-scale-${one?.alibi}`);
    }
    const [shipment] = site.at('/shipments');
    expect(shipment?.role).toBe('supervisor');
    expect(site.taken.filter(({ path }) => path.includes(`/shipments/${shipment?.id}/load`)).length).toBe(10);
  }, 120_000);

  it('does everything once though every third act fails, is answered late or never', async () => {
    site.failing = 0.35;
    const simulation = await handLine(2);
    crew(simulation.ports['control']);
    await until(() => site.at('/bales').length >= 4 && lots().length > 0, 60_000);
    expectOnceEach();
    expect(weighingOf(site.at('/bales')[0] as TakenAct)).toMatch(/^bale-scale-/u);
    expect(loadsOf(lots()[0] as TakenAct)[0]?.weight.weighing).toMatch(/^platform-scale-/u);
  }, 90_000);

  it('writes down afterwards what happened while the site was away, and after it was sent home', async () => {
    const simulation = await handLine();
    const goHome = crew(simulation.ports['control']);
    await until(() => site.at('/bales').length >= 1);
    site.isDown = true;
    const before = simulation.truth().baleCount;
    await until(() => simulation.truth().baleCount >= before + 1);
    await goHome();
    const made = simulation.truth().baleCount;
    site.isDown = false;
    crew(simulation.ports['control']);
    await until(() => site.at('/bales').length >= made, 20_000);
    expectOnceEach();
  }, 60_000);

  it('takes in what stood there before the first output, once, and not again after it came back', async () => {
    const simulation = await handLine();
    const { initialBinsKg } = simulation.truth();
    const goHome = crew(simulation.ports['control']);
    await until(() => site.at('/bales').length >= 1);
    await goHome();
    const made = site.at('/bales').length;
    crew(simulation.ports['control']);
    await until(() => site.at('/bales').length > made, 30_000);
    const opening = site.at('/lots').filter(isOpening);
    expect(opening.map(({ body }) => body)).toMatchObject([
      {
        collector: null,
        loads: [{ weight: { how: 'estimated', netGrams: sumGrams(initialBinsKg) } }],
        note: expect.stringContaining('estimé'),
      },
    ]);
    const acts = site.taken.map(({ path, body }) => [path, body['from']] as const);
    const load = acts.findIndex(([, from]) => Array.isArray(from) && from[0] === `lot:${opening[0]?.id}`);
    expect(load).toBeGreaterThan(-1);
    expect(load).toBeLessThan(acts.findIndex(([path]) => path.endsWith('/bales')));
    expectOnceEach();
  }, 60_000);

  it('logs an output with the figure that it read when its weighing was taken for that of another', async () => {
    site.claimed.add('bale-scale-1');
    const simulation = await handLine(2);
    crew(simulation.ports['control']);
    await until(() => site.at('/bales').length >= 2, 30_000);
    const [first] = simulation.truth().bales;
    const grossGrams = Math.round((first?.indicatedKg ?? 0) * 1_000);
    const weights = site.at('/bales').map(({ body }) => body['weight']);
    expect(weights.slice(0, 2)).toMatchObject([
      { how: 'typed', scale: 'bale-scale', grossGrams },
      { how: 'scale', weighing: 'bale-scale-2' },
    ]);
    expect(site.reused).toEqual([]);
  }, 40_000);

  it('counts at the end of a shift what truly is on the tables, less what the book has in bins', async () => {
    const simulation = await handLine();
    crew(simulation.ports['control']);
    await until(() => site.at('/bales').length >= 1);
    site.elsewhere = [
      { account: 'bin:tables-1/creme', grams: 3_000 },
      { account: 'line:tables-1', grams: 500_000 },
    ];
    const seen: number[] = [];
    laterMs = 8 * 3_600_000;
    await until(() => {
      const { binsKg, pressKg, onLineKg, hallKg } = simulation.truth();
      seen.push(sumGrams(binsKg) + sumGrams(pressKg) + sumGrams({ onLineKg }) - sumGrams({ hallKg }));
      return site.at('/empty').length > 0;
    }, 30_000);
    const remaining = Number(site.at('/empty')[0]?.body['remainingGrams']);
    const offBy = Math.min(...seen.map((grams) => Math.abs(grams - 3_000 - remaining)));
    // Water that dried between two looks.
    expect(offBy).toBeLessThan(500);
    await until(() => site.at('/close').length === 1 && site.at('/shifts').length === 2);
  }, 60_000);

  it('goes home at once, whatever it waits for', async () => {
    const simulation = await handLine();
    site.isDown = true;
    const goHome = crew(simulation.ports['control']);
    await sleep(300);
    const startedMs = performance.now();
    await goHome();
    expect(performance.now() - startedMs).toBeLessThan(500);
  });
});

describe('the crew of an automatic line', () => {
  it('puts each delivery at the infeed and logs each bale with its number in the alibi memory', async () => {
    const started = await startSimulation({
      directory,
      log,
      speed: 60,
      incidents: false,
      only: new Set(['bale-scale']),
      crewAtLatestMs: 0,
    });
    if (started.kind === 'refused') throw new Error(started.reason);
    ends.push(started.simulation.stop);
    crew(started.simulation.ports['control']);
    await until(() => site.at('/bales').length >= 2 && site.at('/load').length > 0, 30_000);
    expect(site.reused).toEqual([]);
    const [lot] = lots();
    expect(site.at('/load')[0]?.body).toMatchObject({ from: [`lot:${lot?.id}`], counted: 'by-infeed' });
    // What stood in the bins at first is in them by the book, and was taken in.
    const { initialBinsKg } = started.simulation.truth();
    const openings = site.at('/lots').filter(isOpening);
    expect(openings.map(({ body }) => body)).toMatchObject([
      { collector: null, loads: [{ weight: { how: 'estimated', netGrams: sumGrams(initialBinsKg) } }] },
    ]);
    expect(site.at('/moves').map(({ body: { from, to, grams } }) => ({ from, to, grams }))).toEqual(
      Object.entries(initialBinsKg).map(([outlet, kg]) => ({
        from: `lot:${openings[0]?.id}`,
        to: `bin:tables-1/${outlet}`,
        grams: Math.round(kg * 1_000),
      })),
    );
    const truth = started.simulation.truth();
    for (const [index, bale] of site.at('/bales').entries()) {
      expect(bale.body).toMatchObject({ outlet: truth.bales[index]?.outlet, press: 'presse-1' });
      expect(weighingOf(bale)).toBe(`bale-scale-${truth.bales[index]?.alibi}`);
    }
  }, 60_000);
});
