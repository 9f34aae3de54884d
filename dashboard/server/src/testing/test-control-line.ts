/**
 * An edge that controls a line, for tests, over a real broker. It stands in for the edge's desk and control machine: it
 * checks signature and heartbeat, does each request once, answers twice, records in a ledger, and does what the test says.
 */
import {
  decodeCommand,
  isSignedBy,
  type CommandReply,
  type CommandRequest,
  type ReplyCode,
} from '@trame/protocol/command';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import {
  isMotionCommand,
  type CommandOutcomeName,
  type MotionCommand,
} from '@trame/protocol/control/control-names';
import { testControl } from '@trame/protocol/control/test-control';
import { encodeHeartbeat } from '@trame/protocol/heartbeat';
import { decodeAck } from '@trame/protocol/ledger-message';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { ackTopic, trameTopic } from '@trame/protocol/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf, TestLedger } from '../ledger/test-ledger.ts';
import { repeat, slept } from '../ports/repeat.ts';
import { systemClock } from '../system/system-clock.ts';

const BEAT_MS = 300;
/** Heartbeats that a request may be old. */
const FRESH_TICKS = 30;

export type Plan =
  | { readonly kind: 'refuse'; readonly reasons: readonly CommandReason[] }
  | { readonly kind: 'carry-out'; readonly afterMs: number; readonly outcome: CommandOutcomeName };

export interface TestControlLineOptions {
  readonly url: string;
  /** Of the server's public key; asked for when the first request comes. */
  readonly keyFile: string;
  readonly ledger?: TestLedger;
}

export class TestControlLine implements AsyncDisposable {
  readonly ledger: TestLedger;
  /** Every message that came on its topic, as it came. */
  readonly received: Buffer[] = [];
  /** Requests that it carried out, in their order. */
  readonly carriedOut: CommandRequest[] = [];
  plan: (request: CommandRequest) => Plan = () => ({ kind: 'carry-out', afterMs: 0, outcome: 'done' });
  isBeating = true;
  /** Whether its answers reach anybody. */
  isHeard = true;
  /** Whether what it records is sent. */
  sends = true;
  /** What it answered last. */
  lastCode: ReplyCode | null = null;
  readonly #client: MqttClient;
  readonly #keyFile: string;
  readonly #answers = new Map<string, CommandReply>();
  readonly #ended = new AbortController();
  readonly #work = new Set<Promise<void>>();
  #running: string | null = null;
  #tick = 0;
  #n = 0;

  private constructor(client: MqttClient, { keyFile, ledger }: TestControlLineOptions) {
    this.#client = client;
    this.#keyFile = keyFile;
    this.ledger = ledger ?? new TestLedger();
  }

  static async connect(options: TestControlLineOptions): Promise<TestControlLine> {
    const client = await connectAsync(options.url, { reconnectPeriod: 0 });
    client.on('error', () => undefined);
    const line = new TestControlLine(client, options);
    const { site, line: name } = line.ledger;
    const acks = ackTopic(site, name, 'trame');
    client.on('message', (topic, payload) => {
      if (topic === acks) line.#acknowledged(payload);
      else line.#asked(payload);
    });
    await client.subscribeAsync([trameTopic(site, name, 'command'), acks], { qos: 1 });
    if (line.ledger.events.length === 0) line.ledger.open();
    line.#send(0);
    line.beat();
    line.#do(repeat(systemClock, BEAT_MS, line.#ended.signal, () => line.#beatOnTime()));
    return line;
  }

  /** Says how it is. */
  beat(): void {
    this.#tick += 1;
    const { epoch } = this.ledger;
    const heartbeat = exampleHeartbeat({
      boot: BOOT,
      tick: this.#tick,
      at: systemClock.nowMs(),
      ledger: { epoch, head: this.ledger.events.length },
    });
    this.#publish('heartbeat', encodeHeartbeat(heartbeat));
  }

  /** Says how its control stands. */
  show(changes: Partial<ControlPicture>): void {
    this.#n += 1;
    this.#publish('control', JSON.stringify(testControl({ boot: BOOT, n: this.#n, ...changes })));
  }

