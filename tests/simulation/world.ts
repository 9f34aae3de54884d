/**
 * One seeded world: material falls, an edge records and sends, a server stores; meanwhile connections, disks and
 * programs fail as the seed says. Then everything is mended, and what was promised must be true.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerStore } from '@trame/dashboard-server/ledger/ledger-store';
import type { Ledger } from '@trame/edge/ports/ledger';
import { CONSUMER, EdgeProgram, LINE, SITE, TELEMETRY_TOPIC } from './edge-program.ts';
import { WORKING, type DiskPlan, type FailingDisks } from './failing-disk.ts';
import { Material } from './material.ts';
import { CALM, Network, type Peer, type Port } from './network.ts';
import { Seeded } from './seeded.ts';
import { ServerProgram } from './server-program.ts';
import { badDisk, planTroubles, troubledHabits, type Trouble } from './troubles.ts';
import { ProcessClock, VirtualTime } from './virtual-time.ts';

/** How long things fail, and how long they may then take to come right, ms of the world. */
const TROUBLE_MS = 45_000;
const RECOVERY_MS = 150_000;
const AFTERMATH_MS = 45_000;
const SMALL_SPOOL_BYTES = 64 * 1024;
const ROOMY_SPOOL_BYTES = 16 * 1024 * 1024;
const SHORT_MS = 6_000;
const LONG_MS = 24 * 3_600_000;

/** Deliberate faults of the programs: a proof that does not notice them proves nothing. */
export interface Flaws {
  readonly ledger?: (ledger: Ledger, clock: ProcessClock) => Ledger;
  readonly store?: (store: LedgerStore, clock: ProcessClock) => LedgerStore;
  readonly losesSpooled?: boolean;
}

export interface Taken {
  readonly value: number;
  readonly timeMs: number;
}

/** What is known when everything has come to rest. */
export interface Aftermath {
  readonly seed: number;
  readonly material: Material;
  /** `epoch/seq` of every event that the ledger said is stored. */
  readonly acknowledged: ReadonlySet<string>;
  /** Acknowledgements of the server that claimed more than its disk held. */
  readonly falseAcks: number;
  readonly samples: readonly Taken[];
  readonly historyDisk: ReadonlySet<number>;
  /** Whether anything happened that may take telemetry away for good. */
  readonly mayLoseTelemetry: boolean;
  readonly cameToRest: boolean;
  readonly edge: EdgeProgram;
  readonly server: ServerProgram;
}

export class World implements Disposable {
  readonly #seed: number;
  readonly #tell: (story: string) => void;
  readonly #flaws: Flaws;
  readonly #random: Seeded;
  readonly #time = new VirtualTime();
  readonly #network: Network;
  readonly #disks: FailingDisks;
  readonly #folder: string;
  readonly #material: Material;
  readonly #acknowledged = new Set<string>();
  readonly #samples: Taken[] = [];
  readonly #historyDisk = new Set<number>();
  readonly #edgeFolder: string;
  readonly #serverFolder: string;
  readonly #spool: { readonly maxBytes: number; readonly maxAgeMs: number };
  readonly #ballast: string;
  #wallErrorMs = 0;
  #edge: { program: EdgeProgram; clock: ProcessClock; ports: Port[] } | null = null;
  #server: { program: ServerProgram; clock: ProcessClock; port: Port | null } | null = null;
  #diskOf: DiskPlan = WORKING;
  #serverDisk: DiskPlan = WORKING;
  #falseAcks = 0;
  #mayLoseTelemetry = false;
  #isSampling = true;
  #isCut = false;

