import { setTimeout as delay } from 'node:timers/promises';
import type { TagValue } from '@trame/protocol/tag';
import {
  AccessLevelFlag,
  DataType,
  LocalizedText,
  StatusCodes,
  Variant,
  VariantArrayType,
  type StatusCode,
} from 'node-opcua';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpcuaMethod } from '../domain/line-config.ts';
import { WRITES_WAITING_MAX } from '../ports/device-writer.ts';
import { runDriver, TEST_NAMESPACE, testDevice, testTag } from './test-device.ts';
import { testKeys } from './test-keys.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { freePort } from '../ports/test-free-port.ts';

const keys = testKeys();
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ port: await freePort(), pki: keys.server });
});

afterAll(() => server.stop());

function writable(name: string, changes: Parameters<typeof testTag>[1] = {}) {
  return testTag(name, { writable: true, readbackMs: 400, ...changes });
}

function method(name: string): OpcuaMethod {
  const node = `nsu=${TEST_NAMESPACE};s=Machine`;
  return { name, object: node, method: `${node}.${name}` };
}

/** A driver whose device is online. */
async function connected(
  tags: Parameters<typeof testDevice>[1],
  changes: Parameters<typeof testDevice>[2] = {},
) {
  const driver = runDriver(testDevice(server.url, tags, changes), keys.edge);
  await driver.sink.waitForReading(tags[0]?.name ?? '', () => true);
  return driver;
}

/** What the server itself holds. */
function held(name: string): unknown {
  const variable = server.server.engine.addressSpace?.findNode(`ns=${index()};s=${name}`);
  if (variable === null || variable === undefined || !('readValue' in variable)) throw new Error(name);
  return (variable as { readValue(): { value: { value: unknown } } }).readValue().value.value;
}

function index(): number {
  return server.server.engine.addressSpace?.getNamespaceIndex(TEST_NAMESPACE) ?? -1;
}

const TYPES: readonly (readonly [string, DataType, unknown, TagValue, unknown])[] = [
  ['Boolean', DataType.Boolean, false, true, true],
  ['SByte', DataType.SByte, 0, -128, -128],
  ['Byte', DataType.Byte, 0, 255, 255],
  ['Int16', DataType.Int16, 0, -32_768, -32_768],
  ['UInt16', DataType.UInt16, 0, 65_535, 65_535],
  ['Int32', DataType.Int32, 0, -2_147_483_648, -2_147_483_648],
  ['UInt32', DataType.UInt32, 0, 4_294_967_295, 4_294_967_295],
  ['Int64', DataType.Int64, [0, 0], -2n, [0xffff_ffff, 0xffff_fffe]],
  ['UInt64', DataType.UInt64, [0, 0], 2n ** 64n - 1n, [0xffff_ffff, 0xffff_ffff]],
  ['Float', DataType.Float, 0, 0.1, Math.fround(0.1)],
  ['Double', DataType.Double, 0, 0.1, 0.1],
  ['String', DataType.String, '', 'coton écru', 'coton écru'],
];

