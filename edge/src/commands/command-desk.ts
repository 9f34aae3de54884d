/**
 * Where requests to this edge are worked on, one after the other: read, checked, recorded once, answered. Whoever
 * asks again gets the same answer, for the ledger keeps the id of every request that was done.
 */
import {
  COMMAND_BYTES_MAX,
  MOTION_EXPIRY_MS,
  type CommandReply,
  type CommandRequest,
  type ReplyCode,
} from '@trame/protocol/command';
import { Compile, type Validator } from 'typebox/compile';
import type { Clock } from '../ports/clock.ts';
import type { CommandReceiver } from '../ports/command-receiver.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { MotionDesk } from '../ports/motion-desk.ts';
import type { ReadCommand } from '../ports/read-command.ts';
import { SparingLog } from '../ports/sparing-log.ts';
import { judgeRequest, readRequest } from './judge-request.ts';
import { MotionLane } from './motion-lane.ts';
import { isMotionFresh, noteHeartbeat, type HeartbeatTimes } from './motion-freshness.ts';
import { ReadLane } from './read-lane.ts';
import { requestKey, type CommandVerdict, type RecordCommand } from './record-command.ts';
import { TrustedKeys } from './trusted-keys.ts';

export interface CommandDeskOptions {
  readonly site: string;
  readonly line: string;
  /** Absolute paths of PEM files with Ed25519 public keys. Empty: every request is refused. */
  readonly trust: readonly string[];
  readonly handlers: readonly RecordCommand[];
  /** Absent: none. */
  readonly questions?: readonly ReadCommand[];
  /** Where requests to move something are carried out; null: this line is only watched. */
  readonly motion: MotionDesk | null;
  readonly ledger: Pick<Ledger, 'append' | 'find'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface CommandCounts {
  /** Recorded now. */
  done: number;
  /** Answered from the ledger. */
  alreadyDone: number;
  /** Signed by somebody else, or changed on the way. */
  forged: number;
  /** Not a request, or too large to be one. */
  malformed: number;
  /** Genuine, and not done. */
  refused: number;
  /** Came when too many waited. */
  dropped: number;
}

/** Requests that may wait to be read; one more is dropped, and its sender asks again. */
export const QUEUE_MAX = 64;
/** Requests that may wait for the disk; one more is not stored. They take no place from those that wait to be read. */
export const TO_RECORD_MAX = 64;
/** Answers a second to messages that nobody trusted signed: a flood of those gets no flood of answers. */
export const STRANGER_REPLIES_PER_SECOND = 10;
/** The same thing is logged at most so often, ms. */
const SAME_WORDS_EVERY_MS = 60_000;
const DETAIL_CHARACTERS_MAX = 500;
const EXPIRED = `the heartbeat that it quotes was said more than ${MOTION_EXPIRY_MS / 1000} s ago, or before this edge started`;
const TOO_MANY_TO_RECORD = `${TO_RECORD_MAX} requests wait for the disk: nothing was done`;

interface Handler {
  readonly command: RecordCommand;
  readonly validator: Validator;
}

type Answer = Pick<CommandReply, 'code' | 'detail' | 'seq' | 'epoch' | 'reasons' | 'refusal' | 'data'>;
type Reply = (payload: string) => void;

export class CommandDesk implements CommandReceiver {
  readonly counts: CommandCounts = {
    done: 0,
    alreadyDone: 0,
    forged: 0,
    malformed: 0,
    refused: 0,
    dropped: 0,
  };
  readonly #options: CommandDeskOptions;
  readonly #keys: TrustedKeys;
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #sparing: SparingLog;
  readonly #motion: MotionLane | null;
  readonly #reads: ReadLane;
  readonly #queue: Uint8Array[] = [];
  /** Genuine, and waiting to be recorded. */
  readonly #toRecord: CommandRequest[] = [];
  #wakeRecords: (() => void) | null = null;
  #wake: (() => void) | null = null;
  /** Null: none was said yet. */
  #heartbeats: HeartbeatTimes | null = null;
  #strangers = { sinceMs: 0, replies: 0 };

