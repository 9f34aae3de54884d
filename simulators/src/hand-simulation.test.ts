import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHandSimulation, type HandSimulation, type HandSimulationOptions } from './hand-simulation.ts';
import type { HandTruth } from './hand-truth.ts';
import type { HandView } from './hand-view.ts';
import { startSimulation } from './simulation.ts';

const log = pino({ level: 'silent' });
const running: HandSimulation[] = [];
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trame-hand-'));
});

afterEach(async () => {
  for (const simulation of running.splice(0)) await simulation.stop();
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<HandSimulationOptions> = {}): Promise<HandSimulation> {
  const started = await startHandSimulation({ directory, log, speed: 60, ...options });
  if (started.kind === 'refused') throw new Error(started.reason);
  running.push(started.simulation);
  return started.simulation;
}

async function stop(simulation: HandSimulation): Promise<void> {
  running.splice(running.indexOf(simulation), 1);
  await simulation.stop();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(condition: () => boolean | Promise<boolean>, limitMs = 8_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error('not reached in time');
    await sleep(20);
  }
}

async function ask(
  simulation: HandSimulation,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${simulation.ports['control']}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function view(simulation: HandSimulation): Promise<HandView> {
  return (await ask(simulation, 'GET', '/hand')).body as unknown as HandView;
}

/** Holding registers of a scale, over Modbus TCP. */
function registers(port: number | undefined, address: number, count: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port ?? 0, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.write(Uint8Array.from([0, 1, 0, 0, 0, 6, 1, 3, 0, address, 0, count]));
    });
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.subarray(9));
    });
  });
}

/** What the indicator shows. Weights in hundredths of a kilogram. */
async function indicator(
  port: number | undefined,
): Promise<{ stable: boolean; gross: number; alibi: number }> {
  const [shown, memory] = [await registers(port, 0, 7), await registers(port, 8, 4)];
  return {
    stable: (shown.readUInt16BE(0) & 1) === 1,
    gross: shown.readInt32BE(2),
    alibi: memory.readUInt32BE(0),
  };
}

function grams(kg: number): number {
  return Math.round(kg * 1_000);
}

/** How the first container was stored, at a speed. */
async function firstWeighing(speed: number, folder: string): Promise<unknown> {
  const simulation = await start({ directory: join(directory, folder), speed });
  await until(() => simulation.truth().cagesWeighed >= 1, 20_000);
  const view = simulation.view();
  const first = [...view.hall, ...view.tables.map(({ container }) => container)].find(
    (container) => container?.weighed?.alibi === 1,
  );
  await stop(simulation);
  return { id: first?.id, weighed: first?.weighed };
}

describe('a hand line that runs', () => {
  it('tells a truth of the same shape that adds up to the gram, with outputs', async () => {
    const simulation = await start();
    await until(() => simulation.truth().baleCount >= 2, 15_000);
    const truth = (await ask(simulation, 'GET', '/truth')).body as unknown as HandTruth;
    const outG = Object.values(truth.outputKg).reduce((sum, kg) => sum + grams(kg), 0);
    expect(outG + grams(truth.onLineKg) + grams(truth.waterLossKg)).toBe(grams(truth.inputKg));
    for (const [id, kg] of Object.entries(truth.pressKg)) {
      const partsG = grams(truth.binsKg[id] ?? 0) + grams(kg) + grams(truth.baledKg[id] ?? 0);
      expect(partsG).toBe(grams(truth.initialBinsKg[id] ?? 0) + grams(truth.outputKg[id] ?? 0));
    }
    expect(truth).toMatchObject({ profile: 'manual', faults: [], energyKwh: 0, nir: { read: 0 } });
    const [first] = truth.bales;
    expect(first).toMatchObject({ unit: 'sack', outlet: 'reemploi', scale: 'platform-scale' });
    expect(Math.abs((first?.indicatedKg ?? 0) - (first?.kg ?? 0) - 0.2)).toBeLessThanOrEqual(0.1);
  });

  it('does the same at any speed', async () => {
    const fast = await firstWeighing(60, 'fast');
    expect(fast).toMatchObject({ weighed: { alibi: 1 } });
    expect(await firstWeighing(12, 'slow')).toEqual(fast);
  });

  it('goes on where it stopped, outputs included', async () => {
    const first = await start({ scales: 2, seed: 9 });
    await until(() => first.truth().baleCount >= 1, 15_000);
    await stop(first);
    const before = first.truth();
    const second = await start({ seed: 3, speed: 1, crewWithinMs: 60_000 });
    const after = second.truth();
    expect(after).toMatchObject({ seed: 9, inputKg: before.inputKg });
    expect(after.bales.slice(0, before.baleCount)).toEqual(before.bales);
    expect(after.simulatedSeconds).toBeGreaterThanOrEqual(before.simulatedSeconds);
    expect(Object.keys(second.ports)).toContain('bale-scale-rtu');
  });

  it('refuses the directory of a line of the other kind, in one line', async () => {
    await stop(await start());
    const other = await startSimulation({ directory, log, only: new Set(['press']) });
    expect(other).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/holds a line of the profile manual, not automatic/u),
    });
  });

  it('has the faults of what it has, and acts on them', async () => {
    const simulation = await start();
    const { body } = await ask(simulation, 'GET', '/faults');
    expect(Object.keys(body['kinds'] as object)).not.toContain('jam');
    const jam = await ask(simulation, 'POST', '/faults', { kind: 'jam', target: 'belt' });
    expect(jam).toMatchObject({ status: 400, body: { error: '/kind: nothing on this line can have jam' } });
    const unstable = { kind: 'scaleUnstable', target: 'platform-scale' };
    const { status, body: fault } = await ask(simulation, 'POST', '/faults', unstable);
    expect(status).toBe(201);
    const before = simulation.truth().cagesWeighed;
    await sleep(600);
    expect(simulation.truth().cagesWeighed - before).toBeLessThanOrEqual(1);
    await ask(simulation, 'DELETE', `/faults/${String(fault['id'])}`);
    await until(() => simulation.truth().cagesWeighed > before + 2);
  });
});

