import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WRITES_WAITING_MAX } from '../ports/device-writer.ts';
import { device, rtuTcp, serial, tag, tcp, writeOf } from './testing/device-config.ts';
import { kill, openSerialLine, startPymodbus } from './testing/pymodbus.ts';
import { registerBank } from './testing/register-bank.ts';
import { run, server } from './testing/run-drivers.ts';
import type { Script } from './testing/scripted-server.ts';

const FRAMINGS = ['mbap', 'rtu'] as const;
const WRITES = [
  writeOf('speed', 40),
  writeOf('other', 50),
  writeOf('tare', 1, { register: 'coil', type: 'bool' }),
  writeOf('mass', 60, { type: 'float32', byteOrder: 'CDAB', range: [0, 100] }),
];

/** A device that works, but for what the test says of writes: null leaves them to the device. */
async function online(
  framing: (typeof FRAMINGS)[number],
  onWrite: (request: Parameters<Script>[0], index: number) => boolean = () => false,
  parts: Parameters<typeof device>[2] = {},
) {
  const bank = registerBank();
  let writes = 0;
  const started = await server((request) => {
    const isWrite = request.code > 4;
    if (isWrite && onWrite(request, (writes += 1) - 1)) return;
    bank.script(request);
  }, framing);
  const link = framing === 'mbap' ? tcp(started.port) : rtuTcp(started.port);
  const running = run(device(link, [tag('a', 1)], { everyMs: 50, timeoutMs: 200, writes: WRITES, ...parts }));
  await running.sink.until(() => running.sink.states().at(-1) === 'online');
  const written = () => started.requests.filter(({ code }) => code > 4);
  return { ...running, ...started, bank, written };
}

/** A device that does not know the function codes for a single value. */
function onlyMany({ code, exception }: Parameters<Script>[0]): boolean {
  if (code > 6) return false;
  exception(1);
  return true;
}

describe.each(FRAMINGS)('a Modbus write (%s)', (framing) => {
  it('uses the function code for one or for many, and reads back', async () => {
    const { bank, write, written, requests } = await online(framing);
    expect(await write('speed', 7)).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    expect(await write('tare', true)).toStrictEqual({ kind: 'confirmed', readBack: true });
    expect(await write('mass', 12.5)).toStrictEqual({ kind: 'confirmed', readBack: 12.5 });
    expect(written().map(({ unit, code, address }) => [unit, code, address])).toStrictEqual([
      [1, 6, 40],
      [1, 5, 1],
      [1, 16, 60],
    ]);
    expect([bank.registers.get(60), bank.registers.get(61)]).toStrictEqual([0, 0x4148]);
    expect(requests.filter(({ code, address }) => code === 3 && address === 40)).toHaveLength(1);
  });

  it('falls back on the code for many where a device has no other, and remembers', async () => {
    const { write, written } = await online(framing, onlyMany);
    expect(await write('speed', 7)).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    expect(await write('tare', true)).toStrictEqual({ kind: 'confirmed', readBack: true });
    expect(await write('speed', 8)).toStrictEqual({ kind: 'confirmed', readBack: 8 });
    expect(written().map(({ code }) => code)).toStrictEqual([6, 16, 5, 15, 16]);
  });

  it.each([
    ['another value', [0, 40, 0, 8]],
    ['another register', [0, 41, 0, 7]],
  ])('does not believe the echo of %s', async (_what, body) => {
    const { write, written, bank, sink } = await online(framing, ({ echo }) => {
      echo(Buffer.from(body));
      return true;
    });
    expect(await write('speed', 7)).toStrictEqual({
      kind: 'unconfirmed',
      readBack: null,
      reason:
        'scale n’a pas répondu à l’écriture (sa réponse n’est pas celle de cette écriture) : elle a pu avoir lieu',
    });
    expect(written()).toHaveLength(1);
    expect(bank.registers.has(40)).toBe(false);
    expect(sink.incidents('invalid-answer')).toBe(1);
    expect(sink.incidents('write-failed')).toBe(1);
  });

  it('is in doubt when no answer comes, is not sent again, and its late answer is not taken for the next', async () => {
    const { write, written, bank, sink } = await online(framing, (request, index) => {
      if (index > 0) return false;
      setTimeout(() => request.echo(), 260);
      return true;
    });
    const outcome = await write('speed', 7);
    expect(outcome).toStrictEqual({
      kind: 'unconfirmed',
      readBack: null,
      reason: 'scale n’a pas répondu à l’écriture (aucune réponse) : elle a pu avoir lieu',
    });
    expect(await write('speed', 9)).toStrictEqual({ kind: 'confirmed', readBack: 9 });
    expect(await write('other', 3)).toStrictEqual({ kind: 'confirmed', readBack: 3 });
    await delay(300);
    expect(written().map(({ data }) => data.at(-1))).toStrictEqual([7, 9, 3]);
    expect(bank.registers.get(40)).toBe(9);
    expect(sink.states()).toStrictEqual(['online']);
  });

  it('is in doubt when the connection is reset in the middle, and the link is made anew', async () => {
    const { write, written, accepted } = await online(framing, ({ socket }, index) => {
      if (index === 0) socket.resetAndDestroy();
      return index === 0;
    });
    expect(await write('speed', 7)).toStrictEqual({
      kind: 'unconfirmed',
      readBack: null,
      reason: 'scale n’a pas répondu à l’écriture (la liaison a été coupée) : elle a pu avoir lieu',
    });
    expect(await write('speed', 8)).toStrictEqual({ kind: 'confirmed', readBack: 8 });
    expect(written()).toHaveLength(2);
    expect(accepted()).toBe(2);
  });

  it('is read back over a new connection when the old one ends in between', async () => {
    let cut = false;
    const { write, bank, setScript } = await online(framing, undefined, {
      writes: [writeOf('speed', 40, { readbackMs: 2000 })],
    });
    setScript((request) => {
      if (request.code === 3 && request.address === 40 && !cut) {
        cut = true;
        request.socket.destroy();
      } else bank.script(request);
    });
    expect(await write('speed', 7)).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    expect(cut).toBe(true);
  });

  it.each([
    [2, 'refused', 'scale refuse (adresse inconnue de l’appareil, exception Modbus 2)'],
    [3, 'refused', 'scale refuse (valeur non admise, exception Modbus 3)'],
    [6, 'refused', 'scale refuse (occupé, exception Modbus 6)'],
    [
      4,
      'unconfirmed',
      'scale répond (défaut de l’appareil, exception Modbus 4) : l’écriture a pu avoir lieu',
    ],
    [
      5,
      'unconfirmed',
      'scale répond (il s’en occupe encore, exception Modbus 5) : l’écriture a pu avoir lieu',
    ],
  ] as const)('tells exception %i in words: %s', async (code, kind, reason) => {
    const { write, written, sink } = await online(framing, ({ exception }) => {
      exception(code);
      return true;
    });
    expect(await write('speed', 7)).toMatchObject({ kind, reason });
    expect(written()).toHaveLength(1);
    expect(sink.states()).toStrictEqual(['online']);
  });
});

