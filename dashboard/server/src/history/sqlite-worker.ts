/** Runs the embedded history's statements in a thread of its own: SQLite blocks whoever calls it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SqliteCall, SqliteReply } from './sqlite-history.ts';
import { SqliteTables } from './sqlite-tables.ts';

const port = parentPort;
if (port === null) throw new Error('the history worker must be started as a worker thread');

const { path } = workerData as { readonly path: string };
const tables = new SqliteTables(path);

port.on('message', (call: SqliteCall) => {
  port.postMessage(replyTo(call));
  if (call.op === 'close') port.close();
});

function replyTo(call: SqliteCall): SqliteReply {
  try {
    return { id: call.id, kind: 'done', value: run(call) };
  } catch (error) {
    return { id: call.id, kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function run(call: SqliteCall): unknown {
  switch (call.op) {
    case 'write':
      return tables.write(call.samples);
    case 'recompute':
      return tables.recompute(call.minutes);
    case 'read':
      return tables.read(call.tag, call.plan, call.limit);
    case 'retain':
      return tables.retain(call.rawBeforeMs, call.aggregatesBeforeMs);
    case 'close':
      return tables.close();
  }
}
