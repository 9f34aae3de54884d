import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GOOD } from '@trame/protocol/quality';
import type { ModbusDeviceConfig } from '../domain/line-config.ts';
import { createModbusDrivers } from './modbus-drivers.ts';
import { device, rtuTcp, tag, tcp } from './testing/device-config.ts';
import { halfEntropy, realClock, RecordingSink, silentLog } from './testing/real-ports.ts';
import { startScriptedServer, type Script } from './testing/scripted-server.ts';
import type { Framing } from './answer-frame.ts';

async function server(script: Script, framing: Framing = 'mbap', port = 0) {
  const started = await startScriptedServer(framing, script, port);
  onTestFinished(async () => await started[Symbol.asyncDispose]());
  return started;
}

/** Runs drivers until the test ends, or until the returned function is called. */
function run(...devices: ModbusDeviceConfig[]): { sink: RecordingSink; stop: () => Promise<void> } {
  const sink = new RecordingSink();
  const stopping = new AbortController();
  const drivers = createModbusDrivers(devices, {
    sink,
    clock: realClock,
    entropy: halfEntropy,
    log: silentLog,
  });
  const ended = Promise.all(drivers.map((driver) => driver.run(stopping.signal)));
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  onTestFinished(stop);
  return { sink, stop };
}

const zeros: Script = (request) => request.answer(Buffer.alloc(request.count * 2));

describe('Modbus drivers', () => {
  it('say what a device has before its first values', async () => {
    const { port } = await server((request) => request.registers(7, 250));
    const { sink } = run(
      device(tcp(port), [
        tag('raw', 0, { unit: 'kg' }),
        tag('scaled', 1, { scale: 0.1, offset: -5, range: [0, 10] }),
      ]),
    );
    await sink.until(() => sink.of('scaled').length > 1);
    const [first, second] = sink.events;
    expect(first).toMatchObject({
      kind: 'online',
      device: 'scale',
      tags: [
        { name: 'raw', type: 'uint16', unit: 'kg', deadband: 0, range: null, staleAfterMs: 2000 },
        { name: 'scaled', type: 'float64', unit: null, deadband: 0, range: [0, 10], staleAfterMs: 2000 },
      ],
    });
    expect(second).toMatchObject({ kind: 'readings' });
    expect(sink.of('raw')[0]).toStrictEqual({ tag: 'raw', value: 7, quality: GOOD, sourceTimeMs: null });
    expect(sink.of('scaled')[0]).toStrictEqual({
      tag: 'scaled',
      value: 20,
      quality: { level: 'uncertain', reason: 'out-of-range' },
      sourceTimeMs: null,
    });
  });

  it('never give NaN or infinity a number', async () => {
    const bits = [0x7fc0, 0, 0x7f80, 0, 0xff80, 0, 0x3f80, 0];
    const { port } = await server((request) => request.registers(...bits));
    const names = ['nan', 'plus', 'minus', 'one'];
    const { sink } = run(
      device(
        tcp(port),
        names.map((name, index) => tag(name, index * 2, { type: 'float32' })),
      ),
    );
    await sink.until(() => sink.of('one').length > 0);
    for (const name of ['nan', 'plus', 'minus']) {
      expect(sink.of(name)[0]).toMatchObject({
        value: null,
        quality: { level: 'bad', reason: 'not-a-value' },
      });
    }
    expect(sink.of('one')[0]).toMatchObject({ value: 1, quality: GOOD });
    expect(sink.incidents('bad-value')).toBeGreaterThanOrEqual(3);
  });

  it('keep to their cadence and never ask twice for what still waits', async () => {
    let slow = false;
    const { port, requests } = await server((request) => {
      setTimeout(() => request.registers(1), slow ? 150 : 0);
    });
    const { sink } = run(device(tcp(port), [tag('a', 0)], { everyMs: 50, timeoutMs: 1000 }));
    await sink.until(() => sink.of('a').length >= 21);
    const times = sink.events.filter((event) => event.kind === 'readings').map((event) => event.atMs);
    const meanMs = ((times[20] ?? 0) - (times[0] ?? 0)) / 20;
    expect(meanMs).toBeGreaterThan(48);
    expect(meanMs).toBeLessThan(52);
    slow = true;
    const before = requests.length;
    await delay(1000);
    expect(requests.length - before).toBeLessThanOrEqual(8);
  });
});

