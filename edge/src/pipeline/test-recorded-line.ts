/** A line with its recorder on real files and a clock that a test moves: it can be stopped, cut off and started. */
import { GOOD } from '@trame/protocol/quality';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { ThroughputCounted } from '@trame/protocol/ledger-payloads';
import type { TagValue } from '@trame/protocol/tag';
import { countersOf, type KeptCount } from '../domain/line-counts.ts';
import type { RolesConfig } from '../domain/line-config.ts';
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

export const OUTLET_ROLES: RolesConfig = {
  infeedScale: null,
  lineState: { device: 'plc', tag: 'state' },
  scales: [],
  description: {
    stations: [],
    outlets: [
      { id: 'reuse', label: 'Réemploi', route: 'reuse', device: 'bins', total: 'total1', baseline: 'zero' },
    ],
    safety: { device: 'plc', emergencyStop: 'stop' },
  },
};

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
  readonly #roles: RolesConfig;
  readonly #log: Log;
  /** Free space that the ledger sees, bytes: 0 is a full disk. */
  freeBytes = 10 ** 12;
  #running: Running | null = null;

  constructor(dir: string, roles: RolesConfig = OUTLET_ROLES) {
    this.#dir = dir;
    this.#roles = roles;
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
    const counters = countersOf({ roles: this.#roles, devices: [] });
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
      line: pipeline,
      deviceIds: ['bins', 'plc', 'scale'],
      counters: counters.map(({ name }) => name),
      roles: this.#roles,
      dayOf: (wallMs) => new Date(wallMs).toISOString().slice(0, 10),
      throughputEveryMs: EVERY_MS,
      boot: BOOT,
      version: '1.2.3',
      alive: state,
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

  /** Tells the bin's total, twice, so that it is believed. */
  async total(grams: bigint | number): Promise<void> {
    for (let times = 0; times < 2; times += 1) {
      this.running.pipeline.readings('bins', [good('total1', BigInt(grams))]);
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
