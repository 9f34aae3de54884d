/** An edge as a program, with a real broker and a real device: what people see of an alarm, and what a power cut leaves. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AlarmChanged, AlarmDeclared } from '@trame/protocol/alarms/alarm-events';
import { decodeReply, signCommand, type CommandReply } from '@trame/protocol/command';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANGES_A_MINUTE } from './domain/alarms/alarm-run.ts';
import { TestBroker, until } from './sparkplug/test-broker.ts';
import { TestModbusScale } from './test-modbus-scale.ts';

const MAIN = new URL('main.ts', import.meta.url).pathname;
const JAM_REGISTER = 10;

let dir = '';
let key: KeyObject;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-edge-alarms-'));
  const pair = generateKeyPairSync('ed25519');
  key = pair.privateKey;
  writeFileSync(join(dir, 'key.pem'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function configure(brokerUrl: string, plc: TestModbusScale, more = ''): void {
  const text = `
site: caux
line: tri-1
uplink: { url: ${brokerUrl} }
ledger: { reserve: 8MB }
commands: { trust: [${join(dir, 'key.pem')}] }
devices:
  - id: plc
    driver: modbus
    url: tcp://127.0.0.1:${plc.port}
    unit: 1
    limits: { timeoutMs: 300 }
    groups:
      - every: 50ms
        tags: [{ name: jam, register: holding, address: ${JAM_REGISTER}, type: bool, bit: 0 }]
${more}`;
  writeFileSync(join(dir, 'line.yaml'), text);
}

const ALARMS = `alarms:
  - id: jam
    priority: 1
    label: Bourrage
    cause: Des textiles se sont entassés.
    consequence: La ligne s'arrête.
    response: Dégager à la main.
    when: { device: plc, tag: jam, is: "=", value: true }
    latching: true
    group: stop
  - { id: device-plc, onDelay: 0s }
`;

const RESIDUAL = `  - id: residu
    priority: 2
    label: Bilan de masse
    cause: Une pesée manque.
    consequence: Le bilan du jour est faux.
    response: Vérifier les pesées.
    source: reported
`;

async function launch(): Promise<{ kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> } & AsyncDisposable> {
  const child = spawn(process.execPath, [MAIN, 'run', '--config', 'line.yaml'], {
    cwd: dir,
    env: { PATH: process.env['PATH'], TRAME_EDGE_HTTP_PORT: '0', TRAME_DATA_DIR: dir },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  const kill = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  child.stdout.resume();
  return { kill, [Symbol.asyncDispose]: () => kill('SIGKILL') };
}

interface Row {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actorRef: string | null;
}

/** What lies in the ledger, read beside its writer; nothing before there is one. */
function recorded(): readonly Row[] {
  try {
    const db = new DatabaseSync(join(dir, 'edge', 'ledger.sqlite'), { readOnly: true });
    const rows = db.prepare('SELECT type, payload, actor_ref FROM events ORDER BY position').all();
    db.close();
    return rows.map((row) => ({
      type: String(row['type']),
      payload: JSON.parse(String(row['payload'])) as Row['payload'],
      actorRef: row['actor_ref'] === null ? null : String(row['actor_ref']),
    }));
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) return [];
    throw error;
  }
}

function changesOf(alarm: string): readonly AlarmChanged[] {
  return recorded()
    .filter(({ type, payload }) => type === 'alarm.changed' && payload['alarm'] === alarm)
    .map(({ payload }) => payload as unknown as AlarmChanged);
}

function story(alarm: string): readonly string[] {
  return changesOf(alarm).map(({ from, to, occurrence }) => `${occurrence}: ${from} → ${to}`);
}

async function asked(
  brokerUrl: string,
  command: string,
  args: Record<string, unknown>,
): Promise<CommandReply> {
  const client = await connectAsync(brokerUrl);
  try {
    await client.subscribeAsync('trame/v1/caux/tri-1/reply', { qos: 1 });
    const { promise, resolve } = Promise.withResolvers<CommandReply>();
    const id = randomBytes(16).toString('hex');
    client.on('message', (_topic, payload) => {
      const reply = decodeReply(payload);
      if (reply?.id === id) resolve(reply);
    });
    const request = {
      v: 1 as const,
      id,
      site: 'caux',
      line: 'tri-1',
      command,
      args,
      actorRef: 'cafe0123cafe0123',
      at: Date.now(),
    };
    const signed = JSON.stringify(signCommand(request, key));
    await client.publishAsync('trame/v1/caux/tri-1/command', signed, { qos: 1 });
    return await promise;
  } finally {
    await client.endAsync(true);
  }
}