describe('a Modbus device that accepts a write', () => {
  it('and keeps another value is not believed; what it holds is told', async () => {
    const { write, bank } = await online('mbap', ({ address, echo }) => {
      bank.registers.set(address, 3);
      echo();
      return true;
    });
    const startMs = performance.now();
    expect(await write('speed', 7)).toStrictEqual({
      kind: 'unconfirmed',
      readBack: 3,
      reason: 'scale a accepté l’écriture, mais affiche 3 après 300 ms',
    });
    expect(performance.now() - startMs).toBeGreaterThan(290);
    expect(performance.now() - startMs).toBeLessThan(1500);
    expect(await write('speed', 7, { expect: 3 })).toStrictEqual({ kind: 'confirmed', readBack: 3 });
    expect(await write('speed', 7, { expect: null })).toStrictEqual({ kind: 'confirmed', readBack: null });
  });

  it('that stood before is believed once it has stood for the time of reading back, no other waits so long', async () => {
    let makesOfIt: number | null = 6;
    const { write, bank, requests } = await online('mbap', ({ address, data, echo }) => {
      bank.registers.set(address, Buffer.from(data).readUInt16BE(0));
      setTimeout(() => bank.registers.set(address, makesOfIt ?? bank.registers.get(address) ?? 0), 60);
      echo();
      return true;
    });
    bank.registers.set(40, 5);
    expect(await write('speed', 5, { settle: true })).toMatchObject({ kind: 'unconfirmed', readBack: 6 });
    makesOfIt = null;
    const startMs = performance.now();
    expect(await write('speed', 6, { settle: true })).toStrictEqual({ kind: 'confirmed', readBack: 6 });
    expect(performance.now() - startMs).toBeGreaterThan(290);
    const from = requests.length;
    expect(await write('speed', 7, { settle: true })).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    expect(await write('speed', 7)).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    const asked = requests.slice(from).filter(({ address }) => address === 40);
    expect(asked.map(({ code }) => code)).toStrictEqual([3, 6, 3, 6, 3]);
  });

  it('and takes its time is looked at until it has the value, while others go on', async () => {
    const { write, bank } = await online('mbap', ({ address, data, echo }) => {
      if (address !== 40) return false;
      setTimeout(() => bank.registers.set(address, Buffer.from(data).readUInt16BE(0)), 150);
      echo();
      return true;
    });
    const ends: string[] = [];
    const noted = async (name: string, value: number) => {
      const { kind } = await write(name, value);
      ends.push(`${name} ${value} ${kind}`);
    };
    await Promise.all([noted('speed', 7), noted('other', 1), noted('speed', 8)]);
    expect(ends).toStrictEqual(['other 1 confirmed', 'speed 7 confirmed', 'speed 8 confirmed']);
  });

  it('and is gone before it was read back is told so, once its time is over', async () => {
    const { write, bank, setScript, open, sink } = await online('mbap', undefined, { timeoutMs: 100 });
    setScript((request) => {
      if (request.code < 5) return;
      bank.script(request);
      setTimeout(() => setScript(() => undefined), 0);
    });
    const startMs = performance.now();
    expect(await write('speed', 7)).toStrictEqual({
      kind: 'unconfirmed',
      readBack: null,
      reason: 'scale a accepté l’écriture, mais rien n’a été relu en 300 ms (aucune réponse)',
    });
    expect(performance.now() - startMs).toBeLessThan(2500);
    expect(sink.incidents('timeout')).toBeGreaterThan(0);
    expect(open.size).toBeLessThan(2);
  });

  it('and does not let it be read back leaves it open', async () => {
    const { write, bank, setScript } = await online('mbap');
    setScript((request) => {
      if (request.code === 3 && request.address === 40) request.exception(2);
      else bank.script(request);
    });
    expect(await write('speed', 7)).toStrictEqual({
      kind: 'unconfirmed',
      readBack: null,
      reason:
        'scale a accepté l’écriture, mais ne laisse pas relire (adresse inconnue de l’appareil, exception Modbus 2)',
    });
  });
});