  constructor(options: CommandDeskOptions) {
    const { trust, handlers, motion, clock, log } = options;
    this.#options = options;
    this.#keys = new TrustedKeys(trust, clock, log);
    this.#sparing = new SparingLog(clock, SAME_WORDS_EVERY_MS);
    this.#motion = motion === null ? null : new MotionLane(motion);
    this.#reads = new ReadLane(options.questions ?? [], log);
    this.#handlers = new Map(
      handlers.map((command) => [command.command, { command, validator: Compile(command.args) }]),
    );
  }

  offer(payload: Uint8Array): void {
    if (payload.length > COMMAND_BYTES_MAX) {
      this.counts.malformed += 1;
      this.#tell('too-large', { bytes: payload.length }, 'a request that is too large was not read');
    } else if (this.#queue.length >= QUEUE_MAX) {
      this.counts.dropped += 1;
      this.#tell(
        'dropped',
        { waiting: QUEUE_MAX },
        'requests come faster than they can be done: some were dropped',
      );
    } else {
      this.#queue.push(payload);
      this.#wake?.();
    }
  }

  heartbeatSaid({ boot, tick }: { readonly boot: string; readonly tick: number }): void {
    const before = this.#heartbeats?.boot === boot ? this.#heartbeats : { boot, said: [] };
    this.#heartbeats = noteHeartbeat(before, tick, this.#options.clock.monotonicMs());
  }

  async run(signal: AbortSignal, reply: Reply): Promise<void> {
    const onAbort = (): void => {
      this.#wake?.();
      this.#wakeRecords?.();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.all([this.#read(signal, reply), this.#recordAll(signal, reply), this.#reads.run(signal)]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #read(signal: AbortSignal, reply: Reply): Promise<void> {
    while (!signal.aborted) {
      const payload = this.#queue.shift();
      if (payload !== undefined) await this.#work(payload, reply);
      else await woken(signal, (wake) => (this.#wake = wake));
    }
  }

  /** What waits for the disk holds nobody up who wants to stop the line. */
  async #recordAll(signal: AbortSignal, reply: Reply): Promise<void> {
    while (!signal.aborted) {
      const [request] = this.#toRecord;
      if (request === undefined) await woken(signal, (wake) => (this.#wakeRecords = wake));
      else {
        reply(replyText(request.id, await this.#answer(request)));
        this.#toRecord.shift();
      }
    }
  }

  async #work(payload: Uint8Array, reply: Reply): Promise<void> {
    const { site, line, clock } = this.#options;
    const reading = readRequest(payload);
    if (reading.kind === 'malformed') {
      this.counts.malformed += 1;
      this.#tell('malformed', { bytes: payload.length }, 'a message that is no request was not followed');
      const answer = refusal('bad-signature', 'this is no signed request');
      if (reading.id !== null && this.#mayAnswerStranger(clock.monotonicMs()))
        reply(replyText(reading.id, answer));
      return;
    }
    const { command } = reading;
    const { id } = command.request;
    const judgement = judgeRequest(command, await this.#keys.find(command.key), site, line);
    if (judgement.kind === 'genuine') {
      this.#take(judgement.request, reply);
      return;
    }
    const { code, detail } = judgement;
    this.counts[code === 'wrong-line' ? 'refused' : 'forged'] += 1;
    this.#tell(code, { code, key: command.key, request: id }, 'a request was not followed');
    if (code === 'wrong-line' || this.#mayAnswerStranger(clock.monotonicMs())) {
      reply(replyText(id, refusal(code, detail)));
    }
  }

  #take(request: CommandRequest, reply: Reply): void {
    if (this.#reads.takes(request)) {
      this.#reads.carry(request, (answer) => reply(replyText(request.id, answer)));
      return;
    }
    if (this.#motion?.takes(request) !== true) {
      this.#keepToRecord(request, reply);
      return;
    }
    const expired = this.#isFresh(request) ? null : EXPIRED;
    this.#motion.carry(request, expired, (answer) => {
      this.#count(request, answer);
      reply(replyText(request.id, answer));
    });
  }

  /** One that waits already is answered once for all the times that it was sent. */
  #keepToRecord(request: CommandRequest, reply: Reply): void {
    if (this.#toRecord.some(({ id }) => id === request.id)) return;
    if (this.#toRecord.length >= TO_RECORD_MAX) {
      const answer = refusal('not-stored', TOO_MANY_TO_RECORD);
      this.#count(request, answer);
      reply(replyText(request.id, answer));
      return;
    }
    this.#toRecord.push(request);
    this.#wakeRecords?.();
  }

  async #answer(request: CommandRequest): Promise<Answer> {
    const { ledger } = this.#options;
    const earlier = ledger.find(requestKey(request.id));
    if (earlier !== null) {
      this.counts.alreadyDone += 1;
      return { code: 'already-done', detail: null, seq: earlier.seq, epoch: earlier.epoch };
    }
    const answer = this.#isFresh(request) ? await this.#record(request) : refusal('expired', EXPIRED);
    this.#count(request, answer);
    return answer;
  }

  #count(request: CommandRequest, { code, detail, seq }: Answer): void {
    const fields = { request: request.id, command: request.command, code, detail, seq };
    if (code === 'accepted') return;
    if (code === 'done') this.counts.done += 1;
    else if (code === 'already-done') this.counts.alreadyDone += 1;
    else this.counts.refused += 1;
    if (code === 'done') this.#options.log.info(fields, 'a request was followed');
    else this.#tell(`${code} ${request.command}`, fields, 'a request was not followed');
  }

  /** What quotes no heartbeat moves nothing, and never expires: who quotes one wants to be followed soon or not at all. */
  #isFresh({ heartbeat }: CommandRequest): boolean {
    if (heartbeat === undefined) return true;
    const times = this.#heartbeats;
    return times !== null && isMotionFresh(heartbeat, this.#options.clock.monotonicMs(), times);
  }

  async #record(request: CommandRequest): Promise<Answer> {
    const { ledger } = this.#options;
    const handler = this.#handlers.get(request.command);
    if (handler === undefined)
      return refusal('unknown-command', `this edge does not know «${request.command}»`);
    const { command, validator } = handler;
    if (!validator.Check(request.args)) {
      const [first] = validator.Errors(request.args);
      return refusal(
        'invalid-args',
        `args${first?.instancePath ?? ''}: ${first?.message ?? 'not such arguments'}`,
      );
    }
    const verdict = command.record(request.args, request);
    if (verdict.kind !== 'records') return { ...refusal(verdict.kind, verdict.detail), ...codeOf(verdict) };
    const { actorRef, id } = request;
    const records = verdict.records.map((record, index) => {
      return { ...record, actorRef, key: index === 0 ? requestKey(id) : `${requestKey(id)}/${index}` };
    });
    const outcome = await ledger.append(records);
    if (outcome.kind === 'not-stored') {
      command.notRecorded?.();
      return refusal(outcome.code === 'invalid' ? 'refused' : 'not-stored', outcome.reason);
    }
    const [result] = outcome.results;
    if (result === undefined) throw new Error('the ledger stored a record and gives it no number');
    const { seq, epoch, duplicate } = result;
    if (duplicate) command.notRecorded?.();
    else command.recorded?.(records);
    return { code: duplicate ? 'already-done' : 'done', detail: null, seq, epoch };
  }

  #mayAnswerStranger(nowMs: number): boolean {
    if (nowMs - this.#strangers.sinceMs >= 1000) this.#strangers = { sinceMs: nowMs, replies: 0 };
    this.#strangers.replies += 1;
    return this.#strangers.replies <= STRANGER_REPLIES_PER_SECOND;
  }

  #tell(key: string, fields: object, message: string): void {
    if (this.#sparing.isDue(key)) this.#options.log.warn(fields, message);
  }
}

/** Resolves when somebody wakes this, or the signal aborts. */
async function woken(signal: AbortSignal, keep: (wake: (() => void) | null) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  keep(resolve);
  if (!signal.aborted) await promise;
  keep(null);
}

function refusal(code: ReplyCode, detail: string): Answer {
  return { code, detail, seq: null, epoch: null };
}

function codeOf(verdict: CommandVerdict): Pick<Answer, 'refusal' | 'data'> {
  if (verdict.kind !== 'refused') return {};
  const { refusal, data } = verdict;
  return { ...(refusal === undefined ? {} : { refusal }), ...(data === undefined ? {} : { data }) };
}

function replyText(id: string, answer: Answer): string {
  const detail = answer.detail?.slice(0, DETAIL_CHARACTERS_MAX) ?? null;
  const reply: CommandReply = { v: 1, id, ...answer, detail };
  return JSON.stringify(reply);
}
