/**
 * How a line comes and goes when it is asked to, seen by a witness that Trame has no hand in: what the PLC says on its
 * Modbus port, horn and stations included. And that what was sorted follows what was asked.
 */
import type { CommandReply } from '@trame/protocol/command';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { begun } from '../helpers/begun.ts';
import {
  endedCommands,
  startControlledLine,
  untilEnabled,
  type ControlledLine,
} from '../helpers/line-control.ts';
import { STATIONS_DOWNSTREAM, type LineRegisters } from '../helpers/line-registers.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { exportLedger } from '../helpers/site-commands.ts';
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

describe('a line at work', () => {
  let line: ControlledLine;

  beforeAll(async () => {
    line = await begun(
      await startControlledLine('demo/line.yaml', allInOneOutlet),
      async ({ supervisor }) => {
        await supervisor.sees('the crew has started the line', ({ state }) => state === 'execute');
        await supervisor.ask('control.take');
      },
    );
  }, 180_000);

  afterAll(() => line[Symbol.asyncDispose]());

  it('sorts by the programme and the diverter that were asked for', async () => {
    const { supervisor, simulation } = line;
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
    expect(await supervisor.ask('programme.download', { programme: 'laine' })).toMatchObject({
      code: 'done',
    });
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

  it('zeroes its scale while nothing but lint lies on it, and says so of a key that does nothing', async () => {
    const { simulation, scale } = line;
    const zero = () => onceReady(line, 'scale.zero');
    const stands = (what: string, kg: number) =>
      until(what, async () => {
        const { grossKg, isStable } = await scale();
        return isStable && Math.abs(grossKg - kg) < INTERVAL_KG;
      });
    // No cage comes.
    const noneComes = await simulation.addFault({ kind: 'hopperEmpty', target: 'hopper' });
    const lint = await simulation.addFault({ kind: 'scaleDirty', target: 'infeed-scale' });
    await stands('the lint', LINT_KG);
    const deaf = await simulation.addFault({ kind: 'write-lies', target: 'infeed-scale' });
    expect(await zero()).toMatchObject({
      code: 'unconfirmed',
      detail: 'La bascule affiche 0,35 kg au lieu de zéro.',
    });
    await simulation.removeFault(deaf);
    expect(await zero()).toMatchObject({ code: 'done' });
    expect(Math.abs((await scale()).grossKg)).toBeLessThan(INTERVAL_KG);
    await simulation.removeFault(lint);
    await stands('as much less', -LINT_KG);
    expect(await zero()).toMatchObject({ code: 'done' });
    expect(Math.abs((await scale()).grossKg)).toBeLessThan(INTERVAL_KG);
    await simulation.removeFault(noneComes);
  }, 120_000);

  it('tares a cage that stands still, zeroes none, and records it by its own tare all the same', async () => {
    const { supervisor, simulation, scale } = line;
    const swings = await simulation.addFault({ kind: 'scaleUnstable', target: 'infeed-scale' });
    await until('a cage on the scale', async () => (await scale()).grossKg > CAGE_KG, 90_000);
    const before = await scale();
    expect(await supervisor.ask('scale.tare', SCALE)).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'scale-not-ready', words: 'Le poids bouge encore : attendez qu’il soit stable.' }],
    });
    // So slowly that it is tared before it is recorded and tipped.
    await simulation.setSpeed(0.1);
    await simulation.removeFault(swings);
    await until('it stands still', async () => (await scale()).isStable);
    expect(await supervisor.ask('scale.zero', SCALE)).toMatchObject({
      code: 'refused',
      reasons: [
        { code: 'scale-not-ready', words: 'La bascule est chargée : videz-la, puis remettez-la à zéro.' },
      ],
    });
    expect(await onceReady(line, 'scale.tare')).toMatchObject({ code: 'done' });
    const tared = await scale();
    expect(tared.weighings).toBe(before.weighings);
    expect(Math.abs(tared.grossKg - tared.tareKg)).toBeLessThan(INTERVAL_KG);
    expect(tared.tareKg).toBeGreaterThan(CAGE_KG);
    // Somebody calls up the tare of the cage. Slowly again, so that the edge sees it at rest with that.
    await simulation.setSpeed(1);
    await until('the tare of the cage', async () => (await scale()).tareKg === CAGE_KG, 60_000);
    await simulation.setSpeed(0.2);
    const after = await until(
      'it is recorded',
      async () => {
        const now = await scale();
        return now.weighings > before.weighings && now;
      },
      60_000,
    );
    expect(after.weighings).toBe(before.weighings + 1);
    const weighed = await until('it is in the ledger', async () =>
      (await exportLedger(line)).find(
        ({ type, payload }) =>
          type === 'weighing.recorded' &&
          payload?.['scale'] === 'infeed-scale' &&
          payload['number'] === after.weighings,
      ),
    );
    const netGrams = after.totalGrams - before.totalGrams;
    expect(weighed.payload).toMatchObject({ netGrams, tareGrams: CAGE_KG * 1000 });
    const grossGrams = Number(weighed.payload?.['grossGrams']);
    expect(Math.abs(grossGrams - CAGE_KG * 1000 - netGrams)).toBeLessThanOrEqual(INTERVAL_KG * 1000);
    expect(await weighedGrams(line)).toBe(after.totalGrams);
    const ended = (await endedCommands(line)).filter(({ outcome }) => outcome !== 'refused');
    expect(ended.map(({ command, outcome }) => `${String(command)} ${String(outcome)}`).slice(-4)).toEqual([
      'scale.zero unconfirmed',
      'scale.zero done',
      'scale.zero done',
      'scale.tare done',
    ]);
  }, 180_000);
});

const SCALE = { scale: 'infeed-scale' };
const INTERVAL_KG = 0.05;
const LINT_KG = 0.35;
/** Empty. */
const CAGE_KG = 62;

/** Asks until it is not refused: the edge looks at the scale five times a second, later than whoever looks here. */
async function onceReady({ supervisor }: ControlledLine, command: string): Promise<CommandReply> {
  return until(`${command} is not refused`, async () => {
    const reply = await supervisor.ask(command, SCALE);
    return reply.code !== 'refused' && reply;
  });
}

/** All that the reception scale weighed, as the ledger holds it. */
async function weighedGrams(line: ControlledLine): Promise<number> {
  const events = await exportLedger(line);
  return events
    .filter(({ type }) => type === 'weighing.recorded' || type === 'weighing.missed')
    .filter(({ payload }) => payload?.['scale'] === 'infeed-scale')
    .reduce((sum, { payload }) => sum + Number(payload?.['netGrams']), 0);
}

/** The programme «laine» of the demonstration, made to lead everything into one outlet. */
function allInOneOutlet(yaml: string): string {
  const at = yaml.indexOf('- id: laine');
  return (
    yaml.slice(0, at) +
    yaml.slice(at).replaceAll(/^( {10}[a-z-]+): (?:effilochage|buchettes|polymere|csr|manuel)$/gmu, '$1: csr')
  );
}
