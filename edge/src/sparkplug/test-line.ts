/** An edge node with one scale for tests on a real broker, and what a listener makes of its messages. */
import { GOOD } from '@trame/protocol/quality';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { decodePayload, encodePayload, valueOf, type InPayload } from '@trame/protocol/sparkplug/payload';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { TagDefinition } from '../domain/reading.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { Log } from '../ports/log.ts';
import type { TagSnapshot } from '../ports/uplink.ts';
import { systemClock } from '../system/clock.ts';
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
  readonly bdSeqs: number[] = [];
  readonly #abort = new AbortController();
  readonly #run: Promise<void>;
  #weight = 0;

  constructor(
    config: Partial<UplinkConfig> & { url: string },
    lastBdSeq: number | null = null,
    over: Partial<UplinkOptions> = {},
  ) {
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
      clock: systemClock,
      entropy: { random: () => 0, bytes: (count) => new Uint8Array(count).fill(7) },
      log: silent,
      ...over,
    });
    this.uplink.take([{ kind: 'online', device: 'scale' }]);
    this.#run = this.uplink.run(this.#abort.signal);
  }

  weigh(weight: number): void {
    this.#weight = weight;
    this.uplink.take([{ kind: 'samples', device: 'scale', samples: [weighing(weight)] }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#run;
  }

  #snapshot(): TagSnapshot {
    return { definition: GROSS, value: this.#weight, quality: GOOD, timeMs: systemClock.nowMs() };
  }
}
