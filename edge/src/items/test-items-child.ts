/**
 * A process for tests that stores pieces for as long as it lives. Says `STORED n` when those up to n are written.
 * Arguments: data directory.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../system/clock.ts';
import { DEFAULT_ITEM_BOUNDS, SqliteItemStore } from './sqlite-item-store.ts';
import { fill } from './test-items.ts';

const [dataDir = ''] = process.argv.slice(2);
const store = new SqliteItemStore({
  dataDir,
  bounds: DEFAULT_ITEM_BOUNDS,
  clock: systemClock,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  freeBytes: () => null,
  reserveBytes: 0,
});
for (let next = 0; ; next += 40) {
  fill(store, next, 40);
  store.flush();
  process.stdout.write(`STORED ${next + 39}\n`);
  if (next % 400 === 0) store.tidy();
  await delay(2);
}
