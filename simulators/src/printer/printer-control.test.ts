import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { startHandSimulation } from '../hand-simulation.ts';
import { startSimulation } from '../simulation.ts';

const log = pino({ level: 'silent' });
const owned: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const release of owned.splice(0).toReversed()) await release();
});

/** The two kinds of line, with as little else as possible. */
const lines = {
  automatic: (directory: string) => startSimulation({ directory, log, only: new Set() }),
  manual: (directory: string) => startHandSimulation({ directory, log }),
};

async function lineOf(profile: keyof typeof lines) {
  const directory = mkdtempSync(join(tmpdir(), 'trame-printing-'));
  owned.push(() => rmSync(directory, { recursive: true }));
  const started = await lines[profile](directory);
  if (started.kind === 'refused') throw new Error(started.reason);
  owned.push(() => started.simulation.stop());
  const { ports } = started.simulation;
  return { printer: ports['label-printer'] ?? 0, control: `http://127.0.0.1:${ports['control'] ?? 0}` };
}

async function print(port: number, text: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.resume();
  socket.end(text);
  await once(socket, 'close');
}

it.each(['automatic', 'manual'] as const)('an %s line tells what its printer printed', async (profile) => {
  const { printer, control } = await lineOf(profile);
  await print(printer, '^XA^CI28^FO1,1^A0N,9,9^FDCrème^FS^XZ');
  const answer = await fetch(`${control}/printer/jobs`);
  expect(await answer.json()).toEqual({
    jobs: [{ id: 1, at: expect.any(String), bytes: 37, text: '^XA^CI28^FO1,1^A0N,9,9^FDCrème^FS^XZ' }],
  });
});

it.each(['automatic', 'manual'] as const)('faults of an %s line reach its printer', async (profile) => {
  const { printer, control } = await lineOf(profile);
  const faults = `${control}/faults`;
  const put = await fetch(faults, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'disconnect', target: 'label-printer' }),
  });
  expect(put.status).toBe(201);
  await expect(print(printer, '^XA^XZ')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const { id } = (await put.json()) as { id: string };
  await fetch(`${faults}/${id}`, { method: 'DELETE' });
  await print(printer, '^XA^XZ');
});
