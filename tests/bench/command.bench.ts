/**
 * How long a command takes from the click to the device, back, and to the page, while the line runs and is polled: a
 * set-point of the belt, written over OPC UA and over Modbus in turn, and the bare libraries beside it. All on the same
 * simulated PLC, whose register is read beside Trame. Usage: npm run bench -- command [writes of each]
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeReply } from '@trame/protocol/command';
import { trameTopic } from '@trame/protocol/topics';
import { connectAsync } from 'mqtt';
import { openChromium } from '../helpers/chromium.ts';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { sendCommand } from '../helpers/line-command.ts';
import { startSite } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';
import { bareModbus, bareOpcua, openWitness, type BareWriter } from './bare-writes.ts';
import { followLive } from './live-follower.ts';
import { machineMs, p95Line } from './quantiles.ts';
import { openSetpointPage } from './setpoint-page.ts';

const SITE = 'caux-vallee-de-seine';
const LINE = 'tri-1';
const READY_MS = 90_000;
const SEEN_MS = 10_000;
/** Out of step with every poll and with the pictures of the control. */
const PAUSE_MS = { min: 100, spread: 400 };
/** Port of the simulated PLC on Modbus, after that of the first device. */
const LINE_ON_MODBUS = 5;
const writes = Number(process.argv[2] ?? 200);

const WAYS = [
  { name: 'OPC UA', setpoint: 'infeed-belt', device: 'plc', tag: 'infeedBeltSpeedSetpoint' },
  { name: 'Modbus', setpoint: 'infeed-belt-modbus', device: 'plc-modbus', tag: 'beltSetpoint' },
] as const;
type Way = (typeof WAYS)[number];

/** In the steps of the page; never the same twice running, mm/s. */
const speedAt = (index: number) => 400 + 50 * (index % 4);

const STAGES = [
  ['recorded', 'edge: recorded, reply «accepted»'],
  ['device', 'device holds the new value'],
  ['readBack', 'edge: read back, reply «done»'],
  ['answered', 'request answered'],
  ['outcome', '«Fait» painted in Chromium'],
  ['tag', 'tag in the live stream'],
  ['picture', 'control picture in the stream'],
  ['value', 'new value painted in Chromium'],
] as const;
type Stage = (typeof STAGES)[number][0];
type Taken = Record<Stage, number>;

await using site = await startSite({
  history: 'embedded',
  simulatorArgs: ['--no-incidents'],
  editLine: withModbus,
});
const supervisor = await site.signInAs('supervisor');
await using live = await followLive(site.url, supervisor.cookie, LINE);
await until('a line that runs', () => live.state() === 'execute', READY_MS);
await until('the devices', () => WAYS.every(({ setpoint }) => live.setpoint(setpoint) !== null), READY_MS);
await takeLine(supervisor);
await using chromium = await openChromium();
const page = await openSetpointPage(chromium, site, LINE);
await using witness = await openWitness(site.ports.modbus + LINE_ON_MODBUS);
await using replies = await followReplies(site.broker.url);

say(`${writes} set-points each way, demo load polled meanwhile, everything on this machine; ${load()}`);
for (const way of WAYS) say(await measureWay(way));
for (const open of [bareOpcua, bareModbus]) {
  await using bare = await open(site);
  say(await measureBare(bare));
}
say(load());

/** The line on OPC UA as in the demonstration, and its belt on Modbus too. */
function withModbus(yaml: string): string {
  const first = /url: tcp:\/\/127\.0\.0\.1:(?<port>\d+)/u.exec(yaml)?.groups?.['port'];
  const port = Number(first) + LINE_ON_MODBUS;
  const device = [
    '  - id: plc-modbus',
    '    driver: modbus',
    `    url: tcp://127.0.0.1:${port}`,
    '    unit: 1',
    '    addressBase: 0',
    '    byteOrder: ABCD',
    '    limits: { maxWords: 60, maxGap: 0, pauseMs: 0, timeoutMs: 500 }',
    '    groups:',
    '      - every: 100ms',
    '        tags:',
    '          - { name: beltSetpoint, register: holding, address: 8, type: uint16, scale: 0.001, unit: m/s, writable: true, range: [0.1, 1.2] }',
    '          - { name: beltSpeed, register: holding, address: 9, type: uint16, scale: 0.001, unit: m/s, deadband: 0.01 }',
    '',
  ].join('\n');
  const setpoint =
    '    - { id: infeed-belt-modbus, label: Le même tapis par Modbus, tag: { device: plc-modbus, tag: beltSetpoint }, step: 0.05 }\n';
  return yaml
    .replace('\ndevices:\n', (line) => `${line}${device}`)
    .replace('\n  setpoints:\n', (line) => `${line}${setpoint}`);
}

