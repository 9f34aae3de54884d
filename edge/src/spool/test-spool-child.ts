/**
 * A process for tests that fills a spool for as long as it lives: half of its samples wait, half are sent. Says
 * `STORED n` when samples up to n are written. Arguments: data directory.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { GOOD } from '@trame/protocol/quality';
import { DEFAULT_SPOOL } from '../domain/line-config.ts';
import { systemClock } from '../system/clock.ts';
import { systemEntropy } from '../system/entropy.ts';
import { openSpool } from './open-spool.ts';

const [dataDir = ''] = process.argv.slice(2);
const spool = openSpool({
  dataDir,
  config: DEFAULT_SPOOL,
  clock: systemClock,
  entropy: systemEntropy,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  onGap: () => {},
  isRecorded: () => false,
  freeBytes: () => null,
  reserveBytes: 0,
});
let next = 0;
for (;;) {
  for (let index = 0; index < 50; index += 1) {
    const timeMs = systemClock.nowMs();
    const sample = { tag: 'x', value: next, quality: GOOD, qualityChanged: false, timeMs };
    if (next % 2 === 0) spool.add('waiting', [sample]);
    else spool.sent('sent', [sample]);
    next += 1;
  }
  spool.flush();
  process.stdout.write(`STORED ${next - 1} ${systemClock.nowMs()}\n`);
  await delay(3);
}
