/**
 * The simulated line, controlled through an edge by each way that a PLC can be asked: methods over OPC UA, a handshake
 * over Modbus. Physics run fast; the horn, the local enable and every bound are in seconds of the wall.
 */
import { expect, test } from 'vitest';
import { endedCommands, startControlledLine, untilEnabled } from '../helpers/line-control.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import { until } from '../helpers/until.ts';

test.each(['demo/line.yaml', 'line-modbus-plc.yaml'])(
  'the line of %s is held, taken up again, stopped, set and started, in order and read back',
  async (example) => {
    await using line = await startControlledLine(example);
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
    await untilEnabled(line);
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
    await untilEnabled(line);
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
      (await endedCommands(line)).filter(({ outcome }) => outcome === 'done').map(({ command }) => command),
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
  await using line = await startControlledLine('demo/line.yaml');
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
  await using line = await startControlledLine('line-modbus-plc.yaml');
  const { supervisor, simulation, panel } = line;
  await supervisor.sees('the line runs', ({ state }) => state === 'execute');
  await panel({ restarts: false });
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
  await untilEnabled(line);
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
