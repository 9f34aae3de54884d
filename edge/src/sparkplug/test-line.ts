/** An edge node with one scale for tests on a real broker, and what a listener makes of its messages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import { GOOD } from '@trame/protocol/quality';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { decodePayload, encodePayload, valueOf, type InPayload } from '@trame/protocol/sparkplug/payload';
import { DEFAULT_SPOOL, type UplinkConfig } from '../domain/line-config.ts';
import type { TagDefinition } from '../domain/reading.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { Log } from '../ports/log.ts';
import type { TagSnapshot } from '../ports/uplink.ts';
import { openSpool } from '../spool/open-spool.ts';
import type { SpoolOptions, TelemetrySpool } from '../spool/telemetry-spool.ts';
import { systemClock } from '../system/clock.ts';
import { systemEntropy } from '../system/entropy.ts';
import type { HeardMessage } from './test-broker.ts';
import type { UplinkOptions } from './uplink-options.ts';
import { SparkplugUplink } from './uplink.ts';

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const GROSS: TagDefinition = {
  name: 'gross',
  type: 'float32',
  unit: 'kg',
  deadband: 0,
  range: null,
  staleAfterMs: null,
};

export interface Heard {
  readonly message: string;
  readonly device: string | null;
  readonly payload: InPayload;
  readonly raw: HeardMessage;
}

export function sparkplug(heard: readonly HeardMessage[]): readonly Heard[] {
  return heard.map((raw) => {
    const [, , message = '', , device = null] = raw.topic.split('/');
    const decoded = decodePayload(raw.payload);
    if (decoded.kind !== 'payload') throw new Error(decoded.reason);
    return { message, device, payload: decoded.payload, raw };
  });
}

export function bdSeqOf(heard: Heard | undefined): number {
  const metric = heard?.payload.metrics.find(({ name }) => name === 'bdSeq');
  return metric === undefined ? -1 : Number(valueOf(metric));
}

export function births(heard: readonly HeardMessage[]): readonly Heard[] {
  return sparkplug(heard).filter(({ message }) => message === 'NBIRTH');
}

export function values(heard: readonly HeardMessage[], wanted: boolean): readonly unknown[] {
  return sparkplug(heard)
    .filter(({ message }) => message === 'DDATA')
    .flatMap(({ payload }) => payload.metrics)
    .filter((metric) => metric.historical === wanted)
    .map((metric) => valueOf(metric, DATA_TYPE.float));
}

export function historical(heard: readonly HeardMessage[]): readonly unknown[] {
  return values(heard, true);
}

export function weights(heard: readonly HeardMessage[]): readonly unknown[] {
  return values(heard, false);
}

export function write(name: string, value: boolean): Uint8Array {
  return encodePayload({ timestampMs: 0, metrics: [{ name, type: DATA_TYPE.boolean, value }] });
}

export function rebirth(): Uint8Array {
  return write('Node Control/Rebirth', true);
}

export function weighing(value: number): Sample {
  return { tag: 'gross', value, quality: GOOD, qualityChanged: false, timeMs: systemClock.nowMs() };
}

/** An uplink with one scale whose weight the test sets. */
export class Line implements AsyncDisposable {
  readonly uplink: SparkplugUplink;
  readonly spool: TelemetrySpool;
  readonly gaps: TelemetryGap[] = [];
  readonly bdSeqs: number[] = [];
  readonly #abort = new AbortController();
  readonly #run: Promise<unknown>;
  readonly #dir: string | null;
  #weight = 0;

  constructor(
    config: Partial<UplinkConfig> & { url: string },
    lastBdSeq: number | null = null,
    over: Partial<UplinkOptions> & { readonly spoolOptions?: Partial<SpoolOptions> } = {},
  ) {
    const { spoolOptions = {}, ...uplinkOptions } = over;
    const dataDir = spoolOptions.dataDir ?? mkdtempSync(join(tmpdir(), 'trame-line-'));
    this.#dir = spoolOptions.dataDir === undefined ? dataDir : null;
    this.spool = openSpool({
      dataDir,
      config: DEFAULT_SPOOL,
      clock: systemClock,
      entropy: systemEntropy,
      log: silent,
      onGap: (gap) => this.gaps.push(gap),
      isRecorded: () => true,
      freeBytes: () => null,
      reserveBytes: 0,
      ...spoolOptions,
    });
    this.uplink = new SparkplugUplink({
      site: 'caux',
      line: 'tri-1',
      config: {
        primaryHost: null,
        username: null,
        passwordFile: null,
        caFile: null,
        keepAliveS: 5,
        protocolVersion: 4,
        ...config,
      },
      facts: { description: { stations: [], outlets: [] }, software: 'trame-edge test' },
      births: { device: (): readonly TagSnapshot[] => [this.#snapshot()] },
      bdSeqs: { lastBdSeq: () => lastBdSeq, keepBdSeq: (bdSeq) => this.bdSeqs.push(bdSeq) },
      spool: this.spool,
      replayPerSecond: DEFAULT_SPOOL.replayPerSecond,
      clock: systemClock,
      entropy: { random: () => 0, bytes: (count) => new Uint8Array(count).fill(7) },
      log: silent,
      ...uplinkOptions,
    });
    this.uplink.take([{ kind: 'online', device: 'scale' }]);
    this.#run = this.#runAll(this.#abort.signal);
  }

  weigh(weight: number): void {
    this.#weight = weight;
    this.uplink.take([{ kind: 'samples', device: 'scale', samples: [weighing(weight)] }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#run;
    if (this.#dir !== null) rmSync(this.#dir, { recursive: true, force: true });
  }

  async #runAll(signal: AbortSignal): Promise<void> {
    await Promise.all([this.uplink.run(signal), this.spool.run(signal)]);
    this.spool.close();
  }

  #snapshot(): TagSnapshot {
    return { definition: GROSS, value: this.#weight, quality: GOOD, timeMs: systemClock.nowMs() };
  }
}
