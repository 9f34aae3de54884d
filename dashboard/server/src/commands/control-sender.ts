/**
 * Requests that control a line. They are answered within a second with what is known then; the conversation goes on,
 * and what comes later is noted. Each quotes the heartbeat that was the last when it was noted:
 * sent again, it is the same request, and expires with that heartbeat. A stop and a hold leave whatever the records do: what
 * cannot be noted in time is sent, and noted when it can be.
 */
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { CommandReply } from '@trame/protocol/command';
import type { CommandRow } from '@trame/protocol/control/control-answers';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { repeat, slept, within } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';
import { actorRefOf } from './actor-repository.ts';
import { commandById } from './command-audit.ts';
import { isEnd, isStopOrHold, isTaken, mayAskAgain } from './command-replies.ts';
import { isOpen, rowOfCommand } from './command-state.ts';
import { commandOf, isSameOrder, noteCommand, type NewCommand } from './command-repository.ts';
import type { CommandOrder, CommandSender } from './command-sender.ts';
import { lastHeartbeat } from './last-heartbeat.ts';
import { answeredRow, UnnotedOrders } from './unnoted-orders.ts';

/** After so long a person is told what is known, or that it is being looked into: a second with all that is around it. */
export const CONTROL_ANSWER_MS = 900;
/** A stop or a hold waits so long for the records, each time it needs them, ms. */
export const RECORDS_WAIT_MS = 400;
/** How often it is tried to note what was sent without being noted, ms. */
const NOTE_AGAIN_MS = 2_000;
const ID_BYTES = 16;

export type ControlOutcome =
  /** `noted` false: the records did not take it; it was sent all the same. */
  | { readonly kind: 'told'; readonly row: CommandRow; readonly noted: boolean }
  /** Nothing was sent: the edge was not heard lately. */
  | { readonly kind: 'edge-silent' }
  /** The key was used for another order. */
  | { readonly kind: 'key-reused' }
  /** Too many wait already. */
  | { readonly kind: 'busy' };

export interface ControlSenderOptions {
  readonly records: Records;
  readonly sender: Pick<CommandSender, 'start' | 'watch'>;
  readonly board: Pick<HeartbeatBoard, 'of'>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** What is known of an order before the records are asked. */
interface Draft {
  readonly asked: Pick<CommandTable, 'site' | 'line' | 'command' | 'args'>;
  /** What would be noted, but for who asks; null: the edge is silent. */
  readonly command: Omit<NewCommand, 'actorRef'> | null;
}

interface Begun {
  readonly row: CommandTable;
  readonly noted: boolean;
}

type NotBegun = Exclude<ControlOutcome, { kind: 'told' }>;

export class ControlSender {
  readonly #options: ControlSenderOptions;
  readonly #unnoted = new UnnotedOrders();

  constructor(options: ControlSenderOptions) {
    this.#options = options;
  }

