import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

const SCRIPT = `
  import { endSignal } from ${JSON.stringify(new URL('signals.ts', import.meta.url).href)};
  const end = endSignal();
  console.log('waits');
  const work = setInterval(() => {}, 1000);
  console.log(await end);
  setTimeout(() => {
    console.log('ended by itself');
    clearInterval(work);
  }, 1500);
`;

/** A program that takes 1.5 s to end. @returns what it said and its exit code. */
async function ended(signals: readonly (readonly [afterMs: number, NodeJS.Signals])[]) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT]);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  for (const [afterMs, signal] of signals) {
    await delay(afterMs);
    child.kill(signal);
  }
  const [code] = (await exited) as [number | null];
  return { code, said: said.trim().split('\n').slice(1) };
}

describe('a program that is asked to end', () => {
  it('ends in its own time, though a launcher passes on what the terminal said already', async () => {
    const { code, said } = await ended([
      [0, 'SIGINT'],
      [50, 'SIGTERM'],
      [50, 'SIGINT'],
      [600, 'SIGTERM'],
    ]);
    expect([code, said]).toEqual([0, ['SIGINT', 'ended by itself']]);
  });

  it('ends at once for the person who presses Ctrl-C again', async () => {
    const { code, said } = await ended([
      [0, 'SIGINT'],
      [700, 'SIGINT'],
    ]);
    expect([code, said]).toEqual([1, ['SIGINT']]);
  });
});
