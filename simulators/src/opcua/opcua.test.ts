import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttributeIds,
  ClientMonitoredItem,
  ClientSubscription,
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  StatusCodes,
  TimestampsToReturn,
  UserTokenType,
  type ClientSession,
  type UserIdentityInfo,
} from 'node-opcua';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulation, type Simulation } from '../simulation.ts';

const directory = mkdtempSync(join(tmpdir(), 'trame-sim-opcua-'));
const log = pino({ level: 'silent' });
const closing: (() => Promise<void>)[] = [];
let simulation: Simulation;

beforeAll(async () => {
  const started = await startSimulation({
    directory: join(directory, 'open'),
    log,
    speed: 20,
    incidents: false,
    bench: true,
    only: new Set(['plc', 'nir', 'press']),
    crewAfterSubscriptionMs: 100,
    crewAtLatestMs: 60_000,
  });
  if (started.kind === 'refused') throw new Error(started.reason);
  simulation = started.simulation;
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await simulation.stop();
  rmSync(directory, { recursive: true });
});

interface Access {
  readonly mode?: MessageSecurityMode;
  readonly identity?: UserIdentityInfo;
}

const certificates = new OPCUACertificateManager({
  rootFolder: join(directory, 'client-pki'),
  automaticallyAcceptUnknownCertificate: true,
});

function clientOf(mode: MessageSecurityMode): OPCUAClient {
  const secured = mode !== MessageSecurityMode.None;
  const client = OPCUAClient.create({
    applicationUri: 'urn:test:client',
    clientCertificateManager: certificates,
    securityMode: mode,
    securityPolicy: secured ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None,
    connectionStrategy: { maxRetry: 0, initialDelay: 50, maxDelay: 100 },
    endpointMustExist: false,
  });
  closing.push(() => client.disconnect());
  return client;
}

function password(given: string): UserIdentityInfo {
  return { type: UserTokenType.UserName, userName: simulation.opcUaUser.name, password: given };
}

async function sessionOn(port: number | undefined, access: Access = {}): Promise<ClientSession> {
  const client = clientOf(access.mode ?? MessageSecurityMode.SignAndEncrypt);
  await client.connect(`opc.tcp://127.0.0.1:${port}`);
  const session = await client.createSession(access.identity ?? password(simulation.opcUaUser.password));
  closing.push(() => session.close());
  return session;
}

/** A server's own namespace is always the second; a test below holds it to its uri. */
const plc = (id: string): string => `ns=1;s=${id}`;
const nir = plc;

async function read(session: ClientSession, ...ids: string[]): Promise<unknown[]> {
  const values = await session.read(ids.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));
  for (const [index, value] of values.entries()) {
    expect(`${ids[index]} ${value.statusCode.name}`).toBe(`${ids[index]} Good`);
  }
  return values.map(({ value }) => value.value as unknown);
}

