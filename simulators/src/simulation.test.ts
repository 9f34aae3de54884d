import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulation, type Simulation, type SimulationOptions } from './simulation.ts';
import type { ItemsAnswer } from './nir-items.ts';
import type { PlantTruth, Truth } from './truth.ts';

const log = pino({ level: 'silent' });
const running: Simulation[] = [];
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trame-sim-'));
});

afterEach(async () => {
  for (const simulation of running.splice(0)) await simulation.stop();
  rmSync(directory, { recursive: true });
});

/** A line with its Modbus devices, at work at once. */
async function start(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const started = await startSimulation({
    directory,
    log,
    speed: 60,
    incidents: false,
    only: new Set(['infeed-scale', 'bale-scale']),
    crewAtLatestMs: 0,
    ...options,
  });
  if (started.kind === 'refused') throw new Error(started.reason);
  running.push(started.simulation);
  return started.simulation;
}

async function stop(simulation: Simulation): Promise<void> {
  running.splice(running.indexOf(simulation), 1);
  await simulation.stop();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function grams(kg: number): number {
  return Math.round(kg * 1_000);
}

function sumG(byName: Readonly<Record<string, number>> | undefined): number {
  return Object.values(byName ?? {}).reduce((sum, kg) => sum + grams(kg), 0);
}

function expectBalanced(truth: PlantTruth): void {
  const outG = Object.values(truth.outputKg).reduce((sum, kg) => sum + grams(kg), 0);
  expect(outG + grams(truth.onLineKg) + grams(truth.waterLossKg)).toBe(grams(truth.inputKg));
  for (const [outlet, kg] of Object.entries(truth.outputKg)) {
    const waterG = grams(truth.outputWaterKg[outlet] ?? 0);
    expect(sumG(truth.outputFibresKg[outlet]) + waterG).toBe(grams(kg));
    expect(sumG(truth.outputFabricsKg[outlet]) + waterG).toBe(grams(kg));
  }
  for (const bale of truth.bales) expect(sumG(bale.fibresKg) + grams(bale.waterKg)).toBe(grams(bale.kg));
}

async function ask(
  simulation: Simulation,
  method: string,
  path: string,
  body?: string,
): Promise<[number, unknown]> {
  const url = `http://127.0.0.1:${simulation.ports['control']}${path}`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, ...(body === undefined ? {} : { headers, body }) });
  return [response.status, await response.json()];
}

/** The truth when the first cage was weighed, at a speed. */
async function atFirstCage(speed: number, folder: string): Promise<Truth> {
  const simulation = await start({ directory: join(directory, folder), speed, crewAtLatestMs: 0 });
  while (simulation.truth().cagesWeighed === 0) await sleep(5);
  const truth = simulation.truth();
  await stop(simulation);
  return truth;
}

