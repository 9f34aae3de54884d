import { join } from 'node:path';
import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import { DataType, StatusCodes, Variant, VariantArrayType } from 'node-opcua';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDriver, testDevice, testFolder, testTag, type TestFolder } from './test-device.ts';
import { freePort, startTestServer, type TestServer } from './test-server.ts';

let folder: TestFolder;
let server: TestServer;
let pki: string;

beforeAll(async () => {
  folder = await testFolder();
  pki = join(folder.path, 'edge');
  server = await startTestServer({ port: await freePort(), pki: join(folder.path, 'server') });
});

afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

test('two nodes flow, with the time that the server gives them', async () => {
  server.add('Speed', DataType.Double, { dataType: DataType.Double, value: 1.5 });
  server.add('Running', DataType.Boolean, { dataType: DataType.Boolean, value: false });
  await using driver = runDriver(testDevice(server.url, [testTag('Speed'), testTag('Running')]), pki);
  await driver.sink.waitForReading('Speed', ({ value }) => value === 1.5);
  const at = new Date('2026-03-01T10:20:30.123Z');
  server.set('Speed', { dataType: DataType.Double, value: 2.25 }, StatusCodes.Good, at);
  server.set('Running', { dataType: DataType.Boolean, value: true });
  const reading = await driver.sink.waitForReading('Speed', ({ value }) => value === 2.25);
  expect(reading).toEqual({ tag: 'Speed', value: 2.25, quality: GOOD, sourceTimeMs: at.getTime() });
  await driver.sink.waitForReading('Running', ({ value }) => value === true);
  expect(driver.sink.definition('Speed')?.type).toBe('float64');
  expect(driver.sink.definition('Running')?.type).toBe('bool');
});
