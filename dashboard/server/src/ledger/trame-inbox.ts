/** What comes in on Trame's own topics, beside Sparkplug's, and who it is for. */
import { decodeReply, type CommandReply } from '@trame/protocol/command';
import { decodeControlPicture, type ControlPicture } from '@trame/protocol/control/control-picture';
import { decodeHeartbeat } from '@trame/protocol/heartbeat';
import { parseTrameTopic } from '@trame/protocol/topics';
import type { Clock } from '../ports/clock.ts';
import type { HeartbeatBoard } from './heartbeat-board.ts';
import type { LineAddress } from './judge-event.ts';
import type { LedgerConsumer } from './ledger-consumer.ts';

/** What is not taken is counted under one of these names. */
export type InboxRejection = 'topic' | 'retained' | 'payload' | 'foreign-site';

export type ReplyListener = (address: LineAddress, reply: CommandReply) => void;

export interface TrameInboxOptions {
  readonly consumer: LedgerConsumer;
  readonly board: HeartbeatBoard;
  readonly clock: Clock;
  /** Whether a line's name is another site's. Its ledger is for the consumer to refuse, who remembers it. */
  readonly isForeign: (address: LineAddress) => boolean;
  /** How the control of a line stands, as its edge says. */
  readonly control: (address: LineAddress, said: ControlPicture) => void;
  readonly rejected: (reason: InboxRejection) => void;
}

export class TrameInbox {
  readonly #options: TrameInboxOptions;
  readonly #listeners = new Set<ReplyListener>();

  constructor(options: TrameInboxOptions) {
    this.#options = options;
  }

  /** @returns what takes the listener off again. */
  onReply(listener: ReplyListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns false when the topic is none of Trame's own. */
  message(topic: string, bytes: Uint8Array, retained: boolean): boolean {
    if (!topic.startsWith('trame/')) return false;
    const rejection = this.#take(topic, bytes, retained);
    if (rejection !== null) this.#options.rejected(rejection);
    return true;
  }

  #take(topic: string, bytes: Uint8Array, retained: boolean): InboxRejection | null {
    const parsed = parseTrameTopic(topic);
    if (parsed === null) return 'topic';
    // Nothing here is published retained: it would be a voice from the past.
    if (retained) return 'retained';
    if (parsed.channel !== 'ledger' && this.#options.isForeign(parsed)) return 'foreign-site';
    switch (parsed.channel) {
      case 'ledger':
        this.#options.consumer.message(topic, bytes);
        return null;
      case 'heartbeat':
        return this.#heartbeat(parsed, bytes);
      case 'reply':
        return this.#reply(parsed, bytes);
      case 'control':
        return this.#control(parsed, bytes);
      case 'ledger/ack':
      case 'command':
        return 'topic';
    }
  }

  #heartbeat({ site, line }: LineAddress, bytes: Uint8Array): InboxRejection | null {
    const said = decodeHeartbeat(bytes);
    if (said === null) return 'payload';
    const { board, clock, consumer } = this.#options;
    board.note({ site, line, said, receivedAtMs: clock.nowMs() });
    consumer.heard({ site, line });
    return null;
  }

  #control({ site, line }: LineAddress, bytes: Uint8Array): InboxRejection | null {
    const said = decodeControlPicture(bytes);
    if (said === null) return 'payload';
    this.#options.control({ site, line }, said);
    return null;
  }

  #reply({ site, line }: LineAddress, bytes: Uint8Array): InboxRejection | null {
    const reply = decodeReply(bytes);
    if (reply === null) return 'payload';
    for (const listener of this.#listeners) listener({ site, line }, reply);
    return null;
  }
}
