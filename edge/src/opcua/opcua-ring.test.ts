import { setTimeout as delay } from 'node:timers/promises';
import { DataType, StatusCodes, Variant, VariantArrayType, type UAVariable } from 'node-opcua';
import { expect, test } from 'vitest';
import type { OpcuaDeviceConfig } from '../domain/line-config.ts';
import { freePort } from '../ports/test-free-port.ts';
import { runDriver, TEST_NAMESPACE, testDevice, testTag } from './test-device.ts';
import { testKeys } from './test-keys.ts';
import { addRing, atMsOf, floats, spectrumOf, testRing, TestSpectra } from './test-ring.ts';
import { startServerProcess } from './test-server-process.ts';
import { startTestServer, type TestServerSettings } from './test-server.ts';

const SIZE = 16;
const UINT32 = 2 ** 32;
/** Ten seconds of results at 25 a second. */
const KILLED_SIZE = 256;
/** Promise of the product: what is read again flows this soon after a server is back. */
const BACK_WITHIN_MS = 10_000;

const keys = testKeys();

function station(url: string, size = SIZE, changes: Partial<OpcuaDeviceConfig> = {}): OpcuaDeviceConfig {
  return testDevice(url, [testTag('Lamp')], { ring: testRing(TEST_NAMESPACE, size), ...changes });
}

/** A server without a ring. */
async function bareServer(settings: Partial<TestServerSettings> = {}) {
  const server = await startTestServer({ port: await freePort(), pki: keys.server, ...settings });
  server.add('Lamp', DataType.Double, { dataType: DataType.Double, value: 1 });
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}

