/**
 * Questions that look at much of the book. SQLite blocks whoever calls it, so with it they run in a thread of their
 * own, on a second connection that cannot write; PostgreSQL is asked directly. What is only worked out runs there with both.
 */
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { RequestProblem, type ProblemCode, type ProblemDetails } from '../http/problem.ts';
import { RECORDS_FILE, type Records } from '../records/open-records.ts';
import type { RecordsPlace } from '../records/records-config.ts';
import { HEAVY_QUERIES, type HeavyName, type HeavyQueries } from './heavy-queries.ts';

type Asked<K extends HeavyName> = Parameters<HeavyQueries[K]>[1];
type Answered<K extends HeavyName> = Awaited<ReturnType<HeavyQueries[K]>>;

export interface HeavyReads {
  /**
   * @param wanted aborted: nobody waits for the answer any more, and what was not begun is not begun.
   * @throws RequestProblem `busy` when too many questions wait, or when nobody waits for this one.
   */
  ask<K extends HeavyName>(name: K, asked: Asked<K>, wanted?: AbortSignal): Promise<Answered<K>>;
  close(): Promise<void>;
}

export interface HeavyCall {
  readonly id: number;
  readonly name: HeavyName;
  readonly asked: unknown;
}

export type HeavyReply = { readonly id: number } & (
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly details: ProblemDetails }
  | { readonly kind: 'failed'; readonly reason: string }
);

/** Questions that may wait for the thread at once; more are refused rather than queued without end. */
const WAITING_MAX = 16;
/** The largest answer and what it is made from need less. */
const THREAD_HEAP_MAX_MB = 512;

/** @param records asked directly when they are not embedded. */
export function openHeavyReads({ dataDir, records: config }: RecordsPlace, records: Records): HeavyReads {
  if (config.kind === 'embedded') return new ThreadReads(join(dataDir, RECORDS_FILE));
  // What asks the records nothing would hold up this thread as well.
  const thread = new ThreadReads(null);
  return {
    ask: (name, asked, wanted) =>
      ASKS_NO_RECORDS.has(name) ? thread.ask(name, asked, wanted) : askDirectly(records, name, asked),
    close: () => thread.close(),
  };
}

const ASKS_NO_RECORDS: ReadonlySet<HeavyName> = new Set(['checkedProgramme']);

/** Runs one of the questions on these records. */
export function askDirectly<K extends HeavyName>(
  records: Records,
  name: K,
  asked: Asked<K>,
): Promise<Answered<K>> {
  const query = HEAVY_QUERIES[name] as (records: Records, asked: Asked<K>) => Promise<Answered<K>>;
  return query(records, asked);
}

/** Nobody reads it. */
function goneProblem(): RequestProblem {
  return new RequestProblem('busy', { detail: 'Nobody waits for the answer any more' });
}

interface Waiting {
  readonly call: HeavyCall;
  /** Takes it off the signal that it listens to. */
  readonly done: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The thread begins with the first question; one that died begins anew with the next. It is given one question at a time, so
 * that those whose asker has gone meanwhile keep nobody waiting.
 */
class ThreadReads implements HeavyReads {
  readonly #path: string | null;
  #worker: Worker | null = null;
  /** In the order in which they were asked. */
  readonly #waiting = new Map<number, Waiting>();
  /** Id of the one that the thread works on. */
  #asked: number | null = null;
  #nextId = 1;

  /** @param path of the embedded records; null: it is only asked what needs none. */
  constructor(path: string | null) {
    this.#path = path;
  }

  ask<K extends HeavyName>(name: K, asked: Asked<K>, wanted?: AbortSignal): Promise<Answered<K>> {
    if (wanted?.aborted === true) return Promise.reject(goneProblem());
    if (this.#waiting.size >= WAITING_MAX) {
      return Promise.reject(
        new RequestProblem('busy', { detail: 'Too many large questions are being answered' }),
      );
    }
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const onGone = () => this.#drop(id);
      wanted?.addEventListener('abort', onGone, { once: true });
      const done = () => wanted?.removeEventListener('abort', onGone);
      const call = { id, name, asked };
      // What the thread answers to a question is what that question is answered with.
      this.#waiting.set(id, { call, done, resolve: (value) => resolve(value as Answered<K>), reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#asked !== null) return;
    const [waiting] = this.#waiting.values();
    if (waiting === undefined) return;
    this.#asked = waiting.call.id;
    const worker = (this.#worker ??= this.#start());
    try {
      worker.postMessage(waiting.call, []);
    } catch (error) {
      this.#onReply({ id: waiting.call.id, kind: 'failed', reason: String(error) });
    }
  }

  /** What is being worked on is let go on: a query cannot be broken off. */
  #drop(id: number): void {
    if (id === this.#asked) return;
    this.#waiting.get(id)?.reject(goneProblem());
    this.#waiting.delete(id);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#fail(new Error('the thread of large questions was closed'));
  }

  #start(): Worker {
    const worker = new Worker(new URL('./heavy-worker.ts', import.meta.url), {
      workerData: { path: this.#path },
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MAX_MB },
    });
    // Nothing is lost with it: a stop of the server does not wait for it.
    worker.unref();
    worker.on('message', (reply: HeavyReply) => this.#onReply(reply));
    worker.on('error', (error) =>
      this.#gone(worker, error instanceof Error ? error : new Error(String(error))),
    );
    worker.on('exit', () => this.#gone(worker, new Error('the thread of large questions has ended')));
    return worker;
  }

  #onReply(reply: HeavyReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    this.#asked = null;
    this.#next();
    waiting?.done();
    if (reply.kind === 'done') waiting?.resolve(reply.value);
    else if (reply.kind === 'refused') waiting?.reject(new RequestProblem(reply.code, reply.details));
    else waiting?.reject(new Error(reply.reason));
  }

  #gone(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#fail(error);
  }

  #fail(error: Error): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#asked = null;
    for (const { done, reject } of all) {
      done();
      reject(error);
    }
  }
}
