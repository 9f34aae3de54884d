/**
 * Stops and holds that were sent before they could be noted: kept in memory, with what the line answered, until the
 * records take them. A server that ends before that loses its own note of them; the line's ledger has its own.
 */
import type { CommandReply } from '@trame/protocol/command';
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';
import { noteCommand, noteReply, UNANSWERED, type NewCommand } from './command-repository.ts';
import { replaces } from './command-replies.ts';

/** Past that the oldest is not noted any more: it was sent, and the line's ledger has it. */
const UNNOTED_MAX = 64;

interface Unnoted {
  readonly asked: NewCommand;
  /** With what was answered. */
  row: CommandTable;
  reply: CommandReply | null;
  /** Told once it is kept here no longer. */
  readonly released: () => void;
}

export class UnnotedOrders {
  /** By who asked and their key, in the order in which they were sent. */
  readonly #orders = new Map<string, Unnoted>();

  get size(): number {
    return this.#orders.size;
  }

  /** @returns what this person asked under this key, as it stands. */
  under(login: string, idempotencyKey: string): CommandTable | undefined {
    return this.#orders.get(keyOf(login, idempotencyKey))?.row;
  }

  byId(id: string): CommandTable | undefined {
    return [...this.#orders.values()].find(({ row }) => row.id === id)?.row;
  }

  /**
   * @param watched called when it is kept; gives what is told once it is kept no longer.
   * @returns the row that is kept: what was asked first under this key.
   */
  keep(login: string, command: NewCommand, watched: (id: string) => () => void): CommandTable {
    const key = keyOf(login, command.idempotencyKey);
    const before = this.#orders.get(key);
    if (before !== undefined) return before.row;
    const row = { ...command, ...UNANSWERED };
    this.#orders.set(key, { asked: command, row, reply: null, released: watched(row.id) });
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > UNNOTED_MAX && oldest !== undefined) this.#drop(oldest);
    return row;
  }

  heard(reply: CommandReply, nowMs: number): void {
    const order = [...this.#orders.values()].find(({ row }) => row.id === reply.id);
    if (order === undefined) return;
    const { row } = order;
    order.row = answeredRow(row, reply, nowMs);
    if (order.row !== row) order.reply = reply;
  }

  /** Notes them, the oldest first. @throws when the records do not take one; those before it are noted. */
  async note(records: Records): Promise<void> {
    for (const [key, order] of this.#orders) {
      await noteCommand(records, order.asked);
      const { reply } = order;
      if (reply !== null) await noteReply(records, reply, order.row.answeredAt ?? order.asked.at);
      // What was answered meanwhile is noted the next time.
      if (order.reply === reply) this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#orders.get(key)?.released();
    this.#orders.delete(key);
  }
}

/** @returns the same row when the answer says no more than what was answered before. */
export function answeredRow(row: CommandTable, reply: CommandReply, nowMs: number): CommandTable {
  const { code: outcome, detail, seq, epoch, reasons } = reply;
  if (!replaces(row.command, row.outcome, outcome)) return row;
  const why = reasons === undefined ? null : canonicalJson(reasons);
  return { ...row, outcome, detail, seq, epoch, reasons: why, answeredAt: nowMs };
}

function keyOf(login: string, idempotencyKey: string): string {
  return `${idempotencyKey} ${login}`;
}
