/** The host application on real brokers: the embedded one and Mosquitto. */
import { decodeHostState, encodeHostState } from '@trame/protocol/sparkplug/host-state';
import { HOST_SUBSCRIPTION, nodeTopic, stateTopic } from '@trame/protocol/sparkplug/topic';
import { Aedes } from 'aedes';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startEmbeddedBroker } from '../broker/embedded-broker.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { startMosquitto } from '../testing/mosquitto.ts';
import { startProxy } from '../testing/tcp-proxy.ts';
import { HostLink } from './host-link.ts';
import { NEW_HOST, nextHost, RECONNECT_MAX_MS, reconnectDelayMs } from './host-session.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Broker {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

async function embedded(): Promise<Broker> {
  const port = await freePort();
  let broker = await startEmbeddedBroker({ host: '127.0.0.1', port, accounts: [] });
  cleanups.push(() => broker.close());
  return {
    url: `mqtt://127.0.0.1:${port}`,
    kill: () => broker.close(),
    start: async () => {
      broker = await startEmbeddedBroker({ host: '127.0.0.1', port, accounts: [] });
    },
  };
}

async function mosquitto(): Promise<Broker> {
  const broker = await startMosquitto();
  cleanups.push(async () => broker[Symbol.asyncDispose]());
  return broker;
}

interface Started {
  readonly link: HostLink;
  readonly happened: string[];
  readonly log: ReturnType<typeof keepingLog>;
}

function startLink(
  url: string,
  version: 4 | 5 = 4,
  hostId = 'trame',
  subscriptions: readonly string[] = [],
): Started {
  const happened: string[] = [];
  const log = keepingLog();
  const link = new HostLink({
    url,
    username: null,
    password: null,
    ca: null,
    version,
    hostId,
    clock: systemClock,
    entropy: systemEntropy,
    log,
    subscriptions,
    onMessage: (topic) => {
      if (topic.endsWith('/poison')) throw new TypeError('a defect of the server');
      happened.push(topic);
    },
    onMessageFailed: () => happened.push('failed'),
    onUp: () => happened.push('up'),
    onLost: () => happened.push('lost'),
  });
  link.start();
  cleanups.push(() => link.stop());
  return { link, happened, log };
}

async function watchState(
  url: string,
  hostId = 'trame',
): Promise<{ client: MqttClient; seen: IPublishPacket[] }> {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  cleanups.push(() => client.endAsync(true));
  const seen: IPublishPacket[] = [];
  client.on('message', (_topic, _payload, packet) => seen.push(packet));
  await client.subscribeAsync(stateTopic(hostId), { qos: 1 });
  return { client, seen };
}

function stateOf(packet: IPublishPacket | undefined) {
  return packet === undefined ? null : decodeHostState(Buffer.from(packet.payload));
}

const up = (started: Started) => eventually(() => (started.link.isUp ? true : null), 8_000);

describe.each([
  ['embedded broker', embedded, 4],
  ['Mosquitto, MQTT 3.1.1', mosquitto, 4],
  ['Mosquitto, MQTT 5', mosquitto, 5],
] as const)('the host application on the %s', (_name, startBroker, version) => {
  it('announces itself with a retained birth of QoS 1 that a later edge finds', async () => {
    const broker = await startBroker();
    await up(startLink(broker.url, version));
    const { seen } = await watchState(broker.url);
    const packet = await eventually(() => seen[0]);
    expect(packet).toMatchObject({ retain: true, qos: 1 });
    expect(stateOf(packet)).toMatchObject({ online: true });
  });

  it('outlives a message on which the server fails', async () => {
    const broker = await startBroker();
    const started = startLink(broker.url, version);
    await up(started);
    const writer = await connectAsync(broker.url, { reconnectPeriod: 0 });
    cleanups.push(() => writer.endAsync(true));
    for (const node of ['poison', 'fine']) await writer.publishAsync(nodeTopic('NDATA', 'caux', node), 'x');
    await eventually(() => (started.happened.includes(nodeTopic('NDATA', 'caux', 'fine')) ? true : null));
    expect(started.happened.filter((one) => one === 'failed')).toHaveLength(1);
    expect(started.log.sentences).toContain('a message could not be handled');
    expect(started.link.isUp).toBe(true);
  });

  it('leaves a will with the time of its birth, which the broker sends when it dies', async () => {
    const broker = await startBroker();
    const cable = await startProxy(Number(new URL(broker.url).port));
    cleanups.push(async () => cable[Symbol.asyncDispose]());
    const { seen } = await watchState(broker.url);
    const started = startLink(`mqtt://127.0.0.1:${cable.port}`, version);
    await up(started);
    const birth = stateOf(await eventually(() => seen[0]));
    cable.cut();
    const will = stateOf(await eventually(() => seen[1]));
    expect(will).toEqual({ online: false, timestamp: birth?.timestamp });
    const reborn = stateOf(await eventually(() => seen[2]));
    expect(reborn?.online).toBe(true);
    expect(reborn?.timestamp).toBeGreaterThan(birth?.timestamp ?? 0);
  });

  it('says so again when somebody says in its name that it is gone', async () => {
    const broker = await startBroker();
    await up(startLink(broker.url, version));
    const { client, seen } = await watchState(broker.url);
    const birth = stateOf(await eventually(() => seen[0]));
    await client.publishAsync(stateTopic('trame'), encodeHostState({ online: false, timestamp: 1 }), {
      qos: 1,
      retain: true,
    });
    const answer = await eventually(() => seen.slice(1).find((packet) => stateOf(packet)?.online === true));
    expect(stateOf(answer)).toEqual(birth);
  });

  it('says farewell when it stops', async () => {
    const broker = await startBroker();
    const started = startLink(broker.url, version);
    await up(started);
    const { seen } = await watchState(broker.url);
    await eventually(() => seen[0]);
    await started.link.stop();
    const farewell = await eventually(() => seen.find((packet) => stateOf(packet)?.online === false));
    expect(farewell.qos).toBe(1);
    const later = await watchState(broker.url);
    expect(stateOf(await eventually(() => later.seen[0]))).toMatchObject({ online: false });
  });

  it('comes back when the broker was killed and started again', async () => {
    const broker = await startBroker();
    const started = startLink(broker.url, version);
    await up(started);
    await broker.kill();
    await eventually(() => (started.happened.includes('lost') ? true : null));
    expect(started.link.isUp).toBe(false);
    await broker.start();
    await up(started);
    const { seen } = await watchState(broker.url);
    expect(stateOf(await eventually(() => seen[0]))).toMatchObject({ online: true });
    expect(started.happened.filter((what) => what === 'up')).toHaveLength(2);
  });
});

