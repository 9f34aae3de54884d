import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { bad, GOOD } from '@trame/protocol/quality';
import { DataType, ServerSession } from 'node-opcua';
import { expect, test } from 'vitest';
import { runDriver, testDevice, testTag } from './test-device.ts';
import { testKeys } from './test-keys.ts';
import { startServerProcess } from './test-server-process.ts';
import { startTestServer } from './test-server.ts';
import { freePort } from '../ports/test-free-port.ts';

/** Promise of the product: data flows again this soon after a server is back. */
const BACK_WITHIN_MS = 10_000;

const keys = testKeys();

const TICKER = [testTag('Ticker')];

test('a server that is down at the start is offline with a reason, and flows once it is there', async () => {
  const port = await freePort();
  await using driver = runDriver(testDevice(`opc.tcp://127.0.0.1:${port}`, TICKER), keys.edge);
  const reason = await driver.sink.waitForOffline(/./u);
  expect(reason).toContain('ECONNREFUSED');
  await using server = await startServerProcess({ port, pki: keys.server, tickMs: 100 });
  expect(reason).toContain(server.url);
  await driver.sink.waitForReading('Ticker', ({ value }) => Number(value) > 0, 0, BACK_WITHIN_MS);
});

test('a secured server that is down at the start does not throw the driver out', async () => {
  const port = await freePort();
  const security = {
    mode: 'SignAndEncrypt',
    policy: 'Basic256Sha256',
    user: null,
    passwordFile: null,
  } as const;
  await using driver = runDriver(testDevice(`opc.tcp://127.0.0.1:${port}`, TICKER, { security }), keys.edge);
  await driver.sink.waitForOffline(/ECONNREFUSED/u);
  await driver.sink.waitForIncident('connect-failed', 3);
  expect(driver.sink.told.filter(({ kind }) => kind === 'offline')).toHaveLength(1);
});

test('a killed server is offline at once, and flows again within 10 s of its return', async () => {
  const port = await freePort();
  const settings = { port, pki: keys.server, tickMs: 100 };
  const first = await startServerProcess(settings);
  await using driver = runDriver(testDevice(first.url, [...TICKER, testTag('Still')]), keys.edge);
  await driver.sink.waitForReading('Ticker', ({ value }) => Number(value) > 2);
  let from = driver.sink.mark();
  await first.kill();
  await driver.sink.waitForOffline(/./u, from, 1000);
  from = driver.sink.mark();
  await using second = await startServerProcess(settings);
  expect(second.url).toBe(first.url);
  await driver.sink.waitForReading('Ticker', ({ value }) => Number(value) > 0, from, BACK_WITHIN_MS);
  const still = await driver.sink.waitForReading('Still', () => true, from);
  expect(still).toMatchObject({ value: 7, quality: GOOD, sourceTimeMs: 1_700_000_000_000 });
  expect(driver.sink.told.slice(from).findIndex(({ kind }) => kind === 'online')).toBeLessThan(
    driver.sink.told.slice(from).findIndex(({ kind }) => kind === 'reading'),
  );
});

test('a frozen server: values go stale, then it is offline; thawed, they flow again', async () => {
  await using server = await startServerProcess({ port: await freePort(), pki: keys.server, tickMs: 100 });
  await using driver = runDriver(testDevice(server.url, TICKER, { staleAfterMs: 1000 }), keys.edge);
  await driver.sink.waitForReading('Ticker', ({ value }) => Number(value) > 2);
  let from = driver.sink.mark();
  server.freeze();
  const stale = await driver.sink.waitForReading('Ticker', ({ value }) => value === null, from, 3000);
  expect(stale.quality).toEqual(bad('stale'));
  await driver.sink.waitForOffline(/does not answer/u, from, 5000);
  await driver.sink.waitForOffline(/no answer within/u, from);
  expect(driver.sink.countOf('timeout')).toBeGreaterThan(1);
  from = driver.sink.mark();
  server.thaw();
  await driver.sink.waitForReading('Ticker', ({ value }) => Number(value) > 2, from, BACK_WITHIN_MS);
});

test('the driver ends within 3 s although its server is frozen', async () => {
  await using server = await startServerProcess({ port: await freePort(), pki: keys.server, tickMs: 100 });
  const driver = runDriver(testDevice(server.url, TICKER, { staleAfterMs: 20_000 }), keys.edge);
  await driver.sink.waitForReading('Ticker', ({ value }) => Number(value) > 0);
  server.freeze();
  const start = performance.now();
  await driver.stop();
  expect(performance.now() - start).toBeLessThan(3000);
});

test('subscriptions that the server forgot are made anew, and unchanged values come back good', async () => {
  await using server = await startInProcess();
  server.add('Still', DataType.Double, { dataType: DataType.Double, value: 42 });
  await using driver = runDriver(testDevice(server.url, [testTag('Still')]), keys.edge);
  await driver.sink.waitForReading('Still', ({ value }) => value === 42);
  const from = driver.sink.mark();
  expect(server.forgetSubscriptions()).toBe(1);
  await driver.sink.waitForReading('Still', ({ quality }) => quality.level === 'bad', from);
  await driver.sink.waitForReading(
    'Still',
    ({ value, quality }) => value === 42 && quality.level === 'good',
    from,
  );
  expect(driver.sink.countOf('subscription-recreated')).toBe(1);
  expect(driver.sink.told.slice(from).some(({ kind }) => kind === 'offline')).toBe(false);
});

