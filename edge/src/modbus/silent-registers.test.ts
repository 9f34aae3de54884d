import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GOOD } from '@trame/protocol/quality';
import type { ModbusTag } from '../domain/line-config.ts';
import type { Framing } from './answer-frame.ts';
import { device, rtuTcp, tag, tcp } from './testing/device-config.ts';
import { RecordingLog, type RecordingSink } from './testing/real-ports.ts';
import { run, runWithLog, server } from './testing/run-drivers.ts';
import type { Script } from './testing/scripted-server.ts';

type Request = Parameters<Script>[0];

const REFUSED = { value: null, quality: { level: 'bad', reason: 'refused' } };

/** Answers each register with its own address, and does something else with requests that touch a bad one. */
function except(isBad: (address: number) => boolean, instead: Script): Script {
  return (request) => {
    const addresses = Array.from({ length: request.count }, (_, index) => request.address + index);
    if (addresses.some(isBad)) instead(request);
    else request.registers(...addresses);
  };
}

const silence: Script = () => undefined;

function group(everyMs: number, ...tags: ModbusTag[]) {
  return { everyMs, staleAfterMs: 5000, tags };
}

function refusals(log: RecordingLog): object[] {
  return log.warnings.filter(({ message }) => message.includes('refuses a tag')).map(({ fields }) => fields);
}

function isRefused(sink: RecordingSink, name: string): boolean {
  return sink.of(name).at(-1)?.quality.level === 'bad';
}

