import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import type { JobOutcome } from './print-queue.ts';
import { MAX_LABEL_BYTES, RawPrinter, type PrintJob } from './raw-printer.ts';
import { sendRaw, type SendLimits, type SendOutcome } from './send-raw.ts';

const limits: SendLimits = { connectMs: 1_000, writeMs: 300, closeMs: 300 };
const label = Buffer.from('^XA^FO10,10^A0N,40,40^FH^FDn° 1042^FS^XZ\n');

const owned: (() => void)[] = [];
afterEach(() => {
  for (const close of owned.splice(0)) close();
});

/** A printer of the test's own, which does with a connection what it is told. */
async function printerThat(behaves: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    // Connections that are cut off on purpose complain here too.
    socket.on('error', () => sockets.delete(socket));
    behaves(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}

/** Takes all and closes when the sender has. */
function printerInOrder(taken: Buffer[]) {
  return (socket: Socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => {
      taken.push(Buffer.concat(chunks));
      socket.end();
    });
  };
}

function send(port: number, bytes: Uint8Array = label, signal = new AbortController().signal) {
  return sendRaw({ host: '127.0.0.1', port }, bytes, limits, systemClock, signal);
}

test('every byte arrives, and only then is it printed', async () => {
  const taken: Buffer[] = [];
  const port = await printerThat(printerInOrder(taken));
  expect(await send(port)).toEqual({ kind: 'printed' });
  expect(taken).toEqual([label]);
});

test('a printer that talks back is printed to all the same', async () => {
  const taken: Buffer[] = [];
  const port = await printerThat((socket) => {
    socket.write('\u0002ready\u0003'.repeat(5_000));
    printerInOrder(taken)(socket);
  });
  expect(await send(port)).toEqual({ kind: 'printed' });
});

const failures: readonly [string, (socket: Socket) => void, SendOutcome, Uint8Array][] = [
  [
    'takes nothing, as without paper',
    (socket) => socket.pause(),
    { kind: 'timed-out', during: 'close', mayHavePrinted: true },
    label,
  ],
  [
    'takes nothing of much',
    (socket) => socket.pause(),
    { kind: 'timed-out', during: 'write', mayHavePrinted: false },
    Buffer.alloc(32 * 1024 * 1024, 32),
  ],
  [
    'takes all and never closes',
    (socket) => socket.resume(),
    { kind: 'timed-out', during: 'close', mayHavePrinted: true },
    label,
  ],
  [
    'drops the connection after the first bytes',
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
    { kind: 'cut-off', reason: 'ECONNRESET', mayHavePrinted: true },
    label,
  ],
];

test.each(failures)('a printer that %s has not printed', async (_, behaves, outcome, bytes) => {
  expect(await send(await printerThat(behaves), bytes)).toEqual(outcome);
});

test('a printer that is switched off is unreachable', async () => {
  const port = await printerThat(() => undefined);
  for (const close of owned.splice(0)) close();
  expect(await send(port)).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED', mayHavePrinted: false });
});

test('a stop cuts an attempt off', async () => {
  const stop = new AbortController();
  const connected = Promise.withResolvers<null>();
  const port = await printerThat((socket) => {
    socket.pause();
    connected.resolve(null);
  });
  const outcome = send(port, label, stop.signal);
  await connected.promise;
  stop.abort();
  expect(await outcome).toMatchObject({ kind: 'stopped' });
  expect(await send(port, label, stop.signal)).toEqual({ kind: 'stopped', mayHavePrinted: false });
});

interface Bench {
  readonly printer: RawPrinter;
  readonly outcomes: Map<string, JobOutcome>;
}

function benchFor(port: number): Bench {
  const outcomes = new Map<string, JobOutcome>();
  const printer = new RawPrinter({
    id: 'presse',
    label: 'Imprimante de la presse',
    target: { host: '127.0.0.1', port },
    clock: systemClock,
    log: keepingLog(),
    limits,
    onSettled: (id, outcome) => outcomes.set(id, outcome),
  });
  owned.push(() => void printer.stop());
  return { printer, outcomes };
}