test('a subscription that falls silent on a living server is noticed and made anew', async () => {
  await using server = await startInProcess();
  server.add('Silent', DataType.Double, { dataType: DataType.Double, value: 1 });
  await using driver = runDriver(
    testDevice(server.url, [testTag('Silent')], { staleAfterMs: 1000 }),
    keys.edge,
  );
  await driver.sink.waitForReading('Silent', ({ value }) => value === 1);
  const from = driver.sink.mark();
  // Its publishing timer stops: it still exists, the session answers, but nothing comes any more.
  for (const subscription of server.subscriptions()) callHidden(subscription, '_stop_timer');
  server.set('Silent', { dataType: DataType.Double, value: 2 });
  const stale = await driver.sink.waitForReading('Silent', () => true, from, 3000);
  expect(stale.quality).toEqual(bad('stale'));
  await driver.sink.waitForReading('Silent', ({ value }) => value === 2, from);
  expect(driver.sink.countOf('subscription-recreated')).toBe(1);
});

test('a lost notification is noticed by its missing number', async () => {
  await using server = await startInProcess();
  server.add('Counted', DataType.Double, { dataType: DataType.Double, value: 1 });
  await using driver = runDriver(testDevice(server.url, [testTag('Counted')]), keys.edge);
  await driver.sink.waitForReading('Counted', ({ value }) => value === 1);
  for (const subscription of server.subscriptions()) callHidden(subscription, '_get_next_sequence_number');
  server.set('Counted', { dataType: DataType.Double, value: 2 });
  await driver.sink.waitForReading('Counted', ({ value }) => value === 2);
  expect(driver.sink.countOf('subscription-recreated')).toBe(1);
  expect(driver.log.matching(/made anew/u)[0]?.fields).toMatchObject({ ailment: 'a notification was lost' });
});

test('a server that takes only one publish request at a time still gives everything', async () => {
  const usual = ServerSession.maxPublishRequestInQueue;
  ServerSession.maxPublishRequestInQueue = 1;
  try {
    await using server = await startInProcess();
    server.add('Narrow', DataType.Double, { dataType: DataType.Double, value: 0 });
    await using driver = runDriver(testDevice(server.url, [testTag('Narrow')]), keys.edge);
    for (const value of [1, 2, 3]) {
      server.set('Narrow', { dataType: DataType.Double, value });
      const reading = await driver.sink.waitForReading('Narrow', ({ value: read }) => read === value);
      expect(reading.quality).toEqual(GOOD);
    }
    expect(driver.sink.countOf('subscription-recreated')).toBe(0);
  } finally {
    ServerSession.maxPublishRequestInQueue = usual;
  }
});

test('a server without a free session says so, and is asked again', async () => {
  await using server = await startInProcess({ maxSessions: 1 });
  server.add('Shared', DataType.Double, { dataType: DataType.Double, value: 1 });
  const device = testDevice(server.url, [testTag('Shared')]);
  const first = runDriver(device, keys.edge);
  await first.sink.waitForReading('Shared', ({ value }) => value === 1);
  await using second = runDriver(device, keys.edge);
  await second.sink.waitForOffline(/no free session/u);
  await first.stop();
  const reading = await second.sink.waitForReading('Shared', () => true, 0, BACK_WITHIN_MS);
  expect(reading).toMatchObject({ value: 1, quality: GOOD });
});

test('something that accepts and says nothing is offline after a short wait', async () => {
  await using nobody = await listen(() => null);
  await using driver = runDriver(testDevice(nobody.url, TICKER), keys.edge);
  await driver.sink.waitForOffline(/no answer within 3000 ms while connecting/u, 0, 5000);
  expect(driver.sink.countOf('timeout')).toBeGreaterThan(0);
});

test.each([
  ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['a truncated answer', 'ACKF\u001c\u0000\u0000\u0000\u0000\u0000'],
  ['a length that cannot be', 'ACKF\u00ff\u00ff\u00ff\u00ff'],
  ['an error without end', 'ERRF\u0010\u0000\u0000\u0000\u0000\u0000\u007d\u0080'],
])('%s instead of OPC UA is offline with a reason', async (_what, answer) => {
  await using stranger = await listen((socket) => socket.once('data', () => socket.end(answer, 'latin1')));
  await using driver = runDriver(testDevice(stranger.url, TICKER), keys.edge);
  const reason = await driver.sink.waitForOffline(/./u, 0, 6000);
  expect(reason).toContain(stranger.url);
});

async function startInProcess(settings: { readonly maxSessions?: number } = {}) {
  const server = await startTestServer({ port: await freePort(), pki: keys.server, ...settings });
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}

/** Makes the server misbehave in a way that it has no public switch for. */
function callHidden(target: object, method: string): void {
  const hidden: unknown = Reflect.get(target, method);
  if (typeof hidden !== 'function') throw new Error(`the server has no ${method}`);
  Reflect.apply(hidden, target, []);
}

async function listen(onConnection: (socket: Socket) => unknown): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const listener: Server = createServer((socket) => {
    sockets.add(socket);
    // The driver cuts the line when it gives up.
    socket.on('error', () => sockets.delete(socket));
    onConnection(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `opc.tcp://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
