import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Framing } from './answer-frame.ts';
import { ModbusConnection, type ReadOutcome } from './connection.ts';
import { openStream } from './open-stream.ts';
import { realClock } from './testing/real-ports.ts';
import { framed, startScriptedServer, type Script, type ScriptedServer } from './testing/scripted-server.ts';
import { rtuTcp, tcp } from './testing/device-config.ts';

const TIMEOUT_MS = 150;

async function connected(framing: Framing, script: Script) {
  const server = await startScriptedServer(framing, script);
  const connection = await connectTo(framing, server);
  onTestFinished(async () => {
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { server, connection };
}

async function connectTo(framing: Framing, { port }: ScriptedServer): Promise<ModbusConnection> {
  const link = framing === 'mbap' ? tcp(port) : rtuTcp(port);
  const opened = await openStream(link, realClock, new AbortController().signal);
  if (opened.kind === 'failed') throw new Error(opened.reason);
  return await ModbusConnection.over(opened.stream, framing, realClock);
}

function read(connection: ModbusConnection, address = 100, count = 2): Promise<ReadOutcome> {
  return connection.read({ unit: 1, register: 'holding', address, count, timeoutMs: TIMEOUT_MS });
}

const WORDS = Buffer.from([0x12, 0x34, 0x56, 0x78]);
const DATA = { kind: 'data', data: WORDS };
const FRAMINGS = ['mbap', 'rtu'] as const;

describe.each(FRAMINGS)('a Modbus connection (%s)', (framing) => {
  it('reads every table with its function code', async () => {
    const { server, connection } = await connected(framing, (request) => {
      request.answer(request.code <= 2 ? Buffer.from([0b101]) : WORDS);
    });
    for (const [register, count] of [
      ['coil', 3],
      ['discrete', 3],
      ['holding', 2],
      ['input', 2],
    ] as const) {
      const outcome = await connection.read({ unit: 7, register, address: 9, count, timeoutMs: TIMEOUT_MS });
      expect(outcome).toStrictEqual({ kind: 'data', data: count === 3 ? Buffer.from([0b101]) : WORDS });
    }
    expect(
      server.requests.map(({ unit, code, address, count }) => [unit, code, address, count]),
    ).toStrictEqual([
      [7, 1, 9, 3],
      [7, 2, 9, 3],
      [7, 3, 9, 2],
      [7, 4, 9, 2],
    ]);
  });

  it('tells an exception with its code', async () => {
    const { connection } = await connected(framing, (request) => request.exception(2));
    expect(await read(connection)).toStrictEqual({ kind: 'exception', code: 2 });
  });

  it('puts an answer together that comes byte by byte', async () => {
    const { connection } = await connected(framing, ({ unit, code, transaction, send }) => {
      const frame = framed(framing, transaction, Buffer.from([unit, code, 4, ...WORDS]));
      frame.forEach((byte, index) => setTimeout(() => send(Buffer.from([byte])), index * 3));
    });
    expect(await read(connection)).toStrictEqual(DATA);
  });

  it('stops waiting when nothing comes', async () => {
    const { connection } = await connected(framing, () => undefined);
    const startMs = realClock.monotonicMs();
    expect(await read(connection)).toStrictEqual({ kind: 'timeout' });
    expect(realClock.monotonicMs() - startMs).toBeLessThan(TIMEOUT_MS + 1000);
  });

  it('tells a truncated answer from silence', async () => {
    const { connection } = await connected(framing, ({ unit, code, transaction, send }) => {
      send(framed(framing, transaction, Buffer.from([unit, code, 4, ...WORDS])).subarray(0, -3));
    });
    expect(await read(connection)).toMatchObject({
      kind: 'invalid',
      reason: expect.stringMatching(/^sent \d+ bytes/u),
    });
  });
});

describe.each(FRAMINGS)('a Modbus connection that breaks (%s)', (framing) => {
  it('is lost when the device resets it under a request', async () => {
    const { connection } = await connected(framing, ({ socket }) => socket.resetAndDestroy());
    expect(await read(connection)).toStrictEqual({ kind: 'lost', reason: 'reset the connection' });
    expect(connection.ended).toBe('reset the connection');
    expect(await read(connection)).toStrictEqual({ kind: 'lost', reason: 'reset the connection' });
  });

  it('is lost when the device closes it under a request', async () => {
    const { connection } = await connected(framing, ({ socket }) => socket.end());
    expect(await read(connection)).toStrictEqual({ kind: 'lost', reason: 'closed the connection' });
  });

  it('is lost at once when it is given up under a request', async () => {
    const { connection } = await connected(framing, () => undefined);
    const pending = read(connection);
    connection.abort();
    expect(await pending).toStrictEqual({ kind: 'lost', reason: 'was closed from here' });
  });
});

describe.each(FRAMINGS)('a Modbus connection with a confused device (%s)', (framing) => {
  it('takes no answer of another unit, function or length', async () => {
    const answers: readonly (readonly number[])[] = [
      [2, 3, 4, ...WORDS],
      [1, 4, 4, ...WORDS],
      [1, 3, 2, 0x12, 0x34],
      // Two registers under a byte count of three: the checksum must not become the third.
      [1, 3, 6, ...WORDS],
      [1, 0x84, 2],
    ];
    for (const answer of answers) {
      const { connection } = await connected(framing, ({ transaction, send }) =>
        send(framed(framing, transaction, Buffer.from(answer))),
      );
      expect([answer, (await read(connection)).kind]).toStrictEqual([answer, 'invalid']);
    }
  });

  it('takes no bytes for an answer that came before the request', async () => {
    const { server, connection } = await connected(framing, (request) => request.answer(WORDS));
    await read(connection);
    const [socket] = server.open;
    socket?.write(framed(framing, 2, Buffer.from([1, 3, 4, 9, 9, 9, 9])));
    await delay(50);
    expect(await read(connection)).toStrictEqual(DATA);
  });

  it('survives garbage', async () => {
    const { connection } = await connected(framing, ({ send }) => send(Buffer.alloc(5000, 0xa5)));
    expect((await read(connection)).kind).toBe('invalid');
  });

  it('asks one thing at a time', async () => {
    const { connection } = await connected(framing, (request) => request.answer(WORDS));
    const first = read(connection);
    await expect(read(connection)).rejects.toThrow('already in flight');
    expect(await first).toStrictEqual(DATA);
  });
});

describe('a Modbus TCP connection', () => {
  it('takes no frame of another protocol', async () => {
    const { connection } = await connected('mbap', ({ transaction, send }) =>
      send(framed('mbap', transaction, Buffer.from([1, 3, 4, ...WORDS]), 1)),
    );
    const reason = 'answered with protocol 1 in place of Modbus';
    expect(await read(connection)).toStrictEqual({ kind: 'invalid', reason });
  });

  it('takes no answer with another transaction number, and the right one after it', async () => {
    const { connection } = await connected('mbap', ({ transaction, index, send, answer }) => {
      send(framed('mbap', transaction - 1, Buffer.from([1, 3, 4, 9, 9, 9, 9])));
      if (index > 0) answer(WORDS);
    });
    expect((await read(connection)).kind).toBe('invalid');
    expect(await read(connection)).toStrictEqual(DATA);
  });

  it('refuses a frame length that no answer has', async () => {
    for (const length of [0, 2, 255, 65_535]) {
      const { connection } = await connected('mbap', ({ transaction, send }) =>
        send(Buffer.from([transaction >> 8, transaction & 255, 0, 0, length >> 8, length & 255, 1, 3])),
      );
      const reason = `answered with a frame of ${length} bytes`;
      expect(await read(connection)).toStrictEqual({ kind: 'invalid', reason });
    }
  });
});

describe('a Modbus RTU connection over TCP', () => {
  it('skips noise before the answer', async () => {
    const { connection } = await connected('rtu', ({ unit, code, send }) =>
      send(
        Buffer.concat([
          Buffer.from([0xff, 0, 1, 3]),
          framed('rtu', 0, Buffer.from([unit, code, 4, ...WORDS])),
        ]),
      ),
    );
    expect(await read(connection)).toStrictEqual(DATA);
  });

  it('takes no answer with a wrong checksum', async () => {
    const { connection } = await connected('rtu', ({ send }) => send(Buffer.from([1, 3, 4, ...WORDS, 0, 0])));
    expect((await read(connection)).kind).toBe('invalid');
  });
});

describe('opening a link', () => {
  it('says who refused', async () => {
    const server = await startScriptedServer('mbap', () => undefined);
    await server[Symbol.asyncDispose]();
    const opened = await openStream(tcp(server.port), realClock, new AbortController().signal);
    expect(opened).toStrictEqual({
      kind: 'failed',
      reason: `127.0.0.1:${server.port} refused the connection`,
    });
  });

  it('says that a name or a serial port does not exist', async () => {
    const { signal } = new AbortController();
    const named = await openStream(
      { kind: 'tcp', host: 'no-such-host.invalid', port: 502 },
      realClock,
      signal,
    );
    expect(named).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^no-such-host\.invalid:502 (is no known|cannot be looked)/u),
    });
    const serial = {
      path: '/dev/tty-not-there',
      baud: 9600,
      parity: 'none',
      dataBits: 8,
      stopBits: 1,
    } as const;
    expect(await openStream({ kind: 'serial', ...serial }, realClock, signal)).toStrictEqual({
      kind: 'failed',
      reason: '/dev/tty-not-there is not there',
    });
  });

  it('ends when it is no longer wanted', async () => {
    const stop = new AbortController();
    // A documentation address (RFC 5737): nobody answers.
    const opening = openStream({ kind: 'tcp', host: '192.0.2.1', port: 502 }, realClock, stop.signal);
    stop.abort();
    expect((await opening).kind).toBe('failed');
  });
});