describe('Modbus drivers with a device that refuses or errs', () => {
  it('read around an illegal address, and say only its own tag is refused', async () => {
    const { port, requests } = await server(({ address, count, exception, registers }) => {
      const isIllegal = address <= 12 && address + count > 12;
      if (isIllegal) exception(2);
      else registers(...Array.from({ length: count }, (_, index) => address + index));
    });
    const tags = [10, 11, 12, 13, 14, 20].map((address) => tag(`t${address}`, address));
    const { sink } = run(device(tcp(port), tags));
    await sink.until(() => tags.every(({ name }) => sink.of(name).length > 2));
    for (const { name, address } of tags) {
      const expected =
        address === 12
          ? { value: null, quality: { level: 'bad', reason: 'refused' } }
          : { value: address, quality: GOOD };
      for (const reading of sink.of(name)) expect(reading).toMatchObject(expected);
    }
    // What was learnt is kept: no later round asks for the hole again within its retry time.
    const asked = requests.filter(({ address, count }) => address <= 12 && address + count > 12).length;
    await delay(300);
    expect(requests.filter(({ address, count }) => address <= 12 && address + count > 12)).toHaveLength(
      asked,
    );
    expect(sink.states()).toStrictEqual(['online']);
  });

  it('leave values their age when a device is busy, and call other exceptions refused', async () => {
    let code = 6;
    const { port } = await server((request) => request.exception(code));
    const { sink } = run(device(tcp(port), [tag('a', 0)]));
    await sink.until(() => sink.incidents('exception') > 2);
    expect(sink.of('a')).toStrictEqual([]);
    code = 4;
    await sink.until(() => sink.of('a').length > 0);
    expect(sink.of('a')[0]).toMatchObject({ value: null, quality: { level: 'bad', reason: 'refused' } });
    expect(sink.states()).toStrictEqual(['online']);
  });

  it('take no late answer for the next register', async () => {
    for (const framing of ['mbap', 'rtu'] as const) {
      const late = await server((request) => {
        setTimeout(() => request.registers(request.address), request.index === 0 ? 150 : 0);
      }, framing);
      const link = framing === 'mbap' ? tcp(late.port) : rtuTcp(late.port);
      const tags = [tag('a', 1), tag('b', 50)];
      const { sink } = run(device(link, tags, { timeoutMs: 100 }));
      await sink.until(() => sink.of('a').length > 3 && sink.of('b').length > 3);
      expect(sink.of('a').every(({ value }) => value === 1)).toBe(true);
      expect(sink.of('b').every(({ value }) => value === 50)).toBe(true);
      expect(sink.incidents('timeout')).toBe(1);
      expect(late.accepted()).toBe(2);
    }
  });

  it('count a wrong answer and never show it', async () => {
    const { port } = await server((request) => {
      if (request.index % 2 === 0) request.send(Buffer.from([0, 1, 0, 9, 0, 5, 1, 3, 2, 9, 9]));
      else request.registers(5);
    });
    const { sink } = run(device(tcp(port), [tag('a', 0)]));
    await sink.until(() => sink.incidents('invalid-answer') >= 2 && sink.of('a').length >= 2);
    expect(new Set(sink.of('a').map(({ value }) => value))).toStrictEqual(new Set([5]));
  });
});

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
});

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

  it('stop within a request, and let the connection go', async () => {
    const silent = await server(() => undefined);
    const { stop } = run(device(tcp(silent.port), [tag('a', 0)], { timeoutMs: 60_000 }));
    while (silent.requests.length === 0) await delay(5);
    const startMs = realClock.monotonicMs();
    await stop();
    expect(realClock.monotonicMs() - startMs).toBeLessThan(500);
    await delay(50);
    expect(silent.open.size).toBe(0);
  });

  it('run again on the same link after they were stopped', async () => {
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

  it('pause between two requests as long as the device wants', async () => {
    const { port, requests } = await server(zeros);
    const limits = { maxWords: 1, maxGap: 0, pauseMs: 100, timeoutMs: 500 };
    const { sink } = run(device(tcp(port), [tag('a', 0), tag('b', 10)], { limits, everyMs: 10 }));
    await sink.until(() => requests.length >= 6);
    const times = sink.events.filter((event) => event.kind === 'readings').map((event) => event.atMs);
    for (let i = 1; i < times.length; i += 1)
      expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThan(95);
  });
});