describe('how the host reconnects', () => {
  it('notices a broker that no longer answers, though the connection seems to stand', async () => {
    const broker = await mosquitto();
    const cable = await startProxy(Number(new URL(broker.url).port));
    cleanups.push(async () => cable[Symbol.asyncDispose]());
    const started = startLink(`mqtt://127.0.0.1:${cable.port}`);
    await up(started);
    cable.freeze();
    await eventually(() => (started.happened.includes('lost') ? true : null), 10_000);
    await up(started);
    expect(started.happened).toEqual(['up', 'lost', 'up']);
  });

  it('waits at most five seconds, less at first', () => {
    expect(reconnectDelayMs(0, 0.999)).toBeLessThanOrEqual(250);
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(reconnectDelayMs(attempt, 0.999)).toBeLessThanOrEqual(RECONNECT_MAX_MS);
      expect(reconnectDelayMs(attempt, 0)).toBeGreaterThan(100);
    }
  });

  it('takes a new time into each will', () => {
    const first = nextHost(NEW_HOST, { kind: 'connect-due', atMs: 1 });
    expect(first.effects).toEqual([{ kind: 'open', willStampMs: 1 }]);
    const closed = nextHost(first.state, { kind: 'closed' });
    expect(closed.effects).toEqual([{ kind: 'wait', attempt: 1 }]);
    const again = nextHost(closed.state, { kind: 'connect-due', atMs: 2 });
    expect(again.effects).toEqual([{ kind: 'open', willStampMs: 2 }]);
  });
});

/** A broker that refuses some subscriptions. */
async function refusing(refused: (topic: string) => boolean): Promise<string> {
  const broker = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, refused(subscription.topic) ? null : subscription),
  });
  const server = createServer((socket) => void broker.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  });
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('what is listened to beside Sparkplug', () => {
  const LEDGERS = 'trame/v1/+/+/ledger';

  it('comes in, and answers go out', async () => {
    const broker = await mosquitto();
    const { link, happened } = startLink(broker.url, 4, 'trame', [LEDGERS]);
    cleanups.push(() => link.stop());
    expect(link.publish('trame/v1/caux/tri-1/command', '{}', 1)).toBe(false);
    await eventually(() => (happened.includes('up') ? true : null));
    const edge = await connectAsync(broker.url);
    cleanups.push(() => edge.endAsync(true));
    const answers: string[] = [];
    edge.on('message', (topic, payload) => answers.push(`${topic} ${payload.toString()}`));
    await edge.subscribeAsync('trame/v1/caux/tri-1/#', { qos: 1 });
    await edge.publishAsync('trame/v1/caux/tri-1/ledger', '[]', { qos: 1 });
    await eventually(() => (happened.includes('trame/v1/caux/tri-1/ledger') ? true : null));
    expect(link.publish('trame/v1/caux/tri-1/ledger/ack/trame', 'said', 0)).toBe(true);
    await eventually(() => answers.find((answer) => answer.endsWith('/ack/trame said')));
  });

  it('may be refused by the broker, which is said, and Sparkplug goes on', async () => {
    const url = await refusing((topic) => topic === LEDGERS);
    const { link, happened, log } = startLink(url, 4, 'trame', [LEDGERS]);
    cleanups.push(() => link.stop());
    await eventually(() => (happened.includes('up') ? true : null));
    expect(log.sentences).toContain('the broker refuses one of our subscriptions');
  });

  it('does not make up for Sparkplug, without which the server is not up', async () => {
    const url = await refusing((topic) => topic === HOST_SUBSCRIPTION);
    const { link, happened, log } = startLink(url, 4, 'trame', [LEDGERS]);
    cleanups.push(() => link.stop());
    await eventually(() => (log.sentences.includes('the broker refuses our subscriptions') ? true : null));
    expect(happened).not.toContain('up');
  });
});
