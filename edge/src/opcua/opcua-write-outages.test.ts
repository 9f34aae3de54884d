import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runDriver, testDevice, testFolder, testTag } from './test-device.ts';
import { startServerProcess } from './test-server-process.ts';
import { freePort } from '../ports/test-free-port.ts';

const LINK_CUT = 'plc n’a pas répondu à l’écriture (la liaison a été coupée) : elle a pu avoir lieu';

async function onServer(readbackMs = 500) {
  const folder = await testFolder();
  const settings = { port: await freePort(), pki: join(folder.path, 'server'), tickMs: 50 };
  const process = await startServerProcess(settings);
  const tags = [testTag('Setpoint', { writable: true, readbackMs }), testTag('Ticker')];
  const driver = runDriver(testDevice(process.url, tags), join(folder.path, 'edge'));
  await driver.sink.waitForReading('Ticker', ({ value }) => value !== null);
  return {
    driver,
    process,
    restart: () => startServerProcess(settings),
    async [Symbol.asyncDispose]() {
      await driver.stop();
      await process.kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a server that is killed under a write leaves it open, refuses while it is away, and takes writes again', async () => {
  await using line = await onServer();
  const { driver, process } = line;
  expect(await driver.write('Setpoint', 2)).toEqual({ kind: 'confirmed', readBack: 2 });
  process.freeze();
  const pending = driver.write('Setpoint', 3);
  await delay(100);
  const startMs = performance.now();
  await process.kill();
  expect(await pending).toEqual({ kind: 'unconfirmed', readBack: null, reason: LINK_CUT });
  expect(performance.now() - startMs).toBeLessThan(1000);
  await driver.sink.waitForOffline(/./u);
  expect(await driver.write('Setpoint', 4)).toEqual({
    kind: 'refused',
    reason: 'plc n’est pas connecté : rien n’a été écrit',
  });
  await using again = await line.restart();
  expect(again.url).toBe(process.url);
  const from = driver.sink.mark();
  // Nothing was sent again behind our back: the new server still has what it began with.
  const { value } = await driver.sink.waitForReading('Setpoint', (reading) => reading.value !== null, from);
  expect(value).toBe(1);
  expect(await driver.write('Setpoint', 5)).toEqual({ kind: 'confirmed', readBack: 5 });
}, 90_000);

test('a server that freezes under a write leaves it open in bounded time, and is written again when it thaws', async () => {
  await using line = await onServer();
  const { driver, process } = line;
  expect(await driver.write('Setpoint', 2)).toEqual({ kind: 'confirmed', readBack: 2 });
  process.freeze();
  const startMs = performance.now();
  const outcomes = await Promise.all([driver.write('Setpoint', 3), driver.write('Setpoint', 4)]);
  expect(performance.now() - startMs).toBeLessThan(6000);
  expect(outcomes[0]).toMatchObject({ kind: 'unconfirmed', readBack: null });
  // It waited behind the first one: sent after it into the void, or not any more.
  expect(outcomes[1]?.kind).not.toBe('confirmed');
  process.thaw();
  const from = driver.sink.mark();
  await driver.sink.waitForReading('Ticker', ({ value }) => value !== null, from, 15_000);
  await expect
    .poll(() => driver.write('Setpoint', 6), { timeout: 5000 })
    .toEqual({
      kind: 'confirmed',
      readBack: 6,
    });
}, 90_000);

test('a server that restarts after it accepted a write is read back in the new session', async () => {
  await using line = await onServer(45_000);
  const { driver, process } = line;
  // The value of a fresh server, so only the second session can confirm it.
  const pending = driver.write('Setpoint', 8, { expect: 1 });
  await driver.sink.waitForReading('Setpoint', ({ value }) => value === 8);
  await process.kill();
  await using again = await line.restart();
  expect(again.url).toBe(process.url);
  expect(await pending).toEqual({ kind: 'confirmed', readBack: 1 });
}, 90_000);