describe('writing to an OPC UA device', () => {
  test('every type of node holds what was written, as the server sees it', async () => {
    for (const [name, dataType, value] of TYPES) {
      server.addWritable(`w${name}`, dataType, { dataType, arrayType: VariantArrayType.Scalar, value });
    }
    await using driver = await connected(TYPES.map(([name]) => writable(`w${name}`)));
    for (const [name, , , value, expected] of TYPES) {
      const readBack = name === 'Float' ? expected : value;
      expect([name, await driver.write(`w${name}`, value)]).toEqual([name, { kind: 'confirmed', readBack }]);
      expect([name, toPlain(held(`w${name}`))]).toEqual([name, expected]);
    }
    await driver.sink.waitForReading('wDouble', ({ value }) => value === 0.1);
    expect(driver.sink.countOf('write-failed')).toBe(0);
  });

  test('a date, a localized text, a type of the maker and one that is scaled are written as the node has them', async () => {
    const at = new Date('2026-03-01T12:00:00.250Z');
    server.addWritable('wDate', DataType.DateTime, { dataType: DataType.DateTime, value: new Date(0) });
    const text = new LocalizedText({ text: 'marche' });
    server.addWritable('wText', DataType.LocalizedText, { dataType: DataType.LocalizedText, value: text });
    const namespace = server.server.engine.addressSpace?.getOwnNamespace();
    const colours = namespace?.addEnumerationType({
      browseName: 'Colour',
      enumeration: ['Red', 'Green', 'Blue'],
    });
    server.addWritable('wEnum', colours?.nodeId.toString() ?? '', { dataType: DataType.Int32, value: 0 });
    server.addWritable('wScaled', DataType.UInt16, { dataType: DataType.UInt16, value: 0 });
    await using driver = await connected([
      writable('wDate'),
      writable('wText'),
      writable('wEnum'),
      writable('wScaled', { scale: 0.1, offset: -5, range: [0, 100] }),
    ]);
    expect(await driver.write('wDate', BigInt(at.getTime()))).toEqual({
      kind: 'confirmed',
      readBack: BigInt(at.getTime()),
    });
    expect(held('wDate')).toEqual(at);
    expect(await driver.write('wText', 'arrêt')).toEqual({ kind: 'confirmed', readBack: 'arrêt' });
    expect(await driver.write('wEnum', 2)).toEqual({ kind: 'confirmed', readBack: 2 });
    expect(await driver.write('wScaled', 25.5)).toMatchObject({ kind: 'confirmed' });
    expect(held('wScaled')).toBe(305);
    expect(await driver.write('wScaled', 25.55)).toEqual({
      kind: 'refused',
      reason: '25,55 ne se règle pas : l’appareil avance par pas de 0,1',
    });
    expect(await driver.write('wScaled', 101)).toEqual({
      kind: 'refused',
      reason: '101 est hors des limites 0 à 100',
    });
    expect(held('wScaled')).toBe(305);
  });

  test('what cannot be is refused in words, and nothing is written', async () => {
    server.addWritable('rByte', DataType.Byte, { dataType: DataType.Byte, value: 7 });
    server.add('rReadOnly', DataType.Double, { dataType: DataType.Double, value: 7 });
    server.addWritable('rArray', DataType.Double, {
      dataType: DataType.Double,
      arrayType: VariantArrayType.Array,
      value: [1, 2],
    });
    const denied = server.addWritable('rDenied', DataType.Double, { dataType: DataType.Double, value: 7 });
    denied.userAccessLevel = AccessLevelFlag.CurrentRead;
    await using driver = await connected([
      writable('rDenied'),
      writable('rByte'),
      writable('rReadOnly'),
      writable('rArray'),
      writable('rMissing'),
      testTag('rSeen', { node: `nsu=${TEST_NAMESPACE};s=rByte` }),
    ]);
    const reasons = [
      ['rNothing', 1, 'plc n’a pas de rNothing : l’ajouter à tags avec writable: true dans line.yaml'],
      ['rSeen', 1, 'plc/rSeen n’est que lu : lui donner writable: true dans line.yaml'],
      ['rByte', 256, '256 n’entre pas dans un uint16'],
      ['rByte', 1.5, '1,5 ne se règle pas : l’appareil avance par pas de 1'],
      ['rByte', true, 'vrai n’est pas une valeur de type uint16'],
      ['rByte', Number.NaN, 'ce n’est pas un nombre'],
      ['rReadOnly', 1, 'plc refuse (cette valeur ne se règle pas, BadNotWritable)'],
      ['rDenied', 1, 'plc refuse (cet accès n’a pas le droit, BadUserAccessDenied)'],
      ['rArray', 1, 'plc ne dit pas de quel type est rArray : lui donner type dans line.yaml'],
      ['rMissing', 1, 'plc ne dit pas de quel type est rMissing : lui donner type dans line.yaml'],
    ] as const;
    for (const [name, value, reason] of reasons) {
      expect([name, await driver.write(name, value)]).toEqual([name, { kind: 'refused', reason }]);
    }
    expect(held('rByte')).toBe(7);
  });

  test('a server that takes a value and keeps another is not believed', async () => {
    const liar = server.addWritable('Liar', DataType.Double, { dataType: DataType.Double, value: 3 });
    liar.bindVariable(
      {
        get: () => new Variant({ dataType: DataType.Double, value: 3 }),
        set: () => StatusCodes.Good,
      },
      true,
    );
    await using driver = await connected([writable('Liar', { readbackMs: 200 })]);
    const startMs = performance.now();
    expect(await driver.write('Liar', 4)).toEqual({
      kind: 'unconfirmed',
      readBack: 3,
      reason: 'plc a accepté l’écriture, mais affiche 3 après 200 ms',
    });
    expect(performance.now() - startMs).toBeLessThan(1500);
    expect(await driver.write('Liar', 4, { expect: 3 })).toEqual({ kind: 'confirmed', readBack: 3 });
    expect(await driver.write('Liar', 4, { expect: null })).toEqual({ kind: 'confirmed', readBack: null });
    expect(driver.sink.countOf('write-failed')).toBe(1);
  });

  test('a value that stands already is believed once it has stood for the time of reading back, no other waits so long', async () => {
    let value = 0.5;
    let makesOfIt: number | null = 0.6;
    const shows = server.addWritable('Shows', DataType.Double, { dataType: DataType.Double, value });
    shows.bindVariable(
      {
        get: () => new Variant({ dataType: DataType.Double, value }),
        set: (variant: Variant) => {
          value = Number(variant.value);
          setTimeout(() => (value = makesOfIt ?? value), 60);
          return StatusCodes.Good;
        },
      },
      true,
    );
    await using driver = await connected([writable('Shows', { readbackMs: 1500 })]);
    expect(await driver.write('Shows', 0.5, { settle: true })).toMatchObject({
      kind: 'unconfirmed',
      readBack: 0.6,
    });
    makesOfIt = null;
    const startMs = performance.now();
    expect(await driver.write('Shows', 0.6, { settle: true })).toEqual({ kind: 'confirmed', readBack: 0.6 });
    expect(performance.now() - startMs).toBeGreaterThan(1450);
    const otherMs = performance.now();
    expect(await driver.write('Shows', 0.7, { settle: true })).toEqual({ kind: 'confirmed', readBack: 0.7 });
    expect(await driver.write('Shows', 0.7)).toEqual({ kind: 'confirmed', readBack: 0.7 });
    expect(performance.now() - otherMs).toBeLessThan(1400);
  });

  test('a device that takes its time is read back until it has the value, and others do not wait for it', async () => {
    let value = 0;
    const slow = server.addWritable('Slow', DataType.Int32, { dataType: DataType.Int32, value });
    slow.bindVariable(
      {
        get: () => new Variant({ dataType: DataType.Int32, value }),
        set: (variant: Variant) => {
          setTimeout(() => (value = Number(variant.value)), 300);
          return StatusCodes.Good;
        },
      },
      true,
    );
    server.addWritable('Quick', DataType.Int32, { dataType: DataType.Int32, value: 0 });
    await using driver = await connected([writable('Slow', { readbackMs: 2000 }), writable('Quick')]);
    const ends: string[] = [];
    const write = async (name: string, wanted: number) => {
      const outcome = await driver.write(name, wanted);
      ends.push(`${name} ${wanted} ${outcome.kind}`);
    };
    // The second one to the same node would else be read back as the outcome of the first.
    await Promise.all([write('Slow', 1), write('Quick', 5), write('Slow', 2)]);
    expect(ends).toEqual(['Quick 5 confirmed', 'Slow 1 confirmed', 'Slow 2 confirmed']);
  });

  test('a full queue refuses one more at once, and an abort ends a write with what is known of it', async () => {
    server.addWritable('Queue', DataType.Int32, { dataType: DataType.Int32, value: 0 });
    const deaf = server.addWritable('Deaf', DataType.Int32, { dataType: DataType.Int32, value: 0 });
    const answers: (() => void)[] = [];
    // Answers a write when the test says so.
    Object.assign(deaf, {
      writeAttribute: (
        _context: unknown,
        _value: unknown,
        callback: (error: null, status: StatusCode) => void,
      ) => {
        answers.push(() => callback(null, StatusCodes.Good));
      },
    });
    await using driver = await connected([writable('Queue'), writable('Deaf')]);
    const abort = new AbortController();
    const waiting = [driver.write('Deaf', 1, {}, abort.signal)];
    await expect.poll(() => answers.length).toBe(1);
    while (waiting.length < WRITES_WAITING_MAX)
      waiting.push(driver.write('Queue', waiting.length, {}, abort.signal));
    expect(await driver.write('Queue', 99)).toEqual({
      kind: 'refused',
      reason: `${WRITES_WAITING_MAX} écritures attendent déjà sur plc : rien n’a été écrit`,
    });
    abort.abort();
    const [first, ...others] = await Promise.all(waiting);
    expect(first).toMatchObject({
      kind: 'unconfirmed',
      reason: expect.stringMatching(/annulée après l’envoi/u),
    });
    expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(['refused']));
    for (const answer of answers) answer();
    await expect.poll(() => driver.write('Queue', 7)).toEqual({ kind: 'confirmed', readBack: 7 });
  });
});

