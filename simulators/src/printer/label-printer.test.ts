import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FaultRequest } from '../scenarios/fault.ts';
import { systemClock } from '../system/clock.ts';
import { LabelPrinter, maxJobBytes } from './label-printer.ts';
import { maxJobsKept, PrintedJobs } from './printed-jobs.ts';

const label = '^XA^CI28^FO10,10^A0N,40,40^FH^FDn° 1042^FS^XZ\n';
let directory = '';
let printer: LabelPrinter;

function printerHere(): LabelPrinter {
  return new LabelPrinter({ directory, port: 0, clock: systemClock, log: pino({ level: 'silent' }) });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trame-printer-'));
  printer = printerHere();
  await printer.listen();
});

afterEach(async () => {
  await printer.close();
  rmSync(directory, { recursive: true });
});

/** Sends and ends; tells how the connection ended: `closed`, an error code, or `open` after `waitMs`. */
function send(text: string | Buffer, waitMs = 2_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: printer.port });
    const timer = setTimeout(() => {
      resolve('open');
      socket.destroy();
    }, waitMs);
    let code: string | undefined;
    socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(code ?? 'closed');
    });
    socket.resume();
    socket.once('connect', () => socket.end(text));
  });
}

const fault = (kind: FaultRequest['kind'], more: Partial<FaultRequest> = {}): FaultRequest => ({
  kind,
  target: 'label-printer',
  ...more,
});

it('keeps each job as it came, and still has it after a restart', async () => {
  expect(await send(label)).toBe('closed');
  expect(await send('^XA^XZ')).toBe('closed');
  const { jobs } = printer;
  expect(jobs.map(({ id, text }) => ({ id, text }))).toEqual([
    { id: 1, text: label },
    { id: 2, text: '^XA^XZ' },
  ]);
  expect(jobs[0]?.bytes).toBe(Buffer.byteLength(label));
  expect(Math.abs(Date.parse(jobs[0]?.at ?? '') - Date.now())).toBeLessThan(60_000);
  await printer.close();
  printer = printerHere();
  await printer.listen();
  expect(printer.jobs).toEqual(jobs);
  await send('^XA^XZ');
  expect(printer.jobs.at(-1)?.id).toBe(3);
});

it('prints nothing for a connection that sends nothing', async () => {
  expect(await send('')).toBe('closed');
  expect(printer.jobs).toEqual([]);
});

it('resets a connection that sends more than any label', async () => {
  expect(await send(Buffer.alloc(maxJobBytes + 1, 65))).toMatch(/ECONNRESET|EPIPE/u);
  expect(printer.jobs).toEqual([]);
});

it('takes nothing without paper, and what waits is printed once there is some', async () => {
  await printer.behave([fault('paperOut')]);
  expect(await send(label, 200)).toBe('open');
  expect(printer.jobs).toEqual([]);
  const waiting = send(label);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await printer.behave([]);
  expect(await waiting).toBe('closed');
  expect(printer.jobs.map(({ text }) => text)).toContain(label);
});

it('drops the connection in the middle and prints nothing', async () => {
  await printer.behave([fault('dropConnection')]);
  expect(await send(label)).toMatch(/ECONNRESET|EPIPE/u);
  expect(printer.jobs).toEqual([]);
});

it('is slow', async () => {
  await printer.behave([fault('slow', { delayMs: 150 })]);
  expect(await send(label, 50)).toBe('open');
  expect(await send(label)).toBe('closed');
});

it.each(['powerCut', 'disconnect'] as const)(
  'refuses under %s, and listens on the same port after it',
  async (kind) => {
    const { port } = printer;
    await printer.behave([fault(kind)]);
    expect(await send(label)).toBe('ECONNREFUSED');
    await printer.behave([]);
    expect(printer.port).toBe(port);
    expect(await send(label)).toBe('closed');
  },
);

it('is not touched by faults of others', async () => {
  await printer.behave([{ kind: 'powerCut', target: 'press' }]);
  expect(await send(label)).toBe('closed');
});

it('keeps no more jobs than it says', () => {
  const jobs = new PrintedJobs(directory);
  for (let index = 0; index < maxJobsKept + 3; index += 1) jobs.add(Buffer.from(`^XA${index}^XZ`), index);
  expect(jobs.all).toHaveLength(maxJobsKept);
  expect(jobs.all[0]?.id).toBe(4);
  expect(readdirSync(directory)).toHaveLength(maxJobsKept);
});