describe('an edge', () => {
  it('tells an alarm, has it acknowledged by a signed request, and knows how it stood after kill -9', async () => {
    await using broker = await TestBroker.start();
    await using plc = await TestModbusScale.start();
    configure(broker.url, plc, ALARMS);
    await using first = await launch();
    await until('declared', () => recorded().some(({ payload }) => payload['alarm'] === 'jam'));
    plc.registers.set(JAM_REGISTER, 1);
    await until('raised', () => story('jam').length === 1);
    const done = await asked(broker.url, 'alarm.acknowledge', { alarm: 'jam', occurrence: 1, comment: 'vu' });
    expect(done).toMatchObject({ code: 'done' });
    await first.kill('SIGKILL');
    // It is over before the edge is back.
    plc.registers.set(JAM_REGISTER, 0);
    await using second = await launch();
    await until('gone', () => story('jam').length === 3);
    const again = await asked(broker.url, 'alarm.acknowledge', { alarm: 'jam', occurrence: 1 });
    expect(again).toMatchObject({
      code: 'refused',
      refusal: 'already-acknowledged',
      detail: 'elle est déjà acquittée',
    });
    expect(await asked(broker.url, 'alarm.reset', { alarm: 'jam', occurrence: 1 })).toMatchObject({
      code: 'done',
    });
    plc.registers.set(JAM_REGISTER, 1);
    await until('again', () => story('jam').length === 5);
    expect(story('jam')).toEqual([
      '1: normal → unacknowledged',
      '1: unacknowledged → acknowledged',
      '1: acknowledged → latched-acknowledged',
      '1: latched-acknowledged → normal',
      '2: normal → unacknowledged',
    ]);
    const people = recorded().filter(({ type, actorRef }) => type === 'alarm.changed' && actorRef !== null);
    expect(people.map(({ payload }) => [payload['because'], payload['comment']])).toEqual([
      ['person', 'vu'],
      ['person', null],
    ]);
    // A loose cable: it is told so often, said to chatter, and not told again until it is calm.
    const before = story('jam').length;
    for (let times = 0; times < 30; times += 1) {
      plc.registers.set(JAM_REGISTER, times % 2);
      await delay(100);
    }
    const chatter = changesOf('jam').slice(before);
    expect(chatter.length).toBeGreaterThan(3);
    expect(chatter.length).toBeLessThanOrEqual(CHANGES_A_MINUTE + 1);
    expect(chatter.at(-1)?.comment).toContain('Change trop souvent');
    const alarms = recorded().filter(
      ({ type, payload }) => type === 'alarm.declared' && payload['alarm'] === 'jam',
    );
    expect(alarms).toHaveLength(1);
    await second.kill('SIGTERM');
  }, 60_000);

  it('of plain tags watches its device, itself, and whoever has to follow it', async () => {
    await using broker = await TestBroker.start();
    await using plc = await TestModbusScale.start();
    configure(broker.url, plc, `alarms:\n  - { id: device-plc, onDelay: 0s, offDelay: 0s }\n${RESIDUAL}`);
    await using edge = await launch();
    await until('online', () => recorded().some(({ type }) => type === 'device.state'));
    const declared = recorded()
      .filter(({ type }) => type === 'alarm.declared')
      .map(({ payload }) => payload as unknown as AlarmDeclared);
    expect(declared.map(({ alarm, source }) => [alarm, source])).toEqual([
      ['device-plc', 'device'],
      ['disk', 'disk'],
      ['clock', 'clock'],
      ['ledger', 'ledger'],
      ['chain-trame', 'chain'],
      ['residu', 'reported'],
    ]);
    // What only the server can see comes from there, and stands until it says otherwise.
    const report = (condition: boolean, value: number) =>
      asked(broker.url, 'alarm.report', { alarm: 'residu', condition, value });
    expect(await report(true, 41.5)).toMatchObject({ code: 'done' });
    const [residual] = changesOf('residu');
    expect(residual).toMatchObject({
      to: 'unacknowledged',
      condition: true,
      value: 41.5,
      because: 'condition',
    });
    const seen = { alarm: 'residu', occurrence: 1, comment: 'pesée à refaire' };
    expect(await asked(broker.url, 'alarm.acknowledge', seen)).toMatchObject({ code: 'done' });
    expect(await report(false, 2)).toMatchObject({ code: 'done' });
    expect(story('residu')).toEqual([
      '1: normal → unacknowledged',
      '1: unacknowledged → acknowledged',
      '1: acknowledged → normal',
    ]);
    const elsewhere = { alarm: 'device-plc', condition: true, value: null };
    expect(await asked(broker.url, 'alarm.report', elsewhere)).toMatchObject({
      code: 'refused',
      refusal: 'not-reported',
    });
    await plc.stop();
    await until('away', () => story('device-plc').length === 1);
    await plc.start();
    await until('back', () => story('device-plc').length === 2);
    const shelve = { alarm: 'device-plc', forMs: 3_600_000, reason: 'câble à changer' };
    expect(await asked(broker.url, 'alarm.shelve', shelve)).toMatchObject({ code: 'done' });
    expect(await asked(broker.url, 'alarm.shelve', { ...shelve, forMs: 1 })).toMatchObject({
      code: 'invalid-args',
    });
    expect(await asked(broker.url, 'alarm.unshelve', { alarm: 'nothing' })).toMatchObject({
      code: 'refused',
      refusal: 'unknown-alarm',
      detail: 'cette ligne n’a pas d’alarme « nothing »',
    });
    expect(story('device-plc')).toEqual([
      '1: normal → unacknowledged',
      '1: unacknowledged → returned',
      '1: returned → shelved',
    ]);
    await edge.kill('SIGTERM');
  }, 60_000);
});