async function measureWay(way: Way): Promise<string> {
  const taken: Taken[] = [];
  const other: string[] = [];
  for (let index = 0; index < writes; index += 1) {
    await sleep(PAUSE_MS.min + Math.random() * PAUSE_MS.spread);
    const result = await measureOne(way, speedAt(index));
    if (typeof result === 'string') other.push(result);
    else taken.push(result);
  }
  const lines = STAGES.map(([stage, words]) => {
    return `  ${words.padEnd(33)} ${p95Line(taken.map((one) => one[stage]))}`;
  });
  const rest = other.length === 0 ? [] : [`  not done: ${other.length} (${[...new Set(other)].join(', ')})`];
  return [`command over ${way.name}`, ...lines, ...rest].join('\n');
}

/** @returns ms from the click to each stage; how it ended, when it was not done. */
async function measureOne(way: Way, mmPerS: number): Promise<Taken | string> {
  const value = mmPerS / 1000;
  const before = replies.ended();
  const device = witness.until(mmPerS, SEEN_MS);
  const seen = live.until(way, value, SEEN_MS);
  const shown = await page.write(way.setpoint, value, SEEN_MS);
  if (shown.outcome !== 'done' || shown.valueMs === null) {
    await Promise.allSettled([device, seen]);
    return shown.outcome;
  }
  const [deviceMs, { tagMs, pictureMs }, told] = await Promise.all([
    device,
    seen,
    until('both replies', () => replies.after(before), SEEN_MS),
  ]);
  const at: Taken = {
    recorded: told.acceptedMs,
    device: deviceMs,
    readBack: told.endedMs,
    answered: shown.answeredMs,
    outcome: shown.outcomeMs,
    tag: tagMs,
    picture: pictureMs,
    value: shown.valueMs,
  };
  return Object.fromEntries(STAGES.map(([stage]) => [stage, at[stage] - shown.clickedMs])) as Taken;
}

async function measureBare({ name, write, readUntil }: BareWriter): Promise<string> {
  const written: number[] = [];
  const readBack: number[] = [];
  for (let index = 0; index < writes; index += 1) {
    await sleep(20 + Math.random() * 60);
    const mmPerS = speedAt(index);
    const begunMs = machineMs();
    await write(mmPerS);
    written.push(machineMs() - begunMs);
    await readUntil(mmPerS);
    readBack.push(machineMs() - begunMs);
  }
  return [
    `bare ${name}, same PLC, same load`,
    `  ${'write answered'.padEnd(33)} ${p95Line(written)}`,
    `  ${'written and read back'.padEnd(33)} ${p95Line(readBack)}`,
  ].join('\n');
}

async function takeLine(client: DashboardClient): Promise<void> {
  const { status, body } = await sendCommand(client, randomUUID(), 'control.take');
  if (status !== 200) throw new Error(`control.take: ${status} ${JSON.stringify(body)}`);
}

interface Replies extends AsyncDisposable {
  /** How many requests were answered for the last time. */
  readonly ended: () => number;
  /** When the two answers to the request after so many came by; null: not both yet. */
  readonly after: (ended: number) => { readonly acceptedMs: number; readonly endedMs: number } | null;
}

/** The edge's answers, as whoever listens to the broker hears them. One request is made after the other. */
async function followReplies(brokerUrl: string): Promise<Replies> {
  const client = await connectAsync(brokerUrl);
  const heard: { acceptedMs: number; endedMs: number }[] = [];
  let acceptedMs = 0;
  client.on('message', (_topic, payload) => {
    const nowMs = machineMs();
    const reply = decodeReply(payload);
    if (reply === null) return;
    if (reply.code === 'accepted') acceptedMs = nowMs;
    else heard.push({ acceptedMs, endedMs: nowMs });
  });
  await client.subscribeAsync(trameTopic(SITE, LINE, 'reply'));
  return {
    ended: () => heard.length,
    after: (ended) => heard[ended] ?? null,
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
}

/** Figures of a machine that does much else beside are those of that machine. */
function load(): string {
  return `${availableParallelism()} cores, load ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`;
}

function say(lines: string): void {
  process.stdout.write(`${lines}\n`);
}
