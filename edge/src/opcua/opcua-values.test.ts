import { setTimeout as delay } from 'node:timers/promises';
import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import { DataType, LocalizedText, StatusCodes, VariantArrayType } from 'node-opcua';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDriver, testDevice, testTag } from './test-device.ts';
import { testKeys } from './test-keys.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { freePort } from '../ports/test-free-port.ts';

const keys = testKeys();
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    port: await freePort(),
    pki: keys.server,
    maxItemsPerCall: 3,
    maxNodesPerRead: 2,
  });
});

afterAll(() => server.stop());

test('values flow with the time that the server gives them', async () => {
  server.add('Speed', DataType.Double, { dataType: DataType.Double, value: 1.5 });
  server.add('Running', DataType.Boolean, { dataType: DataType.Boolean, value: false });
  await using driver = runDriver(testDevice(server.url, [testTag('Speed'), testTag('Running')]), keys.edge);
  await driver.sink.waitForReading('Speed', ({ value }) => value === 1.5);
  const at = new Date('2026-03-01T10:20:30.123Z');
  server.set('Speed', { dataType: DataType.Double, value: 2.25 }, StatusCodes.Good, at);
  server.set('Running', { dataType: DataType.Boolean, value: true });
  const reading = await driver.sink.waitForReading('Speed', ({ value }) => value === 2.25);
  expect(reading).toEqual({ tag: 'Speed', value: 2.25, quality: GOOD, sourceTimeMs: at.getTime() });
  await driver.sink.waitForReading('Running', ({ value }) => value === true);
});

const AT = new Date('2026-03-01T12:00:00.250Z');
const TYPES = [
  ['SByte', DataType.SByte, -128, 'int16', -128],
  ['Byte', DataType.Byte, 255, 'uint16', 255],
  ['Int16', DataType.Int16, -32_768, 'int16', -32_768],
  ['UInt16', DataType.UInt16, 65_535, 'uint16', 65_535],
  ['Int32', DataType.Int32, -2_147_483_648, 'int32', -2_147_483_648],
  ['UInt32', DataType.UInt32, 4_294_967_295, 'uint32', 4_294_967_295],
  ['Int64', DataType.Int64, [0xffff_ffff, 0xffff_fffe], 'int64', -2n],
  ['UInt64', DataType.UInt64, [0xffff_ffff, 0xffff_ffff], 'uint64', 2n ** 64n - 1n],
  ['Float', DataType.Float, 0.1, 'float32', Math.fround(0.1)],
  ['Double', DataType.Double, 0.1, 'float64', 0.1],
  ['String', DataType.String, 'coton', 'string', 'coton'],
  ['DateTime', DataType.DateTime, AT, 'int64', BigInt(AT.getTime())],
  ['Text', DataType.LocalizedText, new LocalizedText({ text: 'arrêt' }), 'string', 'arrêt'],
  ['Bool', DataType.Boolean, true, 'bool', true],
] as const;

test('the server tells the type of each tag, and a server with small limits still gives all of them', async () => {
  for (const [name, dataType, value] of TYPES) {
    server.add(name, dataType, { dataType, arrayType: VariantArrayType.Scalar, value });
  }
  const device = testDevice(
    server.url,
    TYPES.map(([name]) => testTag(name)),
  );
  await using driver = runDriver(device, keys.edge);
  for (const [name, , , type, expected] of TYPES) {
    const reading = await driver.sink.waitForReading(name, () => true);
    expect([name, reading.value, reading.quality]).toEqual([name, expected, GOOD]);
    expect([name, driver.sink.definition(name)?.type]).toEqual([name, type]);
  }
  expect(driver.sink.told.filter(({ kind }) => kind === 'online')).toHaveLength(1);
});

test('a type of the maker is learnt from the first value and told again', async () => {
  const { addressSpace } = server.server.engine;
  const namespace = addressSpace?.getOwnNamespace();
  const states = namespace?.addEnumerationType({
    browseName: 'PressState',
    enumeration: ['Idle', 'Pressing'],
  });
  server.add('Press', states?.nodeId.toString() ?? '', { dataType: DataType.Int32, value: 1 });
  await using driver = runDriver(testDevice(server.url, [testTag('Press')]), keys.edge);
  await driver.sink.waitForReading('Press', ({ value }) => value === 1);
  expect(driver.sink.definition('Press')?.type).toBe('int32');
  const kinds = driver.sink.told.map(({ kind }) => kind);
  expect(kinds.slice(0, 3)).toEqual(['online', 'online', 'reading']);
});

