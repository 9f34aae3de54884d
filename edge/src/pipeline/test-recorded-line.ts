/** A line with its recorder on real files and a clock that a test moves: it can be stopped, cut off and started. */
import { GOOD } from '@trame/protocol/quality';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { ThroughputCounted } from '@trame/protocol/ledger-payloads';
import type { TagValue } from '@trame/protocol/tag';
import { countersOf, type KeptCount } from '../domain/line-counts.ts';
import type { DeviceConfig, ModbusDeviceConfig, ModbusTag, RolesConfig } from '../domain/line-config.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import type { CountStore } from '../ports/count-store.ts';
import type { Log } from '../ports/log.ts';
import { openEdgeState, type EdgeState } from '../state/edge-state.ts';
import { ClockKeeper } from './clock-keeper.ts';
import { markOf, standOf } from './count-baselines.ts';
import { Pipeline } from './pipeline.ts';
import { Recorder } from './recorder.ts';
import { TestClock } from './test-clock.ts';

export const EVERY_MS = 10_000;
const BOOT = '00112233aabbccdd';

/** One outlet, counted from the zero of its device. */
export function outletRoles(id: string, device: string, total: string): RolesConfig {
  return {
    infeedScale: null,
    lineState: { device: 'plc', tag: 'state', states: null },
    scales: [],
    description: {
      stations: [],
      outlets: [{ id, label: 'Réemploi', route: 'reuse', device, total, baseline: 'zero' }],
      safety: { device: 'plc', emergencyStop: 'stop' },
    },
  };
}

export const OUTLET_ROLES = outletRoles('reuse', 'bins', 'total1');

/** @param address register of its one tag. */
export function modbusDevice(id: string, name: string, address: number): ModbusDeviceConfig {
  const tag: ModbusTag = {
    name,
    unit: 'g',
    scale: 1,
    offset: 0,
    deadband: 0,
    range: null,
    writable: false,
    register: 'holding',
    address,
    type: 'uint64',
    byteOrder: 'ABCD',
    bit: null,
    lengthBytes: null,
  };
  return {
    driver: 'modbus',
    id,
    link: { kind: 'tcp', host: '10.0.0.5', port: 502 },
    unit: 1,
    limits: { maxWords: 100, maxGap: 0, pauseMs: 0, timeoutMs: 1000 },
    groups: [{ everyMs: 1000, staleAfterMs: 3000, tags: [tag] }],
    writes: [],
  };
}

export function tag(name: string, over: Partial<TagDefinition> = {}): TagDefinition {
  return { name, type: 'uint64', unit: 'g', deadband: 0, range: null, staleAfterMs: null, ...over };
}

export function good(name: string, value: TagValue): Reading {
  return { tag: name, value, quality: GOOD, sourceTimeMs: null };
}

interface Running {
  readonly state: EdgeState;
  readonly ledger: SqliteLedger;
  readonly clockKeeper: ClockKeeper;
  readonly pipeline: Pipeline;
  readonly recorder: Recorder;
  readonly cycles: AbortController;
  readonly recording: AbortController;
  readonly cyclesRun: Promise<void>;
  readonly recordingRun: Promise<void>;
}

export class RecordedLine {
  readonly clock = new TestClock();
  readonly warnings: string[] = [];
  readonly #dir: string;
  /** As it is at the next start. */
  roles: RolesConfig;
  /** Where totals are read; without it, a total is known by its names. */
  devices: readonly DeviceConfig[] = [];
  readonly #log: Log;
  /** Free space that the ledger sees, bytes: 0 is a full disk. */
  freeBytes = 10 ** 12;
  #running: Running | null = null;

  constructor(dir: string, roles: RolesConfig = OUTLET_ROLES) {
    this.#dir = dir;
    this.roles = roles;
    const warn = (_fields: object, message: string): number => this.warnings.push(message);
    this.#log = { debug: () => {}, info: () => {}, warn, error: warn };
  }