describe('what cannot be written', () => {
  it('is refused in words, and nothing is sent', async () => {
    const tags = [
      tag('belt', 70, { type: 'int16', scale: 0.1, offset: -2, range: [-2, 5], writable: true }),
      tag('seen', 71),
      tag('input', 72, { register: 'input' }),
    ];
    const groups = [{ everyMs: 1000, staleAfterMs: 5000, tags }];
    const { write, written, bank } = await online('mbap', undefined, { groups });
    const refusals = [
      ['speed', 65_536, '65536 n’entre pas dans un uint16'],
      ['speed', 1.5, '1,5 ne se règle pas : l’appareil avance par pas de 1'],
      ['speed', -1, '-1 n’entre pas dans un uint16'],
      ['speed', true, 'vrai n’est pas une valeur de type uint16'],
      ['tare', 1, '1 n’est pas une valeur de type bool'],
      ['mass', 100.5, '100,5 est hors des limites 0 à 100'],
      ['mass', Number.POSITIVE_INFINITY, 'ce n’est pas un nombre'],
      ['belt', 0.25, '0,25 ne se règle pas : l’appareil avance par pas de 0,1'],
      ['seen', 1, 'scale/seen n’est que lu : lui donner writable: true dans line.yaml'],
      [
        'nothing',
        1,
        'scale n’a pas de nothing : l’ajouter à tags avec writable: true, ou à writes, dans line.yaml',
      ],
    ] as const;
    for (const [name, value, reason] of refusals) {
      expect(await write(name, value)).toStrictEqual({ kind: 'refused', reason });
    }
    expect(written()).toHaveLength(0);
    expect(await write('belt', 1.2)).toMatchObject({ kind: 'confirmed' });
    expect(bank.registers.get(70)).toBe(32);
  });

  it('is refused at once by a unit that does not answer', async () => {
    const { write, setScript, sink } = await online('mbap');
    setScript(() => undefined);
    await sink.until(() => sink.states().length > 1, 8000);
    const startMs = performance.now();
    expect(await write('speed', 7)).toStrictEqual({
      kind: 'refused',
      reason: 'scale n’est pas connecté : rien n’a été écrit',
    });
    expect(performance.now() - startMs).toBeLessThan(1000);
  }, 15_000);

  it('ends when its driver ends', async () => {
    const { write, stop } = await online('mbap', () => true, { timeoutMs: 1000 });
    const waiting = [write('speed', 7), write('other', 8)];
    await delay(50);
    await stop();
    expect(await Promise.all(waiting)).toStrictEqual([
      {
        kind: 'unconfirmed',
        readBack: null,
        reason: 'la liaison avec scale a été arrêtée après l’envoi : à vérifier sur place',
      },
      { kind: 'refused', reason: 'la liaison avec scale est arrêtée : rien n’a été écrit' },
    ]);
    expect(await write('speed', 7)).toMatchObject({ kind: 'refused' });
  });
});