  constructor(
    seed: number,
    disks: FailingDisks,
    parentFolder: string,
    flaws: Flaws = {},
    tell: (story: string) => void = () => undefined,
  ) {
    this.#seed = seed;
    this.#tell = (story) => tell(`${(this.#time.nowMs / 1000).toFixed(3)} s: ${story}`);
    this.#flaws = flaws;
    this.#disks = disks;
    this.#random = new Seeded(seed);
    this.#folder = mkdtempSync(join(parentFolder, 'world-'));
    this.#edgeFolder = join(this.#folder, 'edge');
    this.#serverFolder = join(this.#folder, 'server');
    mkdirSync(this.#serverFolder);
    this.#network = new Network(this.#time, this.#random, (topic) => topic === TELEMETRY_TOPIC);
    this.#material = new Material(this.#time, this.#random);
    const isSmall = this.#random.chance(0.15);
    const isShort = this.#random.chance(0.15);
    this.#spool = {
      maxBytes: isSmall ? SMALL_SPOOL_BYTES : ROOMY_SPOOL_BYTES,
      maxAgeMs: isShort ? SHORT_MS : LONG_MS,
    };
    // An outage of some seconds then fills a small spool.
    this.#ballast = Buffer.from(this.#random.bytes(isSmall ? 4_096 : 1)).toString('hex');
    this.#mayLoseTelemetry = isSmall || isShort;
    disks.mount(this.#edgeFolder, (file) => this.#diskOf(file));
  }

  async run(): Promise<Aftermath> {
    await this.#startServer();
    this.#startEdge();
    this.#material.fallUntil(TROUBLE_MS);
    this.#planTrouble();
    await this.#time.runTo(TROUBLE_MS);
    await this.#mend();
    await this.#time.runTo(this.#time.nowMs + 2_000);
    this.#isSampling = false;
    let rests = false;
    for (let waited = 0; waited < RECOVERY_MS && !rests; waited += 5_000) {
      await this.#time.runTo(this.#time.nowMs + 5_000);
      rests = await this.#isAtRest();
    }
    // The history writes what has arrived once a second, and losses are gathered before they are declared.
    await this.#time.runTo(this.#time.nowMs + AFTERMATH_MS);
    rests &&= await this.#isAtRest();
    const { edge, server } = this.#running();
    return {
      seed: this.#seed,
      material: this.#material,
      acknowledged: this.#acknowledged,
      falseAcks: this.#falseAcks,
      samples: this.#samples,
      historyDisk: this.#historyDisk,
      mayLoseTelemetry: this.#mayLoseTelemetry,
      cameToRest: rests,
      edge,
      server,
    };
  }

  [Symbol.dispose](): void {
    this.#edge?.clock.kill();
    this.#server?.clock.kill();
    this.#disks.cutOff(this.#folder);
    this.#disks.unmount(this.#edgeFolder);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #running(): { edge: EdgeProgram; server: ServerProgram } {
    if (this.#edge === null || this.#server === null) throw new Error('a program does not run');
    return { edge: this.#edge.program, server: this.#server.program };
  }

  #planTrouble(): void {
    this.#network.behave(troubledHabits(this.#random));
    for (const trouble of planTroubles(this.#random, TROUBLE_MS)) {
      this.#time.at(trouble.atMs, () => this.#strike(trouble));
    }
  }

  #strike({ kind, forMs }: Trouble): void {
    this.#tell(`${kind}, ${forMs} ms`);
    switch (kind) {
      case 'edge killed':
        return this.#killEdge(forMs);
      case 'edge restarted':
        return this.#restartEdge();
      case 'server killed':
        return this.#killServer(forMs);
      case 'link cut':
        return this.#cutLink(forMs);
      case 'link swallows':
        return this.#swallow(forMs);
      case 'edge disk fails':
        return this.#failDisk(forMs);
      case 'server disk fails':
        return this.#failServerDisk(forMs);
      case 'clock steps':
        return this.#stepClock();
      default:
        kind satisfies never;
    }
  }

  #startEdge(): void {
    this.#tell('edge starts');
    const clock = new ProcessClock(this.#time, () => this.#wallErrorMs);
    const ports: Port[] = [];
    const join = (peer: Peer, hears: (topic: string) => boolean): Port => {
      const port = this.#network.join(peer, hears);
      ports.push(port);
      this.#time.in(this.#random.between(50, 800), () => this.#connect(port));
      return port;
    };
    const { ledger: flawOfLedger, losesSpooled } = this.#flaws;
    const program = new EdgeProgram({
      folder: this.#edgeFolder,
      clock,
      random: this.#random,
      material: this.#material,
      ledgerPort: (peer) => join(peer, (topic) => topic.includes('/ledger/ack/')),
      telemetryPort: (peer) => join(peer, () => false),
      takeSample: (timeMs) => {
        if (!this.#isSampling) return null;
        const value = this.#samples.length;
        this.#samples.push({ value, timeMs });
        return value;
      },
      acknowledged: (epoch, seq) => this.#acknowledged.add(`${epoch}/${seq}`),
      spool: this.#spool,
      ballast: this.#ballast,
      ...(flawOfLedger === undefined ? {} : { disguise: (ledger: Ledger) => flawOfLedger(ledger, clock) }),
      ...(losesSpooled === undefined ? {} : { losesSpooled }),
    });
    this.#edge = { program, clock, ports };
    if (program.isUsable) program.start();
    // A disk that refuses now may take it later.
    else this.#killEdge(2_000);
  }

  async #startServer(): Promise<void> {
    this.#tell('server starts');
    const clock = new ProcessClock(this.#time, () => 0);
    const { store: flawOfStore } = this.#flaws;
    let port: Port | null = null;
    const program = await ServerProgram.start({
      folder: this.#serverFolder,
      clock,
      historyDisk: this.#historyDisk,
      port: (peer) => {
        port = this.#network.join(peer, isForServer);
        return port;
      },
      ...(flawOfStore === undefined ? {} : { disguise: (store: LedgerStore) => flawOfStore(store, clock) }),
      acked: (payload) => this.#checkAck(payload),
      disk: () => this.#serverDisk(this.#serverFolder),
    });
    this.#server = { program, clock, port };
    this.#time.in(this.#random.between(50, 800), () => {
      if (port !== null && clock.isAlive) port.connect();
      this.#edge?.ports.forEach((own) => this.#connect(own));
    });
  }

  /** The telemetry of an edge waits for its host; the ledger only for the broker. */
  #connect(port: Port): void {
    if (this.#edge?.ports.includes(port) !== true || this.#isCut) return;
    const isTelemetry = this.#edge.ports[1] === port;
    if (!isTelemetry || this.#server?.port?.isUp === true) port.connect();
  }

  #killEdge(forMs: number): void {
    if (this.#edge === null) return;
    this.#mayLoseTelemetry = true;
    const { clock, ports } = this.#edge;
    clock.kill();
    for (const port of ports) port.leave();
    this.#disks.cutOff(this.#edgeFolder);
    this.#edge = null;
    this.#time.in(forMs, () => {
      if (this.#edge === null) this.#startEdge();
    });
  }

  #restartEdge(): void {
    if (this.#edge === null) return;
    const { program, clock, ports } = this.#edge;
    program.stop();
    clock.kill();
    for (const port of ports) port.leave();
    this.#disks.cutOff(this.#edgeFolder);
    this.#startEdge();
  }

  #killServer(forMs: number): void {
    if (this.#server === null) return;
    const { clock, port } = this.#server;
    clock.kill();
    port?.leave();
    this.#disks.cutOff(this.#serverFolder);
    this.#server = null;
    // Its will tells the edge, not at once, that nobody keeps its telemetry.
    this.#time.in(this.#random.between(100, 7_500), () => this.#hostIsGone());
    this.#time.in(Math.max(forMs, 7_600), () => this.#reviveServer());
  }

  #hostIsGone(): void {
    const port = this.#edge?.ports[1];
    if (port === undefined) return;
    port.disconnect();
    this.#time.in(1_000, () => this.#connect(port));
  }

