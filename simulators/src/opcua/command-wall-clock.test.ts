import { DataType } from 'node-opcua';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep, startTestLine, until, type TestLine } from '../test-simulation.ts';
import { TestSession } from './test-session.ts';

let line: TestLine;
let plc: TestSession;

beforeAll(async () => {
  line = await startTestLine({ only: new Set(['plc']), speed: 20 });
  plc = await TestSession.open(line.simulation.ports['plc']);
});

afterAll(async () => {
  await plc.close();
  await line.stop();
});

const execute = 6;
const [held, unholding] = [11, 12];
const reaches = (number: number): Promise<number> =>
  until(async () => (await plc.read('Line.PackMLState')) === number);

/** One after the other with one line at ×20: what is heard, pressed and missed takes its time by the wall clock. */
describe('a line at ×20', { timeout: 60_000 }, () => {
  it('acknowledges a request within 200 ms', async () => {
    await reaches(execute);
    await line.ask('POST', '/panel', { restarts: false });
    expect(await plc.write('Command.Code', DataType.UInt16, 4)).toBe('Good');
    const acknowledge = await plc.watch('Command.Acknowledge');
    const tookMs: number[] = [];
    // The first is carried out, the others are refused: acknowledged they are all.
    for (let time = 0; time < 3; time += 1) {
      const askedMs = performance.now();
      expect(await plc.write('Command.Request', DataType.Boolean, true)).toBe('Good');
      await until(() => acknowledge.at(-1)?.value === true);
      tookMs.push((acknowledge.at(-1)?.atMs ?? Infinity) - askedMs);
      await reaches(held);
      expect(await plc.write('Command.Request', DataType.Boolean, false)).toBe('Good');
      await until(() => acknowledge.at(-1)?.value === false);
    }
    // A machine that is busy with other tests may be late once.
    expect(tookMs.toSorted((a, b) => a - b)[1]).toBeLessThan(200);
  });

  it('has its enable pressed for a second every five while it stands', async () => {
    await reaches(held);
    const enable = await plc.watch('Line.LocalEnable');
    await until(() => enable.filter(({ value }) => value === true).length >= 3, 12_000);
    await until(() => enable.at(-1)?.value === false);
    const ups = enable.filter(({ value }) => value === true);
    const [last, before] = [ups.at(-1)?.atMs ?? 0, ups.at(-2)?.atMs ?? 0];
    expect(Math.abs(last - before - 5_000)).toBeLessThan(1_000);
    expect(Math.abs((enable.at(-1)?.atMs ?? 0) - last - 1_000)).toBeLessThan(800);
  });

  it('starts after a horn that is heard for three seconds, and nothing moves before it ends', async () => {
    await reaches(held);
    const horn = await plc.watch('Line.Horn');
    const states = await plc.watch('Line.PackMLState');
    const belt = await plc.watch('SortingBelt.Running');
    expect(await plc.call('Unhold')).toBe('Good');
    await until(() => states.at(-1)?.value === execute);
    expect(horn.map(({ value }) => value)).toEqual([false, true, false]);
    const endedMs = horn[2]?.atMs ?? Infinity;
    const heardMs = endedMs - (horn[1]?.atMs ?? 0);
    expect(heardMs).toBeGreaterThanOrEqual(3_000);
    expect(heardMs).toBeLessThan(4_500);
    expect(states.map(({ value }) => value)).toEqual([held, unholding, execute]);
    await until(() => belt.at(-1)?.value === true);
    expect(belt.at(-1)?.atMs).toBeGreaterThanOrEqual(endedMs - 20);
  });

  it('is held when the supervising system counts no more, and shows it until it counts again', async () => {
    await reaches(execute);
    const count = (value: number): Promise<string> => plc.write('Line.TrameLife', DataType.UInt32, value);
    await count(1);
    await sleep(5_500);
    expect(await plc.read('Line.TrameLifeLost')).toBe(false);
    for (const value of [2, 3, 4, 5]) {
      await count(value);
      await sleep(200);
    }
    expect(await plc.read('Line.TrameLife')).toBe(5);
    const lostMs = await until(async () => (await plc.read('Line.TrameLifeLost')) === true);
    expect(lostMs).toBeGreaterThan(4_300);
    expect(lostMs).toBeLessThan(6_500);
    await reaches(held);
    await count(6);
    await until(async () => (await plc.read('Line.TrameLifeLost')) === false, 1_000);
    expect(await plc.read('Line.PackMLState')).toBe(held);
    await line.ask('POST', '/panel', { restarts: true });
    await until(async () => (await plc.read('Line.PackMLState')) === unholding, 2_000);
    // A program that begins anew has forgotten who counted.
    await line.fault({ kind: 'plc-reboot', durationMs: 300 });
    await reaches(execute);
    await sleep(5_500);
    expect(await plc.read('Line.TrameLifeLost')).toBe(false);
  });
});
