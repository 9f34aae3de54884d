/**
 * Requests that control a line. They are answered within a second with what is known then; the conversation goes on,
 * and what comes later is noted. A request to move something quotes the heartbeat that was the last when it was noted:
 * sent again, it is the same request, and expires with that heartbeat.
 */
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { CommandRow } from '@trame/protocol/control/control-answers';
import { isMotionCommand } from '@trame/protocol/control/control-names';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import { slept } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';
import { actorRefOf } from './actor-repository.ts';
import { commandById } from './command-audit.ts';
import { isTaken, mayAskAgain } from './command-replies.ts';
import { isOpen } from './command-state.ts';
import { commandOf, isSameOrder, noteCommand } from './command-repository.ts';
import type { CommandOrder, CommandSender, EdgeAddress } from './command-sender.ts';

/** After so long a person is told what is known, or that it is being looked into: a second with all that is around it. */
export const CONTROL_ANSWER_MS = 900;
/** An edge that was not heard for so long is not asked to move anything, ms. */
export const EDGE_SILENT_MS = 6_000;
const ID_BYTES = 16;

export type ControlOutcome =
  | { readonly kind: 'told'; readonly row: CommandRow }
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
}

interface Heartbeat {
  readonly boot: string | null;
  readonly tick: number | null;
}

export class ControlSender {
  readonly #options: ControlSenderOptions;

  constructor(options: ControlSenderOptions) {
    this.#options = options;
  }

  /** The same order under the same key is the same request, whatever became of it; it is answered as it stands now. */
  async ask(order: CommandOrder): Promise<ControlOutcome> {
    const { records, sender, clock, entropy } = this.#options;
    const untilMs = clock.monotonicMs() + CONTROL_ANSWER_MS;
    const actorRef = await actorRefOf(records, order.login, clock.nowMs(), entropy);
    const noted = await this.#noted(order, actorRef);
    if (!('row' in noted)) return noted;
    const { row } = noted;
    const known = await this.#now(row.id);
    if (!isOpen(known)) return { kind: 'told', row: known };
    const over = new AbortController();
    const unwatch = sender.watch(row.id, ({ code }) => {
      if (!isTaken(code)) over.abort();
    });
    try {
      if (mayAskAgain(known.code) && !sender.start(row)) return { kind: 'busy' };
      await slept(clock, Math.max(0, untilMs - clock.monotonicMs()), over.signal);
    } finally {
      unwatch();
    }
    return { kind: 'told', row: await this.#now(row.id) };
  }

  async #noted(
    order: CommandOrder,
    actorRef: string,
  ): Promise<{ readonly row: CommandTable } | Exclude<ControlOutcome, { kind: 'told' }>> {
    const { records, clock, entropy } = this.#options;
    const { site, line, command, idempotencyKey } = order;
    const args = canonicalJson(order.args);
    const asked = { site, line, command, args };
    const before = await commandOf(records, actorRef, idempotencyKey);
    if (before !== undefined) return isSameOrder(before, asked) ? { row: before } : { kind: 'key-reused' };
    const quoted = isMotionCommand(command) ? this.#heartbeat(order) : { boot: null, tick: null };
    if (quoted === null) return { kind: 'edge-silent' };
    const id = Buffer.from(entropy.bytes(ID_BYTES)).toString('hex');
    const at = clock.nowMs();
    const noted = await noteCommand(records, { ...asked, ...quoted, id, idempotencyKey, actorRef, at });
    return noted.kind === 'other' ? { kind: 'key-reused' } : { row: noted.row };
  }

  /** @returns null when the edge is silent. One that seems to come from the future came before a step of the clock. */
  #heartbeat(address: EdgeAddress): Heartbeat | null {
    const heard = this.#options.board.of(address);
    if (heard === null) return null;
    const ageMs = this.#options.clock.nowMs() - heard.receivedAtMs;
    if (ageMs < 0 || ageMs > EDGE_SILENT_MS) return null;
    return { boot: heard.said.boot, tick: heard.said.tick };
  }

  async #now(id: string): Promise<CommandRow> {
    const { records, clock } = this.#options;
    const row = await commandById(records, id, clock.nowMs());
    if (row === undefined) throw new Error(`request ${id} was noted and is not there`);
    return row;
  }
}