describe('a running simulation', () => {
  it('tells a truth that adds up to the gram, with bales', async () => {
    const simulation = await start();
    // The horn takes its time, whatever the speed.
    await sleep(8_000);
    const [status, body] = await ask(simulation, 'GET', '/truth');
    const truth = body as PlantTruth;
    expect(status).toBe(200);
    expectBalanced(truth);
    expect(truth.items).toBeGreaterThan(50);
    expect(truth.bales[0]).toMatchObject({ number: 1, outlet: 'reemploi', alibi: 1 });
    expect(Object.keys(truth.outputKg)).toEqual([
      'creme',
      'reemploi',
      'essuyage',
      'effilochage',
      'polymere',
      'buchettes',
      'csr',
      'manuel',
      'elimination',
    ]);
  });

  it('tells of every garment that was read what it is and where it fell, also after a start', async () => {
    const first = await start();
    const items = async (simulation: Simulation, query: string): Promise<ItemsAnswer> => {
      const [status, body] = await ask(simulation, 'GET', `/items${query}`);
      expect(status).toBe(200);
      return body as ItemsAnswer;
    };
    while (first.truth().nir.read < 40) await sleep(50);
    const some = await items(first, '?from=3&limit=4');
    expect(some.items.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect(some).toMatchObject({ next: 7, oldest: 1 });
    await stop(first);
    const second = await start({ crewAtLatestMs: 60_000 });
    const before = second.truth();
    const { items: all, latest } = await items(second, '');
    const after = second.truth();
    expect(latest).toBeGreaterThanOrEqual(before.nir.read);
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: latest ?? 0 }, (_, index) => index + 1));
    expect(all.slice(2, 6)).toEqual(some.items);
    for (const outlet of ['effilochage', 'polymere', 'buchettes', 'csr']) {
      const fallen = all.filter((item) => item.outlet === outlet);
      const fallenG = fallen.reduce((sum, { massG }) => sum + massG, 0);
      expect(fallenG).toBeGreaterThanOrEqual(grams(before.outputKg[outlet] ?? 0));
      expect(fallenG).toBeLessThanOrEqual(grams(after.outputKg[outlet] ?? 0));
    }
    expect((await ask(second, 'GET', '/items?from=none'))[0]).toBe(400);
  });

  it('goes on where it stopped, and keeps its seed', async () => {
    const first = await start({ seed: 42 });
    await sleep(1_500);
    await stop(first);
    const before = first.truth();
    const second = await start({ seed: 1, crewAtLatestMs: 60_000 });
    expect(second.truth()).toMatchObject({ seed: 42, inputKg: before.inputKg, outputKg: before.outputKg });
    await sleep(600);
    expect(second.truth().inputKg).toBeGreaterThanOrEqual(before.inputKg);
  });

  it('does the same at any speed', async () => {
    const [slow, fast] = [await atFirstCage(9, 'slow'), await atFirstCage(60, 'fast')];
    expect(fast.inputKg).toBe(slow.inputKg);
    expect(fast.itemsWeighed).toBe(slow.itemsWeighed);
  });

  it('makes the OPC UA password once, for its owner alone', async () => {
    const first = await start();
    expect(statSync(join(directory, 'opcua.secret')).mode & 0o777).toBe(0o600);
    await stop(first);
    const second = await start();
    expect(second.opcUaUser.password).toBe(first.opcUaUser.password);
    expect(second.opcUaUser.password.length).toBeGreaterThanOrEqual(20);
  });
});

describe('a simulation that cannot run', () => {
  it('says that its directory is in use, and runs there once it is free', async () => {
    const first = await start();
    const second = await startSimulation({ directory, log, only: new Set(['press']) });
    expect(second).toEqual({
      kind: 'refused',
      reason: `data directory ${directory} is in use by another running simulation`,
    });
    await stop(first);
    await start();
  });

  it('says which port is taken, and leaves nothing open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
    const { port } = other.address() as AddressInfo;
    const refused = await startSimulation({
      directory,
      log,
      only: new Set(['press']),
      ports: { press: port },
    });
    expect(refused).toEqual({ kind: 'refused', reason: `port ${port} is in use by another program` });
    await new Promise((resolve) => other.close(resolve));
    await start({ ports: { press: port }, only: new Set(['press']) });
  });

  it('says that its directory cannot be used', async () => {
    writeFileSync(join(directory, 'file'), '');
    const refused = await startSimulation({ directory: join(directory, 'file', 'below'), log });
    expect(refused).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/cannot use data directory/u),
    });
  });

  it('says that another program wrote the directory', async () => {
    writeFileSync(
      join(directory, 'plant.sqlite'),
      'this is a letter, not a database, and long enough to be one',
    );
    const refused = await startSimulation({ directory, log });
    expect(refused).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/not a database/u) });
  });
});

