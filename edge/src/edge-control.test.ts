/** A whole edge that controls a real OPC UA device, asked over a real broker by who signs as a server does. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLineConfig } from './config/parse-line-config.ts';
import { startEdge, type Edge } from './edge.ts';
import type { Log } from './ports/log.ts';
import { TestBroker, until } from './sparkplug/test-broker.ts';
import { systemClock } from './system/clock.ts';
import { systemEntropy } from './system/entropy.ts';
import { TestPlc } from './test-plc.ts';
import { ACTOR, TestSupervisor } from './test-supervisor.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let dir = '';
let dataDir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-control-'));
  dataDir = join(dir, 'edge');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const NODE = 'nsu=urn:trame:test;s=';

function tag(name: string, node: string, more = ''): string {
  return `      - { name: ${name}, node: "${NODE}${node}"${more} }\n`;
}

function method(name: string, node: string): string {
  return `      - { name: ${name}, object: "${NODE}Machine", method: "${NODE}Machine.${node}" }\n`;
}

function lineText(brokerUrl: string, plcUrl: string): string {
  return `
site: caux
line: tri-1
uplink: { url: ${brokerUrl} }
ledger: { consumers: [trame], reserve: 8MB }
commands: { trust: [${join(dir, 'key.pem')}] }
devices:
  - id: plc
    driver: opcua
    url: ${plcUrl}
    security: { mode: None }
    publishing: 50ms
    sampling: 0ms
    life: { tag: life, within: 2s }
    tags:
${tag('life', 'Life')}${tag('state', 'State', ', type: int32')}${tag('mode', 'Mode', ', type: int32')}${tag('belt', 'Belt', ', type: int32')}${tag('sorter', 'Sorter', ', type: int32')}${tag('remote', 'Remote', ', type: bool')}${tag('enable', 'Enable', ', type: bool')}${tag('stopped', 'EmergencyStop', ', type: bool')}${tag('doors', 'DoorsClosed', ', type: bool')}${tag('trameLife', 'TrameLife', ', type: uint32, writable: true')}${tag('speed', 'Speed', ', type: float64, writable: true, range: [0.1, 1.2]')}    methods:
${method('start', 'Start')}${method('stop', 'Stop')}${method('hold', 'Hold')}
roles:
  line: { device: plc, packML: state }
  safety: { device: plc, emergencyStop: stopped }
  stations:
    - { id: belt, kind: belt, label: Tapis, device: plc, state: belt }
    - { id: sorter, kind: sorter, label: Trieur, device: plc, state: sorter }
alarms: { defaults: false }
control:
  device: plc
  methods: { start: start, stop: stop, hold: hold }
  mode: { tag: mode }
  remote: remote
  localEnable: enable
  life: { write: trameLife, every: 200ms, reaction: La ligne est mise en attente. }
  stationWithin: 1s
  interlocks:
    - { id: doors, when: { tag: doors, value: false }, forbids: [line.start, line.unhold], words: Une porte est ouverte. }
  setpoints:
    - { id: belt, label: Tapis, tag: speed, step: 0.05 }
`;
}

async function startLine(brokerUrl: string, plcUrl: string): Promise<Edge> {
  const parse = parseLineConfig(lineText(brokerUrl, plcUrl), 'line.yaml', { dataDir });
  if (parse.kind === 'invalid') throw new Error(JSON.stringify(parse.issues));
  const { config } = parse;
  return startEdge({ config, dataDir, httpPort: 0, log: silent, clock: systemClock, entropy: systemEntropy });
}

interface Row {
  readonly type: string;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What of controlling the line lies in the ledger, read beside its writer. */
function recorded(): readonly Row[] {
  const db = new DatabaseSync(join(dataDir, 'ledger.sqlite'), { readOnly: true });
  const rows = db.prepare('SELECT type, actor_ref, payload FROM events ORDER BY position').all();
  db.close();
  return rows
    .map(({ type, actor_ref: actor, payload }) => ({
      type: String(type),
      actor: actor === null ? null : String(actor),
      payload: JSON.parse(String(payload)) as Row['payload'],
    }))
    .filter(({ type }) => type.startsWith('command.') || type.startsWith('control.'));
}