  /** Notes what was sent without being noted, as soon as the records take it, until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return repeat(this.#options.clock, NOTE_AGAIN_MS, signal, () => this.#noteLate());
  }

  /** @returns a request that the records do not know yet; undefined: there is none of this id. */
  unnoted(id: string): CommandRow | undefined {
    const row = this.#unnoted.byId(id);
    return row === undefined ? undefined : rowOfCommand(row, null, this.#options.clock.nowMs());
  }

  /** @returns what this account asked under this key, if the records do not know it yet. */
  unnotedUnder(login: string, idempotencyKey: string): CommandRow | undefined {
    const row = this.#unnoted.under(login, idempotencyKey);
    return row === undefined ? undefined : rowOfCommand(row, null, this.#options.clock.nowMs());
  }

  /** The same order under the same key is the same request, whatever became of it; it is answered as it stands now. */
  async ask(order: CommandOrder): Promise<ControlOutcome> {
    const { sender, clock } = this.#options;
    const untilMs = clock.monotonicMs() + CONTROL_ANSWER_MS;
    const begun = await this.#begun(order);
    if (!('row' in begun)) return begun;
    const { noted } = begun;
    let { row } = begun;
    const known = await this.#now(row, noted);
    if (!isOpen(known)) return { kind: 'told', row: known, noted };
    const over = new AbortController();
    const unwatch = sender.watch(row.id, {
      heard: (reply) => {
        row = answeredRow(row, reply, clock.nowMs());
      },
      noted: ({ code }) => {
        if (!isTaken(code)) over.abort();
      },
    });
    try {
      if (mayAskAgain(known.code) && !sender.start(row)) return { kind: 'busy' };
      await slept(clock, Math.max(0, untilMs - clock.monotonicMs()), over.signal);
    } finally {
      unwatch();
    }
    return { kind: 'told', row: await this.#now(row, noted), noted };
  }

  async #begun(order: CommandOrder): Promise<Begun | NotBegun> {
    const draft = this.#draft(order);
    if (!isStopOrHold(order.command)) return this.#inRecords(order, draft);
    const asked = this.#unnoted.under(order.login, order.idempotencyKey);
    if (asked !== undefined) {
      return isSameOrder(asked, draft.asked) ? { row: asked, noted: false } : { kind: 'key-reused' };
    }
    const begun = await this.#soon(this.#inRecords(order, draft));
    if (begun !== null) return begun;
    if (draft.command === null) return { kind: 'edge-silent' };
    const actorRef = order.actorRef ?? this.#drawn();
    const watched = (id: string) => {
      const heard = (reply: CommandReply) => this.#unnoted.heard(reply, this.#options.clock.nowMs());
      return this.#options.sender.watch(id, { heard });
    };
    return { row: this.#unnoted.keep(order.login, { ...draft.command, actorRef }, watched), noted: false };
  }

  #draft(order: CommandOrder): Draft {
    const { site, line, command, idempotencyKey } = order;
    const asked = { site, line, command, args: canonicalJson(order.args) };
    const { board, clock } = this.#options;
    const at = clock.nowMs();
    const quoted = lastHeartbeat(board, order, at);
    if (quoted === null) return { asked, command: null };
    return { asked, command: { ...asked, ...quoted, id: this.#drawn(), idempotencyKey, at } };
  }

  async #inRecords(order: CommandOrder, draft: Draft): Promise<Begun | NotBegun> {
    const { records, clock, entropy } = this.#options;
    const actorRef = await actorRefOf(records, order.login, clock.nowMs(), entropy);
    const before = await commandOf(records, actorRef, order.idempotencyKey);
    if (before !== undefined) {
      return isSameOrder(before, draft.asked) ? { row: before, noted: true } : { kind: 'key-reused' };
    }
    if (draft.command === null) return { kind: 'edge-silent' };
    const noted = await noteCommand(records, { ...draft.command, actorRef });
    return noted.kind === 'other' ? { kind: 'key-reused' } : { row: noted.row, noted: true };
  }

  /** @returns what the records say; null when they do not in time. What they still do after it is theirs. */
  async #soon<T>(asked: Promise<T>): Promise<T | null> {
    const { clock, log } = this.#options;
    let answer: T | null = null;
    let reason = 'they do not answer in time';
    const listen = async () => {
      try {
        answer = await asked;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    };
    await within(clock, RECORDS_WAIT_MS, listen());
    if (answer === null) log.error({ reason }, 'a stop or a hold goes on without the records');
    return answer;
  }

  async #noteLate(): Promise<void> {
    if (this.#unnoted.size === 0) return;
    const { records, log } = this.#options;
    try {
      await this.#unnoted.note(records);
      log.info({}, 'stops and holds that were sent without the records are noted');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ reason, count: this.#unnoted.size }, 'stops and holds that were sent are not noted yet');
    }
  }

  #drawn(): string {
    return Buffer.from(this.#options.entropy.bytes(ID_BYTES)).toString('hex');
  }

  /** @param row with what was heard of it here: all that is known of a stop or a hold while the records are away. */
  async #now(row: CommandTable, noted: boolean): Promise<CommandRow> {
    const { records, clock } = this.#options;
    const here = rowOfCommand(row, null, clock.nowMs());
    if (!noted) return here;
    const asked = commandById(records, row.id, clock.nowMs());
    const known = isStopOrHold(row.command) ? ((await this.#soon(asked)) ?? here) : await asked;
    if (known === undefined) throw new Error(`request ${row.id} was noted and is not there`);
    // What was heard may not be noted yet.
    return known.outcome === 'checking' && isEnd(row.outcome) ? here : known;
  }
}
