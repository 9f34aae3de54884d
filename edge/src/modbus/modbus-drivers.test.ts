import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GOOD } from '@trame/protocol/quality';
import { device, rtuTcp, tag, tcp } from './testing/device-config.ts';
import { run, server } from './testing/run-drivers.ts';

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

  it('keep to their cadence however long answers take, and never ask for what still waits', async () => {
    let answerMs = 5;
    const { port, requests } = await server((request) => {
      setTimeout(() => request.registers(1), answerMs);
    });
    const { sink } = run(device(tcp(port), [tag('a', 0)], { everyMs: 50, timeoutMs: 1000 }));
    await sink.until(() => sink.of('a').length > 30);
    const times = sink.events.filter((event) => event.kind === 'readings').map((event) => event.atMs);
    // A wait of 50 ms after each answer would take 30 · 55 ms and more.
    expect((times[30] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1450);
    expect((times[30] ?? 0) - (times[0] ?? 0)).toBeLessThan(1600);
    answerMs = 150;
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