test('a status of the server becomes a quality, and a bad value is no number', async () => {
  const value = { dataType: DataType.Double, value: 7 };
  server.add('Level', DataType.Double, value);
  await using driver = runDriver(testDevice(server.url, [testTag('Level')]), keys.edge);
  await driver.sink.waitForReading('Level', ({ quality }) => quality.level === 'good');
  for (const [status, expected] of [
    [StatusCodes.UncertainLastUsableValue, { value: 7, quality: uncertain('device-uncertain') }],
    [StatusCodes.BadSensorFailure, { value: null, quality: bad('device-bad') }],
    [StatusCodes.BadNoCommunication, { value: null, quality: bad('device-offline') }],
    [StatusCodes.BadUserAccessDenied, { value: null, quality: bad('refused') }],
    [StatusCodes.BadWaitingForInitialData, { value: null, quality: bad('never-read') }],
    [StatusCodes.Good, { value: 7, quality: GOOD }],
  ] as const) {
    const from = driver.sink.mark();
    server.set('Level', value, status);
    const { value: read, quality } = await driver.sink.waitForReading('Level', () => true, from);
    expect({ value: read, quality }).toEqual(expected);
  }
});

test('NaN, infinity, nothing, an array: no value, counted, and said once', async () => {
  server.add('Odd', DataType.Double, { dataType: DataType.Double, value: Number.NaN });
  await using driver = runDriver(testDevice(server.url, [testTag('Odd')]), keys.edge);
  const unusable = { value: null, quality: bad('not-a-value') };
  expect(await driver.sink.waitForReading('Odd', () => true)).toMatchObject(unusable);
  for (const value of [
    { dataType: DataType.Double, value: Number.POSITIVE_INFINITY },
    { dataType: DataType.Null },
    { dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [1, 2] },
  ]) {
    const from = driver.sink.mark();
    server.set('Odd', value);
    expect(await driver.sink.waitForReading('Odd', () => true, from)).toMatchObject(unusable);
  }
  expect(driver.sink.countOf('bad-value')).toBe(4);
  expect(driver.log.matching(/cannot hold/u)).toHaveLength(1);
  server.set('Odd', { dataType: DataType.Double, value: 3 });
  await driver.sink.waitForReading('Odd', ({ value, quality }) => value === 3 && quality.level === 'good');
});

test('scale, offset and range hold, and a scaled tag is a float64', async () => {
  server.add('Raw', DataType.Int16, { dataType: DataType.Int16, value: 200 });
  const tags = [testTag('Raw', { scale: 0.5, offset: -40, range: [0, 100], type: 'int16', unit: 'Cel' })];
  await using driver = runDriver(testDevice(server.url, tags), keys.edge);
  expect(await driver.sink.waitForReading('Raw', () => true)).toMatchObject({ value: 60, quality: GOOD });
  expect(driver.sink.definition('Raw')).toEqual({
    name: 'Raw',
    type: 'float64',
    unit: 'Cel',
    deadband: 0,
    range: [0, 100],
    staleAfterMs: null,
  });
  server.set('Raw', { dataType: DataType.Int16, value: 400 });
  const beyond = { value: 160, quality: uncertain('out-of-range') };
  expect(await driver.sink.waitForReading('Raw', ({ value }) => value === 160)).toMatchObject(beyond);
});

test('a declared type that does not fit is bad, said once, and its neighbour flows', async () => {
  server.add('Big', DataType.Double, { dataType: DataType.Double, value: 70_000 });
  server.add('Neighbour', DataType.Double, { dataType: DataType.Double, value: 1 });
  const tags = [testTag('Big', { type: 'int16' }), testTag('Neighbour')];
  await using driver = runDriver(testDevice(server.url, tags), keys.edge);
  await driver.sink.waitForReading('Neighbour', ({ value }) => value === 1);
  const reading = await driver.sink.waitForReading('Big', () => true);
  expect(reading).toMatchObject({ value: null, quality: bad('not-a-value') });
  expect(driver.sink.definition('Big')?.type).toBe('int16');
  server.set('Big', { dataType: DataType.Double, value: 12 });
  await driver.sink.waitForReading('Big', ({ value }) => value === 12);
  server.set('Big', { dataType: DataType.Double, value: 12.5 });
  await driver.sink.waitForReading('Big', ({ value }) => value === null, driver.sink.mark());
  expect(driver.log.matching(/cannot hold/u)).toHaveLength(1);
});