describe('the hands of the line, led from outside', () => {
  it('weigh what they are told: the scale on Modbus settles and stores it under an alibi number', async () => {
    const simulation = await start({ speed: 2, crewWithinMs: 60_000 });
    await until(async () => (await view(simulation)).deliveries.length > 0);
    const { deliveries, scales } = await view(simulation);
    const container = deliveries[0]?.containers[0];
    const alibi = scales[0]?.stored?.alibi ?? 0;
    if (scales[0]?.what !== null) await ask(simulation, 'POST', '/hand/take-off', {});
    const put = await ask(simulation, 'POST', '/hand/put-on-scale', { what: container?.id });
    expect(put.status).toBe(200);
    await until(async () => !(await indicator(simulation.ports['platform-scale'])).stable);
    await until(async () => (await view(simulation)).scales[0]?.stored !== null);
    await sleep(150);
    const shown = await indicator(simulation.ports['platform-scale']);
    const { stored } = (await view(simulation)).scales[0] ?? {};
    expect(shown).toMatchObject({ stable: true, alibi: stored?.alibi });
    expect(stored?.alibi).toBeGreaterThan(alibi);
    expect(Math.abs(shown.gross / 100 - (container?.grossKg ?? 0))).toBeLessThanOrEqual(0.1);
    expect((await ask(simulation, 'POST', '/hand/take-off', {})).status).toBe(200);
    await until(() => simulation.truth().cagesWeighed > 0);
    const onLine = await ask(simulation, 'POST', '/hand/put-on-line', { what: container?.id, table: 4 });
    expect((onLine.body as unknown as HandView).tables[3]).toMatchObject({
      container: { id: container?.id },
    });
  });

  it.each([
    ['put-on-scale', { what: 'C-999' }, 409, { code: 'unknown-thing' }],
    ['put-on-scale', {}, 400, { error: expect.stringMatching(/what/u) }],
    ['take-off', { to: 'moon' }, 400, { error: expect.any(String) }],
    ['take-off', { scale: 'bale-scale' }, 409, { code: 'scale-empty' }],
    ['put-on-line', { what: 'C-001', table: 9 }, 409, { code: 'unknown-table' }],
    ['send-away', { what: 'D-0999' }, 409, { code: 'unknown-thing' }],
    ['dance', {}, 404, { error: expect.any(String) }],
  ])('refuse %s %j', async (does, body, status, answer) => {
    const simulation = await start({ crewWithinMs: 60_000 });
    expect(await ask(simulation, 'POST', `/hand/${does}`, body)).toMatchObject({ status, body: answer });
  });

  it('act by themselves again when nobody leads any more', async () => {
    const simulation = await start({ speed: 60 });
    await ask(simulation, 'POST', '/hand/lead', { forMs: 700 });
    const before = simulation.truth().cagesWeighed;
    await sleep(500);
    expect(simulation.truth().cagesWeighed).toBeLessThanOrEqual(before + 1);
    expect((await view(simulation)).led).toBe(true);
    await until(() => simulation.truth().cagesWeighed > before + 3);
    expect((await view(simulation)).led).toBe(false);
  });
});
