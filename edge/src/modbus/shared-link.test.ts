import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createModbusDrivers } from './modbus-drivers.ts';
import { device, rtuTcp, tag, tcp } from './testing/device-config.ts';
import { halfEntropy, realClock, RecordingSink, silentLog } from './testing/real-ports.ts';
import { run, server, zeros } from './testing/run-drivers.ts';

describe('several Modbus devices', () => {
  it('on one address share one connection and one request at a time', async () => {
    let inFlight = 0;
    let most = 0;
    const gateway = await server((request) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        request.registers(request.unit);
      }, 5);
    });
    const units = [1, 2, 3].map((unit) =>
      device(tcp(gateway.port), [tag('a', 0)], { id: `unit-${unit}`, unit }),
    );
    const { sink } = run(...units);
    await sink.until(() => units.every(({ id }) => sink.of('a', id).length > 5));
    for (const { id, unit } of units)
      expect(sink.of('a', id).every(({ value }) => value === unit)).toBe(true);
    expect(gateway.accepted()).toBe(1);
    expect(most).toBe(1);
  });

  it('are not held up by a dead one among them', async () => {
    const gateway = await server((request) => {
      if (request.unit !== 2) request.registers(request.unit);
    }, 'rtu');
    const units = [1, 2, 3].map((unit) =>
      device(rtuTcp(gateway.port), [tag('a', 0)], { id: `unit-${unit}`, unit, timeoutMs: 100 }),
    );
    const { sink } = run(...units);
    await sink.until(() => sink.of('a', 'unit-1').length >= 60 && sink.of('a', 'unit-3').length >= 60, 8000);
    expect(sink.states('unit-1')).toStrictEqual(['online']);
    expect(sink.states('unit-3')).toStrictEqual(['online']);
    expect(sink.states('unit-2')).toStrictEqual([
      `127.0.0.1:${gateway.port} unit 2 did not answer within 100 ms`,
    ]);
    // 3 s and more passed: the dead one was asked at 0, 0.5, 1.5, 3.5 s and no more.
    expect(gateway.requests.filter(({ unit }) => unit === 2).length).toBeLessThanOrEqual(4);
  });

  it('let a slow group through beside one that fills the link', async () => {
    const { port } = await server((request) => {
      setTimeout(() => request.answer(Buffer.alloc(request.count * 2)), 12);
    });
    const groups = [
      { everyMs: 10, staleAfterMs: 2000, tags: [tag('fast', 0)] },
      {
        everyMs: 300,
        staleAfterMs: 2000,
        tags: [tag('slow-1', 100), tag('slow-2', 200), tag('slow-3', 300)],
      },
    ];
    const { sink } = run(device(tcp(port), [], { groups }));
    // The link cannot serve both in time: the slow one is read at half its rate, and not less.
    await sink.until(() => sink.of('slow-3').length >= 5, 4500);
    expect(sink.of('fast').length).toBeGreaterThan(40);
  });

  it('keep an unanswered gateway target apart from the gateway', async () => {
    const gateway = await server((request) => {
      if (request.unit === 2) request.exception(11);
      else request.registers(1);
    });
    const units = [1, 2].map((unit) =>
      device(tcp(gateway.port), [tag('a', 0)], { id: `unit-${unit}`, unit }),
    );
    const { sink } = run(...units);
    await sink.until(() => sink.of('a', 'unit-1').length > 20);
    expect(sink.states('unit-2')).toStrictEqual([
      `127.0.0.1:${gateway.port} unit 2 does not answer its gateway (gateway target does not respond)`,
    ]);
    expect(gateway.accepted()).toBe(1);
  });
});

describe('a Modbus link', () => {
  it('is let go when its devices stop, within a request too', async () => {
    const silent = await server(() => undefined);
    const { stop } = run(device(tcp(silent.port), [tag('a', 0)], { timeoutMs: 60_000 }));
    while (silent.requests.length === 0) await delay(5);
    const startMs = realClock.monotonicMs();
    await stop();
    expect(realClock.monotonicMs() - startMs).toBeLessThan(5000);
    await delay(50);
    expect(silent.open.size).toBe(0);
  });

  it('serves again after its devices were stopped', async () => {
    const { port } = await server(zeros);
    const sink = new RecordingSink();
    const ports = { sink, clock: realClock, entropy: halfEntropy, log: silentLog };
    const [driver] = createModbusDrivers([device(tcp(port), [tag('a', 0)])], ports);
    for (const round of [1, 2]) {
      const stopping = new AbortController();
      const ended = driver?.run(stopping.signal);
      await sink.until(() => sink.states().length === round);
      stopping.abort();
      await ended;
    }
    expect(sink.states()).toStrictEqual(['online', 'online']);
  });

  it('pauses between two requests as long as the device wants', async () => {
    const { port, requests } = await server(zeros);
    const limits = { maxWords: 1, maxGap: 0, pauseMs: 100, timeoutMs: 500 };
    const { sink } = run(device(tcp(port), [tag('a', 0), tag('b', 10)], { limits, everyMs: 10 }));
    await sink.until(() => requests.length >= 6);
    const times = sink.events.filter((event) => event.kind === 'readings').map((event) => event.atMs);
    for (let i = 1; i < times.length; i += 1)
      expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThan(95);
  });
});