/** A line that stands ready, its edge, its broker and its supervisor, who has the line in hand. */
class World implements AsyncDisposable {
  readonly broker: TestBroker;
  readonly plc: TestPlc;
  readonly supervisor: TestSupervisor;
  edge: Edge | null = null;

  private constructor(broker: TestBroker, plc: TestPlc, supervisor: TestSupervisor) {
    this.broker = broker;
    this.plc = plc;
    this.supervisor = supervisor;
  }

  /** Without an edge yet. */
  static async prepare(): Promise<World> {
    const broker = await TestBroker.start();
    const plc = await TestPlc.start(dir);
    return new World(broker, plc, await TestSupervisor.start(broker.url, join(dir, 'key.pem')));
  }

  static async start(): Promise<World> {
    const world = await World.prepare();
    await world.startEdge();
    await world.takeInHand();
    return world;
  }

  async startEdge(): Promise<void> {
    this.edge = await startLine(this.broker.url, this.plc.url);
  }

  async takeInHand(): Promise<void> {
    await this.supervisor.sees('the line is idle', ({ state }) => state === 'idle');
    // Nothing is recorded before the run has begun.
    await until('the run is recorded', () => this.hasBegun());
    await this.asks('control.take');
  }

  /** The line runs. */
  async run(): Promise<void> {
    await this.plc.pressEnable();
    await this.asks('line.start');
  }

  async asks(command: string): Promise<void> {
    const { code, reasons } = await this.supervisor.ask(command);
    if (code !== 'done') throw new Error(`${command}: ${code} ${JSON.stringify(reasons)}`);
  }

  hasBegun(): boolean {
    const db = new DatabaseSync(join(dataDir, 'ledger.sqlite'), { readOnly: true });
    const begun = db.prepare("SELECT count(*) AS n FROM events WHERE type = 'edge.started'").get();
    db.close();
    return Number(begun?.['n']) > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.edge?.stop();
    await this.supervisor[Symbol.asyncDispose]();
    await this.plc[Symbol.asyncDispose]();
    await this.broker[Symbol.asyncDispose]();
  }
}

