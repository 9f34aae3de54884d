/**
 * A label printer on raw TCP. Submitting never waits and never fails a bale: the label is queued, sent in the
 * background, tried again when the printer is away, and what became of it is told afterwards.
 *
 * The queue lives in memory. What waits at a stop is told as `stopped`; that a label came out is for the caller to
 * record.
 */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/repeat.ts';
import {
  admissionOf,
  emptyQueue,
  next,
  type Failure,
  type JobOutcome,
  type PrintEffect,
  type PrintEvent,
  type PrintQueue,
} from './print-queue.ts';
import { sendRaw, usualLimits, type RawTarget, type SendLimits } from './send-raw.ts';

/** A longer label is not ours: refused as `too-large`. */
export const MAX_LABEL_BYTES = 128 * 1024;

export interface PrintJob {
  /** The same for the same wish to print: a repeat while it waits gives one label, a repeat later a reprint. */
  readonly id: string;
  /** A label of this output was printed before, as the records know. */
  readonly reprint: boolean;
  /** Draws the label, anew for each attempt: once a copy may have come out, with the mark of a reprint. */
  readonly zpl: (reprint: boolean) => string;
}

export type Submitted =
  | { readonly kind: 'queued'; readonly ahead: number }
  | { readonly kind: 'already-queued' }
  | { readonly kind: 'full' }
  | { readonly kind: 'too-large'; readonly bytes: number }
  /** The facts cannot be drawn; the bale is saved all the same. */
  | { readonly kind: 'not-drawn'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** For the health page. */
export interface PrinterState {
  readonly id: string;
  readonly label: string;
  readonly state: 'idle' | 'sending' | 'retrying' | 'stopped';
  readonly waiting: number;
  readonly printed: number;
  readonly givenUp: number;
  readonly lastPrintedAtMs: number | null;
  /** Null when the last attempt went well. */
  readonly lastFailure: { readonly failure: Failure; readonly atMs: number } | null;
}

export interface RawPrinterOptions {
  readonly id: string;
  readonly label: string;
  readonly target: RawTarget;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: SendLimits;
  /** Called once for every job that was queued. It must not throw. */
  readonly onSettled?: (jobId: string, outcome: JobOutcome) => void;
}

const STATES = { idle: 'idle', sending: 'sending', pausing: 'retrying', stopped: 'stopped' } as const;

export class RawPrinter {
  #options: RawPrinterOptions;
  #queue: PrintQueue = emptyQueue;
  #jobs = new Map<string, PrintJob>();
  #stop = new AbortController();
  /** Sends and pauses that run: at most one. */
  #running = new Set<Promise<void>>();

  constructor(options: RawPrinterOptions) {
    this.#options = options;
  }

  /** Queues a label and returns at once. */
  submit(job: PrintJob): Submitted {
    const admission = admissionOf(this.#queue, job.id);
    if (admission !== 'free') return { kind: admission };
    const refusal = this.#refusalOf(job);
    if (refusal !== null) return refusal;
    const ahead = this.#queue.waiting.length;
    this.#jobs.set(job.id, job);
    this.#take({ type: 'submitted', id: job.id, reprint: job.reprint });
    return { kind: 'queued', ahead };
  }

  /** Drawn once before it is queued, so that what cannot be printed is known now and harms nothing later. */
  #refusalOf(job: PrintJob): Submitted | null {
    try {
      const bytes = Buffer.byteLength(job.zpl(true));
      return bytes > MAX_LABEL_BYTES ? { kind: 'too-large', bytes } : null;
    } catch (error) {
      this.#options.log.error({ printer: this.#options.id, job: job.id, error }, 'a label cannot be drawn');
      return { kind: 'not-drawn', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  state(): PrinterState {
    const { phase, waiting, printed, givenUp, lastPrintedAtMs, lastFailure } = this.#queue;
    const { id, label } = this.#options;
    const state = STATES[phase];
    return { id, label, state, waiting: waiting.length, printed, givenUp, lastPrintedAtMs, lastFailure };
  }

  /** Cuts off what is being sent and takes no more. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#take({ type: 'stopped' });
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  #take(event: PrintEvent): void {
    const { queue, effects } = next(this.#queue, event);
    this.#queue = queue;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: PrintEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#run(this.#send(effect.id, effect.reprint));
      case 'pause':
        return this.#run(this.#pause(effect.ms));
      case 'settle':
        return this.#settle(effect.id, effect.outcome);
    }
  }

  #run(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  async #send(id: string, reprint: boolean): Promise<void> {
    const { target, clock, log, limits = usualLimits, id: printer } = this.#options;
    const job = this.#jobs.get(id);
    if (job === undefined) throw new Error(`print job ${id} has no label`);
    const bytes = Buffer.from(job.zpl(reprint));
    const outcome = await sendRaw(target, bytes, limits, clock, this.#stop.signal);
    if (outcome.kind !== 'printed') log.warn({ printer, job: id, outcome }, 'a label was not printed');
    this.#take({ type: 'attempt-ended', outcome, atMs: clock.nowMs() });
  }

  async #pause(ms: number): Promise<void> {
    if (await slept(this.#options.clock, ms, this.#stop.signal)) this.#take({ type: 'pause-over' });
  }

  #settle(id: string, outcome: JobOutcome): void {
    const { log, onSettled, id: printer } = this.#options;
    this.#jobs.delete(id);
    if (outcome.kind === 'given-up') log.error({ printer, job: id, outcome }, 'a label was given up');
    onSettled?.(id, outcome);
  }
}
