/** An edge node for tests: publishes real Sparkplug over a real connection, as told. */
import type { LineDescription } from '@trame/protocol/line-description';
import { REBIRTH_METRIC } from '@trame/protocol/sparkplug/names';
import { decodePayload, type OutMetric } from '@trame/protocol/sparkplug/payload';
import { deviceTopic, nodeTopic } from '@trame/protocol/sparkplug/topic';
import { connectAsync, type MqttClient } from 'mqtt';
import { systemClock } from '../system/system-clock.ts';
import { data, nodeBirth, nodeDeath } from './payloads.ts';

export interface TestDevice {
  readonly id: string;
  /** Metrics of its birth, declared with names and aliases. */
  readonly metrics: readonly OutMetric[];
}

export interface TestEdgeOptions {
  readonly url: string;
  readonly site?: string;
  readonly line?: string;
  readonly bdSeq?: number;
  readonly description?: LineDescription;
  readonly devices: readonly TestDevice[];
  /** Answers rebirth requests, as an edge must. */
  readonly answersRebirth?: boolean;
  readonly username?: string;
  readonly password?: string;
}

export class TestEdge implements AsyncDisposable {
  readonly #client: MqttClient;
  readonly #options: TestEdgeOptions;
  readonly site: string;
  readonly line: string;
  #seq = 0;
  rebirthsAsked = 0;

  private constructor(client: MqttClient, options: TestEdgeOptions) {
    this.#client = client;
    this.#options = options;
    this.site = options.site ?? 'caux';
    this.line = options.line ?? 'tri-1';
  }

  /** Connects with its will and is born. */
  static async connect(options: TestEdgeOptions): Promise<TestEdge> {
    const { site = 'caux', line = 'tri-1', bdSeq = 1 } = options;
    const client = await connectAsync(options.url, {
      reconnectPeriod: 0,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: options.password }),
      will: {
        topic: nodeTopic('NDEATH', site, line),
        payload: Buffer.from(nodeDeath(systemClock.nowMs(), bdSeq)),
        qos: 1,
        retain: false,
      },
    });
    const edge = new TestEdge(client, options);
    // A broker that dies under it is part of some tests.
    client.on('error', () => undefined);
    client.on('message', (_topic, payload) => edge.#onCommand(payload));
    await client.subscribeAsync(nodeTopic('NCMD', site, line), { qos: 1 });
    edge.born();
    return edge;
  }

  born(): void {
    const atMs = systemClock.nowMs();
    this.#seq = 0;
    const { bdSeq = 1, description, devices } = this.#options;
    this.#publish(
      nodeTopic('NBIRTH', this.site, this.line),
      nodeBirth({ atMs, bdSeq, seq: this.#take(), ...(description === undefined ? {} : { description }) }),
    );
    for (const { id, metrics } of devices) this.#device('DBIRTH', id, metrics);
  }

  data(device: string, metrics: readonly OutMetric[]): void {
    this.#device('DDATA', device, metrics);
  }

  deviceDeath(device: string): void {
    this.#device('DDEATH', device, []);
  }

  /** Loses the number of a message that never went out. */
  skipSequence(): void {
    this.#take();
  }

  raw(topic: string, payload: Uint8Array | string, retain = false): void {
    this.#client.publish(topic, Buffer.from(payload), { retain });
  }

  /** Cuts the line without a farewell: the broker publishes the will. */
  cut(): void {
    this.#client.stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }

  #device(message: 'DBIRTH' | 'DDATA' | 'DDEATH', device: string, metrics: readonly OutMetric[]): void {
    const payload = data(systemClock.nowMs(), this.#take(), metrics);
    this.#publish(deviceTopic(message, this.site, this.line, device), payload);
  }

  #publish(topic: string, payload: Uint8Array): void {
    this.#client.publish(topic, Buffer.from(payload), { qos: 0 });
  }

  #take(): number {
    const seq = this.#seq;
    this.#seq = (this.#seq + 1) % 256;
    return seq;
  }

  #onCommand(payload: Uint8Array): void {
    const decoded = decodePayload(payload);
    if (decoded.kind === 'invalid') return;
    if (!decoded.payload.metrics.some(({ name }) => name === REBIRTH_METRIC)) return;
    this.rebirthsAsked += 1;
    if (this.#options.answersRebirth !== false) this.born();
  }
}