describe('calling a method of an OPC UA device', () => {
  test('it is confirmed when the server answers Good, with arguments of the declared types', async () => {
    const seen: unknown[] = [];
    server.add('CallState', DataType.Int32, { dataType: DataType.Int32, value: 0 });
    server.addMethod('SetMode', [{ name: 'Mode', dataType: DataType.UInt32 }], (given) => {
      seen.push(...given.map(({ dataType, value }) => [DataType[dataType], value]));
      return { statusCode: StatusCodes.Good };
    });
    server.addMethod('Start', [], () => ({ statusCode: StatusCodes.Good }));
    await using driver = await connected([testTag('CallState')], {
      methods: [method('SetMode'), method('Start')],
    });
    expect(await driver.call('Start')).toEqual({ kind: 'confirmed', readBack: null });
    expect(await driver.call('SetMode', [3])).toEqual({ kind: 'confirmed', readBack: null });
    expect(seen).toEqual([['UInt32', 3]]);
    expect(await driver.call('SetMode', [])).toEqual({
      kind: 'refused',
      reason: 'SetMode attend 1 paramètre(s), 0 donné(s)',
    });
    expect(await driver.call('SetMode', [-1])).toEqual({
      kind: 'refused',
      reason: 'SetMode, paramètre Mode : -1 n’entre pas dans un uint32',
    });
    expect(await driver.call('Go')).toEqual({
      kind: 'refused',
      reason: 'plc n’a pas de méthode Go : l’ajouter à methods dans line.yaml',
    });
    expect(seen).toHaveLength(1);
  });

  test('a server that says no is told in words; one that fails leaves it open', async () => {
    server.add('CallSaid', DataType.Int32, { dataType: DataType.Int32, value: 0 });
    const answers = {
      Hold: StatusCodes.BadInvalidState,
      Unhold: StatusCodes.BadUserAccessDenied,
      Stop: StatusCodes.BadInternalError,
    };
    for (const [name, statusCode] of Object.entries(answers))
      server.addMethod(name, [], () => ({ statusCode }));
    const methods = [...Object.keys(answers), 'Missing'].map(method);
    await using driver = await connected([testTag('CallSaid')], { methods });
    expect(await driver.call('Hold')).toEqual({
      kind: 'refused',
      reason: 'plc refuse (pas possible dans son état actuel, BadInvalidState)',
    });
    expect(await driver.call('Unhold')).toEqual({
      kind: 'refused',
      reason: 'plc refuse (cet accès n’a pas le droit, BadUserAccessDenied)',
    });
    expect(await driver.call('Stop')).toMatchObject({ kind: 'unconfirmed', readBack: null });
    expect(await driver.call('Missing')).toMatchObject({ kind: 'refused' });
    expect(driver.sink.countOf('write-failed')).toBe(4);
  });
});

test('what is written before there is a session is refused at once', async () => {
  const device = testDevice(`opc.tcp://127.0.0.1:${await freePort()}`, [writable('Away')], {
    methods: [method('Start')],
  });
  await using driver = runDriver(device, keys.edge);
  const reason = 'plc n’est pas connecté : rien n’a été écrit';
  expect(await driver.write('Away', 1)).toEqual({ kind: 'refused', reason });
  expect(await driver.call('Start')).toEqual({ kind: 'refused', reason });
  await delay(10);
});

function toPlain(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? [...(value as Uint32Array)] : value;
}
