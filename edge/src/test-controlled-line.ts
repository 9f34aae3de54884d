/** A whole edge that controls a real OPC UA device, asked over a real broker by who signs as a server does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseLineConfig } from './config/parse-line-config.ts';
import { startEdge, type Edge } from './edge.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { TestBroker, until } from './sparkplug/test-broker.ts';
import { systemClock } from './system/clock.ts';
import { systemEntropy } from './system/entropy.ts';
import { TestPlc } from './test-plc.ts';
import { TestSupervisor } from './test-supervisor.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What a test adds to the line. */
export interface LineParts {
  readonly devices?: string;
  readonly interlocks?: string;
}

const NODE = 'nsu=urn:trame:test;s=';

function tag(name: string, node: string, more = ''): string {
  return `      - { name: ${name}, node: "${NODE}${node}"${more} }\n`;
}

function method(name: string, node: string): string {
  return `      - { name: ${name}, object: "${NODE}Machine", method: "${NODE}Machine.${node}" }\n`;
}

/** @param keyFile of who may ask. @param more devices, in YAML. @param interlocks more of them. */
function lineText(
  brokerUrl: string,
  plcUrl: string,
  keyFile: string,
  { devices = '', interlocks = '' }: LineParts,
): string {
  return `
site: caux
line: tri-1
uplink: { url: ${brokerUrl} }
ledger: { consumers: [trame], reserve: 8MB }
commands: { trust: [${keyFile}] }
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
${method('start', 'Start')}${method('stop', 'Stop')}${method('hold', 'Hold')}${devices}
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
${interlocks}  setpoints:
    - { id: belt, label: Tapis, tag: speed, step: 0.05 }
`;
}

export interface Row {
  readonly type: string;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A line that stands ready, its edge, its broker and its supervisor, who has the line in hand. */
export class World implements AsyncDisposable {
  readonly dir: string;
  readonly broker: TestBroker;
  readonly plc: TestPlc;
  readonly supervisor: TestSupervisor;
  edge: Edge | null = null;
  readonly #parts: LineParts;
  /** Time that has passed beside the real one, ms. */
  #aheadMs = 0;

  private constructor(
    dir: string,
    broker: TestBroker,
    plc: TestPlc,
    supervisor: TestSupervisor,
    parts: LineParts,
  ) {
    this.dir = dir;
    this.broker = broker;
    this.plc = plc;
    this.supervisor = supervisor;
    this.#parts = parts;
  }

  /** Without an edge yet. */
  static async prepare(parts: LineParts = {}): Promise<World> {
    const dir = mkdtempSync(join(tmpdir(), 'trame-control-'));
    const broker = await TestBroker.start();
    const plc = await TestPlc.start(dir);
    const supervisor = await TestSupervisor.start(broker.url, keyFile(dir));
    return new World(dir, broker, plc, supervisor, parts);
  }

  static async start(parts: LineParts = {}): Promise<World> {
    const world = await World.prepare(parts);
    await world.startEdge();
    await world.takeInHand();
    return world;
  }

  get dataDir(): string {
    return join(this.dir, 'edge');
  }

  /** Its line.yaml. */
  get text(): string {
    return lineText(this.broker.url, this.plc.url, keyFile(this.dir), this.#parts);
  }

  async startEdge(): Promise<void> {
    const { dataDir } = this;
    const parse = parseLineConfig(this.text, 'line.yaml', { dataDir });
    if (parse.kind === 'invalid') throw new Error(JSON.stringify(parse.issues));
    const { config } = parse;
    const clock: Clock = {
      nowMs: () => systemClock.nowMs() + this.#aheadMs,
      monotonicMs: () => systemClock.monotonicMs() + this.#aheadMs,
      sleep: (ms, signal) => systemClock.sleep(ms, signal),
    };
    this.edge = await startEdge({ config, dataDir, httpPort: 0, log: silent, clock, entropy: systemEntropy });
  }

  /** So much time passes for the edge at once. */
  pass(ms: number): void {
    this.#aheadMs += ms;
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
    return this.#rows().some(({ type }) => type === 'edge.started');
  }

  /** What of controlling the line lies in the ledger, read beside its writer. */
  recorded(): readonly Row[] {
    return this.#rows().filter(({ type }) => type.startsWith('command.') || type.startsWith('control.'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.edge?.stop();
    await this.supervisor[Symbol.asyncDispose]();
    await this.plc[Symbol.asyncDispose]();
    await this.broker[Symbol.asyncDispose]();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #rows(): readonly Row[] {
    const db = new DatabaseSync(join(this.dataDir, 'ledger.sqlite'), { readOnly: true });
    const rows = db.prepare('SELECT type, actor_ref, payload FROM events ORDER BY position').all();
    db.close();
    return rows.map(({ type, actor_ref: actor, payload }) => ({
      type: String(type),
      actor: actor === null ? null : String(actor),
      payload: JSON.parse(String(payload)) as Row['payload'],
    }));
  }
}

function keyFile(dir: string): string {
  return join(dir, 'key.pem');
}
