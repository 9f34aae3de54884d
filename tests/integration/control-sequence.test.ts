/**
 * How a line comes and goes when it is asked to, seen by a witness that Trame has no hand in: what the PLC says on its
 * Modbus port, horn and stations included. And what keeps it from coming is refused or told in words.
 */
import { expect, test } from 'vitest';
import {
  endedCommands,
  startControlledLine,
  untilEnabled,
  type ControlledLine,
} from '../helpers/line-control.ts';
import { STATIONS_DOWNSTREAM, type LineRegisters } from '../helpers/line-registers.ts';

const STOPPED = 2;
const EXECUTE = 6;
/** Running, starved, blocked: it takes part. */
const AT_WORK: ReadonlySet<number> = new Set([3, 4]);

interface Sight {
  readonly atMs: number;
  readonly seen: LineRegisters;
}

/** Looks as often as it can while something is done. */
async function watched<T>(
  line: ControlledLine,
  does: () => Promise<T>,
): Promise<readonly [T, readonly Sight[]]> {
  const sights: Sight[] = [];
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      const seen = await line.registers();
      sights.push({ atMs: performance.now(), seen });
    }
  })();
  try {
    const result = await does();
    return [result, sights];
  } finally {
    over.abort();
    await looking;
  }
}

/** @returns how many of the stations take part, counted from the last; null: one runs that stands above one that does not. */
function runningFromTheEnd({ stations }: LineRegisters): number | null {
  const atWork = STATIONS_DOWNSTREAM.toReversed().map((station) => AT_WORK.has(stations[station]));
  const first = atWork.indexOf(false);
  if (first === -1) return atWork.length;
  return atWork.slice(first).includes(true) ? null : first;
}

test.each(['demo/line.yaml', 'line-modbus-plc.yaml'])(
  'with %s a speed reaches the PLC, and stations come downstream first after three seconds of horn, and go upstream first',
  async (example) => {
    await using line = await startControlledLine(example);
    const { supervisor, simulation, panel } = line;
    const does = async (command: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> => {
      const { code, detail, reasons } = await supervisor.ask(command, args);
      expect({ command, code, detail, reasons }).toMatchObject({ code: 'done' });
    };
    await supervisor.sees('the crew has started the line', ({ state }) => state === 'execute');
    await panel({ restarts: false });
    // Whoever has it not in hand may hold it, and not take it up again.
    await does('line.hold');
    expect(await supervisor.ask('line.unhold')).toMatchObject({
      code: 'refused',
      reasons: expect.arrayContaining([{ code: 'not-in-control', ref: null, words: '' }]) as unknown,
    });
    await does('control.take');
    await untilEnabled(line);
    await does('line.unhold');

    await does('setpoint.write', { setpoint: 'infeed-belt', value: 0.7 });
    const { mode, setpointMmPerS } = await line.registers();
    expect(setpointMmPerS).toBe(700);
    expect(await supervisor.ask('line.mode', { mode: 'maintenance' })).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'wrong-state', ref: 'execute' }],
    });
    expect((await line.registers()).mode).toBe(mode);

    // As slowly as in a hall, so that one station after the other is seen.
    await simulation.setSpeed(1);
    const [stopped, going] = await watched(line, () => supervisor.ask('line.stop'));
    expect(stopped).toMatchObject({ code: 'done' });
    expect((await line.registers()).state).toBe(STOPPED);
    expect(going.map(({ seen }) => runningFromTheEnd(seen))).not.toContain(null);
    const left = new Set(going.map(({ seen }) => runningFromTheEnd(seen)));
    // That there is an order is seen only in between.
    expect([...left].filter((count) => count !== null && count > 0 && count < 8)).not.toEqual([]);

    await does('line.mode', { mode: 'maintenance' });
    await does('line.reset');
    expect(await supervisor.ask('line.start')).toMatchObject({
      code: 'refused',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'wrong-mode' })]) as unknown,
    });
    await does('line.mode', { mode: 'production' });
    await untilEnabled(line);
    const [started, coming] = await watched(line, () => supervisor.ask('line.start'));
    expect(started).toMatchObject({ code: 'done' });
    expect((await line.registers()).state).toBe(EXECUTE);
    expect(coming.map(({ seen }) => runningFromTheEnd(seen))).not.toContain(null);
    const came = new Set(coming.map(({ seen }) => runningFromTheEnd(seen)));
    expect([...came].filter((count) => count !== null && count > 0 && count < 8)).not.toEqual([]);
    const horn = coming.filter(({ seen }) => seen.horn).map(({ atMs }) => atMs);
    const moves = coming.find(({ seen }) => runningFromTheEnd(seen) !== 0)?.atMs ?? Number.NaN;
    expect((horn.at(-1) ?? Number.NaN) - (horn[0] ?? Number.NaN)).toBeGreaterThanOrEqual(3000);
    expect(moves - (horn[0] ?? Number.NaN)).toBeGreaterThanOrEqual(3000);
    // What a page shows came by the same way: no station is told late.
    const picture = await supervisor.sees(
      'it runs',
      ({ state, busy }) => state === 'execute' && busy === null,
    );
    expect(picture.stations.filter(({ late }) => late)).toEqual([]);
    expect(picture).toMatchObject({
      mode: 'production',
      holder: 'cafe0123cafe0123',
      last: { outcome: 'done' },
    });
    expect(picture.setpoints.find(({ id }) => id === 'infeed-belt')?.value).toBeCloseTo(0.7);
    const done = (await endedCommands(line)).filter(({ outcome }) => outcome === 'done');
    expect(done.map(({ command }) => command)).toEqual([
      'line.hold',
      'line.unhold',
      'setpoint.write',
      'line.stop',
      'line.mode',
      'line.reset',
      'line.mode',
      'line.start',
    ]);
  },
  180_000,
);

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
