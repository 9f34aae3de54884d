/**
 * Asks edges what they know: signed as every request is, answered anew each time, and noted nowhere, for nothing comes of it.
 * It quotes no heartbeat, so a question that is heard twice is only answered twice.
 */
import type { CommandReply, CommandRequest } from '@trame/protocol/command';
import type { KeyObject } from 'node:crypto';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import { REPLY_TIMEOUT_MS, type CommandChannel, type EdgeAddress } from './command-sender.ts';
import { keepSending } from './keep-sending.ts';
import { lastHeartbeat } from './last-heartbeat.ts';

/** A question may be lost on its way: it is asked again. */
const ASK_AGAIN_MS = 4_000;
/** Questions that wait for one line; an edge has room for 16, and answers one after the other. */
export const ASKED_OF_LINE_MAX = 8;
/** Questions that wait for all lines. */
export const ASKED_MAX = 64;
const ID_BYTES = 16;

export interface QuestionSenderOptions {
  readonly board: Pick<HeartbeatBoard, 'of'>;
  readonly channel: CommandChannel;
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

export interface Question extends EdgeAddress {
  readonly command: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** How long its answer is waited for; left out: as long as that to a command. */
  readonly timeoutMs?: number;
}

export type QuestionReply = Pick<CommandReply, 'code' | 'detail' | 'refusal' | 'data'>;

export type QuestionOutcome =
  | { readonly kind: 'replied'; readonly reply: QuestionReply }
  | { readonly kind: 'no-reply' }
  /** Too many wait already. */
  | { readonly kind: 'busy' }
  /** The line was not heard lately: nothing was sent. */
  | { readonly kind: 'edge-silent' };

interface Waiting extends EdgeAddress {
  readonly replied: (reply: CommandReply) => void;
  /** Settles when nobody waits any more. */
  readonly over: Promise<unknown>;
}

export class QuestionSender {
  readonly #options: QuestionSenderOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #stopped = new AbortController();
  readonly #unlisten: () => void;

  constructor(options: QuestionSenderOptions) {
    this.#options = options;
    this.#unlisten = options.channel.onReply((address, reply) => this.#replied(address, reply));
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param signal of who asks and may be gone. */
  async ask(question: Question, signal: AbortSignal): Promise<QuestionOutcome> {
    const { board, clock, entropy } = this.#options;
    const { site, line, command, args, timeoutMs = REPLY_TIMEOUT_MS } = question;
    if (this.#stopped.signal.aborted || !this.#hasRoom({ site, line })) return { kind: 'busy' };
    if (lastHeartbeat(board, { site, line }, clock.nowMs()) === null) return { kind: 'edge-silent' };
    const id = Buffer.from(entropy.bytes(ID_BYTES)).toString('hex');
    const at = clock.nowMs();
    const request: CommandRequest = { v: 1, id, site, line, command, args: { ...args }, actorRef: null, at };
    const { promise, resolve } = Promise.withResolvers<CommandReply>();
    const ended = new AbortController();
    const lateAt = clock.monotonicMs() + timeoutMs;
    const ends = AbortSignal.any([ended.signal, signal, this.#stopped.signal]);
    const asking = keepSending(this.#options, request, { everyMs: ASK_AGAIN_MS, lateAt, signal: ends });
    this.#waiting.set(id, { site, line, replied: resolve, over: asking });
    try {
      const reply = await Promise.race([promise, asking]);
      return reply === null ? { kind: 'no-reply' } : { kind: 'replied', reply };
    } finally {
      ended.abort();
      this.#waiting.delete(id);
      await asking;
    }
  }

  /** Gives up what is waited for. */
  async stop(): Promise<void> {
    this.#unlisten();
    this.#stopped.abort();
    await Promise.all([...this.#waiting.values()].map(({ over }) => over));
  }

  #hasRoom({ site, line }: EdgeAddress): boolean {
    if (this.#waiting.size >= ASKED_MAX) return false;
    const ofLine = [...this.#waiting.values()].filter((one) => one.line === line && one.site === site);
    return ofLine.length < ASKED_OF_LINE_MAX;
  }

  /** Only the line that was asked may answer. */
  #replied({ site, line }: EdgeAddress, reply: CommandReply): void {
    const waiting = this.#waiting.get(reply.id ?? '');
    if (waiting === undefined || waiting.site !== site || waiting.line !== line) return;
    waiting.replied(reply);
  }
}