function job(id: string): PrintJob {
  return { id, reprint: false, zpl: (reprint) => `^XA^FD${id}${reprint ? ' RÉIMPRESSION' : ''}^FS^XZ\n` };
}

test('labels that were submitted while the printer was away come out in order when it is back', async () => {
  const port = await printerThat(() => undefined);
  for (const close of owned.splice(0)) close();
  const { printer, outcomes } = benchFor(port);
  expect(printer.submit(job('b1'))).toEqual({ kind: 'queued', ahead: 0 });
  expect(printer.submit(job('b2'))).toEqual({ kind: 'queued', ahead: 1 });
  await eventually(() => (printer.state().state === 'retrying' ? true : null));
  expect(printer.state()).toMatchObject({ waiting: 2, lastFailure: { failure: { kind: 'unreachable' } } });
  const taken: Buffer[] = [];
  const server = createServer({ allowHalfOpen: true }, printerInOrder(taken));
  server.listen(port, '127.0.0.1');
  owned.push(() => server.close());
  await eventually(() => (outcomes.size === 2 ? true : null));
  expect(taken.map(String)).toEqual([job('b1').zpl(false), job('b2').zpl(false)]);
  expect(outcomes.get('b1')).toMatchObject({ kind: 'printed', attempts: 2, reprint: false });
  expect(printer.state()).toMatchObject({ state: 'idle', printed: 2, lastFailure: null });
});

test('a label of which a copy may have come out is sent again with the mark of a reprint', async () => {
  const taken: Buffer[] = [];
  let connections = 0;
  const port = await printerThat((socket) => {
    connections += 1;
    if (connections === 1) socket.once('data', () => socket.resetAndDestroy());
    else printerInOrder(taken)(socket);
  });
  const { printer, outcomes } = benchFor(port);
  printer.submit(job('b1'));
  await eventually(() => outcomes.get('b1'));
  expect(taken.map(String)).toEqual([job('b1').zpl(true)]);
  expect(outcomes.get('b1')).toEqual({ kind: 'printed', reprint: true, attempts: 2 });
});

test('the same job twice is one label while it waits, a reprint later', async () => {
  const taken: Buffer[] = [];
  const { printer, outcomes } = benchFor(await printerThat(printerInOrder(taken)));
  printer.submit(job('b1'));
  expect(printer.submit(job('b1'))).toEqual({ kind: 'already-queued' });
  await eventually(() => outcomes.get('b1'));
  outcomes.clear();
  printer.submit(job('b1'));
  await eventually(() => outcomes.get('b1'));
  expect(taken.map(String)).toEqual([job('b1').zpl(false), job('b1').zpl(true)]);
});

test('what cannot be drawn or is far too long is refused at once and harms nobody else', async () => {
  const taken: Buffer[] = [];
  const { printer, outcomes } = benchFor(await printerThat(printerInOrder(taken)));
  const broken: PrintJob = {
    ...job('b1'),
    zpl: () => {
      throw new RangeError('QR content of 200 characters');
    },
  };
  expect(printer.submit(broken)).toEqual({ kind: 'not-drawn', reason: 'QR content of 200 characters' });
  const bytes = MAX_LABEL_BYTES + 1;
  expect(printer.submit({ ...job('b2'), zpl: () => 'x'.repeat(bytes) })).toEqual({
    kind: 'too-large',
    bytes,
  });
  printer.submit(job('b3'));
  expect(await eventually(() => outcomes.get('b3'))).toMatchObject({ kind: 'printed' });
  expect(outcomes.size).toBe(1);
});

test('a stop ends what is being sent, tells every label, and takes no more', async () => {
  const { printer, outcomes } = benchFor(await printerThat((socket) => socket.pause()));
  printer.submit(job('b1'));
  printer.submit(job('b2'));
  await printer.stop();
  expect(outcomes.get('b1')).toEqual({ kind: 'stopped', mayHavePrinted: true });
  expect(outcomes.get('b2')).toEqual({ kind: 'stopped', mayHavePrinted: false });
  expect(printer.submit(job('b3'))).toEqual({ kind: 'stopped' });
  expect(printer.state()).toMatchObject({ state: 'stopped', waiting: 0 });
});
