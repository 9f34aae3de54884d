import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ModbusTag } from '../domain/line-config.ts';
import { device, tag, tcp } from './testing/device-config.ts';
import type { RecordingSink } from './testing/real-ports.ts';
import { run, server } from './testing/run-drivers.ts';

function group(everyMs: number, ...tags: ModbusTag[]) {
  return { everyMs, staleAfterMs: 5000, tags };
}

function isRefused(sink: RecordingSink, name: string): boolean {
  return sink.of(name).at(-1)?.quality.level === 'bad';
}

describe('a Modbus device that dies with all its registers', () => {
  it('is offline after three silences, and none of its tags is blamed', async () => {
    let isDead = false;
    const { port, requests } = await server((request) => {
      if (!isDead) request.registers(request.address);
    });
    const groups = [group(50, tag('a', 1), tag('b', 100), tag('c', 200)), group(3_600_000, tag('d', 300))];
    const { sink } = run(device(tcp(port), [], { groups, timeoutMs: 200 }));
    await sink.until(() => sink.of('c').length > 3);
    isDead = true;
    const before = requests.length;
    const atMs = performance.now();
    await sink.until(() => sink.states().length === 2);
    expect(performance.now() - atMs).toBeLessThan(3 * 200 + 1500);
    const asked = requests.slice(before).map(({ address }) => address);
    expect(new Set(asked.slice(-3)).size).toBeGreaterThan(1);
    expect(['a', 'b', 'c', 'd'].some((name) => isRefused(sink, name))).toBe(false);
    await delay(2000);
    isDead = false;
    const seen = sink.of('a').length;
    await sink.until(() => sink.of('a').length > seen + 3, 10_000);
    expect(sink.states()).toStrictEqual(['online', expect.any(String), 'online']);
  }, 30_000);

  it('is found again within 10 s although nothing is due for an hour', async () => {
    let isDead = false;
    const { port } = await server((request) => {
      if (isDead || request.address >= 500) return;
      request.registers(request.address);
    });
    const groups = [group(3_600_000, tag('a', 1), tag('none', 500))];
    const { sink } = run(device(tcp(port), [], { groups, timeoutMs: 50 }));
    await sink.until(() => isRefused(sink, 'none'));
    // The register that is asked again finds out that the device is dead.
    isDead = true;
    await sink.until(() => sink.states().length === 2, 12_000);
    isDead = false;
    await sink.until(() => sink.states().length === 3, 10_000);
    expect(sink.states().at(-1)).toBe('online');
  }, 30_000);
});
