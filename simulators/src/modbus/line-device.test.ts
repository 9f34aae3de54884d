import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hurriedClock, sleep, startTestLine, until, type TestLine } from '../test-simulation.ts';

const run = promisify(execFile);
let line: TestLine;
let port = 0;

beforeAll(async () => {
  line = await startTestLine({ only: new Set(['line']), clock: hurriedClock });
  port = line.simulation.ports['line'] ?? 0;
  await until(async () => (await state()) === execute);
  await line.ask('POST', '/panel', { restarts: false });
});

afterAll(() => line.stop());

const [execute, stopped, idle, held] = [6, 2, 4, 11];
const fixed = ['-m', 'tcp', '-a', '1', '-0', '-1', '-q', '-o', '1'];

/** An independent master: reads `count` cells of a table (0 coil, 1 discrete, 4 holding). */
async function read(table: '0' | '1' | '4' | '4:int', first: number, count: number): Promise<number[]> {
  const words = ['-B', '-t', table, '-r', String(first), '-c', String(count)];
  const { stdout } = await run('mbpoll', [...fixed, '-p', String(port), ...words, '127.0.0.1'], {
    timeout: 10_000,
  });
  return [...stdout.matchAll(/^\[\d+\]:\s+(\S+)/gmu)].map((match) => Number(match[1]));
}

/** Writes one cell. Gives what mbpoll said when it was refused, else null. */
async function write(table: '0' | '4', address: number, value: number): Promise<string | null> {
  const words = ['-t', table, '-r', String(address), '127.0.0.1', String(value)];
  try {
    await run('mbpoll', [...fixed, '-p', String(port), ...words], { timeout: 10_000 });
    return null;
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
    return stderr + stdout;
  }
}

/** Sends one request as bytes and gives the answer's, without the head. */
function raw(...pdu: number[]): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => socket.write(Uint8Array.from([0, 1, 0, 0, 0, pdu.length + 1, 1, ...pdu])));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve([...bytes.subarray(7)]);
    });
  });
}

const state = async (): Promise<number | undefined> => (await read('4', 1, 1))[0];
const bits = (): Promise<number[]> => read('1', 0, 3);

/** A command by the handshake, up to its end. Gives the bits with which it ended. */
async function command(code: number): Promise<number[]> {
  expect(await write('4', 0, code)).toBeNull();
  expect(await write('0', 0, 1)).toBeNull();
  await until(async () => (await bits()).slice(1).includes(1));
  const ended = await bits();
  expect(await write('0', 0, 0)).toBeNull();
  await until(async () => (await bits()).every((bit) => bit === 0), 1_000);
  return ended;
}