  /** Puts bytes on its own topic, as anybody on the network might. */
  inject(payload: string | Uint8Array): void {
    this.#client.publish(trameTopic(this.ledger.site, this.ledger.line, 'command'), Buffer.from(payload), {
      qos: 1,
    });
  }

  /** Sends the last answer to a request again. */
  sayAgain(id: string): void {
    const answer = this.#answers.get(id);
    if (answer !== undefined) this.#publish('reply', JSON.stringify(answer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#work);
    await this.#client.endAsync(true);
  }

  #beatOnTime(): void {
    if (this.isBeating) this.beat();
  }

  #do(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }

  #asked(payload: Buffer): void {
    this.received.push(payload);
    const signed = decodeCommand(payload);
    if (signed === null) return;
    const { request } = signed;
    const before = this.#answers.get(request.id);
    if (!isSignedBy(signed, this.#key())) this.#answer(request, 'bad-signature');
    else if (before !== undefined) this.#reply(before);
    else if (!this.#isFresh(request)) this.#answer(request, 'expired');
    else this.#begin(request);
  }

  #begin(request: CommandRequest): void {
    const { id, command, args, actorRef } = request;
    if (!isMotionCommand(command)) {
      this.carriedOut.push(request);
      this.#keep(request, 'done');
      return;
    }
    if (this.#running !== null) {
      this.#keep(request, 'refused', [{ code: 'busy', ref: null, words: '' }]);
      return;
    }
    const plan = this.plan(request);
    if (plan.kind === 'refuse') {
      this.#keep(request, 'refused', plan.reasons);
      return;
    }
    this.#running = id;
    const from = this.ledger.events.length;
    const said = args as Record<string, string>;
    this.ledger.add('command.requested', { request: id, command, args: said, by: 'person' }, { actorRef });
    this.#send(from);
    this.carriedOut.push(request);
    this.#keep(request, 'accepted');
    this.#do(this.#carryOut(request, command, plan));
  }

  async #carryOut(
    request: CommandRequest,
    command: MotionCommand,
    { afterMs, outcome }: Extract<Plan, { kind: 'carry-out' }>,
  ): Promise<void> {
    if (!(await slept(systemClock, afterMs, this.#ended.signal))) return;
    this.#running = null;
    const from = this.ledger.events.length;
    this.ledger.add('command.ended', {
      request: request.id,
      command,
      outcome,
      reasons: [],
      readBack: null,
      late: outcome === 'failed' ? 'belt-2' : null,
      detail: outcome === 'done' ? null : 'le tapis 2 ne vient pas',
      tookMs: Math.round(afterMs),
    });
    this.#send(from);
    this.#keep(request, outcome === 'unknown' ? 'failed' : outcome);
  }

  #isFresh({ command, heartbeat }: CommandRequest): boolean {
    if (!isMotionCommand(command)) return true;
    return heartbeat !== undefined && heartbeat.boot === BOOT && this.#tick - heartbeat.tick <= FRESH_TICKS;
  }

  /** Answers, and again when asked again. */
  #keep(request: CommandRequest, code: ReplyCode, reasons?: readonly CommandReason[]): void {
    this.#answers.set(request.id, this.#answer(request, code, reasons));
  }

  #answer({ id }: CommandRequest, code: ReplyCode, reasons?: readonly CommandReason[]): CommandReply {
    const { epoch } = this.ledger;
    const why = reasons === undefined ? {} : { reasons: [...reasons] };
    const reply: CommandReply = { v: 1, id, code, detail: null, seq: null, epoch, ...why };
    this.#reply(reply);
    return reply;
  }

  #reply(reply: CommandReply): void {
    this.lastCode = reply.code;
    if (this.isHeard) this.#publish('reply', JSON.stringify(reply));
  }

  #key(): KeyObject {
    return createPublicKey(readFileSync(this.#keyFile));
  }

  /** What the server has not is sent again. */
  #acknowledged(payload: Buffer): void {
    const ack = decodeAck(payload);
    if (ack !== null && ack.upTo < this.ledger.events.length) this.#send(ack.upTo);
  }

  #send(from: number): void {
    if (!this.sends) return;
    this.#publish('ledger', Buffer.from(messageOf(this.ledger.events.slice(from))));
  }

  #publish(channel: 'ledger' | 'heartbeat' | 'control' | 'reply', payload: string | Uint8Array): void {
    const topic = trameTopic(this.ledger.site, this.ledger.line, channel);
    this.#client.publish(topic, Buffer.from(payload), { qos: 1 });
  }
}

const BOOT = 'b007b007b007b007';
