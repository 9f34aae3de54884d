/** Sends signed requests to edges and waits for their replies; a reply that comes late is noted all the same. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { CommandReply, CommandRequest } from '@trame/protocol/command';
import type { KeyObject } from 'node:crypto';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';
import { actorRefOf } from './actor-repository.ts';
import { isEnd, isRecorded, isTaken } from './command-replies.ts';
import {
  commandUnder,
  findCommand,
  noteCommand,
  noteReply,
  unansweredCommands,
} from './command-repository.ts';
import { keepSending } from './keep-sending.ts';
import { lastHeartbeat, type QuotedHeartbeat } from './last-heartbeat.ts';
import { ReplyWatchers, type ReplyWatcher } from './reply-watchers.ts';
import { laneOf, requestOf } from './request-of-row.ts';

/** How long a person waits for an edge. */
export const REPLY_TIMEOUT_MS = 10_000;
/** A request may be lost on its way: it is sent again, and done once. */
const SEND_AGAIN_MS = 2_000;
/**
 * Requests that wait for a reply at the same time: so many that record something; of those that control lines, as many
 * to each; of stops and holds, as many to each line again. What is recorded, another line that does not answer, and
 * whatever else is asked never take the place of a stop.
 */
export const IN_FLIGHT_MAX = 16;
/** Requests whose late reply is still noted; past that the oldest is given up. */
const LATE_MAX = 256;
const ID_BYTES = 16;

export interface EdgeAddress {
  readonly site: string;
  readonly line: string;
}

/** The way to the edges and back. */
export interface CommandChannel {
  /** @returns false when nothing can be sent now. */
  publish(topic: string, payload: string): boolean;
  /** @returns what takes the listener off again. */
  onReply(listener: (address: EdgeAddress, reply: CommandReply) => void): () => void;
}

export interface CommandSenderOptions {
  readonly records: Records;
  readonly board: Pick<HeartbeatBoard, 'of'>;
  readonly channel: CommandChannel;
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface CommandOrder extends EdgeAddress {
  readonly login: string;
  /** What the ledger knows this person by; left out: the records are asked. */
  readonly actorRef?: string;
  /** The same order asked again has the same key. */
  readonly idempotencyKey: string;
  readonly command: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** It quotes the line's last heartbeat, so that nobody who keeps it has it followed later. */
  readonly expires?: boolean;
}

export type CommandOutcome =
  | {
      readonly kind: 'replied';
      readonly id: string;
      readonly reply: Pick<CommandReply, 'code' | 'detail' | 'seq' | 'epoch' | 'refusal'>;
    }
  | { readonly kind: 'no-reply'; readonly id: string }
  /** The key was used for another order. */
  | { readonly kind: 'key-reused' }
  /** Too many wait already. */
  | { readonly kind: 'busy' }
  /** It expires, and the line was not heard lately: nothing was sent. */
  | { readonly kind: 'edge-silent' };

interface Waiting {
  readonly address: EdgeAddress;
  /** Requests of one lane have room for {@link IN_FLIGHT_MAX} together. */
  readonly lane: string;
  readonly outcome: Promise<CommandOutcome>;
  /** The first answer counts; the others say the same. */
  readonly replied: (answer: Answer) => void;
}

interface Answer {
  readonly reply: CommandReply;
  /** Settles once it is noted. */
  readonly noted: Promise<void>;
}

interface Late {
  readonly address: EdgeAddress;
  /** The edge carries it out: only its end is the last answer. */
  readonly isTaken: boolean;
}

export class CommandSender {
  readonly #options: CommandSenderOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** Asked, and not answered in time, or taken and not ended; in the order in which that was so. */
  readonly #late = new Map<string, Late>();
  readonly #watchers = new ReplyWatchers();
  readonly #stopped = new AbortController();
  readonly #unlisten: () => void;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: CommandSenderOptions) {
    this.#options = options;
    this.#unlisten = options.channel.onReply((address, reply) => this.#replied(address, reply));
  }

  get inFlight(): number {
    return this.#waiting.size;
  }

