/** A consumer on a real broker, with a client of its own. */
import { connectAsync, type MqttClient } from 'mqtt';
import { encodeAck } from '@trame/protocol/ledger-message';
import { ackTopic, trameTopic } from '@trame/protocol/topics';
import { systemClock } from '../system/clock.ts';
import { TestStore } from './test-store.ts';

const ACK_EVERY_MS = 500;
const ACK_SOON_MS = 20;

export class TestConsumer implements AsyncDisposable {
  readonly store: TestStore;
  readonly heartbeats: Uint8Array[] = [];
  readonly replies: Uint8Array[] = [];
  readonly #client: MqttClient;
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | null = null;

  private constructor(client: MqttClient, store: TestStore) {
    this.store = store;
    this.#client = client;
    this.#timer = setInterval(() => this.#ack(), ACK_EVERY_MS);
    client.on('message', (topic, payload) => {
      if (topic.endsWith('/heartbeat')) this.heartbeats.push(payload);
      else if (topic.endsWith('/reply')) this.replies.push(payload);
      else if (this.store.take(payload)) this.#soon ??= setTimeout(() => this.#ack(), ACK_SOON_MS);
    });
  }

  static async start(
    url: string,
    store = new TestStore('trame'),
    options: Parameters<typeof connectAsync>[1] = {},
  ): Promise<TestConsumer> {
    const client = await connectAsync(url, { reconnectPeriod: 100, ...options });
    const consumer = new TestConsumer(client, store);
    const topics = (['ledger', 'heartbeat', 'reply'] as const).map((name) =>
      trameTopic('caux', 'tri-1', name),
    );
    await client.subscribeAsync(topics, { qos: 1 });
    return consumer;
  }

  publish(topic: string, payload: string | Buffer, retain = false): void {
    this.#client.publish(topic, payload, { qos: 1, retain });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    if (this.#soon !== null) clearTimeout(this.#soon);
    await this.#client.endAsync(true);
  }

  #ack(): void {
    this.#soon = null;
    if (!this.#client.connected) return;
    const ack = encodeAck(this.store.ack(systemClock.nowMs()));
    this.publish(ackTopic('caux', 'tri-1', this.store.consumer), ack);
  }
}
