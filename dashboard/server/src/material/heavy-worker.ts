/** Answers large questions about the embedded records, in a thread of its own and on a connection that cannot write. */
import { Kysely } from 'kysely';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { RequestProblem } from '../http/problem.ts';
import { nodeSqliteDialect } from '../records/node-sqlite.ts';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import { HEAVY_QUERIES } from './heavy-queries.ts';
import type { HeavyCall, HeavyReply } from './heavy-reads.ts';

/** How long a question waits for a checkpoint of the writer, ms. */
const BUSY_TIMEOUT_MS = 2_000;
/** Pages that are kept in memory, KiB: large questions come back to the same ones. */
const CACHE_KIB = 64 * 1024;

const port = parentPort;
if (port === null) throw new Error('large questions must be answered in a worker thread');

const { path } = workerData as { readonly path: string | null };
const database = new DatabaseSync(path ?? ':memory:', { readOnly: path !== null, timeout: BUSY_TIMEOUT_MS });
database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
const records: Records = new Kysely<Tables>({ dialect: nodeSqliteDialect(database) });

// One question after the other: the connection has one at a time anyway.
let last: Promise<void> = Promise.resolve();
port.on('message', (call: HeavyCall) => {
  last = answer(port, last, call);
});

async function answer(to: MessagePort, before: Promise<void>, call: HeavyCall): Promise<void> {
  await before;
  to.postMessage(await replyTo(call), []);
}

async function replyTo({ id, name, asked }: HeavyCall): Promise<HeavyReply> {
  try {
    const query: (records: Records, asked: never) => Promise<unknown> = HEAVY_QUERIES[name];
    return { id, kind: 'done', value: await query(records, asked as never) };
  } catch (error) {
    if (error instanceof RequestProblem) {
      return { id, kind: 'refused', code: error.code, details: error.details };
    }
    return { id, kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
