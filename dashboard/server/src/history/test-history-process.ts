/** Test support: the history in a process of its own, so that it can be killed. Says `kept` once samples wait. */
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { openHistory } from './open-history.ts';

const [dataDir = '', url = '', firstMs = '0', count = '0'] = process.argv.slice(2);
const history = openHistory({
  config: {
    kind: 'influx',
    influx: { url, database: 'losses', username: null, password: null },
    retentionDays: 30,
  },
  dataDir,
  clock: systemClock,
  entropy: systemEntropy,
  log: keepingLog(),
});
const tag = { site: 'caux', line: 'tri-1', device: 'scale', metric: 'gross' };
history.append(
  Array.from({ length: Number(count) }, (_, index) => ({
    ...tag,
    timeMs: Number(firstMs) + index,
    value: index,
    quality: 192 as const,
  })),
);
process.on('SIGTERM', () => void history.close());
process.stdout.write('kept\n');
