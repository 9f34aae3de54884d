/**
 * What was sent lately: a dead link is noticed only after one and a half keep-alives, and what was written
 * meanwhile is lost without a word. Kept encoded, in memory, bounded.
 */
import type { Loss } from './gap-book.ts';
import type { SealedBatch } from './open-batches.ts';
import { least } from './risk-mark.ts';

/** At ten bytes a sample, 20 000 samples a second for 80 s. Past it the oldest can no longer be sent again. */
export const IN_DOUBT_BYTES_MAX = 16 * 1024 * 1024;

interface Doubted {
  readonly batch: SealedBatch;
  /** Monotonic ms at which the last of it was sent. */
  readonly sentAtMs: number;
}

export class InDoubt {
  #batches: Doubted[] = [];
  #bytes = 0;
  /** What there was no room for, as long as it is in doubt. */
  #forgotten: { readonly loss: Loss; readonly sentAtMs: number } | null = null;

  get oldestMs(): number | null {
    return least([this.#forgotten?.loss.fromMs ?? null, ...this.#batches.map(({ batch }) => batch.fromMs)]);
  }

  add(batch: SealedBatch, sentAtMs: number): void {
    this.#batches.push({ batch, sentAtMs });
    this.#bytes += batch.body.length;
    while (this.#bytes > IN_DOUBT_BYTES_MAX) this.#forget();
  }

  /** What was sent before this monotonic time is past doubt. */
  confirm(beforeMs: number): void {
    const first = this.#batches.findIndex(({ sentAtMs }) => sentAtMs >= beforeMs);
    const past = this.#batches.splice(0, first === -1 ? this.#batches.length : first);
    for (const { batch } of past) this.#bytes -= batch.body.length;
    if (this.#forgotten !== null && this.#forgotten.sentAtMs < beforeMs) this.#forgotten = null;
  }

  /** Empties it. @returns what may be sent again, oldest first, and what can not. */
  takeAll(): { readonly batches: readonly SealedBatch[]; readonly lost: Loss | null } {
    const taken = { batches: this.#batches.map(({ batch }) => batch), lost: this.#forgotten?.loss ?? null };
    this.#batches = [];
    this.#bytes = 0;
    this.#forgotten = null;
    return taken;
  }

  #forget(): void {
    const oldest = this.#batches.shift();
    if (oldest === undefined) return;
    const { batch, sentAtMs } = oldest;
    this.#bytes -= batch.body.length;
    const before = this.#forgotten?.loss;
    this.#forgotten = {
      sentAtMs,
      loss: {
        reason: 'not-stored',
        fromMs: Math.min(batch.fromMs, before?.fromMs ?? batch.fromMs),
        toMs: Math.max(batch.toMs, before?.toMs ?? batch.toMs),
        samples: batch.count + (before?.samples ?? 0),
      },
    };
  }
}
