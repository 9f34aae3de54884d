import { join } from 'node:path';
import type { HistoryConfig } from '../config/server-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { BufferedHistory } from './buffered-history.ts';
import { createDeadLetters } from './dead-letters.ts';
import { HistoryLosses } from './history-losses.ts';
import type { HistoryStore } from './history-store.ts';
import { createInfluxEngine } from './influx-history.ts';
import { DEAD_LETTER_BYTES_MAX } from './limits.ts';
import { createSqliteEngine } from './sqlite-history.ts';
import { TouchedMinutes } from './touched-minutes.ts';

export interface OpenHistoryOptions {
  readonly config: HistoryConfig;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** Opens the history that the configuration names; an engine that is away is waited for later. */
export function openHistory({ config, dataDir, clock, entropy, log }: OpenHistoryOptions): HistoryStore {
  const keep = createDeadLetters(join(dataDir, 'history-refused.jsonl'), DEAD_LETTER_BYTES_MAX);
  const marks = join(dataDir, 'history-touched.sqlite');
  return new BufferedHistory({
    engine:
      config.kind === 'influx'
        ? createInfluxEngine({ ...config.influx, retentionDays: config.retentionDays })
        : createSqliteEngine(join(dataDir, 'history.sqlite')),
    touched: new TouchedMinutes(marks),
    // In the same file, which every backup of the history holds.
    losses: new HistoryLosses(marks, clock.nowMs()),
    retentionDays: config.retentionDays,
    clock,
    entropy,
    log,
    deadLetter: (refused) => {
      log.warn({ rows: refused.length, reason: refused[0]?.reason }, 'history rows refused');
      try {
        keep(refused);
      } catch (error) {
        // A full disk must not stop the samples that are good.
        log.error(
          { reason: error instanceof Error ? error.message : String(error) },
          'refused rows not kept',
        );
      }
    },
  });
}