  /** Remembers what an earlier run was not answered. */
  async load(): Promise<void> {
    const rows = await unansweredCommands(this.#options.records, LATE_MAX);
    for (const { id, site, line, outcome } of rows.toReversed()) {
      this.#late.set(id, { address: { site, line }, isTaken: isTaken(outcome) });
    }
  }

  /** Notes the order, sends it until it is answered or the time is over, and notes the answer. */
  async send(order: CommandOrder): Promise<CommandOutcome> {
    const { records, board, clock, entropy } = this.#options;
    if (!this.#hasRoom(order)) return { kind: 'busy' };
    const { login, idempotencyKey, site, line, command, expires = false } = order;
    const quoted = expires ? lastHeartbeat(board, order, clock.nowMs()) : null;
    const actorRef = await actorRefOf(records, login, clock.nowMs(), entropy);
    const id = Buffer.from(entropy.bytes(ID_BYTES)).toString('hex');
    const args = canonicalJson(order.args);
    const at = clock.nowMs();
    const asked = { id, idempotencyKey, actorRef, site, line, command, args, at, boot: null, tick: null };
    const isSilent = expires && quoted === null;
    const noted = isSilent ? await findCommand(records, asked) : await noteCommand(records, asked);
    if (noted?.kind === 'other') return { kind: 'key-reused' };
    if (noted === null || (isSilent && !isRecorded(noted.row.outcome))) return { kind: 'edge-silent' };
    return this.#ask(noted.row, quoted);
  }

  /**
   * Asks again what was asked under this key, by whomever and whatever it was.
   * @returns null when nothing was.
   */
  async again(idempotencyKey: string): Promise<CommandOutcome | null> {
    const row = await commandUnder(this.#options.records, idempotencyKey);
    return row === undefined ? null : this.#ask(row, null);
  }

  /** Gives up what is waited for and writes what is known. */
  async stop(): Promise<void> {
    this.#unlisten();
    this.#stopped.abort();
    await Promise.all([...this.#waiting.values()].map(({ outcome }) => outcome));
    await this.#writing;
  }

  async #ask(row: CommandTable, quoted: QuotedHeartbeat | null): Promise<CommandOutcome> {
    if (isRecorded(row.outcome)) return settled(row);
    return this.#begun(row, quoted)?.outcome ?? { kind: 'busy' };
  }

  /**
   * Sends a request that is noted, until the first answer or for {@link REPLY_TIMEOUT_MS}; nobody waits for it here.
   * @returns false when too many wait already.
   */
  start(row: CommandTable): boolean {
    const waiting = this.#begun(row, null);
    waiting?.outcome.catch((error: unknown) => {
      this.#options.log.error({ err: error, id: row.id }, 'a request to a line could not be sent');
    });
    return waiting !== null;
  }

  /** @returns what ends the watch. `watcher` is told of each answer to the request. */
  watch(id: string, watcher: ReplyWatcher): () => void {
    return this.#watchers.watch(id, watcher);
  }

  #hasRoom(request: EdgeAddress & { readonly command: string }): boolean {
    const lane = laneOf(request);
    const alike = [...this.#waiting.values()].filter((waiting) => waiting.lane === lane);
    return alike.length < IN_FLIGHT_MAX;
  }

  /** @returns null when too many wait: others may have come first while this one was noted. Asked again, it is the same. */
  #begun(row: CommandTable, quoted: QuotedHeartbeat | null): Waiting | null {
    const waiting = this.#waiting.get(row.id);
    if (waiting !== undefined) return waiting;
    return this.#hasRoom(row) ? this.#begin(row, quoted) : null;
  }

  #begin(row: CommandTable, quoted: QuotedHeartbeat | null): Waiting {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const address = { site: row.site, line: row.line };
    // Nothing is sent before its answer is waited for.
    const outcome = Promise.resolve().then(() => this.#converse(row, requestOf(row, quoted), promise));
    const waiting: Waiting = { address, lane: laneOf(row), outcome, replied: resolve };
    this.#waiting.set(row.id, waiting);
    return waiting;
  }

  async #converse(
    row: CommandTable,
    request: CommandRequest,
    replied: Promise<Answer>,
  ): Promise<CommandOutcome> {
    const { clock } = this.#options;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stopped.signal]);
    const lateAt = clock.monotonicMs() + REPLY_TIMEOUT_MS;
    try {
      const sending = keepSending(this.#options, request, { everyMs: SEND_AGAIN_MS, lateAt, signal });
      const answer = await Promise.race([replied, sending]);
      if (answer !== null) {
        over.abort();
        await answer.noted;
        return { kind: 'replied', id: row.id, reply: answer.reply };
      }
      this.#noteLate(row.id, { address: { site: row.site, line: row.line }, isTaken: false });
      return { kind: 'no-reply', id: row.id };
    } finally {
      over.abort();
      this.#waiting.delete(row.id);
    }
  }

  #noteLate(id: string, late: Late): void {
    this.#late.set(id, late);
    const [oldest] = this.#late.keys();
    if (this.#late.size > LATE_MAX && oldest !== undefined) this.#late.delete(oldest);
  }

  /** Only the line that was asked may answer; what nobody asked for is not looked at. */
  #replied(address: EdgeAddress, reply: CommandReply): void {
    const id = reply.id ?? '';
    const waiting = this.#waiting.get(id);
    const late = this.#late.get(id);
    const asked = waiting?.address ?? late?.address;
    if (asked === undefined || asked.site !== address.site || asked.line !== address.line) return;
    // Another answer follows, perhaps before this one is noted.
    if (reply.code === 'accepted') this.#noteLate(id, { address: asked, isTaken: true });
    else if (late?.isTaken !== true || isEnd(reply.code)) this.#late.delete(id);
    for (const { heard } of this.#watchers.of(id)) heard?.(reply);
    const noted = this.#note(this.#writing, reply);
    this.#writing = noted;
    waiting?.replied({ reply, noted });
  }

  /** One answer after the other, in the order in which they came; who waits is told once it is noted. */
  async #note(before: Promise<void>, reply: CommandReply): Promise<void> {
    await before;
    await this.#keep(reply);
    for (const { noted } of this.#watchers.of(reply.id)) noted?.(reply);
  }

  async #keep(reply: CommandReply): Promise<void> {
    const { records, clock, log } = this.#options;
    try {
      await noteReply(records, reply, clock.nowMs());
      log.info({ id: reply.id, code: reply.code }, 'an edge answered a request');
    } catch (error) {
      // The edge has it in its ledger: the person is told, and the same key asks again.
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ id: reply.id, code: reply.code, reason }, 'the answer of an edge could not be noted');
    }
  }
}

function settled({ id, outcome, detail, seq, epoch }: CommandTable): CommandOutcome {
  const code = outcome === 'done' ? 'done' : 'already-done';
  return { kind: 'replied', id, reply: { code, detail, seq, epoch } };
}