/** A station whose reading has begun at `seq`. */
async function watched(seq = 0, settings: Partial<TestServerSettings> = {}, size = SIZE) {
  const server = await bareServer(settings);
  const ring = addRing(server, size, seq);
  const spectra = new TestSpectra();
  const driver = runDriver(station(server.url, size), keys.edge, spectra);
  const dispose = async (): Promise<void> => {
    await driver.stop();
    await server.stop();
  };
  try {
    await spectra.until('it begins', () => spectra.lives.length === 1);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { server, ring, spectra, driver, [Symbol.asyncDispose]: dispose };
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('each result is read once, with its time and its values, from the first number told on', async () => {
  await using line = await watched(40);
  const { ring, spectra, driver } = line;
  expect(spectra.lives).toEqual([{ seq: 40, why: 'first' }]);
  ring.produce(3);
  await spectra.until('three results', () => spectra.reads.length >= 3);
  for (let made = 0; made < 20; made += 1) {
    ring.produce();
    await delay(15);
  }
  await spectra.until('all of them', () => spectra.seqs.at(-1) === 63);
  expect(spectra.seqs).toEqual(span(41, 63));
  expect(spectra.misses).toEqual([]);
  for (const { seq, readAtMs, values } of spectra.reads) {
    expect(values).toEqual(spectrumOf(seq));
    expect(readAtMs).toBe(atMsOf(seq));
  }
  // Neither the ring nor its number is a tag.
  expect(driver.sink.definition('Lamp')).toBeDefined();
  expect(driver.sink.definition('ring.seq')).toBeUndefined();
  expect(driver.sink.readingsOf('ring.seq')).toEqual([]);
});

test('a whole ring is read in requests that the server allows, as long as nothing is laid over it', async () => {
  await using line = await watched(100, { maxNodesPerRead: 8 });
  const { ring, spectra } = line;
  for (const seq of span(101, 100 + SIZE)) ring.lay(seq);
  ring.tell(100 + SIZE);
  await spectra.until('all of them', () => spectra.reads.length >= SIZE);
  expect(spectra.seqs).toEqual(span(101, 116));
  expect(spectra.largestBatch).toBe(2);
  expect(spectra.misses).toEqual([]);
});

test('a server that reads just one result at a time, and not one that reads less', async () => {
  await using line = await watched(0, { maxNodesPerRead: 3 });
  line.ring.produce(5);
  await line.spectra.until('all of them', () => line.spectra.reads.length >= 5);
  expect(line.spectra.largestBatch).toBe(1);

  await using less = await bareServer({ maxNodesPerRead: 2 });
  addRing(less, SIZE);
  const spectra = new TestSpectra();
  await using driver = runDriver(station(less.url), keys.edge, spectra);
  await driver.sink.waitForReading('Lamp', ({ value }) => value === 1);
  expect(driver.log.matching(/too few nodes at once/u)).toHaveLength(1);
  expect(spectra.news).toEqual([]);
});

test('the numbers wrap', async () => {
  await using line = await watched(UINT32 - 3);
  line.ring.produce(6);
  await line.spectra.until('all of them', () => line.spectra.reads.length >= 6);
  expect(line.spectra.seqs).toEqual([UINT32 - 2, UINT32 - 1, 0, 1, 2, 3]);
  expect(line.spectra.misses).toEqual([]);
});

test('what is laid over a result that nobody had time for is counted, and the rest comes in order', async () => {
  await using line = await watched(10);
  const { ring, spectra } = line;
  const done = Promise.withResolvers<void>();
  spectra.busy = () => done.promise;
  ring.produce();
  await spectra.until('somebody is busy', () => spectra.reads.length === 1);
  // Two rings and a half while one spectrum is judged.
  for (let made = 0; made < 40; made += 1) {
    ring.produce();
    await delay(10);
  }
  expect(spectra.seqs).toEqual([11]);
  spectra.busy = () => Promise.resolve();
  done.resolve();
  await spectra.until('the last one', () => spectra.seqs.at(-1) === 51);
  expect(spectra.mostAtOnce).toBe(1);
  // A full ring of the newest at least; all before it were given or missed, in order.
  expect(spectra.seqs.slice(-SIZE)).toEqual(span(36, 51));
  const missed = spectra.misses.flatMap(({ fromSeq, count }) => span(fromSeq, fromSeq + count - 1));
  expect(missed.length).toBeGreaterThan(15);
  expect([...spectra.seqs, ...missed].toSorted((a, b) => a - b)).toEqual(span(11, 51));
  expect(spectra.seqs).toEqual(spectra.seqs.toSorted((a, b) => a - b));
  expect(spectra.misses.every(({ why }) => why === 'overwritten')).toBe(true);
  expect(spectra.reads.every(({ seq, values }) => values[0] === seq)).toBe(true);
});

test('a place that holds a later result than its station told is missed', async () => {
  await using line = await watched(20);
  const { ring, spectra } = line;
  ring.lay(21, { own: 21 + SIZE });
  ring.lay(22);
  ring.tell(22);
  await spectra.until('the next one', () => spectra.reads.length === 1);
  expect(spectra.misses).toEqual([{ fromSeq: 21, count: 1, why: 'overwritten' }]);
  expect(spectra.seqs).toEqual([22]);
});

test('a result is not believed when the station began to lay a later one over it while it was read', async () => {
  await using line = await watched(20);
  const { server, ring, spectra } = line;
  const space = server.server.engine.addressSpace;
  const index = space?.getNamespaceIndex(TEST_NAMESPACE);
  const node = space?.findNode(`ns=${index};s=Result.5.Seq`);
  if (node === null || node === undefined) throw new Error('no such place');
  let isArmed = false;
  const get = (): Variant => {
    // Result 37 is half laid down: its spectrum and not yet its number.
    if (isArmed) for (const seq of span(22, 21 + SIZE)) ring.tell(seq);
    return new Variant({ dataType: DataType.UInt32, value: 21 });
  };
  (node as UAVariable).bindVariable({ get }, true);
  isArmed = true;
  ring.tell(21);
  await spectra.until('it is missed', () => spectra.misses.length > 0);
  expect(spectra.misses[0]).toEqual({ fromSeq: 21, count: 1, why: 'overwritten' });
});

test('a result that comes a moment after its number is read; one that never comes is missed', async () => {
  await using line = await watched(20);
  const { ring, spectra } = line;
  ring.tell(21);
  await delay(60);
  ring.lay(21);
  await spectra.until('the late one', () => spectra.reads.length === 1);
  ring.tell(22);
  ring.lay(23);
  ring.tell(23);
  await spectra.until('the one after', () => spectra.seqs.includes(23));
  expect(spectra.misses).toEqual([{ fromSeq: 22, count: 1, why: 'not-written' }]);
  expect(spectra.seqs).toEqual([21, 23]);
});

test('what is no spectrum is missed, what is a strange one is passed on as it is', async () => {
  await using line = await watched(0);
  const { ring, spectra } = line;
  const odd = Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY);
  const array = VariantArrayType.Array;
  ring.lay(1, { spectrum: floats(odd) });
  ring.lay(2, { spectrum: { dataType: DataType.Null } });
  ring.lay(3, { status: StatusCodes.BadSensorFailure });
  ring.lay(4, { status: StatusCodes.UncertainSensorNotAccurate });
  ring.lay(5, { spectrum: floats(new Float32Array()) });
  ring.lay(6, {
    spectrum: { dataType: DataType.Double, arrayType: array, value: Float64Array.of(0.1, 0.2) },
  });
  ring.lay(7, {
    spectrum: { dataType: DataType.UInt16, arrayType: array, value: Uint16Array.of(7, 65_535) },
  });
  ring.lay(8, { spectrum: { dataType: DataType.String, value: 'cotton' } });
  ring.lay(9, { spectrum: floats(new Float32Array(9000)) });
  ring.lay(10);
  ring.lay(11, { ownStatus: StatusCodes.BadSensorFailure });
  ring.lay(12);
  ring.tell(12);
  await spectra.until('the last one', () => spectra.seqs.includes(12));
  expect(spectra.misses).toEqual([
    { fromSeq: 2, count: 3, why: 'unreadable' },
    { fromSeq: 8, count: 2, why: 'unreadable' },
    { fromSeq: 11, count: 1, why: 'unreadable' },
  ]);
  expect(spectra.reads.map(({ seq, values }) => [seq, values])).toEqual([
    [1, odd],
    [5, new Float32Array()],
    [6, Float64Array.of(0.1, 0.2)],
    [7, Float64Array.of(7, 65_535)],
    [10, spectrumOf(10)],
    [12, spectrumOf(12)],
  ]);
});

test('a number that is none is told and counted, and reading goes on when it is one again', async () => {
  await using line = await watched(5);
  const { ring, spectra, driver } = line;
  ring.tell(null);
  await driver.sink.waitForIncident('bad-value');
  ring.tell(null, StatusCodes.BadSensorFailure);
  await driver.sink.waitForIncident('bad-value', 2);
  expect(driver.log.matching(/does not tell how many results/u)).toHaveLength(2);
  ring.lay(6);
  ring.tell(6);
  await spectra.until('the next one', () => spectra.reads.length === 1);
  expect(spectra.seqs).toEqual([6]);
  expect(spectra.lives).toHaveLength(1);
});

test('a station that was started anew is read from its number on', async () => {
  await using line = await watched(500);
  const { ring, spectra } = line;
  ring.produce(2);
  await spectra.until('two', () => spectra.reads.length === 2);
  ring.tell(0);
  await spectra.until('another life', () => spectra.lives.length === 2);
  ring.produce(2);
  await spectra.until('two more', () => spectra.reads.length === 4);
  expect(spectra.lives[1]).toEqual({ seq: 0, why: 'went-back' });
  expect(spectra.seqs).toEqual([501, 502, 1, 2]);
  expect(spectra.misses).toEqual([]);
});

test('subscriptions that the server forgot are made anew, and nothing is missed or read twice', async () => {
  await using line = await watched(0);
  const { server, ring, spectra } = line;
  ring.produce(3);
  await spectra.until('three', () => spectra.reads.length === 3);
  expect(server.forgetSubscriptions()).toBe(2);
  ring.produce(4);
  await spectra.until('all of them', () => spectra.reads.length >= 7);
  await delay(300);
  expect(spectra.seqs).toEqual(span(1, 7));
});

test('a server that is killed: what the ring still holds is read once, the rest is counted', async () => {
  const port = await freePort();
  const settings: TestServerSettings = { port, pki: keys.server, tickMs: 1000 };
  const device = testDevice(`opc.tcp://127.0.0.1:${port}`, [testTag('Ticker')], {
    ring: testRing(TEST_NAMESPACE, KILLED_SIZE),
  });
  const spectra = new TestSpectra();
  await using driver = runDriver(device, keys.edge, spectra);
  const first = await startServerProcess({
    ...settings,
    ring: { size: KILLED_SIZE, seq: 1000, everyMs: 40 },
  });
  await spectra.until('some results', () => spectra.reads.length > 10, BACK_WITHIN_MS);
  const begun = spectra.lives[0]?.seq ?? Number.NaN;
  await first.kill();
  const before = spectra.seqs.at(-1) ?? Number.NaN;
  expect(spectra.seqs).toEqual(span(begun + 1, before));
  await driver.sink.waitForOffline(/./u);

  // Meanwhile it read 30 pieces, which its ring holds all.
  const soon = await startServerProcess({
    ...settings,
    ring: { size: KILLED_SIZE, seq: before + 30, everyMs: 40 },
  });
  await spectra.until('more results', () => (spectra.seqs.at(-1) ?? 0) > before + 40, BACK_WITHIN_MS);
  await soon.kill();
  expect(spectra.misses).toEqual([]);
  const then = spectra.seqs.at(-1) ?? Number.NaN;
  expect(spectra.seqs).toEqual(span(begun + 1, then));

  // Now it read 1000.
  const late = await startServerProcess({
    ...settings,
    ring: { size: KILLED_SIZE, seq: then + 1000, everyMs: 40 },
  });
  await spectra.until('more results', () => (spectra.seqs.at(-1) ?? 0) > then + 1010, BACK_WITHIN_MS);
  await late.kill();
  const count = spectra.misses.reduce((sum, miss) => sum + miss.count, 0);
  expect(count).toBeGreaterThanOrEqual(1000 - KILLED_SIZE);
  expect(count).toBeLessThan(1000 - KILLED_SIZE + 250);
  expect(spectra.misses.every(({ why }) => why === 'overwritten')).toBe(true);
  const last = spectra.seqs.at(-1) ?? Number.NaN;
  expect(spectra.seqs).toEqual([...span(begun + 1, then), ...span(then + count + 1, last)]);
  expect(spectra.lives).toHaveLength(1);

  // And now it forgot what it had counted.
  await using anew = await startServerProcess({
    ...settings,
    ring: { size: KILLED_SIZE, seq: 5, everyMs: 40 },
  });
  await spectra.until('another life', () => spectra.lives.length === 2, BACK_WITHIN_MS);
  await spectra.until('its results', () => (spectra.seqs.at(-1) ?? Number.NaN) < 1000, BACK_WITHIN_MS);
  expect(anew.url).toBe(first.url);
  expect(spectra.lives[1]?.why).toBe('went-back');
}, 60_000);

test('fifty results a second are held', async () => {
  const settings = { port: await freePort(), pki: keys.server, tickMs: 1000 };
  await using server = await startServerProcess({ ...settings, ring: { size: 256, seq: 0, everyMs: 20 } });
  const spectra = new TestSpectra();
  const ring = testRing(TEST_NAMESPACE, 256);
  await using driver = runDriver(testDevice(server.url, [testTag('Ticker')], { ring }), keys.edge, spectra);
  await driver.sink.waitForReading('Ticker', () => true);
  await spectra.until('six seconds of them', () => spectra.reads.length >= 300, 12_000);
  expect(spectra.misses).toEqual([]);
  expect(spectra.seqs).toEqual(spectra.seqs.map((_, index) => (spectra.seqs[0] ?? 0) + index));
  expect(spectra.mostAtOnce).toBe(1);
});

test('a driver whose judge never ends still ends, and one that breaks does not stop the reading', async () => {
  await using line = await watched(0);
  const { ring, spectra, driver } = line;
  spectra.busy = () => Promise.reject(new Error('no model'));
  ring.produce();
  await spectra.until('one', () => spectra.reads.length === 1);
  spectra.busy = () => Promise.withResolvers<void>().promise;
  ring.produce();
  await spectra.until('another one', () => spectra.reads.length === 2);
  expect(driver.log.matching(/what takes spectra broke/u)).toHaveLength(1);
  const start = performance.now();
  await driver.stop();
  expect(performance.now() - start).toBeLessThan(3000);
});

test('a line without anybody for its spectra does not watch the ring', async () => {
  await using server = await bareServer();
  await using driver = runDriver(station(server.url), keys.edge);
  await driver.sink.waitForReading('Lamp', ({ value }) => value === 1);
  expect(server.subscriptions()).toHaveLength(1);
  expect(driver.sink.countOf('exception')).toBe(0);
});

test('a station without the nodes that were configured is told, and its tags are read all the same', async () => {
  await using server = await bareServer();
  const spectra = new TestSpectra();
  await using driver = runDriver(station(server.url), keys.edge, spectra);
  await driver.sink.waitForReading('Lamp', ({ value }) => value === 1);
  await driver.sink.waitForIncident('exception');
  expect(driver.log.matching(/refuses the tag/u)[0]?.fields).toMatchObject({ tag: 'ring.seq' });
  // It has its number after all, but no places.
  server.add('Station.Seq', DataType.UInt32, { dataType: DataType.UInt32, value: 3 });
  await spectra.until('it begins', () => spectra.lives.length === 1, 20_000);
  server.set('Station.Seq', { dataType: DataType.UInt32, value: 5 });
  await spectra.until('misses', () => spectra.misses.length > 0);
  expect(spectra.misses).toEqual([{ fromSeq: 4, count: 2, why: 'unreadable' }]);
}, 40_000);
