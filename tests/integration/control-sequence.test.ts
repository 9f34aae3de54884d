/**
 * How a line comes and goes when it is asked to, seen by a witness that Trame has no hand in: what the PLC says on its
 * Modbus port, horn and stations included. And that what was sorted follows what was asked.
 */
import { expect, test } from 'vitest';
import { startControlledLine, untilEnabled, type ControlledLine } from '../helpers/line-control.ts';
import { STATIONS_DOWNSTREAM, type LineRegisters } from '../helpers/line-registers.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { until } from '../helpers/until.ts';

const STOPPED = 2;
const EXECUTE = 6;
/** More than lies on the sorting belt. */
const SETTLED_KG = 6;
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
    await supervisor.sees('the crew has started the line', ({ state }) => state === 'execute');
    await panel({ restarts: false });
    expect(await supervisor.ask('control.take')).toMatchObject({ code: 'done' });

    expect(await supervisor.ask('setpoint.write', { setpoint: 'infeed-belt', value: 0.7 })).toMatchObject({
      code: 'done',
    });
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

    expect(await supervisor.ask('line.reset')).toMatchObject({ code: 'done' });
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
  },
  180_000,
);

/** What fell at the sorter beside the outlets that are led to. */
function ofSorter(outputKg: Truth['outputKg']): readonly number[] {
  return ['effilochage', 'polymere', 'buchettes'].map((outlet) => outputKg[outlet] ?? Number.NaN);
}

test('what is sorted follows the programme and the diverter that were asked for', async () => {
  await using line = await startControlledLine('demo/line.yaml', allInOneOutlet);
  const { supervisor, simulation } = line;
  await supervisor.sees('the crew has started the line', ({ state }) => state === 'execute');
  await supervisor.ask('control.take');
  const fallen = async (): Promise<Truth['outputKg']> => (await simulation.truth()).outputKg;
  const grown = async (outlet: string, kg: number): Promise<Truth['outputKg']> => {
    const before = (await fallen())[outlet] ?? Number.NaN;
    return until(
      `${kg} kg into ${outlet}`,
      async () => {
        const now = await fallen();
        return (now[outlet] ?? Number.NaN) > before + kg && now;
      },
      90_000,
    );
  };
  expect(await supervisor.ask('programme.download', { programme: 'laine' })).toMatchObject({ code: 'done' });
  // What was on its way when it was asked falls where it was decided before.
  const settled = await grown('csr', SETTLED_KG);
  const later = await grown('csr', SETTLED_KG);
  expect(ofSorter(later)).toEqual(ofSorter(settled));

  expect(await supervisor.ask('diverter.set', { outlet: 'csr', to: 'manuel' })).toMatchObject({
    code: 'done',
  });
  const led = await grown('manuel', SETTLED_KG);
  const ledLater = await grown('manuel', SETTLED_KG);
  expect(ledLater['csr']).toBe(led['csr']);
  expect(ofSorter(ledLater)).toEqual(ofSorter(settled));
}, 240_000);

/** The programme «laine» of the demonstration, made to lead everything into one outlet. */
function allInOneOutlet(yaml: string): string {
  const at = yaml.indexOf('- id: laine');
  return (
    yaml.slice(0, at) +
    yaml.slice(at).replaceAll(/^( {10}[a-z-]+): (?:effilochage|buchettes|polymere|csr|manuel)$/gmu, '$1: csr')
  );
}