  get running(): Running {
    if (this.#running === null) throw new Error('the line does not run');
    return this.#running;
  }

  start(): void {
    const state = this.openState();
    const { clock } = this;
    const log = this.#log;
    const clockKeeper = new ClockKeeper(clock, log);
    const opened = openLedger({
      dataDir: this.#dir,
      site: 'caux',
      line: 'tri-1',
      clock,
      entropy: { random: () => 0.5, bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) },
      witness: clockKeeper,
      log,
      reserveBytes: 0,
      freeBytes: () => this.freeBytes,
      countedBefore: standOf(state.loadCounts()),
    });
    if (opened.kind !== 'open') throw new Error(opened.message);
    const { ledger } = opened;
    clockKeeper.learnFrom(ledger);
    const counters = countersOf({ roles: this.roles, devices: this.devices });
    const alive = { isOn: true };
    const pipeline: Pipeline = new Pipeline({
      deviceIds: ['bins', 'plc', 'scale'],
      counters,
      clock,
      log,
      counts: untilCutOff(state, alive),
      recorded: (counter) => markOf(ledger, counter),
      observe: (at, tick) => recorder.observe(at, tick),
      onCycle: () => {},
    });
    const recorder: Recorder = new Recorder({
      ledger,
      devices: this.devices,
      line: pipeline,
      deviceIds: ['bins', 'plc', 'scale'],
      counters: counters.map(({ name }) => name),
      roles: this.roles,
      dayOf: (wallMs) => new Date(wallMs).toISOString().slice(0, 10),
      throughputEveryMs: EVERY_MS,
      boot: BOOT,
      version: '1.2.3',
      alive: state,
      baselineMarks: (mark) => (mark('of-another') === null ? { 'of-another': 'begun' } : {}),
      clockKeeper,
      clock,
      log,
    });
    const cycles = new AbortController();
    const recording = new AbortController();
    cycles.signal.addEventListener('abort', () => (alive.isOn = cycles.signal.reason === 'stop'));
    const cyclesRun = pipeline.run(cycles.signal, () => {});
    const recordingRun = recorder.run(recording.signal);
    const parts = { state, ledger, clockKeeper, pipeline, recorder };
    this.#running = { ...parts, cycles, recording, cyclesRun, recordingRun };
    pipeline.online('bins', [tag('total1')]);
    pipeline.online('plc', [
      tag('state', { type: 'uint16', unit: null }),
      tag('stop', { type: 'bool', unit: null }),
    ]);
  }

  openState(): EdgeState {
    const opened = openEdgeState(this.#dir, this.clock.nowMs());
    if (opened.kind !== 'open') throw new Error(opened.message);
    return opened.state;
  }

  /** A clean end. */
  async stop(): Promise<void> {
    const { cycles, cyclesRun, recording, recordingRun, recorder } = this.running;
    cycles.abort('stop');
    await cyclesRun;
    recording.abort();
    await recordingRun;
    await recorder.finish();
    this.#close();
  }

  /** Ends without another word to the disk, as a killed process does. */
  async cutOff(): Promise<void> {
    const { cycles, cyclesRun, recording, recordingRun } = this.running;
    recording.abort();
    cycles.abort('cut off');
    await Promise.all([cyclesRun, recordingRun]);
    this.#close();
  }

  /** Tells a total, the bin's, twice, so that it is believed. */
  async total(grams: bigint | number, device = 'bins', name = 'total1'): Promise<void> {
    if (this.running.pipeline.devices.get(device)?.presence !== 'online') {
      this.running.pipeline.online(device, [tag(name)]);
    }
    for (let times = 0; times < 2; times += 1) {
      this.running.pipeline.readings(device, [good(name, BigInt(grams))]);
      await this.pass(5);
    }
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    // A commit takes a few turns of the event loop.
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  }

  events(type?: string): readonly LedgerEvent[] {
    const { ledger } = this.running;
    const all: LedgerEvent[] = [];
    for (let from = 1; from <= ledger.head.seq; from += 1000) all.push(...ledger.read(from, 1000));
    return type === undefined ? all : all.filter((event) => event.type === type);
  }

  /** Grams recorded in all throughput events. */
  recordedGrams(): number {
    const counts = this.events('throughput.counted').flatMap(
      ({ payload }) => (payload as ThroughputCounted).counts,
    );
    return counts.reduce((sum, { grams }) => sum + grams, 0);
  }

  #close(): void {
    const { ledger, state } = this.running;
    ledger.close();
    state.close();
    this.#running = null;
  }
}

/** A store that takes nothing more once its process is gone. */
function untilCutOff(state: EdgeState, alive: { readonly isOn: boolean }): CountStore {
  return {
    loadCounts: () => state.loadCounts(),
    saveCounts: (counts: readonly KeptCount[]) => {
      if (!alive.isOn) throw new Error('the process is gone');
      state.saveCounts(counts);
    },
  };
}
