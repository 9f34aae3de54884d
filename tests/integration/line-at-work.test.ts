/**
 * That what is sorted follows what was asked of the sorter, and that a scale is zeroed and tared when it is asked: by
 * what the simulated plant and its scale know, beside what Trame tells.
 */
import type { CommandReply } from '@trame/protocol/command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import { endedCommands, startControlledLine, type ControlledLine } from '../helpers/line-control.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { exportLedger } from '../helpers/site-commands.ts';
import { until } from '../helpers/until.ts';

/** More than lies on the sorting belt. */
const SETTLED_KG = 6;

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
    expect(await supervisor.ask('programme.download', { programme: 'rien' })).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'unknown-programme' }],
    });
    expect(await supervisor.ask('programme.download', { programme: 'laine' })).toMatchObject({
      code: 'done',
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
    // What was on its way when it was asked falls where it was decided before.
    const settled = await grown('csr', SETTLED_KG);
    const later = await grown('csr', SETTLED_KG);
    expect(ofSorter(later)).toEqual(ofSorter(settled));

    expect(await supervisor.ask('diverter.set', { outlet: 'csr', to: 'manuel' })).toMatchObject({
      code: 'done',
    });
    const { sorter } = await supervisor.sees(
      'both are seen',
      (picture) => picture.sorter?.diverters.find(({ outlet }) => outlet === 'csr')?.to === 'manuel',
    );
    expect(sorter?.active).toEqual({ programme: 'laine', version: 1 });
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
    // Asked again until the edge sees the cage too: before that the scale itself refuses.
    const moving = await until('a refusal of the edge', async () => {
      const answer = await supervisor.ask('scale.tare', SCALE);
      return answer.reasons?.[0]?.code === 'scale-not-ready' && answer;
    });
    expect(moving).toMatchObject({
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