describe('the line on Modbus', { timeout: 60_000 }, () => {
  it('is commanded by the handshake, read and written by mbpoll', async () => {
    expect(await command(2)).toEqual([1, 0, 1]);
    expect(await command(4)).toEqual([1, 1, 0]);
    expect(await state()).toBe(held);
    expect(await command(3)).toEqual([1, 1, 0]);
    expect(await state()).toBe(stopped);
    expect(await command(1)).toEqual([1, 1, 0]);
    expect(await state()).toBe(idle);
    await until(async () => (await read('1', 6, 1))[0] === 1);
    expect(await command(2)).toEqual([1, 1, 0]);
    expect(await state()).toBe(execute);
  });

  it('acknowledges within 200 ms', async () => {
    await raw(6, 0, 0, 0, 2);
    const tookMs: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const askedMs = performance.now();
      expect(await raw(5, 0, 0, 0xff, 0)).toEqual([5, 0, 0, 0xff, 0]);
      await until(async () => (await raw(2, 0, 0, 0, 1))[2] === 1, 1_000);
      tookMs.push(performance.now() - askedMs);
      await raw(5, 0, 0, 0, 0);
      await until(async () => (await raw(2, 0, 0, 0, 1))[2] === 0, 1_000);
    }
    // A machine that is busy with other tests may be late once.
    expect(tookMs.toSorted((a, b) => a - b)[1]).toBeLessThan(200);
  });

  it('shows its stations, its belts, its safety and a life counter that counts', async () => {
    const states = await read('4', 20, 9);
    expect(states).toHaveLength(9);
    expect(states.slice(1).every((each) => each >= 3 && each <= 5)).toBe(true);
    expect(await read('1', 3, 7)).toEqual([1, 0, 1, 0, 0, 0, 1]);
    const [life = 0] = await read('4:int', 4, 1);
    await sleep(500);
    expect((await read('4:int', 4, 1))[0]).toBeGreaterThan(life);
  });

  it('takes a set-point within its range and reads it back', async () => {
    expect(await write('4', 8, 620)).toBeNull();
    await until(async () => (await read('4', 8, 1))[0] === 620, 1_000);
    await until(async () => (await read('4', 9, 1))[0] === 620);
    expect(await write('4', 8, 1_201)).toMatch(/Illegal data value/u);
    expect(await write('4', 8, 99)).toMatch(/Illegal data value/u);
    expect(await write('4', 1, 6)).toMatch(/Illegal data address/u);
    expect(await write('4', 8, 500)).toBeNull();
  });

  it('changes the mode in a state that allows it, and refuses one that is none', async () => {
    expect(await write('4', 3, 4)).toMatch(/Illegal data value/u);
    await command(3);
    expect(await write('4', 3, 9)).toMatch(/Illegal data value/u);
    expect(await write('4', 3, 4)).toBeNull();
    await until(async () => (await read('4', 2, 1))[0] === 4, 1_000);
    expect(await write('4', 3, 1)).toBeNull();
  });

  it('holds when the supervising system has counted and counts no more', async () => {
    await line.ask('POST', '/panel', { reset: true, restarts: true });
    await until(async () => (await state()) === execute);
    for (const low of [1, 2, 3]) expect((await raw(16, 0, 6, 0, 2, 4, 0, 0, 0, low))[0]).toBe(16);
    await until(async () => (await read('4:int', 6, 1))[0] === 3, 1_000);
    // Half of it alone is no counter.
    expect(await raw(6, 0, 7, 0, 9)).toEqual([0x86, 2]);
    await until(async () => (await read('1', 7, 1))[0] === 1);
    await until(async () => (await state()) === held);
  });

  it('is dark when the PLC has no power', async () => {
    const mend = await line.fault({ kind: 'powerCut', target: 'plc' });
    await expect(raw(2, 0, 0, 0, 1)).rejects.toThrow(/ECONNREFUSED/u);
    await mend();
    await until(async () => (await raw(2, 0, 0, 0, 1)).length > 0);
  });
});

/** Writes 1 to a key of a device. Gives its function code, or that of the exception with its code. */
const press = async (key: number): Promise<number[]> => (await raw(5, 0, key, 0xff, 0)).slice(0, 2);
const reads = async (key: number): Promise<number> => (await raw(1, 0, key, 0, 1))[2] ?? -1;

describe('the keys of the reception scale', { timeout: 60_000 }, () => {
  it('work on a weight at rest, are refused else, and read back what they brought about', async () => {
    const scale = await startTestLine({
      only: new Set(['infeed-scale']),
      clock: hurriedClock,
      crewAtLatestMs: 3_600_000,
    });
    port = scale.simulation.ports['infeed-scale'] ?? 0;
    const [tare, zero] = [1, 2];
    const [pressed, refused] = [
      [5, 0],
      [0x85, 3],
    ];
    try {
      await until(async () => (await raw(2, 0, 3, 0, 1))[2] === 1);
      expect(await press(tare)).toEqual(refused);
      expect(await press(zero)).toEqual(pressed);
      expect([await reads(tare), await reads(zero)]).toEqual([0, 1]);
      const mend = await scale.fault({ kind: 'scaleUnstable', target: 'infeed-scale' });
      await until(async () => (await raw(2, 0, 3, 0, 1))[2] === 0);
      expect(await press(tare)).toEqual(refused);
      expect(await press(zero)).toEqual(refused);
      await scale.fault({ kind: 'write-lies', target: 'infeed-scale' });
      expect(await press(tare)).toEqual(pressed);
      expect(await reads(tare)).toBe(0);
      await mend();
    } finally {
      await scale.stop();
    }
  });
});