/** Waits until `probe` gives something other than null. */
async function until<Result>(probe: () => Promise<Result | null>, timeoutMs = 10_000): Promise<Result> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== null) return found;
    if (performance.now() > deadlineMs) throw new Error(`nothing within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function grams(pair: unknown): number {
  const [high = 0, low = 0] = pair as number[];
  return high * 0x1_0000_0000 + low;
}

describe('the PLC over OPC UA', () => {
  it('starts the line once a client has subscribed, and shows every change of a speed', async () => {
    const session = await sessionOn(simulation.ports['plc']);
    expect(await read(session, plc('Line.Running'))).toEqual([false]);
    const subscription = ClientSubscription.create(session, {
      requestedPublishingInterval: 50,
      requestedMaxKeepAliveCount: 10,
      requestedLifetimeCount: 100,
      publishingEnabled: true,
    });
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId: plc('InfeedBelt.Speed'), attributeId: AttributeIds.Value },
      { samplingInterval: 0, queueSize: 100, discardOldest: true },
      TimestampsToReturn.Both,
    );
    const speeds: number[] = [];
    item.on('changed', (value) => speeds.push(Number(value.value.value)));
    await until(async () => (speeds.at(-1) === 0.5 ? true : null));
    expect(speeds[0]).toBe(0);
    await subscription.terminate();
  });

  it('shows totals in grams that agree with the truth, and states by their codes', async () => {
    const session = await sessionOn(simulation.ports['plc'], { mode: MessageSecurityMode.Sign });
    await until(async () => ((simulation.truth().outputKg['reemploi'] ?? 0) > 2 ? true : null));
    const [before, total, after, state, outlet] = await (async () => {
      const truthBefore = simulation.truth().outputKg['reemploi'] ?? 0;
      const values = await read(session, plc('Bin2.Total'), plc('Line.State'), plc('Bin2.Outlet'));
      return [
        truthBefore,
        grams(values[0]),
        simulation.truth().outputKg['reemploi'] ?? 0,
        values[1],
        values[2],
      ];
    })();
    expect(total).toBeGreaterThanOrEqual(Math.round(before * 1_000));
    expect(total).toBeLessThanOrEqual(Math.round(after * 1_000));
    expect(state).toBe(3);
    expect(outlet).toBe('reemploi');
  });

  it('carries units, types and the companion models', async () => {
    const session = await sessionOn(simulation.ports['plc']);
    const unit = await session.translateBrowsePath({
      startingNode: plc('InfeedBelt.Speed'),
      relativePath: {
        elements: [{ targetName: { name: 'EngineeringUnits' }, isInverse: false, includeSubtypes: true }],
      },
    });
    const unitNode = unit.targets?.[0]?.targetId;
    if (unitNode === undefined) throw new Error('no EngineeringUnits');
    const value = await session.read({ nodeId: unitNode, attributeId: AttributeIds.Value });
    expect(value.value.value.displayName.text).toBe('m/s');
    const namespaces = await session.readNamespaceArray();
    expect(namespaces[1]).toBe('urn:trame:plc');
    expect(namespaces).toEqual(
      expect.arrayContaining([
        'http://opcfoundation.org/UA/Machinery/',
        'http://opcfoundation.org/UA/PackML/',
      ]),
    );
    expect(await read(session, plc('PackML.StateCurrent'))).toEqual([6]);
    const types = await session.browse({
      nodeId: plc('Bin1'),
      referenceTypeId: 'HasTypeDefinition',
      resultMask: 63,
    });
    expect(types.references?.[0]?.browseName.name).toBe('ContainerType');
  });

  it('takes a belt speed within its range, refuses any other, and refuses to write the rest', async () => {
    const session = await sessionOn(simulation.ports['plc']);
    const write = (id: string, dataType: DataType, value: unknown) =>
      session.write({
        nodeId: plc(id),
        attributeId: AttributeIds.Value,
        value: { value: { dataType, value } },
      });
    const setpoint = 'InfeedBelt.SpeedSetpoint';
    expect(await write(setpoint, DataType.Double, 0.6)).toBe(StatusCodes.Good);
    await until(async () => ((await read(session, plc('InfeedBelt.Speed')))[0] === 0.6 ? true : null));
    expect((await write(setpoint, DataType.Double, 9)).name).toBe('BadOutOfRange');
    expect(await read(session, plc(setpoint))).toEqual([0.6]);
    expect((await write('Line.Running', DataType.Boolean, false)).name).toBe('BadNotWritable');
    await write(setpoint, DataType.Double, 0.5);
  });
});

describe('the NIR station and the bench clock', () => {
  it('keeps NIR results in a ring that gives each one whole by its number', async () => {
    const session = await sessionOn(simulation.ports['nir']);
    const seq = await until(async () => {
      const [last] = await read(session, nir('Station.Seq'));
      return Number(last) >= 3 ? Number(last) : null;
    }, 20_000);
    for (const number of [seq - 2, seq - 1, seq]) {
      const slot = `Result.${number % 256}`;
      const [found, at, spectrum] = await read(
        session,
        nir(`${slot}.Seq`),
        nir(`${slot}.At`),
        nir(`${slot}.Spectrum`),
      );
      expect(found).toBe(number);
      expect(Math.abs(Date.now() - (at as Date).getTime())).toBeLessThan(60_000);
      expect((spectrum as Float32Array).length).toBe(186);
      expect((spectrum as Float32Array).every((value) => value > -0.2 && value < 2)).toBe(true);
    }
  });

  it('offers the bench clock: the monotonic time of its own change', async () => {
    const session = await sessionOn(simulation.ports['plc']);
    const [value] = await read(session, plc('Bench.Clock'));
    const ageMs = Number(process.hrtime.bigint()) / 1e6 - Number(value);
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(ageMs).toBeLessThan(1_000);
  });
});

describe('access', () => {
  it('is refused without a name, or with a wrong password', async () => {
    const none = { mode: MessageSecurityMode.None };
    const anonymous = sessionOn(simulation.ports['plc'], {
      ...none,
      identity: { type: UserTokenType.Anonymous },
    });
    await expect(anonymous).rejects.toThrow(/anonymous|identity/iu);
    const wrong = sessionOn(simulation.ports['plc'], { identity: password('no') });
    await expect(wrong).rejects.toThrow(/BadUserAccessDenied|BadIdentityTokenRejected/u);
  });

  it('is refused to an unknown certificate under strict trust', { timeout: 30_000 }, async () => {
    const started = await startSimulation({
      directory: join(directory, 'strict'),
      log,
      strictTrust: true,
      anonymous: true,
      only: new Set(['plc']),
    });
    if (started.kind === 'refused') throw new Error(started.reason);
    const client = clientOf(MessageSecurityMode.SignAndEncrypt);
    try {
      await expect(client.connect(`opc.tcp://127.0.0.1:${started.simulation.ports['plc']}`)).rejects.toThrow(
        /untrusted|rejected|security|disconnect|closed/iu,
      );
    } finally {
      await started.simulation.stop();
    }
  });
});

