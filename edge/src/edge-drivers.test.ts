import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseLineConfig } from './config/parse-line-config.ts';
import { createDrivers } from './edge-drivers.ts';
import { registerBank } from './modbus/testing/register-bank.ts';
import { RecordingSink, silentLog } from './modbus/testing/real-ports.ts';
import { server as modbusServer } from './modbus/testing/run-drivers.ts';
import { startServerProcess } from './opcua/test-server-process.ts';
import type { WriteOutcome } from './ports/device-writer.ts';
import { systemClock } from './system/clock.ts';
import { systemEntropy } from './system/entropy.ts';
import { freePort } from './ports/test-free-port.ts';

test('one writer reaches every device of a line, and says what to write in line.yaml for what it does not', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'trame-writer-'));
  onTestFinished(async () => await rm(dataDir, { recursive: true, force: true }));
  const bank = registerBank();
  const { port } = await modbusServer(bank.script);
  const pki = join(dataDir, 'server');
  const plc = await startServerProcess({ port: await freePort(), pki, tickMs: 100 });
  onTestFinished(async () => await plc.kill());
  const parsed = parseLineConfig(
    `
site: s
line: l
devices:
  - id: plc
    driver: opcua
    url: ${plc.url}
    tags: [{ name: speed, node: "nsu=urn:trame:test;s=Setpoint", writable: true, range: [0, 2] }]
  - id: scale
    driver: modbus
    url: tcp://127.0.0.1:${port}
    tags: [{ name: gross, register: holding, address: 0 }]
    writes: [{ name: tareNow, register: coil, address: 1, readback: 300ms }]
`,
    'line.yaml',
    { dataDir },
  );
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.issues));
  const sink = new RecordingSink();
  const ports = { clock: systemClock, entropy: systemEntropy, log: silentLog };
  const { drivers, writer, verdicts } = createDrivers({ config: parsed.config, dataDir, ...ports }, sink);
  const stopping = new AbortController();
  const running = drivers.map((driver) => driver.run(stopping.signal));
  onTestFinished(async () => {
    stopping.abort();
    await Promise.all(running);
  });
  await sink.until(() => ['plc', 'scale'].every((device) => sink.states(device).at(-1) === 'online'), 20_000);

  const { signal } = stopping;
  const write = (device: string, tag: string, value: number | boolean): Promise<WriteOutcome> =>
    writer.write({ device, tag }, value, signal);
  expect(await write('plc', 'speed', 1.5)).toEqual({ kind: 'confirmed', readBack: 1.5 });
  expect(await write('scale', 'tareNow', true)).toEqual({ kind: 'confirmed', readBack: true });
  expect(bank.coils.get(1)).toBe(true);
  expect(await write('plc', 'speed', 3)).toEqual(refused('3 est hors des limites 0 à 2'));
  expect(await write('press', 'go', 1)).toEqual(
    refused('l’appareil press n’est pas configuré : l’ajouter dans devices de line.yaml'),
  );
  expect(await write('scale', 'gross', 1)).toEqual(
    refused('scale/gross n’est que lu : lui donner writable: true dans line.yaml'),
  );
  expect(await writer.call({ device: 'plc', method: 'start' }, [], signal)).toEqual(
    refused('plc n’a pas de méthode start : l’ajouter à methods dans line.yaml'),
  );
  expect(await writer.call({ device: 'scale', method: 'start' }, [], signal)).toEqual(
    refused('scale est un appareil Modbus : il n’a pas de méthodes, il faut écrire un registre'),
  );
  expect(await writer.call({ device: 'press', method: 'start' }, [], signal)).toMatchObject({
    kind: 'refused',
  });
  const one = [{ seq: 1, outlet: 1 }];
  expect(await verdicts.give('press', one, signal)).toEqual(
    refused('l’appareil press n’est pas configuré : l’ajouter dans devices de line.yaml'),
  );
  for (const device of ['plc', 'scale']) {
    expect(await verdicts.give(device, one, signal)).toEqual(
      refused(`${device} ne reçoit pas de verdicts : lui donner verdicts: { node } dans line.yaml`),
    );
  }
}, 40_000);

function refused(reason: string): WriteOutcome {
  return { kind: 'refused', reason };
}
