/**
 * One run of an edge, from start to clean stop or sudden death: the real ledger, spool, replay and delivery, on a
 * simulated connection. What it records it reads from the world's material, as the recorders of a real edge do:
 * by difference from the marks of its ledger.
 */
import { openLedger } from '@trame/edge/ledger/open-ledger';
import { ledgerRecord, type AppendOutcome, type Ledger, type LedgerRecord } from '@trame/edge/ports/ledger';
import { WaitingSamples } from '@trame/edge/sparkplug/waiting-samples';
import { openSpool } from '@trame/edge/spool/open-spool';
import { DeliveryShell } from '@trame/edge/uplink/delivery-shell';
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import type { Sample } from '@trame/edge/domain/tag-state';
import type { Material } from './material.ts';
import type { Port } from './network.ts';
import type { Seeded } from './seeded.ts';
import type { ProcessClock } from './virtual-time.ts';
import { SILENT_LOG } from './world-log.ts';

export const SITE = 'caux';
export const LINE = 'tri-1';
export const CONSUMER = 'trame';
export const TELEMETRY_TOPIC = 'telemetry';
const DEVICE = 'plc';
/** Longer than a dead connection may go unnoticed. */
const DOUBT_MS = 20_000;
const RECORD_EVERY_MS = 1_000;
const SAMPLE_EVERY_MS = 500;
const UPKEEP_MS = 500;

export interface EdgeSurroundings {
  readonly folder: string;
  readonly clock: ProcessClock;
  readonly random: Seeded;
  readonly material: Material;
  /** Connection of the ledger, and that of the telemetry. */
  readonly ledgerPort: (peer: DeliveryPeer) => Port;
  readonly telemetryPort: (peer: TelemetryPeer) => Port;
  /** Number of the next sample, and the note that it was taken; null: nothing is measured any more. */
  readonly takeSample: (timeMs: number) => number | null;
  /** Told of every event that the ledger said is stored. */
  readonly acknowledged: (epoch: string, seq: number) => void;
  readonly spool: { readonly maxBytes: number; readonly maxAgeMs: number };
  /** Text that is measured along with each number, to make it weigh. */
  readonly ballast: string;
  /** A ledger that is wrong on purpose, to see that the proof would notice. */
  readonly disguise?: (ledger: Ledger) => Ledger;
  readonly losesSpooled?: boolean;
}

type DeliveryPeer = {
  up(): void;
  down(reason: string): void;
  message(topic: string, payload: Uint8Array): void;
};
type TelemetryPeer = DeliveryPeer;

export class EdgeProgram {
  readonly #around: EdgeSurroundings;
  readonly #end = new AbortController();
  readonly #pending: LedgerRecord[] = [];
  readonly #ledger: Ledger & { close?(): void };
  readonly #shell: DeliveryShell;
  #delivery: DeliveryShell | null = null;
  readonly #spool: ReturnType<typeof openSpool>;
  readonly #waiting: WaitingSamples;
  readonly #telemetry: Port;
  #appending = false;
  readonly #isUsable: boolean;
  #isBorn = false;