describe('a line that is controlled', () => {
  it('starts when it is asked: recorded, accepted, watched, done, and seen by all', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    expect(await supervisor.outcome(request.id)).toMatchObject({ code: 'done' });
    const answers = supervisor.answersTo(request.id);
    expect(answers.map(({ code }) => code)).toEqual(['accepted', 'done']);
    expect(new Set(answers.map(({ seq }) => seq)).size).toBe(1);
    expect(plc.held('State')).toBe(6);
    await until('its end is recorded', () => recorded().length === 3);
    expect(recorded()).toMatchObject([
      { type: 'control.changed', actor: ACTOR, payload: { holder: ACTOR, why: 'taken' } },
      {
        type: 'command.requested',
        actor: ACTOR,
        payload: { request: request.id, command: 'line.start', by: 'person' },
      },
      { type: 'command.ended', payload: { request: request.id, outcome: 'done', reasons: [], late: null } },
    ]);
    const picture = await supervisor.sees(
      'it runs',
      ({ state, busy }) => state === 'execute' && busy === null,
    );
    expect(picture).toMatchObject({
      commanded: true,
      mode: 'production',
      remote: true,
      holder: ACTOR,
      last: { request: request.id, outcome: 'done' },
      stations: [
        { id: 'belt', state: 'running', late: false },
        { id: 'sorter', state: 'running', late: false },
      ],
    });
    expect(plc.calls).toEqual(['Start']);
  }, 40_000);

  it('refuses a start that an interlock, the emergency stop or nobody at the panel forbids, and says why', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    expect(await supervisor.ask('line.start')).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'no-local-enable' }],
    });
    plc.bit('DoorsClosed', false);
    plc.bit('EmergencyStop', true);
    await plc.pressEnable();
    const refused = await supervisor.ask('line.start');
    expect(refused).toMatchObject({ code: 'refused' });
    expect(refused.reasons).toContainEqual({
      code: 'interlock',
      ref: 'doors',
      words: 'Une porte est ouverte.',
    });
    expect(refused.reasons?.map(({ code }) => code)).toContain('emergency-stop');
    const picture = await supervisor.sees('it is seen', ({ emergencyStop }) => emergencyStop === true);
    expect(picture.refusals['line.start'].map(({ code }) => code)).toContain('interlock');
    expect(plc.calls).toEqual([]);
  }, 40_000);

  it('says so when a device takes a value and keeps its own', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    expect(await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 0.75 })).toMatchObject({
      code: 'done',
    });
    expect(plc.held('Speed')).toBe(0.75);
    plc.lieAboutSpeed();
    const lied = await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 1 });
    expect(lied).toMatchObject({ code: 'unconfirmed' });
    expect(lied.detail).not.toBeNull();
    const past = await supervisor.ask('setpoint.write', { setpoint: 'belt', value: 1.3 });
    expect(past).toMatchObject({ code: 'refused', reasons: [{ code: 'out-of-range' }] });
    await until('all is recorded', () => recorded().length >= 6);
    const ends = recorded().filter(({ type }) => type === 'command.ended');
    expect(ends.map(({ payload }) => payload['outcome'])).toEqual(['done', 'unconfirmed', 'refused']);
  }, 40_000);

  it('says so when its PLC takes a start and does nothing, and is not busy for ever', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const answer = await supervisor.ask('line.start');
    expect(answer.code).toBe('failed');
    await supervisor.sees('it is free again', ({ busy }) => busy === null);
  }, 40_000);

  it('ends a start whose PLC begins anew in the middle of it', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    await until('it is asked', () => plc.calls.length === 1);
    await plc.stop();
    const answer = await supervisor.outcome(request.id);
    expect(answer.code).toBe('failed');
    expect(answer.detail).toMatch(/\p{L}/u);
    await plc.start();
    await supervisor.sees('it is idle again', ({ state, busy }) => state === 'idle' && busy === null);
  }, 40_000);

  it('is followed by its counter of life', async () => {
    await using world = await World.start();
    const before = Number(world.plc.held('TrameLife'));
    await delay(2000);
    const counted = Number(world.plc.held('TrameLife')) - before;
    expect(counted).toBeGreaterThanOrEqual(5);
    expect(counted).toBeLessThanOrEqual(12);
  }, 40_000);
});

