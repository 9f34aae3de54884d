/** The one command for a line of hands: a scale, people, a press, and a crew that acts through the API. */
import { expect, test } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { demoAccount, signIn } from '../helpers/dashboard-client.ts';
import { groupMembers, type SpawnedProcess } from '../helpers/process.ts';
import { simulationControl, type SimulationControl, type Truth } from '../helpers/simulation-control.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { freeTramePorts, launchTrame, type TramePorts } from '../helpers/trame.ts';
import { until } from '../helpers/until.ts';

const READY_MS = 150_000;
const STOP_LIMIT_MS = 20_000;
/** Speed of the physics: an hour of the hall is a minute. */
const SPEED = 60;

interface HandTruth extends Truth {
  readonly simulatedSeconds: number;
  readonly bales: readonly (Truth['bales'][number] & { readonly packagingKg: number })[];
}

interface ManualLine extends AsyncDisposable {
  readonly launcher: SpawnedProcess;
  readonly simulation: SimulationControl;
  readonly truth: () => Promise<HandTruth>;
  readonly supervisor: DashboardClient;
  readonly url: string;
}

async function startManual(
  ports: TramePorts,
  dataDir: string,
  words: readonly string[] = [],
): Promise<ManualLine> {
  const args = ['--profile', 'manual', ...words];
  const launcher = launchTrame(ports, dataDir, { args, env: { TRAME_SPEED: String(SPEED) } });
  const dispose = async (): Promise<void> => {
    await launcher.stop(STOP_LIMIT_MS + 5_000);
    await launcher[Symbol.asyncDispose]();
  };
  try {
    await launcher.waitForLine(/^Trame ready: /u, READY_MS);
    const url = `http://127.0.0.1:${ports.http}`;
    const simulation = simulationControl(ports.sim);
    return {
      launcher,
      simulation,
      truth: async () => (await simulation.truth()) as HandTruth,
      supervisor: await signIn(url, demoAccount(dataDir, 'supervisor')),
      url,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface BaleRow {
  readonly outlet: string;
  readonly unit: string;
  readonly status: string;
  readonly netGrams: number | null;
  readonly weightHow: string | null;
}

interface LotRow {
  readonly collector: string | null;
  readonly receivedGrams: number | null;
  readonly refusedGrams: number;
}

async function rowsOf<Row>(client: DashboardClient, path: string): Promise<readonly Row[]> {
  return ((await client.get(path)) as { readonly rows: readonly Row[] }).rows;
}

/** What a truck of a known collector brought, beside the opening stock that is a lot of nobody. */
async function deliveries(client: DashboardClient): Promise<readonly LotRow[]> {
  return (await rowsOf<LotRow>(client, '/api/v1/lots')).filter(({ collector }) => collector !== null);
}

/** Latest first, as many as a page holds. */
function bales(client: DashboardClient): Promise<readonly BaleRow[]> {
  return rowsOf<BaleRow>(client, '/api/v1/bales?limit=500');
}

/** What the scale showed less the packaging, of each output that was weighed, by outlet. */
function weighedGrams(truth: HandTruth): readonly [outlet: string, grams: number][] {
  return truth.bales.map(({ outlet, indicatedKg, packagingKg }) => {
    return [outlet, grams(indicatedKg - packagingKg)] as [string, number];
  });
}

function loggedGrams(rows: readonly BaleRow[]): readonly [outlet: string, grams: number | null][] {
  return rows.toReversed().map(({ outlet, netGrams }) => [outlet, netGrams] as [string, number | null]);
}

/** Process of the group whose command line holds the text. */
function memberRunning(launcher: SpawnedProcess, text: string): number {
  const found = groupMembers(launcher.pid).find(({ command }) => command.includes(text));
  if (found === undefined) throw new Error(`nothing of the group runs ${text}`);
  return found.pid;
}

function grams(kg: number): number {
  return Math.round(kg * 1_000);
}

test('one command shows a line of hands at work, and what its crew logs is what the scale showed', async () => {
  await using data = temporaryFolder('manual');
  const ports = await freeTramePorts();
  {
    await using line = await startManual(ports, data.path);
    expect(await line.supervisor.get('/api/v1/lines')).toMatchObject({ rows: [{ id: 'tables-1' }] });
    expect(await line.supervisor.get('/api/v1/reference')).toMatchObject({ profile: 'manual', demo: true });

    await until('five outputs', async () => (await bales(line.supervisor)).length >= 5, 60_000);
    await until('a delivery', async () => (await deliveries(line.supervisor)).length > 0, 60_000);
    const truth = await line.truth();
    const outG = Object.values(truth.outputKg).reduce((sum, kg) => sum + grams(kg), 0);
    expect(outG + grams(truth.onLineKg) + grams(truth.waterLossKg)).toBe(grams(truth.inputKg));

    // Every output once, in order, with the net of its own weighing.
    const logged = loggedGrams(await bales(line.supervisor));
    expect(weighedGrams(await line.truth()).slice(0, logged.length)).toEqual(logged);
    // Of two sacks of the same weight, the weighing of one may have been claimed for the other: it is then typed.
    const claimed = (await bales(line.supervisor)).filter(({ weightHow }) => weightHow === 'scale');
    expect(claimed.length).toBeGreaterThan(logged.length / 2);
    const [lot] = await deliveries(line.supervisor);
    expect(lot?.receivedGrams).toBeGreaterThan(100_000);

    const startedMs = performance.now();
    line.launcher.signalGroup('SIGINT');
    expect(await line.launcher.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedMs).toBeLessThan(STOP_LIMIT_MS);
    expect(groupMembers(line.launcher.pid)).toEqual([]);
    expect(line.launcher.stderr()).not.toMatch(/was killed/u);
  }
  // Its data are of a line of hands for good.
  await using other = launchTrame(ports, data.path);
  expect(await other.exited).toMatchObject({ code: 1 });
  expect(other.stdout()).toBe('');
  expect(other.stderr()).toBe(
    `The data directory ${data.path} holds a line of the profile manual, not automatic: start that one, or set TRAME_DATA_DIR to another directory\n`,
  );
});

test('a dashboard that dies in the middle of the work costs no output and doubles none', async () => {
  await using data = temporaryFolder('manual-kill');
  await using line = await startManual(await freeTramePorts(), data.path);
  await until('two outputs', async () => (await bales(line.supervisor)).length >= 2, 60_000);
  process.kill(memberRunning(line.launcher, 'dashboard/server/src/main.ts'), 'SIGKILL');
  const { baleCount } = await line.truth();
  // Sessions are kept: the client goes on with its own.
  await until(
    'the outputs that were weighed meanwhile',
    async () => (await bales(line.supervisor)).length >= baleCount + 2,
    90_000,
  );
  const logged = loggedGrams(await bales(line.supervisor));
  expect(weighedGrams(await line.truth()).slice(0, logged.length)).toEqual(logged);
});

test('without any linked device the line works, and weights are typed', async () => {
  await using data = temporaryFolder('manual-none');
  const ports = await freeTramePorts();
  await using line = await startManual(ports, data.path, ['--scales', '0']);
  const edge: unknown = await (await fetch(`http://127.0.0.1:${ports.edgeHttp}/healthz`)).json();
  expect(edge).toMatchObject({ status: 'ok', devices: [], ledger: { state: 'ok' } });
  const rows = await until(
    'an output',
    async () => {
      const some = await bales(line.supervisor);
      return some.length > 0 ? some : null;
    },
    60_000,
  );
  expect(rows.every(({ weightHow }) => weightHow === 'typed')).toBe(true);
  expect(loggedGrams(rows)).toEqual(weighedGrams(await line.truth()).slice(0, rows.length));
});
