/** What the consumer has in mind of each line: how far it is stored, what it was last sent, when it is told. */
import type { LedgerAck } from '@trame/protocol/ledger-message';
import { ackAtOnce, ackSoon, firstAck, type AckSchedule } from './ack-schedule.ts';
import type { LedgerCursor, LineAddress } from './judge-event.ts';
import type { Refusal, StoredLine, TakeResult } from './ledger-store.ts';
import { LEDGER_LINES_MAX } from './limits.ts';

export interface LedgerLine {
  readonly address: LineAddress;
  cursor: LedgerCursor | null;
  schedule: AckSchedule;
  /** What it was sent last and was not taken; null: all was. */
  refused: Refusal | null;
  /** Whether an earlier event is awaited. */
  isWaiting: boolean;
  /** Between recording and storing the last event, ms; null: none was stored since the start. */
  lagMs: number | null;
  heardMs: number;
}

export class LedgerLines {
  readonly #lines = new Map<string, LedgerLine>();

  all(): readonly LedgerLine[] {
    return [...this.#lines.values()];
  }

  find({ site, line }: LineAddress): LedgerLine | null {
    return this.#lines.get(`${site}/${line}`) ?? null;
  }

  /**
   * @returns null when there are too many lines. One of which nothing is stored gives way to a new one: names
   * are easily invented.
   */
  hear(address: LineAddress, monotonicMs: number): LedgerLine | null {
    const known = this.find(address);
    if (known !== null) {
      known.heardMs = monotonicMs;
      return known;
    }
    if (this.#lines.size >= LEDGER_LINES_MAX && !this.#dropQuietest()) return null;
    return this.#add(address, null, monotonicMs);
  }

  /** Takes over how far the records say each line is stored. */
  refresh(stored: readonly StoredLine[], monotonicMs: number): void {
    for (const { site, line, cursor } of stored) {
      const known = this.find({ site, line });
      if (known === null) this.#add({ site, line }, cursor, monotonicMs);
      else known.cursor = cursor;
    }
  }

  taken(address: LineAddress, result: TakeResult, nowMs: number, monotonicMs: number): void {
    const line = this.find(address) ?? this.#add(address, result.cursor, monotonicMs);
    line.cursor = result.cursor;
    line.isWaiting = result.missing;
    line.refused = result.lastRefused;
    const last = result.stored.at(-1);
    if (last !== undefined) line.lagMs = nowMs - last.recordedAt;
    line.schedule = result.missing
      ? ackAtOnce(line.schedule, monotonicMs)
      : ackSoon(line.schedule, monotonicMs);
  }

  #add(address: LineAddress, cursor: LedgerCursor | null, monotonicMs: number): LedgerLine {
    const line: LedgerLine = {
      address: { site: address.site, line: address.line },
      cursor,
      schedule: firstAck(monotonicMs),
      refused: null,
      isWaiting: false,
      lagMs: null,
      heardMs: monotonicMs,
    };
    this.#lines.set(`${address.site}/${address.line}`, line);
    return line;
  }

  #dropQuietest(): boolean {
    let quietest: LedgerLine | null = null;
    for (const line of this.#lines.values()) {
      if (line.cursor === null && (quietest === null || line.heardMs < quietest.heardMs)) quietest = line;
    }
    if (quietest === null) return false;
    return this.#lines.delete(`${quietest.address.site}/${quietest.address.line}`);
  }
}

/** @param atMs the consumer's clock. */
export function ackOf(consumer: string, { cursor, refused }: LedgerLine, atMs: number): LedgerAck {
  return {
    consumer,
    epoch: cursor?.epoch ?? null,
    upTo: cursor?.upTo ?? 0,
    hash: cursor?.hash ?? null,
    at: atMs,
    ...(refused === null ? {} : { refused: { code: refused.code, epoch: refused.epoch, seq: refused.seq } }),
  };
}
