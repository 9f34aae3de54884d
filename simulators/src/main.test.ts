import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Truth } from './truth.ts';

const program = new URL('main.ts', import.meta.url).pathname;
const anyPorts = {
  TRAME_OPCUA_PORT: '0',
  TRAME_MODBUS_PORT: '0',
  TRAME_PRINTER_PORT: '0',
  TRAME_SIM_PORT: '0',
};
const started: ChildProcess[] = [];
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trame-sim-main-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    await ended(child);
  }
  rmSync(directory, { recursive: true });
});

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

function launch(words: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH: process.env['PATH'] ?? '', ...anyPorts, TRAME_LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

/** Runs the program to its end. */
async function finish(words: readonly string[], environment: Record<string, string> = {}) {
  const child = launch(words, environment);
  let out = '';
  let error = '';
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (error += String(chunk)));
  const code = await ended(child);
  return { code, out, error };
}

/** The ports that the program tells once it is ready. */
async function ready(child: ChildProcess): Promise<Record<string, number>> {
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"ready":true'))
      return (JSON.parse(line) as { ports: Record<string, number> }).ports;
  }
  throw new Error('ended before it was ready');
}

async function truthAt(ports: Record<string, number>): Promise<Truth> {
  const response = await fetch(`http://127.0.0.1:${ports['control']}/truth`);
  return (await response.json()) as Truth;
}

/** The big-endian 64-bit total and 32-bit alibi number of the bale scale, over its TCP port. */
function baleCounters(port: number | undefined): Promise<{ total: number; alibi: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port ?? 0, '127.0.0.1');
    socket.once('error', reject);
    socket.once('connect', () => socket.write(Uint8Array.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 8, 0, 8])));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve({ alibi: bytes.readUInt32BE(9), total: Number(bytes.readBigUInt64BE(17)) });
    });
  });
}

function totalsOf(truth: Truth): number[] {
  const { inputKg, waterLossKg, energyKwh, baleCount, items, outputKg } = truth;
  return [inputKg, waterLossKg, energyKwh, baleCount, items, truth.nir.read, ...Object.values(outputKg)];
}

const modbusOnly = ['--only', 'infeed-scale,bale-scale', '--speed', '60', '--crew-within', '0'];

describe('trame-sim', () => {
  it('explains itself', async () => {
    const { code, out } = await finish(['run', '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/Usage: trame-sim run/u);
  });

  it.each([
    [['run', '--sped', '2'], {}, /--sped/u],
    [['walk'], {}, /expected the command "run", "crew" or "swatches", not "walk"/u],
    [['swatches', '--seed', '-1'], {}, /--seed/u],
    [['run', '--profile', 'night'], {}, /--profile: expected automatic or manual, not "night"/u],
    [['crew', '--server', 'here', '--accounts', 'f'], {}, /--server: expected an address/u],
    [['crew', '--server', 'http://127.0.0.1:1'], {}, /--accounts: expected a file/u],
    [['run', '--seed', 'x'], {}, /--seed: expected a whole number/u],
    [['run', '--only', 'plc,coffee'], {}, /unknown device "coffee"; known: plc/u],
    [['run'], { TRAME_SPEED: '61' }, /TRAME_SPEED: expected a number from 0.1 to 60/u],
    [['run'], { TRAME_MODBUS_PORT: '65535' }, /TRAME_MODBUS_PORT: expected a whole number/u],
  ])('refuses %j with %j as wrong usage', async (words, environment, reason) => {
    const { code, error } = await finish(words, environment);
    expect(code).toBe(2);
    expect(error).toMatch(reason);
    expect(error).not.toMatch(/at .*\.ts/u);
  });

  it('writes swatches, whole and the same for the same seed', async () => {
    const [first, again, other] = [
      await finish(['swatches']),
      await finish(['swatches', '--seed', '1']),
      await finish(['swatches', '--seed', '2']),
    ];
    expect([first.code, first.error]).toEqual([0, '']);
    expect(first.out.endsWith('\n')).toBe(true);
    expect(again.out).toBe(first.out);
    expect(other.out).not.toBe(first.out);
  });

  it('stops on SIGTERM and SIGINT within five seconds', { timeout: 40_000 }, async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const child = launch(['run', '--data', directory]);
      await ready(child);
      const atMs = performance.now();
      child.kill(signal);
      expect(await ended(child)).toBe(0);
      expect(performance.now() - atMs).toBeLessThan(5_000);
    }
  });

  it('says in one line that another one runs on its data', async () => {
    const first = launch(['run', '--data', directory, ...modbusOnly]);
    await ready(first);
    const { code, error } = await finish(['run', '--data', directory, ...modbusOnly]);
    expect(code).toBe(1);
    expect(error.trim().split('\n')).toEqual([
      `trame-sim: data directory ${join(directory, 'simulators')} is in use by another running simulation`,
    ]);
  });

  it('says in one line that a port is in use, of either protocol', { timeout: 30_000 }, async () => {
    const first = launch(['run', '--data', directory, '--only', 'plc,press']);
    const ports = await ready(first);
    const second = join(directory, 'second');
    const press = { TRAME_MODBUS_PORT: String((ports['press'] ?? 0) - 3) };
    const modbus = await finish(['run', '--data', second, '--only', 'press'], press);
    expect(modbus.code).toBe(1);
    expect(modbus.error.trim()).toBe(`trame-sim: port ${ports['press']} is in use by another program`);
    const plc = { TRAME_OPCUA_PORT: String(ports['plc']) };
    const opcUa = await finish(['run', '--data', second, '--only', 'plc'], plc);
    expect(opcUa.code).toBe(1);
    expect(opcUa.error.trim()).toBe(`trame-sim: port ${ports['plc']} is in use by another program`);
  });

  it('killed at any moment, shows no total that goes back', { timeout: 60_000 }, async () => {
    let totals: number[] = [];
    let counters = { total: 0, alibi: 0 };
    for (let life = 0; life < 4; life += 1) {
      const child = launch(['run', '--data', directory, ...modbusOnly]);
      const ports = await ready(child);
      const first = totalsOf(await truthAt(ports));
      for (const [index, total] of totals.entries()) expect(first[index]).toBeGreaterThanOrEqual(total);
      const shown = await baleCounters(ports['bale-scale']);
      expect(shown.total).toBeGreaterThanOrEqual(counters.total);
      expect(shown.alibi).toBeGreaterThanOrEqual(counters.alibi);
      const endMs = performance.now() + (life === 0 ? 5_000 : 700 + life * 130);
      while (performance.now() < endMs) {
        totals = totalsOf(await truthAt(ports));
        counters = await baleCounters(ports['bale-scale']);
      }
      child.kill('SIGKILL');
      await ended(child);
    }
    expect(counters.alibi).toBeGreaterThan(0);
  });
});