describe('a Modbus link on which is written', () => {
  it('takes so many writes, and refuses one more at once; an abort ends them with what is known', async () => {
    const { write, written, setScript, bank } = await online('mbap', () => true, { timeoutMs: 2000 });
    const abort = new AbortController();
    const waiting = [write('other', 0, {}, abort.signal)];
    while (waiting.length < WRITES_WAITING_MAX)
      waiting.push(write('speed', waiting.length, {}, abort.signal));
    expect(await write('speed', 99)).toStrictEqual({
      kind: 'refused',
      reason: '32 écritures attendent déjà sur scale : rien n’a été écrit',
    });
    await expect.poll(() => written().length).toBe(1);
    abort.abort();
    const [first, ...others] = await Promise.all(waiting);
    expect(first).toStrictEqual({
      kind: 'unconfirmed',
      readBack: null,
      reason: 'la demande a été annulée après l’envoi à scale : à vérifier sur place',
    });
    expect(new Set(others.map(({ kind }) => kind))).toStrictEqual(new Set(['refused']));
    setScript(bank.script);
    await expect.poll(() => write('speed', 5), { timeout: 4000 }).toMatchObject({ kind: 'confirmed' });
    expect(written().map(({ address }) => address)).toStrictEqual([50, 40]);
  });

  it('writes before the polls that wait, whoever they belong to', async () => {
    // Every answer takes 20 ms, and a round of each device 30 requests.
    const bank = registerBank();
    const { port, requests } = await server((request) => {
      setTimeout(() => bank.script(request), 20);
    });
    const tags = Array.from({ length: 30 }, (_, index) => tag(`t${index}`, index * 100));
    const parts = { everyMs: 200, timeoutMs: 1000 };
    const first = device(tcp(port), tags, { ...parts, id: 'first', unit: 1, writes: WRITES });
    const second = device(tcp(port), tags, { ...parts, id: 'second', unit: 2 });
    const { sink, write } = run(first, second);
    await sink.until(() => sink.of('t0', 'second').length > 0, 8000);
    for (let round = 0; round < 5; round += 1) {
      const startMs = performance.now();
      const from = requests.length;
      expect(await write('speed', round, { device: 'first' })).toMatchObject({ kind: 'confirmed' });
      // The request in flight, the write and the read-back, while a whole round takes 1200 ms.
      expect(requests.length - from).toBeLessThanOrEqual(3);
      expect(performance.now() - startMs).toBeLessThan(1200);
      await delay(70);
    }
  }, 20_000);

  it('stays fresh however much is written', async () => {
    const { write, sink } = await online('mbap', undefined, { everyMs: 20 });
    const end = performance.now() + 1000;
    const from = sink.of('a').length;
    let written = 0;
    const keepWriting = async (name: string) => {
      while (performance.now() < end) {
        await write(name, (written += 1));
      }
    };
    await Promise.all(['speed', 'other', 'speed', 'other'].map(keepWriting));
    expect(written).toBeGreaterThan(100);
    expect(sink.of('a').length - from).toBeGreaterThan(25);
  });

  it('finds out first whether a unit is still there that left a request unanswered', async () => {
    const { write, setScript, bank, written, sink, requests } = await online('mbap', undefined, {
      timeoutMs: 150,
    });
    const deafTo = new Set([requests.length]);
    setScript((request) => {
      if (!deafTo.has(request.index)) bank.script(request);
    });
    await sink.until(() => sink.incidents('timeout') > 0);
    const from = requests.length;
    expect(await write('speed', 7)).toStrictEqual({ kind: 'confirmed', readBack: 7 });
    expect(requests[from]?.code).toBe(3);
    setScript(() => undefined);
    await sink.until(() => sink.incidents('timeout') > 1);
    expect(await write('speed', 8)).toStrictEqual({
      kind: 'refused',
      reason: 'scale ne répond plus pour le moment : rien n’a été écrit',
    });
    expect(written()).toHaveLength(1);
  });

  it('is in doubt about a write on a serial line that is unplugged in the middle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trame-serial-'));
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    const ends = [join(folder, 'master'), join(folder, 'slave')] as const;
    const wire = await openSerialLine(ends);
    const holding = [{ address: 4, type: 'uint16', order: 'ABCD', value: '1' }];
    const slave = startPymodbus('serial', ends[1], { 1: { holding } });
    const link = serial(ends[0]);
    const { sink, write } = run(device(link, [tag('a', 4)], { writes: [writeOf('a', 4)], timeoutMs: 500 }));
    await sink.until(() => sink.states().at(-1) === 'online', 10_000);
    expect(await write('a', 5)).toStrictEqual({ kind: 'confirmed', readBack: 5 });
    slave.kill('SIGSTOP');
    const pending = write('a', 6);
    await delay(100);
    await kill(wire);
    // Whether it was the write or a read that was on the wire: nothing is claimed that nobody knows.
    expect((await pending).kind).not.toBe('confirmed');
    await sink.until(() => sink.states().at(-1) !== 'online', 5000);
    expect(await write('a', 7)).toMatchObject({ kind: 'refused' });
    slave.kill('SIGCONT');
  }, 20_000);
});