describe('faults on OPC UA', () => {
  it('badStatus: one node goes bad and comes back', async () => {
    const session = await sessionOn(simulation.ports['plc']);
    const statusOf = async (id: string): Promise<string> =>
      (await session.read({ nodeId: plc(id), attributeId: AttributeIds.Value })).statusCode.name;
    const fault = await simulation.faults.put({ kind: 'badStatus', target: 'plc', node: 'Hopper.Level' });
    expect(await statusOf('Hopper.Level')).toBe('BadSensorFailure');
    expect(await statusOf('Hopper.State')).toBe('Good');
    await simulation.faults.mend(fault?.id ?? '');
    expect(await statusOf('Hopper.Level')).toBe('Good');
  });

  it('freezeValues: the link answers, the life counter stands still', async () => {
    const session = await sessionOn(simulation.ports['plc']);
    const fault = await simulation.faults.put({ kind: 'freezeValues', target: 'plc' });
    const first = await read(session, plc('Line.LifeCounter'));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await read(session, plc('Line.LifeCounter'))).toEqual(first);
    await simulation.faults.mend(fault?.id ?? '');
    await until(async () => ((await read(session, plc('Line.LifeCounter')))[0] === first[0] ? null : true));
  });

  it('disconnect: refused while it lasts, reachable on the same port afterwards', async () => {
    const port = simulation.ports['nir'];
    const living = clientOf(MessageSecurityMode.None);
    await living.connect(`opc.tcp://127.0.0.1:${port}`);
    const lost = new Promise<void>((resolve) => living.once('connection_lost', () => resolve()));
    const fault = await simulation.faults.put({ kind: 'disconnect', target: 'nir' });
    await expect(clientOf(MessageSecurityMode.None).connect(`opc.tcp://127.0.0.1:${port}`)).rejects.toThrow(
      /ECONNREFUSED|cannot be established|reset/iu,
    );
    await lost;
    await simulation.faults.mend(fault?.id ?? '');
    const session = await sessionOn(port);
    expect((await read(session, nir('Station.Ready')))[0]).toBe(true);
  });
});
