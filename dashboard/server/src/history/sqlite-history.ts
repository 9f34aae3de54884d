/** The embedded engine: one worker thread writes, another reads, so that a long question delays nothing. */
import { Worker } from 'node:worker_threads';
import type { BucketRow } from './bucket-row.ts';
import type { HistoryEngine, TouchedMinute, WriteOutcome } from './history-engine.ts';
import { HistoryUnavailable, type Sample, type TagAddress } from './history-store.ts';
import type { QueryPlan } from './plan-query.ts';

export type SqliteCall = { readonly id: number } & SqliteRequest;

type SqliteRequest =
  | { readonly op: 'write'; readonly samples: readonly Sample[] }
  | { readonly op: 'recompute'; readonly minutes: readonly TouchedMinute[] }
  | { readonly op: 'read'; readonly tag: TagAddress; readonly plan: QueryPlan; readonly limit: number }
  | { readonly op: 'retain'; readonly rawBeforeMs: number; readonly aggregatesBeforeMs: number }
  | { readonly op: 'close' };

export type SqliteReply = { readonly id: number } & (
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly reason: string }
);

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Questions that may wait for the reader at once; more are refused rather than queued without end. */
const READS_WAITING_MAX = 64;

/** Statements and one batch or answer at a time need far less. */
const THREAD_HEAP_MAX_MB = 128;

/** @param path the database file; it is made when it is not there. */
export function createSqliteEngine(path: string): HistoryEngine {
  const writer = new SqliteThread(path);
  // A thread costs some 20 MB: the reader comes with the first question.
  let reader: SqliteThread | null = null;
  return {
    prepare: () => Promise.resolve(),
    write: async (samples): Promise<WriteOutcome> => {
      await writer.call({ op: 'write', samples });
      return { stored: samples.length, refused: [] };
    },
    recompute: async (minutes) => {
      await writer.call({ op: 'recompute', minutes });
    },
    read: async (tag, plan, limit) => {
      reader ??= new SqliteThread(path);
      if (reader.waiting >= READS_WAITING_MAX) throw new HistoryUnavailable('too many questions wait');
      return (await reader.call({ op: 'read', tag, plan, limit })) as BucketRow[];
    },
    retain: async (rawBeforeMs, aggregatesBeforeMs) => {
      while ((await writer.call({ op: 'retain', rawBeforeMs, aggregatesBeforeMs })) === true);
    },
    close: async () => {
      await reader?.close();
      await writer.close();
    },
  };
}

class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #dead: Error | null = null;

  constructor(path: string) {
    this.#worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: { path },
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: THREAD_HEAP_MAX_MB },
    });
    this.#worker.on('message', (reply: SqliteReply) => this.#onReply(reply));
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#die(new Error('the history thread has ended')));
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws HistoryUnavailable with the engine's reason (disk full, file damaged, thread ended). */
  call(request: SqliteRequest): Promise<unknown> {
    const dead = this.#dead;
    if (dead !== null) return Promise.reject(new HistoryUnavailable(dead.message, { cause: dead }));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request } satisfies SqliteCall, []);
    });
  }

  async close(): Promise<void> {
    if (this.#dead !== null) return;
    await this.call({ op: 'close' });
    await this.#worker.terminate();
  }

  #onReply(reply: SqliteReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'done') waiting?.resolve(reply.value);
    else waiting?.reject(new HistoryUnavailable(reply.reason));
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.values()) {
      reject(new HistoryUnavailable(error.message, { cause: error }));
    }
    this.#waiting.clear();
  }
}
