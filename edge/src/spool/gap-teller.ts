/** Tells losses, each until it is recorded, and counts the samples that are gone. */
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { GapListener } from '../ports/spool.ts';
import {
  EMPTY_GAP_BOOK,
  GAP_GATHER_MS,
  gapPayload,
  mergeGaps,
  noteLoss,
  settleGaps,
  tellGaps,
  type GapBook,
  type Loss,
} from './gap-book.ts';

export interface GapTellerOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly onGap: GapListener;
  /** Whether a gap with this key is recorded: it is told again until it is. */
  readonly isRecorded: (key: string) => boolean;
}

const SERIES_BYTES = 8;

export class GapTeller {
  readonly #options: GapTellerOptions;
  /** Of this run: no other run gives keys that begin so. */
  readonly #series: string;
  #keys = 0;
  #book: GapBook = EMPTY_GAP_BOOK;
  #keptBook: GapBook = EMPTY_GAP_BOOK;
  #lost = 0;

  constructor(options: GapTellerOptions) {
    this.#options = options;
    this.#series = Buffer.from(options.entropy.bytes(SERIES_BYTES)).toString('hex');
  }

  /** Samples lost since the start, as far as anybody can count them. */
  get lost(): number {
    return this.#lost;
  }

  /** Whether the file does not know all of it yet. */
  get isUnkept(): boolean {
    return this.#book !== this.#keptBook;
  }

  note(loss: Loss): void {
    this.#lost += loss.samples ?? 0;
    this.#book = noteLoss(this.#book, loss, this.#dueAtMs);
  }

  /** A loss that is over: it is told without waiting for more. */
  noteWhole(loss: Loss): void {
    this.#lost += loss.samples ?? 0;
    this.#book = noteLoss(this.#book, loss, -Infinity);
  }

  /** @returns what the file is to keep, these losses included; they count once {@link kept} is called with it. */
  with(losses: readonly Loss[]): GapBook {
    return losses.reduce((book, loss) => noteLoss(book, loss, this.#dueAtMs), this.#book);
  }

  kept(book: GapBook, losses: readonly Loss[]): void {
    for (const { samples } of losses) this.#lost += samples ?? 0;
    this.#book = book;
    this.#keptBook = book;
  }

  /** What an opened file knows joins what is known here. */
  loaded(book: GapBook): void {
    const known = this.#book;
    this.#keptBook = book;
    this.#book = known.open.size + known.told.size === 0 ? book : mergeGaps(book, known);
  }

  /** @param keep is called between deciding what is told and telling it: what was told must not change. */
  tell(keep: () => void): void {
    this.#tell(this.#options.clock.monotonicMs(), keep);
  }

  /** At the end: nothing gathers any more. */
  tellAll(keep: () => void): void {
    this.#tell(Infinity, keep);
  }

  #tell(atMs: number, keep: () => void): void {
    const { onGap, isRecorded } = this.#options;
    const settled = settleGaps(this.#book, isRecorded);
    const { book, due } = tellGaps(settled, atMs, () => this.#newKey());
    this.#book = book;
    if (due.length > 0) keep();
    for (const gap of due) onGap(gapPayload(gap, EVENT_TIME_MIN_MS), gap.key);
  }

  get #dueAtMs(): number {
    return this.#options.clock.monotonicMs() + GAP_GATHER_MS;
  }

  #newKey(): string {
    this.#keys += 1;
    return `gap:${this.#series}:${this.#keys}`;
  }
}
