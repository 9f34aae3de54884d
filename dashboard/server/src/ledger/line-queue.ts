/** Messages that wait to be stored: in order within a line, turn and turn about between lines, bounded. */
import type { LineAddress } from './judge-event.ts';
import type { LedgerMessage } from './ledger-store.ts';
import { MESSAGES_PER_TRANSACTION_MAX, QUEUE_BYTES_MAX, QUEUE_MESSAGES_MAX } from './limits.ts';

export interface QueuedBatch {
  readonly address: LineAddress;
  readonly messages: readonly LedgerMessage[];
}

interface Waiting {
  readonly address: LineAddress;
  messages: readonly LedgerMessage[];
}

export class LineQueue {
  /** In the order of their turns. */
  readonly #lines = new Map<string, Waiting>();
  #bytes = 0;
  #count = 0;

  /** Messages that wait. */
  get count(): number {
    return this.#count;
  }

  /** @returns false when there is no room: the message is left out, its edge sends it again. */
  add(address: LineAddress, message: LedgerMessage): boolean {
    const key = `${address.site}/${address.line}`;
    const waiting = this.#lines.get(key);
    const bytes = bytesOf(message);
    if ((waiting?.messages.length ?? 0) >= QUEUE_MESSAGES_MAX || this.#bytes + bytes > QUEUE_BYTES_MAX) {
      return false;
    }
    if (waiting === undefined) this.#lines.set(key, { address, messages: [message] });
    else waiting.messages = [...waiting.messages, message];
    this.#bytes += bytes;
    this.#count += 1;
    return true;
  }

  /** @returns what to store next, of the line whose turn it is; it stays until {@link done}. */
  next(): QueuedBatch | null {
    for (const { address, messages } of this.#lines.values()) {
      return { address, messages: messages.slice(0, MESSAGES_PER_TRANSACTION_MAX) };
    }
    return null;
  }

  /** Takes out what {@link next} gave; the line waits for its next turn behind the others. */
  done({ address, messages }: QueuedBatch): void {
    const key = `${address.site}/${address.line}`;
    const waiting = this.#lines.get(key);
    if (waiting === undefined) return;
    this.#lines.delete(key);
    for (const message of messages) this.#bytes -= bytesOf(message);
    this.#count -= messages.length;
    const left = waiting.messages.slice(messages.length);
    if (left.length > 0) this.#lines.set(key, { address, messages: left });
  }
}

function bytesOf(message: LedgerMessage): number {
  return message.kind === 'bytes' ? message.bytes.length : 0;
}