test('a node that does not exist is refused and never stops the others; once it exists it flows', async () => {
  server.add('Here', DataType.Double, { dataType: DataType.Double, value: 5 });
  const tags = [
    testTag('Gone'),
    testTag('Here'),
    testTag('Nowhere', { node: 'nsu=urn:not:there;s=X' }),
    testTag('Scrawl', { node: 'Speed' }),
  ];
  await using driver = runDriver(testDevice(server.url, tags), keys.edge);
  await driver.sink.waitForReading('Here', ({ value }) => value === 5);
  for (const tag of ['Gone', 'Nowhere', 'Scrawl']) {
    const reading = await driver.sink.waitForReading(tag, () => true);
    expect(reading).toMatchObject({ value: null, quality: bad('refused') });
  }
  expect(driver.sink.countOf('exception')).toBe(3);
  expect(driver.log.matching(/^the server refuses the tag/u)).toHaveLength(3);
  server.add('Gone', DataType.Double, { dataType: DataType.Double, value: 8 });
  await driver.sink.waitForReading('Gone', ({ value }) => value === 8);
  expect(driver.log.matching(/^the server refuses the tag/u)).toHaveLength(3);
});

/** Much slower than the fastest sampling of the server (50 ms), so that each value is a sample, also on a busy machine. */
const STEP_MS = 150;

async function step(name: string, values: readonly number[]): Promise<void> {
  for (const value of values) {
    server.set(name, { dataType: DataType.Int32, value });
    await delay(STEP_MS);
  }
}

test('samples lost in the queue of the server are counted and shown', async () => {
  server.add('Burst', DataType.Int32, { dataType: DataType.Int32, value: 0 });
  await using driver = runDriver(testDevice(server.url, [testTag('Burst')]), keys.edge);
  await driver.sink.waitForReading('Burst', ({ value }) => value === 0);
  // The server samples on, but nobody fetches: its queue of 5 overflows.
  for (const subscription of server.subscriptions()) subscription.setPublishingMode(false);
  await step('Burst', [1, 2, 3, 4, 5, 6, 7, 8]);
  for (const subscription of server.subscriptions()) subscription.setPublishingMode(true);
  await driver.sink.waitForReading('Burst', ({ value }) => value === 8);
  const qualities = driver.sink.readingsOf('Burst').map(({ value, quality }) => ({ value, quality }));
  expect(qualities).toContainEqual({ value: 4, quality: uncertain('overflow') });
  expect(qualities.at(-1)).toEqual({ value: 8, quality: GOOD });
  expect(driver.sink.countOf('overflow')).toBe(1);
});

test('changes between two publishings all arrive, in order, although the tag asks for a short queue', async () => {
  server.add('Steps', DataType.Int32, { dataType: DataType.Int32, value: 0 });
  const device = testDevice(server.url, [testTag('Steps', { queue: 1 })], { publishingMs: 500 });
  await using driver = runDriver(device, keys.edge);
  await driver.sink.waitForReading('Steps', ({ value }) => value === 0);
  await step('Steps', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await driver.sink.waitForReading('Steps', ({ value }) => value === 10);
  const values = driver.sink.readingsOf('Steps').map(({ value }) => value);
  expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('what the server chooses instead of what was asked is said', async () => {
  server.add('Slow', DataType.Double, { dataType: DataType.Double, value: 1 }).minimumSamplingInterval = 700;
  await using driver = runDriver(testDevice(server.url, [testTag('Slow', { samplingMs: 100 })]), keys.edge);
  await driver.sink.waitForReading('Slow', () => true);
  const [line] = driver.log.matching(/its own pace/u);
  expect(line?.fields).toMatchObject({ device: 'plc', items: 1, example: { tag: 'Slow', samplingMs: 700 } });
});

test('the session is closed at the end, so that the server has it back at once', async () => {
  const before = server.server.currentSessionCount;
  const driver = runDriver(testDevice(server.url, [testTag('Here')]), keys.edge);
  await driver.sink.waitForReading('Here', () => true);
  expect(server.server.currentSessionCount).toBe(before + 1);
  await driver.stop();
  expect(server.server.currentSessionCount).toBe(before);
  expect(server.subscriptions()).toEqual([]);
});