  constructor(around: EdgeSurroundings) {
    this.#around = around;
    const { folder, clock, random, disguise } = around;
    const opened = openLedger({
      dataDir: folder,
      site: SITE,
      line: LINE,
      clock,
      entropy: { random: () => random.next(), bytes: (count) => random.bytes(count) },
      witness: { eventClock: { state: 'unchecked', offsetMs: null }, wrongByMs: null },
      log: SILENT_LOG,
      reserveBytes: 0,
      freeBytes: () => null,
      countedBefore: [],
      // The first event of a new ledger comes before anybody could be told.
      onStored: () => this.#delivery?.recorded(),
    });
    const kept = opened.ledger;
    this.#isUsable = opened.kind === 'open';
    this.#ledger = disguise === undefined ? kept : disguise(kept);
    const transport = around.ledgerPort({
      up: () => this.#shell.up(),
      down: (reason) => this.#shell.down(reason),
      message: (topic, payload) => this.#shell.message(topic, payload),
    });
    this.#shell = new DeliveryShell({
      site: SITE,
      line: LINE,
      consumers: [CONSUMER],
      ledger: this.#ledger,
      cursors: opened.kind === 'open' ? opened.ledger : NO_CURSORS,
      transport,
      clock,
      log: SILENT_LOG,
      onServerTime: () => undefined,
    });
    this.#delivery = this.#shell;
    this.#spool = openSpool({
      dataDir: folder,
      config: { ...around.spool, replayPerSecond: 50 },
      clock,
      entropy: { random: () => random.next(), bytes: (count) => random.bytes(count) },
      log: SILENT_LOG,
      freeBytes: () => null,
      reserveBytes: 0,
      onGap: (gap, key) => this.#gap(gap, key),
      isRecorded: (key) => this.#ledger.find(key) !== null,
    });
    this.#waiting = new WaitingSamples({ spool: this.#spool, clock, perSecond: 50, doubtMs: DOUBT_MS });
    this.#telemetry = around.telemetryPort({
      up: () => {
        this.#isBorn = true;
      },
      down: () => {
        this.#isBorn = false;
        this.#waiting.sessionLost();
      },
      message: () => undefined,
    });
  }

  /** Whether the ledger could be opened. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Whether nothing waits here: no record for the disk, no sample for the line. */
  get isQuiet(): boolean {
    return this.#pending.length === 0 && this.#waiting.owed === 0 && this.#shell.isHandedOver;
  }

  start(): void {
    const { signal } = this.#end;
    this.#owned(this.#shell.run(signal));
    this.#owned(this.#spool.run(signal));
    this.#owned(this.#every(RECORD_EVERY_MS, () => this.#record()));
    this.#owned(this.#every(SAMPLE_EVERY_MS, () => this.#sample()));
    this.#owned(this.#every(UPKEEP_MS, () => this.#upkeep()));
  }

  /** As a stop on request does. */
  stop(): void {
    this.#end.abort();
    this.#waiting.sessionLost();
    this.#spool.close();
    this.#ledger.close?.();
  }

  async #every(ms: number, happen: () => void): Promise<void> {
    const { clock } = this.#around;
    const { signal } = this.#end;
    while (!signal.aborted) {
      await clock.sleep(ms, signal);
      happen();
    }
  }

  /** What ends because the program does is no fault. */
  #owned(run: Promise<void>): void {
    run.catch((error: unknown) => {
      if (!this.#end.signal.aborted && this.#around.clock.isAlive) throw error;
    });
  }

  #record(): void {
    if (!this.#around.clock.isAlive || this.#appending) return;
    if (this.#pending.every(({ type }) => type === 'telemetry.gap')) {
      this.#count();
      this.#weigh();
    }
    this.#flush();
  }

  #count(): void {
    const { material, clock } = this.#around;
    const counted = Number(this.#ledger.mark('count.outlet.a') ?? 0);
    const grams = material.totalGrams - counted;
    if (grams <= 0) return;
    const to = clock.nowMs();
    const source = { device: 'scale', tag: 'total', generation: 0 };
    const count = {
      counter: 'outlet.a',
      grams,
      totalGrams: material.totalGrams,
      source,
      sourceGrams: material.totalGrams,
    };
    const payload = { from: to - RECORD_EVERY_MS, to, counts: [count] };
    const marks = { 'count.outlet.a': String(material.totalGrams) };
    this.#pending.push(ledgerRecord('throughput.counted', to, payload, { marks }));
  }

  /** The scale shows the last number of its memory; its older ones can be read too in this world. */
  #weigh(): void {
    const { material, clock } = this.#around;
    const last = Number(this.#ledger.mark('scale.b') ?? 0);
    for (const { number, netGrams } of material.weighings.slice(last)) {
      const payload = {
        scale: 'b',
        serial: 'S-1',
        alibiEpoch: 1,
        use: 'bale' as const,
        source: 'alibi' as const,
        number,
        grossGrams: netGrams,
        tareGrams: 0,
        tareKind: 'none' as const,
        netGrams,
        intervalGrams: 100,
        stable: true as const,
        verification: 'valid' as const,
        verificationDue: '2030-01-01',
        simulated: true,
      };
      const more = { key: `alibi:S-1:1:${number}`, marks: { 'scale.b': String(number) } };
      this.#pending.push(ledgerRecord('weighing.recorded', clock.nowMs(), payload, more));
    }
  }

  #gap(gap: TelemetryGap, key: string): void {
    const known = this.#pending.some((record) => record.key === key);
    if (!known) this.#pending.push(ledgerRecord('telemetry.gap', gap.to, gap, { key }));
  }

  #flush(): void {
    const records = this.#pending.slice();
    if (records.length === 0) return;
    this.#appending = true;
    this.#owned(this.#append(records));
  }

  async #append(records: readonly LedgerRecord[]): Promise<void> {
    const outcome = await this.#ledger.append(records);
    this.#appending = false;
    if (this.#around.clock.isAlive) this.#appended(outcome, records.length);
  }

  #appended(outcome: AppendOutcome, count: number): void {
    if (outcome.kind !== 'stored') return;
    this.#pending.splice(0, count);
    for (const { epoch, seq } of outcome.results) this.#around.acknowledged(epoch, seq);
  }

  #sample(): void {
    const { clock, takeSample, ballast } = this.#around;
    if (!clock.isAlive) return;
    const timeMs = clock.nowMs();
    const value = takeSample(timeMs);
    if (value === null) return;
    const sample: Sample = { tag: 'n', value, quality: { level: 'good' }, qualityChanged: false, timeMs };
    const samples = [sample, { ...sample, tag: 'ballast', value: ballast }];
    if (this.#isBorn && this.#send(samples)) this.#waiting.sent(DEVICE, samples);
    else if (this.#around.losesSpooled !== true) this.#waiting.unsent(DEVICE, samples);
  }

  #upkeep(): void {
    if (!this.#around.clock.isAlive || !this.#isBorn) return;
    this.#waiting.settle();
    for (const batch of this.#waiting.dueAgain(new Set([DEVICE]))) {
      if (!this.#send(batch.samples)) return;
      this.#waiting.sentAgain(batch);
    }
  }

  #send(samples: readonly Sample[]): boolean {
    const values = samples.flatMap(({ tag, value }) => (tag === 'n' ? [value] : []));
    return this.#telemetry.publish(TELEMETRY_TOPIC, JSON.stringify(values));
  }
}

const NO_CURSORS = { loadCursor: () => null, saveCursor: () => undefined };
