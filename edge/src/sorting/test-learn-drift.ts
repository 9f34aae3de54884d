/**
 * A program for tests, of a data directory whose edge is ended: that edge has learnt when it starts again, from its own pieces in
 * the order in which they came, some times over, as if good hours had passed. Limits are as they are.
 *
 *     node test-learn-drift.ts DATA_DIR TIMES NOW_MS
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GOOD_HOURS } from '../domain/sorting/drift-reference.ts';
import { SqliteItemStore } from '../items/sqlite-item-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { DriftDesk } from './drift-desk.ts';

const [dataDir = '', times = '', now = ''] = process.argv.slice(2);
const HOUR_MS = 3_600_000;
/** Pieces read while the line came to its speed. */
const WARMING_UP = 20;

const ignore = (): void => undefined;
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const clock: Clock = {
  nowMs: () => Number(now),
  monotonicMs: () => 0,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
const items = new SqliteItemStore({
  dataDir,
  bounds: { items: 200_000, spectra: 20_000 },
  clock,
  log,
  freeBytes: () => null,
  reserveBytes: 0,
});
try {
  const drift = new DriftDesk({ device: 'nir', items, clock, log });
  const kept = [...items.itemsAfter('nir', null)].slice(WARMING_UP);
  const all = Number(times) * kept.length;
  const startMs = Number(now) - 100 * HOUR_MS;
  for (let n = 0; n < all; n += 1) {
    const piece = kept[n % kept.length];
    if (piece === undefined) throw new Error('no piece was kept');
    drift.take({ ...piece, readAtMs: startMs + ((GOOD_HOURS + 1.1) * HOUR_MS * n) / all });
  }
  if (drift.watch.distance.isRaised !== false) throw new Error('nothing was learnt, or it drifts already');
  const ending = new AbortController();
  const run = drift.run(ending.signal);
  ending.abort();
  await run;
} finally {
  items.close();
}