describe('a Modbus device with a register it does not answer', () => {
  const wrong: readonly (readonly [string, Framing, (request: Request) => void])[] = [
    ['stays silent', 'mbap', silence],
    ['stays silent', 'rtu', silence],
    ['answers with too few registers', 'mbap', (request) => request.answer(Buffer.from([7]))],
    ['answers with too few registers', 'rtu', (request) => request.answer(Buffer.from([7]))],
    ['closes the connection', 'mbap', (request) => request.socket.destroy()],
    ['resets the connection', 'mbap', (request) => request.socket.resetAndDestroy()],
    ['lets its gateway answer for it', 'mbap', (request) => request.exception(11)],
  ];
  for (const [what, framing, instead] of wrong) {
    it(`keeps all its others when it ${what} (${framing})`, async () => {
      const { port } = await server(
        except((address) => address >= 500, instead),
        framing,
      );
      const log = new RecordingLog();
      const groups = [
        group(100, tag('good1', 1), tag('none500', 500), tag('good60', 60)),
        group(100, tag('good3', 3)),
      ];
      const link = framing === 'mbap' ? tcp(port) : rtuTcp(port);
      const { sink } = runWithLog(log, device(link, [], { groups, timeoutMs: 150 }));
      const good = ['good1', 'good3', 'good60'];
      await sink.until(
        () => isRefused(sink, 'none500') && good.every((name) => sink.of(name).length >= 10),
        6000,
      );
      expect(sink.of('none500').at(-1)).toMatchObject(REFUSED);
      expect(good.map((name) => sink.of(name).at(-1))).toMatchObject(
        [1, 3, 60].map((value) => ({ value, quality: GOOD })),
      );
      expect(sink.states()).toStrictEqual(['online']);
      expect(refusals(log)).toMatchObject([{ tag: 'none500', register: 'holding', address: 500 }]);
    });
  }

  it('is read around it within a coalesced request', async () => {
    const { port } = await server(except((address) => address === 12, silence));
    const tags = [10, 11, 12, 13, 14, 20].map((address) => tag(`t${address}`, address));
    const log = new RecordingLog();
    const { sink } = runWithLog(
      log,
      device(tcp(port), [], { groups: [group(50, tag('other', 900)), group(50, ...tags)], timeoutMs: 100 }),
    );
    await sink.until(() => tags.every(({ name }) => sink.of(name).length > 5), 8000);
    for (const { name, address } of tags) {
      const expected = address === 12 ? REFUSED : { value: address, quality: GOOD };
      for (const reading of sink.of(name)) expect(reading).toMatchObject(expected);
    }
    expect(sink.states()).toStrictEqual(['online']);
    expect(refusals(log)).toHaveLength(1);
  });

  it('costs its link little, however many there are, and the fewer attempts the longer they are silent', async () => {
    const { port, requests, accepted } = await server(except((address) => address >= 500, silence));
    const silent = Array.from({ length: 8 }, (_, index) => tag(`none${index}`, 500 + 50 * index));
    const groups = [group(50, tag('good', 1)), group(100, ...silent)];
    const { sink } = run(device(tcp(port), [], { groups, timeoutMs: 50 }));
    await sink.until(() => silent.every(({ name }) => isRefused(sink, name)), 8000);
    const before = requests.filter(({ address }) => address >= 500).length;
    const connections = accepted();
    const seen = sink.of('good').length;
    await delay(4000);
    const again = requests.filter(({ address }) => address >= 500).length - before;
    // Each attempt costs its time-out and a connection.
    expect(again).toBeLessThanOrEqual(10);
    expect(accepted() - connections).toBeLessThanOrEqual(again + 1);
    expect(sink.of('good').length - seen).toBeGreaterThan(60);
    expect(sink.states()).toStrictEqual(['online']);
  });

  it('has it back when it answers after all', async () => {
    const line = await server(except((address) => address >= 500, silence));
    const groups = [group(50, tag('good', 1), tag('late', 500))];
    const { sink } = run(device(tcp(line.port), [], { groups, timeoutMs: 50 }));
    await sink.until(() => isRefused(sink, 'late'));
    line.setScript(except(() => false, silence));
    await sink.until(() => sink.of('late').at(-1)?.value === 500, 8000);
    const seen = sink.of('late').length;
    await sink.until(() => sink.of('late').length > seen + 5, 1000);
    expect(sink.states()).toStrictEqual(['online']);
  }, 20_000);

  it('is not blamed for one answer that got lost', async () => {
    let lost = 0;
    const { port } = await server((request) => {
      const isLost = request.address === 500 && request.index % 10 === 9;
      if (isLost) lost += 1;
      else request.registers(request.address);
    });
    const groups = [group(30, tag('a', 1), tag('b', 500), tag('c', 900))];
    const { sink } = run(device(tcp(port), [], { groups, timeoutMs: 50 }));
    await sink.until(() => lost >= 4 && sink.of('b').length > 20, 8000);
    expect(sink.of('b').every(({ value }) => value === 500)).toBe(true);
    expect(sink.states()).toStrictEqual(['online']);
  });

  it('is found alive when the first ones it is asked for are not there', async () => {
    const { port } = await server(except((address) => address >= 500, silence));
    const groups = [group(100, tag('none1', 500), tag('none2', 600)), group(100, tag('good', 1))];
    const { sink } = run(device(tcp(port), [], { groups, timeoutMs: 100 }));
    await sink.until(
      () => ['none1', 'none2'].every((name) => isRefused(sink, name)) && sink.of('good').length > 5,
      8000,
    );
    expect(sink.states().at(-1)).toBe('online');
    expect(sink.states().length).toBeLessThanOrEqual(2);
  });

  it('is asked in vain without its neighbours on the line waiting for it', async () => {
    const { port } = await server((request) => {
      if (request.unit === 1 && request.address >= 500) return;
      request.registers(request.address);
    }, 'rtu');
    const groups = [group(50, tag('good', 1), ...[500, 600, 700].map((at) => tag(`none${at}`, at)))];
    const poor = device(rtuTcp(port), [], { id: 'poor', groups, timeoutMs: 100 });
    const sound = device(rtuTcp(port), [tag('b', 7)], { id: 'sound', unit: 2, timeoutMs: 100 });
    const { sink } = run(poor, sound);
    await delay(5000);
    expect(sink.of('b', 'sound').length).toBeGreaterThan(70);
    expect(sink.of('good', 'poor').length).toBeGreaterThan(30);
    expect([500, 600, 700].map((at) => isRefused(sink, `none${at}`))).toStrictEqual([true, true, true]);
    expect(sink.states('poor')).toStrictEqual(['online']);
    expect(sink.states('sound')).toStrictEqual(['online']);
  });
});
