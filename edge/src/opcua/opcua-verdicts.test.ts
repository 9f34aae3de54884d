import { AccessLevelFlag, DataType, StatusCodes, Variant, VariantArrayType } from 'node-opcua';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../ports/test-free-port.ts';
import { VERDICT_WITHIN_MS, VERDICT_WRITES_MAX, VERDICTS_PER_WRITE_MAX } from '../ports/verdict-writer.ts';
import { runDriver, TEST_NAMESPACE, testDevice, testTag } from './test-device.ts';
import { testKeys } from './test-keys.ts';
import { startServerProcess } from './test-server-process.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const keys = testKeys();
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ port: await freePort(), pki: keys.server });
  server.add('Lamp', DataType.Double, { dataType: DataType.Double, value: 1 });
});

afterAll(() => server.stop());

const numbers = (value: Uint32Array) => ({
  dataType: DataType.UInt32,
  arrayType: VariantArrayType.Array,
  value,
});

/** A node that reads as empty, as a sorter's does, and what was written to it. */
function sorterNode(name: string, answer = StatusCodes.Good): number[][] {
  const written: number[][] = [];
  const node = server.addWritable(name, DataType.UInt32, numbers(new Uint32Array()));
  node.bindVariable(
    {
      get: () => new Variant(numbers(new Uint32Array())),
      set: (value: Variant) => {
        const given: unknown = value.value;
        if (given instanceof Uint32Array) written.push([...given]);
        return answer;
      },
    },
    true,
  );
  return written;
}

async function sorter(name: string | null, url = server.url, tag = 'Lamp') {
  const node = `nsu=${TEST_NAMESPACE};s=${name}`;
  const device = testDevice(url, [testTag(tag)], name === null ? {} : { verdicts: { node } });
  const driver = runDriver(device, keys.edge);
  await driver.sink.waitForReading(tag, () => true);
  return driver;
}

test('several verdicts are one write, in pairs; that the server took them is the proof', async () => {
  const written = sorterNode('Taken');
  await using driver = await sorter('Taken');
  const given = [
    { seq: 4_294_967_295, outlet: 8 },
    { seq: 0, outlet: 1 },
  ];
  expect(await driver.give(given)).toEqual({ kind: 'confirmed', readBack: null });
  expect(await driver.give([{ seq: 7, outlet: 3 }])).toEqual({ kind: 'confirmed', readBack: null });
  expect(written).toEqual([
    [4_294_967_295, 8, 0, 1],
    [7, 3],
  ]);
});

test('what the sorter refuses is refused, and why', async () => {
  sorterNode('OutOfRange', StatusCodes.BadOutOfRange);
  await using driver = await sorter('OutOfRange');
  expect(await driver.give([{ seq: 1, outlet: 99 }])).toEqual({
    kind: 'refused',
    reason: 'plc refuse (valeur hors de ses limites, BadOutOfRange)',
  });
  expect(driver.sink.countOf('write-failed')).toBe(1);

  const node = server.add('ReadOnly', DataType.UInt32, numbers(new Uint32Array()));
  node.accessLevel = AccessLevelFlag.CurrentRead;
  await using reader = await sorter('ReadOnly');
  expect(await reader.give([{ seq: 1, outlet: 1 }])).toMatchObject({ kind: 'refused' });

  server.addWritable('NoNumbers', DataType.String, { dataType: DataType.String, value: '' });
  await using other = await sorter('NoNumbers');
  expect(await other.give([{ seq: 1, outlet: 1 }])).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('BadTypeMismatch') as unknown,
  });

  await using nowhere = await sorter('Nowhere');
  expect(await nowhere.give([{ seq: 1, outlet: 1 }])).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('BadNodeIdUnknown') as unknown,
  });
});

test('what cannot be meant is never sent', async () => {
  const written = sorterNode('Spared');
  await using driver = await sorter('Spared');
  const many = Array.from({ length: VERDICTS_PER_WRITE_MAX + 1 }, (_, seq) => ({ seq, outlet: 1 }));
  for (const given of [
    [],
    many,
    [{ seq: -1, outlet: 1 }],
    [{ seq: 2 ** 32, outlet: 1 }],
    [{ seq: 1.5, outlet: 1 }],
    [{ seq: 1, outlet: 0 }],
    [{ seq: 1, outlet: Number.NaN }],
  ]) {
    expect(await driver.give(given)).toMatchObject({ kind: 'refused' });
  }
  expect(await driver.give([{ seq: 1, outlet: 1 }], AbortSignal.abort())).toMatchObject({ kind: 'refused' });
  expect(written).toEqual([]);
  expect(await driver.give(many.slice(1))).toMatchObject({ kind: 'confirmed' });

  await using other = await sorter(null);
  expect(await other.give([{ seq: 1, outlet: 1 }])).toEqual({
    kind: 'refused',
    reason: 'plc ne reçoit pas de verdicts : lui donner verdicts: { node } dans line.yaml',
  });
});

test('a frozen sorter is given up in time, takes no more than so many at once, and is asked again', async () => {
  await using frozen = await startServerProcess({
    port: await freePort(),
    pki: keys.of('frozen'),
    tickMs: 100,
  });
  await using driver = await sorter('Setpoint', frozen.url, 'Ticker');
  frozen.freeze();
  const start = performance.now();
  const given = Array.from({ length: VERDICT_WRITES_MAX + 2 }, () => driver.give([{ seq: 1, outlet: 1 }]));
  const outcomes = await Promise.all(given);
  const tookMs = performance.now() - start;
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: VERDICT_WRITES_MAX }, () => 'unconfirmed'),
    'refused',
    'refused',
  ]);
  expect(tookMs).toBeGreaterThan(VERDICT_WITHIN_MS - 50);
  expect(tookMs).toBeLessThan(VERDICT_WITHIN_MS + 400);
  frozen.thaw();
  // Its node is one number: it says so, which nobody could who is frozen.
  let last = await driver.give([{ seq: 1, outlet: 1 }]);
  const endMs = performance.now() + 10_000;
  while (last.kind !== 'refused' || !last.reason.includes('BadTypeMismatch')) {
    if (performance.now() > endMs) throw new Error(JSON.stringify(last));
    last = await driver.give([{ seq: 1, outlet: 1 }]);
  }
});

test('without a connection nothing is given, and what is under way when it breaks is unconfirmed', async () => {
  const port = await freePort();
  await using nobody = runDriver(
    testDevice(`opc.tcp://127.0.0.1:${port}`, [testTag('Lamp')], { verdicts: { node: 'ns=1;s=Verdicts' } }),
    keys.edge,
  );
  await nobody.sink.waitForOffline(/./u);
  expect(await nobody.give([{ seq: 1, outlet: 1 }])).toEqual({
    kind: 'refused',
    reason: 'plc n’est pas connecté : rien n’a été écrit',
  });

  const dying = await startServerProcess({ port, pki: keys.of('dying'), tickMs: 100 });
  await using driver = await sorter('Setpoint', dying.url, 'Ticker');
  dying.freeze();
  const given = driver.give([{ seq: 1, outlet: 1 }]);
  const killed = dying.kill();
  expect(await given).toMatchObject({ kind: 'unconfirmed' });
  await killed;
});