  async #reviveServer(): Promise<void> {
    if (this.#server === null) await this.#startServer();
  }

  #cutLink(forMs: number): void {
    this.#isCut = true;
    for (const port of this.#edge?.ports ?? []) port.disconnect();
    this.#time.in(forMs, () => this.#restoreLink());
  }

  /** The broker's machine vanishes: what is sent goes nowhere, until the keep-alive tells. */
  #swallow(forMs: number): void {
    for (const port of this.#edge?.ports ?? []) port.swallow();
    const noticedMs = this.#random.between(500, 9_000);
    this.#time.in(noticedMs, () => this.#cutLink(forMs));
  }

  #restoreLink(): void {
    this.#tell('link restored');
    this.#isCut = false;
    for (const port of this.#edge?.ports ?? []) this.#connect(port);
  }

  #failDisk(forMs: number): void {
    // What a stop finds no room for is gone, and is declared.
    this.#mayLoseTelemetry = true;
    this.#diskOf = badDisk(this.#random);
    this.#time.in(forMs, () => {
      this.#diskOf = WORKING;
    });
  }

  #failServerDisk(forMs: number): void {
    this.#serverDisk = badDisk(this.#random);
    this.#time.in(forMs, () => {
      this.#serverDisk = WORKING;
    });
  }

  #stepClock(): void {
    this.#wallErrorMs += this.#random.between(-1_800_000, 1_800_000);
    this.#tell(`the edge's clock is off by ${this.#wallErrorMs} ms`);
  }

  async #mend(): Promise<void> {
    this.#network.behave(CALM);
    this.#diskOf = WORKING;
    this.#serverDisk = WORKING;
    if (this.#server === null) await this.#startServer();
    if (this.#edge === null) this.#startEdge();
    this.#time.in(1_000, () => this.#restoreLink());
  }

  async #isAtRest(): Promise<boolean> {
    if (this.#edge === null || this.#server === null) return false;
    const { program } = this.#edge;
    const recorded = Number(program.ledger.mark('count.outlet.a') ?? 0);
    const stored = await this.#storedUpTo();
    return program.isQuiet && recorded === this.#material.totalGrams && stored === program.ledger.head.seq;
  }

  async #storedUpTo(): Promise<number> {
    const row = await this.#server?.program.records
      .selectFrom('ledger_events')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('site', '=', SITE)
      .where('line', '=', LINE)
      .executeTakeFirst();
    return row?.count ?? 0;
  }

  /** At the moment of an acknowledgement the disk must hold what it claims. */
  #checkAck(payload: string): void {
    const { upTo, consumer } = JSON.parse(payload) as { upTo: number; consumer: string };
    if (consumer !== CONSUMER || upTo === 0) return;
    if (this.#disks.rowsOf(this.#serverFolder, 'SELECT max("seq") AS last FROM "ledger_events"') < upTo) {
      this.#falseAcks += 1;
    }
  }
}

function isForServer(topic: string): boolean {
  return topic.endsWith('/ledger') || topic === TELEMETRY_TOPIC;
}
