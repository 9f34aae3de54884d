/** The labels that wait for one printer, as a pure state machine: `next(queue, event) → {queue, effects}`. */
import type { SendOutcome } from './send-raw.ts';

/** Labels that wait; more are refused: somebody has to look at the printer. */
export const MAX_WAITING = 50;
/** Jobs whose ids are remembered, so that a repeat is known as one. */
const MAX_REMEMBERED = 1_000;
/** After so many attempts a label is given up: nobody expects it any more, and a reprint is one touch. */
export const MAX_ATTEMPTS = 20;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

interface WaitingJob {
  readonly id: string;
  /** A label of this job came out before, or may have. */
  readonly reprint: boolean;
  readonly attempts: number;
}

export type Failure = Exclude<SendOutcome, { readonly kind: 'printed' }>;

export interface PrintQueue {
  /** The first is the one that is being sent or tried again. */
  readonly waiting: readonly WaitingJob[];
  readonly phase: 'idle' | 'sending' | 'pausing' | 'stopped';
  /** Ids of jobs that were printed or may have been, oldest first. */
  readonly printedIds: readonly string[];
  readonly printed: number;
  readonly givenUp: number;
  readonly lastPrintedAtMs: number | null;
  /** Null once a label was printed after it. */
  readonly lastFailure: { readonly failure: Failure; readonly atMs: number } | null;
}

export const emptyQueue: PrintQueue = {
  waiting: [],
  phase: 'idle',
  printedIds: [],
  printed: 0,
  givenUp: 0,
  lastPrintedAtMs: null,
  lastFailure: null,
};

export type PrintEvent =
  | { readonly type: 'submitted'; readonly id: string; readonly reprint: boolean }
  | { readonly type: 'attempt-ended'; readonly outcome: SendOutcome; readonly atMs: number }
  | { readonly type: 'pause-over' }
  | { readonly type: 'stopped' };

export type JobOutcome =
  | { readonly kind: 'printed'; readonly reprint: boolean; readonly attempts: number }
  | { readonly kind: 'given-up'; readonly attempts: number; readonly last: Failure }
  | { readonly kind: 'stopped'; readonly mayHavePrinted: boolean };

export type PrintEffect =
  | { readonly type: 'send'; readonly id: string; readonly reprint: boolean }
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'settle'; readonly id: string; readonly outcome: JobOutcome };

export interface Step {
  readonly queue: PrintQueue;
  readonly effects: readonly PrintEffect[];
}

/** What may be said of a job before it is submitted. */
export function admissionOf(queue: PrintQueue, id: string): 'free' | 'already-queued' | 'full' | 'stopped' {
  if (queue.phase === 'stopped') return 'stopped';
  if (queue.waiting.some((job) => job.id === id)) return 'already-queued';
  return queue.waiting.length >= MAX_WAITING ? 'full' : 'free';
}

/** @throws when a job is submitted that `admissionOf` does not call free. */
export function next(queue: PrintQueue, event: PrintEvent): Step {
  switch (event.type) {
    case 'submitted':
      return submitted(queue, event.id, event.reprint);
    case 'attempt-ended':
      return queue.phase === 'sending' ? attemptEnded(queue, event.outcome, event.atMs) : none(queue);
    case 'pause-over':
      return queue.phase === 'pausing' ? sendFirst(queue) : none(queue);
    case 'stopped':
      return stop(queue);
  }
}

function none(queue: PrintQueue): Step {
  return { queue, effects: [] };
}

function submitted(queue: PrintQueue, id: string, reprint: boolean): Step {
  const admission = admissionOf(queue, id);
  if (admission !== 'free') throw new Error(`print job ${id} is not admitted: ${admission}`);
  const job = { id, reprint: reprint || queue.printedIds.includes(id), attempts: 0 };
  const longer = { ...queue, waiting: [...queue.waiting, job] };
  return queue.phase === 'idle' ? sendFirst(longer) : none(longer);
}

function sendFirst(queue: PrintQueue): Step {
  const [first, ...rest] = queue.waiting;
  if (first === undefined) return none({ ...queue, phase: 'idle' });
  const tried = { ...first, attempts: first.attempts + 1 };
  return {
    queue: { ...queue, waiting: [tried, ...rest], phase: 'sending' },
    effects: [{ type: 'send', id: tried.id, reprint: tried.reprint }],
  };
}

function attemptEnded(queue: PrintQueue, outcome: SendOutcome, atMs: number): Step {
  const [first, ...rest] = queue.waiting;
  if (first === undefined) throw new Error('an attempt ended that was for no job');
  const { id, attempts, reprint } = first;
  if (outcome.kind === 'printed') {
    const done: PrintQueue = {
      ...queue,
      waiting: rest,
      printedIds: remember(queue.printedIds, id),
      printed: queue.printed + 1,
      lastPrintedAtMs: atMs,
      lastFailure: null,
    };
    return settled(done, id, { kind: 'printed', reprint, attempts });
  }
  const failed: PrintQueue = {
    ...queue,
    printedIds: outcome.mayHavePrinted ? remember(queue.printedIds, id) : queue.printedIds,
    lastFailure: { failure: outcome, atMs },
  };
  if (attempts >= MAX_ATTEMPTS) {
    const without = { ...failed, waiting: rest, givenUp: queue.givenUp + 1 };
    return settled(without, id, { kind: 'given-up', attempts, last: outcome });
  }
  const again = { ...first, reprint: reprint || outcome.mayHavePrinted };
  return {
    queue: { ...failed, waiting: [again, ...rest], phase: 'pausing' },
    effects: [{ type: 'pause', ms: pauseAfter(attempts) }],
  };
}

/** Tells what became of a job and begins the one after it. */
function settled(queue: PrintQueue, id: string, outcome: JobOutcome): Step {
  const step = sendFirst(queue);
  return { ...step, effects: [{ type: 'settle', id, outcome }, ...step.effects] };
}

function stop(queue: PrintQueue): Step {
  const effects = queue.waiting.map(({ id }, index): PrintEffect => {
    const isBeingSent = index === 0 && queue.phase === 'sending';
    const mayHavePrinted = isBeingSent || queue.printedIds.includes(id);
    return { type: 'settle', id, outcome: { kind: 'stopped', mayHavePrinted } };
  });
  return { queue: { ...queue, waiting: [], phase: 'stopped' }, effects };
}

/** @returns ms before the next attempt: twice as long each time, up to a minute. */
export function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
}

function remember(ids: readonly string[], id: string): readonly string[] {
  return [...ids.filter((known) => known !== id), id].slice(-MAX_REMEMBERED);
}
