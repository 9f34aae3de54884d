/** A test that fails while it starts something leaves nothing of it running. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { begun } from './begun.ts';
import { startControlledLine } from './line-control.ts';
import { isListening, startMosquitto } from './mosquitto.ts';
import { groupMembers, ROOT, runProcess } from './process.ts';
import { until } from './until.ts';

describe('what was started', () => {
  it('is ended when it cannot be begun with, and the reason is told', async () => {
    const broker = await startMosquitto();
    const failing = begun(broker, async ({ port }) => {
      throw new Error(`no luck with ${port}`);
    });
    await expect(failing).rejects.toThrow(`no luck with ${broker.port}`);
    expect(await isListening(broker.port)).toBe(false);
  });

  it('is given to whoever asked, running, when it can', async () => {
    await using broker = await begun(await startMosquitto(), async ({ port }) => {
      expect(await isListening(port)).toBe(true);
    });
    expect(await isListening(broker.port)).toBe(true);
  });

  it('of a line ends with it when the line does not come: simulators and broker', async () => {
    const ports: number[] = [];
    const failing = startControlledLine('demo/line.yaml', (yaml) => {
      for (const [, port] of yaml.matchAll(/127\.0\.0\.1:(\d+)/gu)) ports.push(Number(port));
      throw new Error('no such line');
    });
    await expect(failing).rejects.toThrow('no such line');
    expect(ports.length).toBeGreaterThan(5);
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
  });

  it.each([
    ['ends', 'process.exit(1);'],
    ['is terminated', "process.kill(process.pid, 'SIGTERM'); setInterval(() => undefined, 1000);"],
  ])('does not outlive what started it and %s', async (_, end) => {
    const helper = JSON.stringify(join(ROOT, 'tests/helpers/process.ts'));
    const program = `
      const { spawnProcess } = await import(${helper});
      console.log(spawnProcess('sleep', ['300']).pid);
      ${end}`;
    const { stdout } = await runProcess(process.execPath, ['--input-type=module', '-e', program]);
    expect(Number(stdout)).toBeGreaterThan(0);
    await until('nothing is left', () => groupMembers(Number(stdout)).length === 0);
  });
});
