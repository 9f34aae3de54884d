/** An edge's command desk and ledger for tests, over a real broker: records what it is asked, as an edge does. */
import { PROGRAMME_ACTIVATE } from '@trame/protocol/classification/item-requests';
import { decodeCommand, type CommandReply, type CommandRequest } from '@trame/protocol/command';
import { decodeAck } from '@trame/protocol/ledger-message';
import { isMaterialType } from '@trame/protocol/material/material-payloads';
import { MATERIAL_RECORD, type MaterialRecordArgs } from '@trame/protocol/material/material-record';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { ackTopic, trameTopic } from '@trame/protocol/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { messageOf, TestLedger } from '../ledger/test-ledger.ts';
import { systemClock } from '../system/system-clock.ts';

export interface TestLineOptions {
  readonly url: string;
  /** Goes on with what it recorded before. */
  readonly ledger?: TestLedger;
  readonly nowMs?: () => number;
}

type Answer = Pick<CommandReply, 'code' | 'detail' | 'seq' | 'epoch' | 'refusal'>;

export class TestLine implements AsyncDisposable {
  readonly ledger: TestLedger;
  /** Every request that came, repeats too. */
  readonly requests: CommandRequest[] = [];
  /** What it does before it looks at a request. */
  before: () => void = () => undefined;
  /** Whether requests reach it. */
  isThere = true;
  /** Whether its answers reach anybody. */
  isHeard = true;
  /** Whether what it records is sent. */
  sends = true;
  /** Answers this instead of recording. */
  refuses: Answer | null = null;
  readonly #client: MqttClient;
  readonly #nowMs: () => number;
  readonly #done = new Map<string, number>();

  private constructor(client: MqttClient, ledger: TestLedger, nowMs: () => number) {
    this.#client = client;
    this.ledger = ledger;
    this.#nowMs = nowMs;
  }

  /** Connects, and tells all of its ledger. */
  static async connect({ url, ledger, nowMs }: TestLineOptions): Promise<TestLine> {
    const client = await connectAsync(url, { reconnectPeriod: 0 });
    client.on('error', () => undefined);
    const line = new TestLine(client, ledger ?? new TestLedger(), nowMs ?? (() => systemClock.nowMs()));
    const { site, line: name } = line.ledger;
    const acks = ackTopic(site, name, 'trame');
    client.on('message', (topic, payload) => {
      if (topic === acks) line.#acknowledged(payload);
      else line.#asked(payload);
    });
    await client.subscribeAsync([trameTopic(site, name, 'command'), acks], { qos: 1 });
    if (line.ledger.events.length === 0) line.ledger.open();
    for (const { seq, payload } of line.ledger.events) {
      if (typeof payload?.['request'] === 'string') line.#done.set(payload['request'], seq);
    }
    line.send(line.ledger.events);
    return line;
  }

  /** Remembers which requests a line before it recorded. */
  follow(other: TestLine): void {
    for (const [id, seq] of other.#done) this.#done.set(id, seq);
  }

  send(events: readonly LedgerEvent[]): void {
    if (this.sends) this.#client.publish(this.ledger.topic, Buffer.from(messageOf(events)), { qos: 1 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }

  /** What the server has not is sent again. */
  #acknowledged(payload: Uint8Array): void {
    const ack = decodeAck(payload);
    if (ack === null) return;
    const missing = this.ledger.events.filter(({ seq }) => seq > ack.upTo);
    if (missing.length > 0) this.send(missing);
  }

  #asked(payload: Uint8Array): void {
    const signed = decodeCommand(payload);
    if (signed === null || !this.isThere) return;
    const { request } = signed;
    this.requests.push(request);
    const answer = this.#answer(request);
    const reply: CommandReply = { v: 1, id: request.id, ...answer };
    const topic = trameTopic(this.ledger.site, this.ledger.line, 'reply');
    if (this.isHeard) this.#client.publish(topic, JSON.stringify(reply), { qos: 1 });
  }

  #answer(request: CommandRequest): Answer {
    const { epoch } = this.ledger;
    const done = this.#done.get(request.id);
    if (done !== undefined) return { code: 'already-done', detail: null, seq: done, epoch };
    this.before();
    if (this.refuses !== null) return this.refuses;
    const from = this.ledger.events.length;
    if (request.command === MATERIAL_RECORD) {
      const { seen, records } = request.args as unknown as MaterialRecordArgs;
      const news = this.ledger.events.slice(seen?.seq ?? 0).find(({ type }) => isMaterialType(type));
      if (news !== undefined) return { code: 'stale', detail: `event ${news.seq}`, seq: null, epoch: null };
      for (const { type, payload, occurredAt } of records) this.#append(request, type, payload, occurredAt);
    } else if (request.command === PROGRAMME_ACTIVATE) {
      const programme = request.args['programme'] as SortProgramme;
      const { id, version } = programme;
      const payload = { programme: id, version, hash: programmeHash(programme) };
      this.#append(request, 'programme.active', payload, this.#nowMs());
    } else {
      const payload = { ...request.args, request: request.id };
      this.#append(request, 'scale.verified', payload, this.#nowMs());
    }
    this.#done.set(request.id, from + 1);
    this.send(this.ledger.events.slice(from));
    return { code: 'done', detail: null, seq: from + 1, epoch };
  }

  #append(
    { actorRef }: CommandRequest,
    type: string,
    payload: Readonly<Record<string, unknown>>,
    occurredAt: number,
  ): void {
    this.ledger.addAny(type, payload, { occurredAt, recordedAt: this.#nowMs(), actorRef });
  }
}
