import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { device, serial, tag, tcp } from './testing/device-config.ts';
import { run, server, zeros } from './testing/run-drivers.ts';
import { kill, openSerialLine, startPymodbus } from './testing/pymodbus.ts';
import { startScriptedServer } from './testing/scripted-server.ts';

describe('a Modbus device that goes and comes back', () => {
  it('is offline at once when its connections are refused, and flows again within 10 s', async () => {
    const first = await startScriptedServer('mbap', zeros);
    const { sink } = run(device(tcp(first.port), [tag('a', 0)]));
    await sink.until(() => sink.of('a').length > 1);
    await first[Symbol.asyncDispose]();
    await sink.until(() => sink.states().length === 2, 1000);
    expect(sink.states()).toStrictEqual(['online', `127.0.0.1:${first.port} refused the connection`]);
    await delay(3000);
    const seen = sink.of('a').length;
    await server(zeros, 'mbap', first.port);
    await sink.until(() => sink.of('a').length > seen, 10_000);
    expect(sink.states()).toStrictEqual(['online', expect.any(String), 'online']);
    expect(sink.incidents('connect-failed')).toBeGreaterThan(1);
  }, 30_000);

  it('is offline after three silences, with the reason, and flows again when it thaws', async () => {
    let frozen = false;
    const { port } = await server((request) => {
      if (!frozen) request.registers(1);
    });
    const { sink } = run(device(tcp(port), [tag('a', 0)], { timeoutMs: 100 }));
    await sink.until(() => sink.of('a').length > 1);
    frozen = true;
    await sink.until(() => sink.states().length === 2, 5000);
    expect(sink.states()[1]).toBe(`127.0.0.1:${port} unit 1 did not answer within 100 ms`);
    expect(sink.incidents('timeout')).toBe(3);
    frozen = false;
    const seen = sink.of('a').length;
    await sink.until(() => sink.of('a').length > seen, 10_000);
    expect(sink.states()).toHaveLength(3);
  }, 30_000);

  it('does not go offline when an idle gateway closes the connection', async () => {
    const gateway = await server((request) => {
      request.registers(1);
      setTimeout(() => request.socket.end(), 10);
    });
    const { sink } = run(device(tcp(gateway.port), [tag('a', 0)]));
    await sink.until(() => sink.of('a').length >= 4);
    expect(sink.states()).toStrictEqual(['online']);
    expect(gateway.accepted()).toBeGreaterThanOrEqual(4);
  });

  it('is not hammered when it accepts and resets each time', async () => {
    const hostile = await server((request) => request.socket.resetAndDestroy());
    const { sink } = run(device(tcp(hostile.port), [tag('a', 0)], { everyMs: 10 }));
    await sink.until(() => sink.states().length === 1);
    expect(sink.states()).toStrictEqual([`127.0.0.1:${hostile.port} reset the connection`]);
    await delay(2000);
    expect(hostile.accepted()).toBeLessThan(8);
    expect(sink.incidents('connection-lost')).toBeGreaterThan(1);
  });

  it('is read again when its serial adapter is plugged in again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trame-serial-'));
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    const ends = [join(folder, 'master'), join(folder, 'slave')] as const;
    const holding = [{ address: 4, type: 'uint16', order: 'ABCD', value: '44' }];
    const line = await openSerialLine(ends);
    const slave = startPymodbus('serial', ends[1], { 1: { holding } });
    const { sink } = run(device(serial(ends[0]), [tag('a', 4)], { everyMs: 100, timeoutMs: 300 }));
    await sink.until(() => sink.of('a').length > 3, 10_000);
    await kill(line);
    await sink.until(() => sink.states().at(-1) === `${ends[0]} is not there`, 5000);
    await kill(slave);
    const seen = sink.of('a').length;
    await openSerialLine(ends);
    startPymodbus('serial', ends[1], { 1: { holding } });
    await sink.until(() => sink.of('a').length > seen, 10_000);
    expect(sink.states().at(-1)).toBe('online');
  }, 40_000);
});
