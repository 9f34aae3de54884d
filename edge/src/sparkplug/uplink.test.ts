import { GOOD } from '@trame/protocol/quality';
import { decodePayload, encodePayload, valueOf, type InPayload } from '@trame/protocol/sparkplug/payload';
import { describe, expect, it } from 'vitest';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { Log } from '../ports/log.ts';
import type { TagSnapshot } from '../ports/uplink.ts';
import { systemClock } from '../system/clock.ts';
import { TestBroker, until, type HeardMessage } from './test-broker.ts';
import { SparkplugUplink } from './uplink.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const GROSS: TagDefinition = {
  name: 'gross',
  type: 'float32',
  unit: 'kg',
  deadband: 0,
  range: null,
  staleAfterMs: null,
};

interface Heard {
  readonly message: string;
  readonly device: string | null;
  readonly payload: InPayload;
  readonly raw: HeardMessage;
}

function sparkplug(heard: readonly HeardMessage[]): readonly Heard[] {
  return heard.map((raw) => {
    const [, , message = '', , device = null] = raw.topic.split('/');
    const decoded = decodePayload(raw.payload);
    if (decoded.kind !== 'payload') throw new Error(decoded.reason);
    return { message, device, payload: decoded.payload, raw };
  });
}

function bdSeqOf(heard: Heard | undefined): number {
  const metric = heard?.payload.metrics.find(({ name }) => name === 'bdSeq');
  return metric === undefined ? -1 : Number(valueOf(metric));
}

/** An uplink with one scale whose weight the test sets. */
class Line implements AsyncDisposable {
  readonly uplink: SparkplugUplink;
  readonly bdSeqs: number[] = [];
  readonly #abort = new AbortController();
  readonly #run: Promise<void>;
  #weight = 0;

  constructor(config: Partial<UplinkConfig> & { url: string }, lastBdSeq: number | null = null) {
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
      entropy: { random: () => 0 },
      log: silent,
    });
    this.uplink.take([{ kind: 'online', device: 'scale' }]);
    this.#run = this.uplink.run(this.#abort.signal);
  }

  weigh(weight: number): void {
    this.#weight = weight;
    const sample: Sample = {
      tag: 'gross',
      value: weight,
      quality: GOOD,
      qualityChanged: false,
      timeMs: systemClock.nowMs(),
    };
    this.uplink.take([{ kind: 'samples', device: 'scale', samples: [sample] }]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#run;
  }

  #snapshot(): TagSnapshot {
    const reading: Reading = { tag: 'gross', value: this.#weight, quality: GOOD, sourceTimeMs: null };
    return { definition: GROSS, value: reading.value, quality: GOOD, timeMs: systemClock.nowMs() };
  }
}

describe('an edge node on a real broker', () => {
  it('is born, sends data by alias with contiguous numbers, and says its death when it leaves', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/#');
    {
      await using line = new Line({ url: broker.url }, 6);
      await until('birth', () => line.uplink.status.state === 'born');
      line.weigh(12.5);
      line.weigh(13);
      await until('two weights', () => heard.length >= 4);
    }
    await until('death', () => heard.length >= 5);
    const messages = sparkplug(heard);
    expect(messages.map(({ message }) => message)).toEqual(['NBIRTH', 'DBIRTH', 'DDATA', 'DDATA', 'NDEATH']);
    expect(messages.map(({ payload }) => payload.seq)).toEqual([0, 1, 2, 3, null]);
    expect([bdSeqOf(messages[0]), bdSeqOf(messages[4])]).toEqual([7, 7]);
    expect(messages[4]?.payload.metrics.map(({ name }) => name)).toEqual(['bdSeq']);
    expect(messages.every(({ raw }) => !raw.retained && raw.qos === 0)).toBe(true);
    const [birth] = messages[1]?.payload.metrics ?? [];
    expect(birth).toMatchObject({ name: 'gross', historical: false });
    expect([...(birth?.properties ?? [])]).toEqual([
      ['Quality', 192],
      ['trameQuality', 'good'],
      ['engUnit', 'kg'],
    ]);
    const [data] = messages[2]?.payload.metrics ?? [];
    expect(data).toMatchObject({ name: null, type: null, alias: birth?.alias });
    expect(data?.properties.size).toBe(0);
    expect(data && birth && valueOf(data, birth.type)).toBe(12.5);
  });

  it('leaves its will, with the number of its birth, when it is cut off', async () => {
    await using broker = await TestBroker.start();
    const heard = await broker.listen('spBv1.0/#');
    const line = new Line({ url: broker.url });
    await until('birth', () => heard.length >= 2);
    // What a power cut does to the connection: the broker sees it end without a DISCONNECT.
    line.uplink.cut();
    await until('will and next birth', () => sparkplug(heard).filter((m) => m.message === 'NBIRTH').length === 2);
    await line[Symbol.asyncDispose]();
    const nodes = sparkplug(heard).filter(({ message }) => message.startsWith('N'));
    expect(nodes.slice(0, 3).map(({ message }) => message)).toEqual(['NBIRTH', 'NDEATH', 'NBIRTH']);
    expect(nodes.slice(0, 3).map(bdSeqOf)).toEqual([0, 0, 1]);
    expect(nodes[1]?.payload.seq).toBeNull();
    expect(line.bdSeqs.slice(0, 2)).toEqual([0, 1]);
  });
});

export { encodePayload };
