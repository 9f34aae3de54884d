/** Starts the independent slave, and the wires for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('pymodbus_server.py', import.meta.url));
const READER = fileURLToPath(new URL('pymodbus_reader.py', import.meta.url));
/** The system's own Python: Debian's pymodbus belongs to it. */
const PYTHON = '/usr/bin/python3';

export interface SlaveUnit {
  readonly holding?: readonly SlaveValue[];
  readonly input?: readonly SlaveValue[];
  readonly coil?: Readonly<Record<number, boolean>>;
  readonly discrete?: Readonly<Record<number, boolean>>;
}

export interface SlaveValue {
  readonly address: number;
  readonly type: string;
  readonly order: string;
  /** Decimal; text for strings. */
  readonly value: string;
}

/** Runs until the test ends, or until it is killed. */
export function startPymodbus(
  mode: 'tcp' | 'rtu-tcp' | 'serial',
  where: string,
  units: Readonly<Record<number, SlaveUnit>>,
): ChildProcess {
  const child = spawn(PYTHON, [SCRIPT, mode, where], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin?.end(JSON.stringify({ units }));
  onTestFinished(async () => await kill(child));
  return child;
}

export interface SlavePlace {
  readonly register: 'holding' | 'coil';
  readonly address: number;
  readonly type: string;
  readonly order: string;
}

/** @returns what the slave holds now, each value as Python writes it. */
export async function readByPymodbus(
  mode: 'tcp' | 'rtu-tcp',
  port: number,
  unit: number,
  places: readonly SlavePlace[],
): Promise<readonly string[]> {
  const child = spawn(PYTHON, [READER, mode, String(port), String(unit)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => await kill(child));
  child.stdin.end(JSON.stringify(places));
  let said = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) said += String(chunk);
  return JSON.parse(said) as readonly string[];
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** @returns the two ends of a serial line, made of pseudo-terminals, for the length of a test. */
export async function serialLine(): Promise<readonly [string, string]> {
  const folder = await mkdtemp(join(tmpdir(), 'trame-serial-'));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const ends = [join(folder, 'a'), join(folder, 'b')] as const;
  await openSerialLine(ends);
  return ends;
}

/** Plugs a serial line in at two paths; killing what is returned unplugs it. */
export async function openSerialLine(ends: readonly [string, string]): Promise<ChildProcess> {
  const socat = spawn(
    'socat',
    ends.map((end) => `pty,raw,echo=0,link=${end}`),
    { stdio: 'inherit' },
  );
  onTestFinished(async () => await kill(socat));
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await Promise.allSettled(ends.map((end) => access(end)));
    if (found.every(({ status }) => status === 'fulfilled')) return socat;
    await delay(20);
  }
  throw new Error('socat made no serial line');
}
