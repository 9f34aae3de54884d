/** What is lost between the server and an engine that is away, with the real engine and a real death. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryConfig } from '../config/server-config.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import { startInfluxd, type Influxd } from '../testing/influxd.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { BufferedHistory, type BufferedHistoryOptions } from './buffered-history.ts';
import type { HistoryEngine } from './history-engine.ts';
import { HistoryLosses } from './history-losses.ts';
import type { HistoryStore, Sample } from './history-store.ts';
import { createInfluxEngine } from './influx-history.ts';
import { LOSSES_OF_LINE_MAX, MARK_AFTER_MS, MARK_INTERVAL_MS } from './limits.ts';
import { openHistory } from './open-history.ts';
import { createSqliteEngine } from './sqlite-history.ts';
import { TouchedMinutes } from './touched-minutes.ts';

const LINE = { site: 'caux', line: 'tri-1' };
const MARKS = 'history-touched.sqlite';
const FIRST = systemClock.nowMs() - 60_000;

let influxd: Influxd;
beforeAll(async () => {
  influxd = await startInfluxd();
});
afterAll(() => influxd[Symbol.asyncDispose]());

function samples(count: number, fromMs = FIRST, line = LINE): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    ...line,
    device: 'scale',
    metric: 'gross',
    timeMs: fromMs + index,
    value: index,
    quality: 192,
  }));
}

function influxOptions() {
  return { url: influxd.url, database: 'losses', username: null, password: null };
}

function openIn(dataDir: string, config?: HistoryConfig): HistoryStore {
  return openHistory({
    config: config ?? { kind: 'influx', influx: influxOptions(), retentionDays: 30 },
    dataDir,
    clock: systemClock,
    entropy: systemEntropy,
    log: keepingLog(),
  });
}

/** @param path of the marks. */
function buffered(
  path: string,
  engine: HistoryEngine,
  more: Pick<BufferedHistoryOptions, 'bufferedMax'> = {},
): BufferedHistory {
  return new BufferedHistory({
    engine,
    touched: new TouchedMinutes(path),
    losses: new HistoryLosses(path, systemClock.nowMs()),
    retentionDays: 30,
    clock: systemClock,
    entropy: systemEntropy,
    log: keepingLog(),
    deadLetter: (refused) => expect(refused).toEqual([]),
    ...more,
  });
}

function gapsOf(history: HistoryStore | HistoryLosses) {
  return history.gaps(LINE, 0, Number.MAX_SAFE_INTEGER, 1_000);
}

function marksIn(dataDir: string): unknown[] {
  const database = new DatabaseSync(join(dataDir, MARKS), { readOnly: true });
  try {
    return database.prepare('SELECT line, since FROM waiting').all();
  } finally {
    database.close();
  }
}