describe('the control API', () => {
  it('puts, lists and mends faults, which act on the plant', async () => {
    const simulation = await start({ speed: 20 });
    const [status, fault] = await ask(simulation, 'POST', '/faults', '{"kind":"jam","target":"belt"}');
    expect(status).toBe(201);
    const { id } = fault as { id: string };
    await sleep(300);
    const [, truth] = await ask(simulation, 'GET', '/truth');
    expect(truth).toMatchObject({ line: 'jammed', faults: [{ id, kind: 'jam', target: 'belt' }] });
    expect(await ask(simulation, 'DELETE', `/faults/${id}`)).toEqual([200, { id }]);
    expect((await ask(simulation, 'DELETE', `/faults/${id}`))[0]).toBe(404);
    await sleep(4_500);
    expect(simulation.truth().line).toBe('running');
  });

  it('mends a fault by itself after its duration', async () => {
    const simulation = await start();
    await ask(simulation, 'POST', '/faults', '{"kind":"estop","durationMs":200}');
    expect(simulation.faults.active).toHaveLength(1);
    await sleep(400);
    expect(simulation.faults.active).toHaveLength(0);
  });

  it.each([
    ['{"kind":"flood"}', /unknown kind "flood"; known: jam, binFull/u],
    ['{"kind":"jam","target":"press"}', /jam cannot lie on "press"; possible: belt, sorter/u],
    ['{"kind":"slow","target":"press","delayMs":-1}', /\/delayMs: .*1/u],
    ['{"kind":"jam","target":"belt","delayMs":5}', /delayMs/u],
    [
      '{"kind":"nan","target":"infeed-scale","field":"colour"}',
      /unknown field "colour"; known: gross, net, tare/u,
    ],
    ['[]', /expected an object/u],
    ['{"kind":', /not JSON/u],
  ])('refuses the fault %s', async (body, reason) => {
    const simulation = await start();
    const [status, answer] = await ask(simulation, 'POST', '/faults', body);
    expect(status).toBe(400);
    expect((answer as { error: string }).error).toMatch(reason);
    expect(simulation.faults.active).toHaveLength(0);
  });

  it('holds a bounded number of faults', async () => {
    const simulation = await start();
    const put = (): Promise<[number, unknown]> =>
      ask(simulation, 'POST', '/faults', '{"kind":"nirDirty","target":"nir"}');
    for (let count = 0; count < 64; count += 1) expect((await put())[0]).toBe(201);
    expect((await put())[0]).toBe(409);
  });

  it('changes the speed within its range', async () => {
    const simulation = await start({ speed: 1 });
    expect(await ask(simulation, 'POST', '/speed', '{"factor":2.5}')).toEqual([200, { factor: 2.5 }]);
    expect(await ask(simulation, 'GET', '/speed')).toEqual([200, { factor: 2.5 }]);
    for (const body of ['{"factor":61}', '{"factor":"2"}', '{}', '{"factor":2,"more":1}', 'null']) {
      expect((await ask(simulation, 'POST', '/speed', body))[0]).toBe(400);
    }
  });

  it('lists scenarios and starts one', async () => {
    const simulation = await start();
    const [, listed] = await ask(simulation, 'GET', '/scenarios');
    expect((listed as { scenarios: { id: string }[] }).scenarios.map(({ id }) => id)).toContain('belt-jam');
    expect(await ask(simulation, 'POST', '/scenarios/belt-jam/start')).toEqual([202, { id: 'belt-jam' }]);
    expect((await ask(simulation, 'POST', '/scenarios/flood/start'))[0]).toBe(400);
    await sleep(2_300);
    expect(simulation.faults.active).toMatchObject([{ kind: 'jam', scenario: 'belt-jam' }]);
  });

  it('answers its health, refuses a huge body, and knows nothing else', async () => {
    const simulation = await start();
    expect(await ask(simulation, 'GET', '/healthz')).toEqual([200, { ok: true }]);
    expect((await ask(simulation, 'POST', '/faults', 'x'.repeat(20_000)))[0]).toBe(400);
    expect((await ask(simulation, 'GET', '/etc/passwd'))[0]).toBe(404);
  });
});
