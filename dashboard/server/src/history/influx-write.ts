/**
 * Writes a batch so that one bad row never holds up the others. On «partial write» (HTTP 400) the engine has
 * kept the good rows: the batch is halved until the bad rows stand alone, and those are given up.
 */
import type { RefusedSample, WriteOutcome } from './history-engine.ts';
import { HistoryUnavailable, type Sample } from './history-store.ts';

/** Writes spent on finding bad rows of one batch; what is not told apart by then is given up together. */
const SEARCH_WRITES_MAX = 128;

export async function writeSparingRows(
  samples: readonly Sample[],
  put: (samples: readonly Sample[]) => Promise<void>,
): Promise<WriteOutcome> {
  const refused: RefusedSample[] = [];
  const waiting: (readonly Sample[])[] = [samples];
  let writes = 0;
  for (let rows = waiting.pop(); rows !== undefined; rows = waiting.pop()) {
    const reason = await refusalOf(rows, put);
    writes += 1;
    if (reason === null) continue;
    if (rows.length === 1 || writes >= SEARCH_WRITES_MAX) {
      refused.push(...rows.map((sample) => ({ sample, reason })));
      continue;
    }
    const middle = Math.floor(rows.length / 2);
    waiting.push(rows.slice(middle), rows.slice(0, middle));
  }
  return { stored: samples.length - refused.length, refused };
}

/** @returns why rows were refused for good, or null when all were taken. @throws when the engine is away. */
async function refusalOf(
  samples: readonly Sample[],
  put: (samples: readonly Sample[]) => Promise<void>,
): Promise<string | null> {
  try {
    await put(samples);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isRowFault(error)) return reason;
    throw new HistoryUnavailable(reason, { cause: error });
  }
}

const BAD_REQUEST = 400;
const UNPROCESSABLE = 422;

function isRowFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('res' in error)) return false;
  const { res } = error;
  if (typeof res !== 'object' || res === null || !('statusCode' in res)) return false;
  return res.statusCode === BAD_REQUEST || res.statusCode === UNPROCESSABLE;
}