async function startProcess(dataDir: string): Promise<ChildProcess> {
  const file = join(import.meta.dirname, 'test-history-process.ts');
  const child = spawn(process.execPath, [file, dataDir, influxd.url, String(FIRST), '10'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { stdout } = child;
  if (stdout === null) throw new Error('no output');
  await once(stdout, 'data');
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

describe('a server that ends while its engine is away', { timeout: 40_000 }, () => {
  it('tells at the next start what it lost when it was killed, once', async () => {
    using directory = tempDir();
    await influxd.kill();
    const child = await startProcess(directory.path);
    try {
      await eventually(() => (marksIn(directory.path).length > 0 ? true : null), 10_000);
      expect(marksIn(directory.path)).toEqual([{ line: LINE.line, since: FIRST }]);
    } finally {
      await end(child, 'SIGKILL');
      await influxd.start();
    }
    const beforeMs = systemClock.nowMs();
    for (let start = 0; start < 2; start += 1) {
      const history = openIn(directory.path);
      const gaps = gapsOf(history);
      await history.close();
      expect(gaps).toEqual([
        { from: FIRST, to: expect.any(Number), samples: null, reason: 'server-cut-off' },
      ]);
      expect(gaps[0]?.to).toBeGreaterThanOrEqual(beforeMs);
      expect(marksIn(directory.path)).toEqual([]);
    }
  });

  it('tells what it gave up when it was stopped', async () => {
    using directory = tempDir();
    await influxd.kill();
    try {
      await end(await startProcess(directory.path), 'SIGTERM');
    } finally {
      await influxd.start();
    }
    const history = openIn(directory.path);
    const gaps = gapsOf(history);
    await history.close();
    expect(gaps).toEqual([{ from: FIRST, to: FIRST + 9, samples: null, reason: 'history-away' }]);
  });

  it('takes the mark back when all is stored, and tells no loss', async () => {
    using directory = tempDir();
    await influxd.kill();
    const history = openIn(directory.path);
    history.append(samples(5));
    await eventually(() => (marksIn(directory.path).length > 0 ? true : null), 10_000);
    await influxd.start();
    await history.settle();
    expect(marksIn(directory.path)).toEqual([]);
    expect(gapsOf(history)).toEqual([]);
    await history.close();
  });
});

describe('samples that wait', { timeout: 40_000 }, () => {
  it('and are on their way to the engine are waited for by whoever settles the history', async () => {
    using directory = tempDir();
    const path = join(directory.path, MARKS);
    const engine = createSqliteEngine(join(directory.path, 'history.sqlite'));
    const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const history = buffered(path, {
      ...engine,
      write: async (batch) => {
        begun.resolve();
        await gate.promise;
        return engine.write(batch);
      },
    });
    history.append(samples(5));
    await begun.promise;
    const settled = history.settle().then(() => 'settled');
    expect(await Promise.race([settled, delay(50, 'waiting')])).toBe('waiting');
    gate.resolve();
    await settled;
    expect(history.stats()).toMatchObject({ stored: 5, buffered: 0 });
    await history.close();
  });

  it('past the bound are told, for the lines concerned, as one loss of the outage', async () => {
    using directory = tempDir();
    await influxd.kill();
    const path = join(directory.path, MARKS);
    const history = buffered(path, createInfluxEngine({ ...influxOptions(), retentionDays: 30 }), {
      bufferedMax: 10,
    });
    history.append(samples(14));
    await eventually(() => (gapsOf(history).length > 0 ? true : null), 10_000);
    expect(gapsOf(history)).toEqual([{ from: FIRST, to: FIRST + 3, samples: 4, reason: 'history-full' }]);
    history.append(samples(2, FIRST + 14));
    await influxd.start();
    await history.settle();
    expect(gapsOf(history)).toEqual([{ from: FIRST, to: FIRST + 5, samples: 6, reason: 'history-full' }]);
    expect(history.gaps({ ...LINE, line: 'tri-2' }, 0, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    expect(history.gaps(LINE, FIRST + 6, FIRST + 9, 10)).toEqual([]);
    await history.close();
  });

  it('are not marked while the embedded engine takes them', async () => {
    using directory = tempDir();
    const history = openIn(directory.path, {
      kind: 'embedded',
      retentionDays: 30,
    });
    history.append(samples(5));
    await history.settle();
    await systemClock.sleep(MARK_AFTER_MS + 2 * MARK_INTERVAL_MS, new AbortController().signal);
    expect(marksIn(directory.path)).toEqual([]);
    await history.close();
    const again = openIn(directory.path, { kind: 'embedded', retentionDays: 30 });
    expect(gapsOf(again)).toEqual([]);
    await again.close();
  });

  it('for an embedded engine whose file another program holds are marked too', async () => {
    using directory = tempDir();
    const file = join(directory.path, 'history.sqlite');
    const path = join(directory.path, MARKS);
    const history = buffered(path, createSqliteEngine(file));
    history.append(samples(1));
    await history.settle();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    history.append(samples(5, FIRST + 1));
    await eventually(() => (marksIn(directory.path).length > 0 ? true : null), 10_000);
    expect(marksIn(directory.path)).toEqual([{ line: LINE.line, since: FIRST + 1 }]);
    other.exec('ROLLBACK');
    other.close();
    await history.settle();
    expect(marksIn(directory.path)).toEqual([]);
    await history.close();
  });
});

describe('losses kept', () => {
  it('are bounded for each line: the oldest are told together, none is forgotten', () => {
    using directory = tempDir();
    const losses = new HistoryLosses(join(directory.path, MARKS), systemClock.nowMs());
    const count = LOSSES_OF_LINE_MAX + 3;
    for (let index = 0; index < count; index += 1) losses.gaveUp(samples(1, FIRST + 10 * index));
    const gaps = gapsOf(losses);
    expect(gaps).toHaveLength(LOSSES_OF_LINE_MAX);
    expect(gaps.at(-1)).toMatchObject({ from: FIRST, to: FIRST + 30 });
    expect(gaps[0]).toMatchObject({ from: FIRST + 10 * (count - 1) });
    losses.close();
  });
});
