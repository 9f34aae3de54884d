/**
 * The simulated line, controlled through an edge by each way that a PLC can be asked: methods over OPC UA, a handshake
 * over Modbus. Physics run fast; the horn, the local enable and every bound are in seconds of the wall.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { edgeCommand, exportLedger } from '../helpers/site-commands.ts';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { superviseLine, type LineSupervisor } from '../helpers/line-supervisor.ts';
import { ROOT, spawnProcess } from '../helpers/process.ts';
import { simulationControl, type SimulationControl } from '../helpers/simulation-control.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { freeTramePorts, trameEnvironment } from '../helpers/trame.ts';
import { until } from '../helpers/until.ts';

const SITE = 'caux-vallee-de-seine';
const SPEED = 20;

interface Line extends AsyncDisposable {
  readonly dataDir: string;
  readonly supervisor: LineSupervisor;
  readonly simulation: SimulationControl;
  /** What somebody does at the panel. */
  readonly panel: (change: object) => Promise<void>;
}

/** @param example below deploy/config.example. */
async function startLine(example: string): Promise<Line> {
  await using resources = new AsyncDisposableStack();
  const { path: dataDir } = resources.use(temporaryFolder('controlled'));
  const ports = await freeTramePorts();
  const env = { ...trameEnvironment(ports, dataDir), TRAME_SPEED: String(SPEED) };
  const broker = resources.use(await startMosquitto());
  const main = (program: string, ...args: string[]) =>
    spawnProcess(process.execPath, [join(ROOT, `${program}/src/main.ts`), ...args], { env });
  resources.use(main('simulators', 'run', '--no-incidents', '--crew-within', '1'));
  const simulation = simulationControl(ports.sim);
  await until('the simulators', simulation.truth, 60_000);
  for (const file of globSync('simulators/**/own/certs/*.pem', { cwd: dataDir })) {
    const trusted = await edgeCommand({ dataDir }, 'trust', 'add', join(dataDir, file));
    expect(trusted.code).toBe(0);
  }
  mkdirSync(join(dataDir, 'edge'), { recursive: true });
  const keyFile = join(dataDir, 'key.pem');
  const text = readFileSync(join(ROOT, 'deploy/config.example', example), 'utf8')
    .replaceAll(/127\.0\.0\.1:(?<port>\d+)/gu, (_all, shipped: string) => {
      const port = Number(shipped);
      if (port === 1883) return `127.0.0.1:${broker.port}`;
      return `127.0.0.1:${port >= 5000 ? ports.modbus + port - 5020 : ports.opcua + port - 4840}`;
    })
    .replace(', primaryHost: trame', '')
    .replaceAll('simulators/opcua.secret', join(dataDir, 'simulators/opcua.secret'))
    .replaceAll('dashboard/command-key.pub.pem', keyFile);
  const lineFile = join(dataDir, 'edge/line.yaml');
  writeFileSync(lineFile, text);
  const supervisor = resources.use(await superviseLine(broker.url, SITE, 'tri-1', keyFile));
  resources.use(main('edge', 'run', '--config', lineFile, '--data', join(dataDir, 'edge')));
  const panel = async (change: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(change);
    const answer = await fetch(`http://127.0.0.1:${ports.sim}/panel`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const owned = resources.move();
  return { dataDir, supervisor, simulation, panel, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Somebody at the panel presses the local enable every few seconds while the line stands. */
async function enabled({ supervisor }: Line): Promise<void> {
  await supervisor.sees('the local enable counts', ({ enableLeftMs }) => (enableLeftMs ?? 0) > 3000);
}

/** @returns what was asked of the line and how it ended, in the order of the ledger. */
async function outcomesOf(line: Line): Promise<readonly (readonly [command: unknown, outcome: unknown])[]> {
  const events = await exportLedger(line);
  return events
    .filter(({ type }) => type === 'command.ended')
    .map(({ payload }) => [payload?.['command'], payload?.['outcome']] as const);
}

test.each(['demo/line.yaml', 'line-modbus-plc.yaml'])(
  'the line of %s is held, taken up again, stopped, set and started, in order and read back',
  async (example) => {
    await using line = await startLine(example);
    const { supervisor } = line;
    const does = async (command: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> => {
      const { code, detail, reasons } = await supervisor.ask(command, args);
      expect({ command, code, detail, reasons }).toMatchObject({ code: 'done' });
    };
    await supervisor.sees('the crew has started the line', ({ state }) => state === 'execute');
    expect(await supervisor.ask('line.hold')).toMatchObject({ code: 'done' });
    expect(await supervisor.ask('line.unhold')).toMatchObject({
      code: 'refused',
      reasons: expect.arrayContaining([{ code: 'not-in-control', ref: null, words: '' }]) as unknown,
    });
    await does('control.take');
    await enabled(line);
    await does('line.unhold');
    await does('line.stop');
    await does('line.mode', { mode: 'maintenance' });
    await does('setpoint.write', { setpoint: 'infeed-belt', value: 0.6 });
    await does('line.reset');
    expect(await supervisor.ask('line.start')).toMatchObject({
      code: 'refused',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'wrong-mode' })]) as unknown,
    });
    await does('line.mode', { mode: 'production' });
    await enabled(line);
    const before = performance.now();
    await does('line.start');
    // The horn sounds for its three seconds whatever the speed.
    expect(performance.now() - before).toBeGreaterThan(3000);
    const running = await supervisor.sees(
      'it runs',
      ({ state, busy }) => state === 'execute' && busy === null,
    );
    expect(running).toMatchObject({
      mode: 'production',
      holder: 'cafe0123cafe0123',
      last: { outcome: 'done' },
    });
    expect(running.setpoints.find(({ id }) => id === 'infeed-belt')?.value).toBeCloseTo(0.6);
    expect(running.stations.filter(({ late }) => late)).toEqual([]);
    await does('line.stop');
    expect(
      (await outcomesOf(line)).filter(([, outcome]) => outcome === 'done').map(([command]) => command),
    ).toEqual([
      'line.hold',
      'line.unhold',
      'line.stop',
      'line.mode',
      'setpoint.write',
      'line.reset',
      'line.mode',
      'line.start',
      'line.stop',
    ]);
  },
  180_000,
);

test('the sorter is given a programme and the bins are led elsewhere, read back and recorded', async () => {
  await using line = await startLine('demo/line.yaml');
  const { supervisor } = line;
  await supervisor.sees('the line runs', ({ state }) => state === 'execute');
  await supervisor.ask('control.take');
  expect(await supervisor.ask('programme.download', { programme: 'laine' })).toMatchObject({ code: 'done' });
  expect(await supervisor.ask('diverter.set', { outlet: 'csr', to: 'manuel' })).toMatchObject({
    code: 'done',
  });
  const { sorter } = await supervisor.sees(
    'both are seen',
    (picture) => picture.sorter?.diverters.find(({ outlet }) => outlet === 'csr')?.to === 'manuel',
  );
  expect(sorter?.active).toEqual({ programme: 'laine', version: 1 });
  expect(await supervisor.ask('programme.download', { programme: 'rien' })).toMatchObject({
    code: 'refused',
    reasons: [{ code: 'unknown-programme' }],
  });
  const active = await until('the programme is recorded', async () =>
    (await exportLedger(line)).find(({ type, payload }) => {
      return type === 'programme.active' && payload?.['programme'] === 'laine';
    }),
  );
  expect(active.payload).toMatchObject({
    version: 1,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown,
  });
}, 180_000);

test('what goes wrong at the line is refused or told in words: a local switch, a stuck station, an emergency stop', async () => {
  await using line = await startLine('line-modbus-plc.yaml');
  const { supervisor, simulation, panel } = line;
  await panel({ restarts: false });
  await supervisor.sees('the line runs', ({ state }) => state === 'execute');
  await supervisor.ask('control.take');
  expect(await supervisor.ask('line.stop')).toMatchObject({ code: 'done' });
  await panel({ remote: false });
  await supervisor.sees('the switch stands on local', ({ remote }) => remote === false);
  expect(await supervisor.ask('line.reset')).toMatchObject({
    code: 'refused',
    reasons: [{ code: 'not-remote' }],
  });
  await panel({ remote: true });
  await supervisor.sees('the switch stands on remote', ({ remote }) => remote === true);
  expect(await supervisor.ask('line.reset')).toMatchObject({ code: 'done' });
  const stuck = await simulation.addFault({ kind: 'station-stuck', target: 'infeedBelt' });
  await enabled(line);
  const failed = await supervisor.ask('line.start');
  expect(failed).toMatchObject({ code: 'failed' });
  expect(failed.detail).toContain('infeed-belt');
  // It is still in its sequence: a stop is followed.
  expect(await supervisor.ask('line.stop')).toMatchObject({ code: 'done' });
  await simulation.removeFault(stuck);
  await simulation.addFault({ kind: 'estop', target: 'line' });
  await supervisor.sees('the emergency stop', ({ emergencyStop }) => emergencyStop === true);
  const reset = await supervisor.ask('line.reset');
  expect(reset.reasons?.map(({ code }) => code)).toContain('emergency-stop');
  expect(reset.code).toBe('refused');
}, 180_000);