describe('requests that do not come once and whole', () => {
  it('two at once: one is carried out, the other told that the line is busy; a stop goes before both', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.ignores = true;
    await plc.pressEnable();
    const first = supervisor.sign('line.start');
    const second = supervisor.sign('line.start');
    supervisor.send(first);
    supervisor.send(second);
    expect(await supervisor.outcome(second.id)).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'busy' }],
    });
    plc.ignores = false;
    // Who may stop a line has it in hand or not.
    const stop = await supervisor.ask('line.stop', {}, { actorRef: 'beef0123beef0123' });
    expect(stop).toMatchObject({ code: 'done' });
    expect(await supervisor.outcome(first.id)).toMatchObject({ code: 'failed' });
    expect([plc.calls, plc.held('State')]).toEqual([['Start', 'Stop'], 2]);
  }, 40_000);

  it('a stop that the PLC lost: the next one is asked at once, and both are told that it stands', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    plc.number('State', 6);
    await supervisor.sees('it runs', ({ state }) => state === 'execute');
    plc.ignores = true;
    const lost = supervisor.sign('line.stop');
    supervisor.send(lost);
    await until('it is asked', () => plc.calls.length === 1);
    await delay(1000);
    plc.ignores = false;
    const askedAtMs = performance.now();
    expect(await supervisor.ask('line.stop')).toMatchObject({ code: 'done' });
    expect(performance.now() - askedAtMs).toBeLessThan(3000);
    expect(await supervisor.outcome(lost.id)).toMatchObject({ code: 'done' });
    expect([plc.calls, plc.held('State')]).toEqual([['Stop', 'Stop'], 2]);
  }, 40_000);

  it('a stop of a PLC that is gone: it is not there, which is not a refusal of its own', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    await plc.stop();
    await supervisor.sees('it is gone', ({ state }) => state === 'unknown');
    expect(await supervisor.ask('line.stop')).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'device-offline', ref: 'plc' }],
    });
    await plc.start();
  }, 40_000);

  it('the same again, a captured one, one that was altered, one that is old', async () => {
    await using world = await World.start();
    const { supervisor, plc } = world;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    supervisor.send(request);
    await supervisor.outcome(request.id);
    supervisor.send(request);
    await until('it is answered again', () => supervisor.answersTo(request.id).length >= 3);
    await delay(300);
    const codes = new Set(supervisor.answersTo(request.id).map(({ code }) => code));
    expect([plc.calls, [...codes]]).toEqual([['Start'], ['accepted', 'done']]);
    const altered = supervisor.sign('line.hold');
    supervisor.send({ bytes: altered.bytes.replace('line.hold', 'line.stop') });
    expect(await supervisor.outcome(altered.id)).toMatchObject({ code: 'bad-signature' });
    const heartbeat = { boot: '0'.repeat(16), tick: 1 };
    expect(await supervisor.ask('line.stop', {}, { heartbeat })).toMatchObject({ code: 'expired' });
    expect(plc.calls).toEqual(['Start']);
  }, 40_000);

  it('of an edge that is killed in the middle: its end is recorded as unknown, nothing is done twice', async () => {
    await using world = await World.prepare();
    const { supervisor, plc } = world;
    const file = join(dir, 'line.yaml');
    writeFileSync(file, lineText(world.broker.url, plc.url));
    const args = [join(import.meta.dirname, 'main.ts'), 'run', '--config', file, '--data', dataDir];
    const env = { ...process.env, TRAME_EDGE_HTTP_PORT: '0' };
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    await world.takeInHand();
    plc.ignores = true;
    await plc.pressEnable();
    const request = supervisor.sign('line.start');
    supervisor.send(request);
    await until('it is asked', () => plc.calls.length === 1);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    supervisor.heartbeat = null;
    await world.startEdge();
    await until('its end is recorded', () => recorded().some(({ type }) => type === 'command.ended'), 20_000);
    const ended = recorded().filter(({ type }) => type === 'command.ended');
    expect(ended).toMatchObject([{ payload: { request: request.id, outcome: 'unknown' } }]);
    await until('the edge is heard', () => supervisor.heartbeat !== null, 15_000);
    supervisor.send(request);
    expect(await supervisor.outcome(request.id)).toMatchObject({ code: 'already-done' });
    expect(plc.calls).toEqual(['Start']);
    await supervisor.sees('it is told', ({ last }) => last?.outcome === 'unknown');
  }, 60_000);
});

describe('a line whose ledger takes nothing', () => {
  it('is stopped when it is asked, and not started; what was done is recorded once it can be', async () => {
    await using world = await World.start();
    await world.run();
    const { supervisor, plc } = world;
    const lock = new DatabaseSync(join(dataDir, 'ledger.sqlite'));
    lock.exec('BEGIN EXCLUSIVE');
    let isLocked = true;
    try {
      const stop = supervisor.sign('line.stop');
      supervisor.send(stop);
      await until('it stands', () => plc.held('State') === 2);
      expect(await supervisor.outcome(stop.id)).toMatchObject({ code: 'done', seq: null });
      plc.number('State', 4);
      await supervisor.sees('it is idle', ({ state }) => state === 'idle');
      await plc.pressEnable();
      expect(await supervisor.ask('line.start')).toMatchObject({ code: 'not-stored' });
      expect(plc.calls).toEqual(['Start', 'Stop']);
      lock.exec('ROLLBACK');
      isLocked = false;
      await until('the stop is recorded', () => {
        const ends = recorded().filter(({ payload }) => payload['command'] === 'line.stop');
        return ends.length === 2;
      });
      supervisor.send(stop);
      await until('it is answered again', () => supervisor.answersTo(stop.id).at(-1)?.code === 'done');
      expect(plc.calls).toEqual(['Start', 'Stop']);
    } finally {
      if (isLocked) lock.exec('ROLLBACK');
      lock.close();
    }
  }, 60_000);
});
