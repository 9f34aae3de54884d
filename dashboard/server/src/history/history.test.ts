/** One suite for both engines: whoever asks cannot tell which one answers. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { startInfluxd, type Influxd } from '../testing/influxd.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { BufferedHistory } from './buffered-history.ts';
import { HistoryLosses } from './history-losses.ts';
import type { HistoryEngine, RefusedSample } from './history-engine.ts';
import type { HistoryQuery, HistoryResult, Sample } from './history-store.ts';
import { createInfluxEngine } from './influx-history.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './limits.ts';
import { createSqliteEngine } from './sqlite-history.ts';
import { TouchedMinutes } from './touched-minutes.ts';

const RETENTION_DAYS = 30;
/** A round hour in the near past, so that no border of time falls into a test. */
const HOUR = Math.floor(systemClock.nowMs() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
const TAG = { site: 'caux', line: 'tri-1', device: 'scale', metric: 'gross' };

let influxd: Influxd;
const directory = tempDir();
let databases = 0;

beforeAll(async () => {
  influxd = await startInfluxd();
});
afterAll(async () => {
  await influxd[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

interface Opened extends AsyncDisposable {
  readonly history: BufferedHistory;
  readonly refused: RefusedSample[];
  readonly database: string;
  /** Closes and opens again on the same data. */
  reopen(): Promise<Opened>;
}

type OpenEngine = (name: string) => HistoryEngine;

const engines: [string, OpenEngine][] = [
  ['embedded', (name) => createSqliteEngine(join(directory.path, name, 'history.sqlite'))],
  [
    'influx',
    (name) =>
      createInfluxEngine({
        url: influxd.url,
        database: name,
        username: null,
        password: null,
        retentionDays: RETENTION_DAYS,
      }),
  ],
];

function open(openEngine: OpenEngine, name = `trame${(databases += 1)}`): Opened {
  const refused: RefusedSample[] = [];
  mkdirSync(join(directory.path, name), { recursive: true });
  const history = new BufferedHistory({
    engine: openEngine(name),
    touched: new TouchedMinutes(join(directory.path, name, `touched.sqlite`)),
    losses: new HistoryLosses(join(directory.path, name, 'touched.sqlite'), systemClock.nowMs()),
    retentionDays: RETENTION_DAYS,
    clock: systemClock,
    entropy: systemEntropy,
    log: keepingLog(),
    deadLetter: (rows) => refused.push(...rows),
  });
  return {
    history,
    refused,
    database: name,
    reopen: async () => {
      await history.close();
      return open(openEngine, name);
    },
    [Symbol.asyncDispose]: () => history.close(),
  };
}

function good(timeMs: number, value: number, tag = TAG): Sample {
  return { ...tag, timeMs, value, quality: 192 };
}

function bad(timeMs: number, tag = TAG): Sample {
  return { ...tag, timeMs, value: null, quality: 0 };
}

function ask(history: BufferedHistory, query: Partial<HistoryQuery>): Promise<HistoryResult> {
  return history.query({
    tag: TAG,
    fromMs: HOUR,
    toMs: HOUR + HOUR_MS,
    everyMs: 0,
    limit: 1_000,
    ...query,
  });
}

describe.each(engines)('the %s history', (_name, openEngine) => {
  it('gives samples back as they were, bad ones without a value', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    const uncertain: Sample = { ...TAG, timeMs: HOUR + 2, value: 7.5, quality: 64 };
    history.append([good(HOUR, 0.1), bad(HOUR + 1), uncertain, good(HOUR + HOUR_MS, 5)]);
    await history.settle();
    expect(await ask(history, {})).toEqual({
      everyMs: 0,
      truncated: false,
      points: [
        { t: HOUR, value: 0.1, min: 0.1, max: 0.1, quality: 192 },
        { t: HOUR + 1, value: null, min: null, max: null, quality: 0 },
        { t: HOUR + 2, value: 7.5, min: 7.5, max: 7.5, quality: 64 },
      ],
    });
  });

  it('stores the same sample once, however often it comes', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    const samples = [good(HOUR, 1), good(HOUR + 1_000, 2)];
    history.append(samples);
    await history.settle();
    history.append(samples);
    await history.settle();
    expect((await ask(history, {})).points).toHaveLength(2);
    const [minute] = (await ask(history, { everyMs: MINUTE_MS })).points;
    expect(minute).toEqual({ t: HOUR, value: 1.5, min: 1, max: 2, quality: 192 });
  });

  it.each([10_000, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS])(
    'makes buckets of %i ms from good values alone, with the worst quality',
    async (everyMs) => {
      await using opened = open(openEngine);
      const { history } = opened;
      const at = HOUR + 2 * everyMs - (2 * everyMs > HOUR_MS ? HOUR_MS : 0);
      history.append([
        good(at, 10),
        good(at + 1_000, 20),
        { ...TAG, timeMs: at + 2_000, value: 1_000, quality: 64 },
        bad(at + 3_000),
        good(at + 4_000, 60),
      ]);
      await history.settle();
      const answer = await ask(history, { fromMs: HOUR, toMs: HOUR + 3 * HOUR_MS, everyMs });
      const bucket = Math.floor(at / everyMs) * everyMs;
      expect(answer).toEqual({
        everyMs,
        truncated: false,
        points: [{ t: bucket, value: 30, min: 10, max: 60, quality: 0 }],
      });
    },
  );
});

describe.each(engines)('aggregates of the %s history', (_name, openEngine) => {
  it('breaks the line after knowledge ended', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    history.append([good(HOUR, 1), bad(HOUR + 30_000), good(HOUR + 10 * MINUTE_MS, 2)]);
    await history.settle();
    const { points } = await ask(history, { everyMs: MINUTE_MS });
    expect(points.map(({ t, value }) => [t - HOUR, value])).toEqual([
      [0, 1],
      [MINUTE_MS, null],
      [10 * MINUTE_MS, 2],
    ]);
  });

  it('computes minutes and hours anew when late data comes', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    history.append([good(HOUR, 10), good(HOUR + 5 * MINUTE_MS, 30)]);
    await history.settle();
    expect((await ask(history, { everyMs: HOUR_MS })).points).toMatchObject([{ value: 20 }]);
    history.append([good(HOUR + 1_000, 110)]);
    await history.settle();
    const minutes = await ask(history, { everyMs: MINUTE_MS });
    expect(minutes.points.map(({ value }) => value)).toEqual([60, 30]);
    expect((await ask(history, { everyMs: HOUR_MS })).points).toMatchObject([
      { t: HOUR, value: 50, max: 110 },
    ]);
  });

  it('computes after a restart what a stop left to do', async () => {
    const first = open(openEngine);
    first.history.append([good(HOUR, 10)]);
    await first.history.settle();
    const again = await first.reopen();
    await using opened = again;
    opened.history.append([good(HOUR + 1_000, 20)]);
    await opened.history.settle();
    expect((await ask(opened.history, { everyMs: MINUTE_MS })).points).toMatchObject([{ value: 15 }]);
  });
});

describe.each(engines)('bounds of the %s history', (_name, openEngine) => {
  it('keeps tags apart, whatever letters their names hold', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    const odd = { ...TAG, metric: 'a,b=c d\'e"f/é;--' };
    history.append([good(HOUR, 1), good(HOUR, 2, odd), good(HOUR, 3, { ...TAG, line: 'tri-2' })]);
    await history.settle();
    expect((await ask(history, { tag: odd })).points).toMatchObject([{ value: 2 }]);
    expect((await ask(history, {})).points).toMatchObject([{ value: 1 }]);
    expect((await ask(history, { tag: odd, everyMs: MINUTE_MS })).points).toMatchObject([{ value: 2 }]);
    expect((await ask(history, { tag: { ...TAG, metric: 'none' } })).points).toEqual([]);
  });

  it('refuses what is not a number or too old, and stores the rest', async () => {
    await using opened = open(openEngine);
    const { history, refused } = opened;
    const old = systemClock.nowMs() - (RETENTION_DAYS + 1) * DAY_MS;
    history.append([
      good(HOUR, Number.NaN),
      good(HOUR + 1, Number.POSITIVE_INFINITY),
      good(old, 1),
      good(HOUR + 2, 4),
    ]);
    await history.settle();
    expect((await ask(history, {})).points).toMatchObject([{ t: HOUR + 2, value: 4 }]);
    expect(refused).toHaveLength(3);
    expect(history.stats()).toMatchObject({ stored: 1, refused: 3, buffered: 0, healthy: true });
  });

  it('cuts an answer at its limit and says so', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    history.append(Array.from({ length: 50 }, (_, index) => good(HOUR + index * 1_000, index)));
    await history.settle();
    const raw = await ask(history, { limit: 10 });
    expect([raw.points.length, raw.truncated]).toEqual([10, true]);
    const buckets = await ask(history, { limit: 10, everyMs: 1_000 });
    expect([buckets.points.length, buckets.truncated]).toEqual([10, true]);
    expect((await ask(history, { limit: 50 })).truncated).toBe(false);
  });

  it('stores a batch larger than one write', async () => {
    await using opened = open(openEngine);
    const { history } = opened;
    const samples = Array.from({ length: 12_000 }, (_, index) => good(HOUR + index * 100, index));
    history.append(samples);
    await history.settle();
    expect(history.stats().stored).toBe(12_000);
    const { points } = await ask(history, { everyMs: HOUR_MS });
    expect(points).toMatchObject([{ value: 5_999.5, min: 0, max: 11_999 }]);
  });
});

describe('the influx history', () => {
  const [, openEngine] = engines[1] ?? [];

  it('keeps samples while the engine is away, and stores them when it is back', async () => {
    if (openEngine === undefined) throw new Error('no engine');
    await using opened = open(openEngine);
    const { history } = opened;
    history.append([good(HOUR, 1)]);
    await history.settle();
    await influxd.kill();
    history.append([good(HOUR + 1, 2)]);
    await expect(history.settle()).rejects.toThrow(/ECONNREFUSED|hang up|ECONNRESET/u);
    await expect(ask(history, {})).rejects.toThrow(/ECONNREFUSED|hang up|ECONNRESET/u);
    expect(history.stats()).toMatchObject({ stored: 1, buffered: 1 });
    await influxd.start();
    await history.settle();
    expect((await ask(history, {})).points.map(({ value }) => value)).toEqual([1, 2]);
    expect(history.stats()).toMatchObject({ stored: 2, buffered: 0, healthy: true });
  });

  it('gives up only the rows that can never be written', async () => {
    if (openEngine === undefined) throw new Error('no engine');
    await using opened = open(openEngine);
    const { history, refused, database } = opened;
    history.append([good(HOUR, 1)]);
    await history.settle();
    // Another program wrote the value as a whole number in another week: in that shard it stays one.
    const foreign = HOUR - 14 * DAY_MS;
    const query = `db=${database}&rp=raw&precision=ms`;
    const line = `sample,site=x,line=y,device=z,metric=m value=1i ${foreign}`;
    const written = await fetch(`${influxd.url}/write?${query}`, { method: 'POST', body: line });
    expect(written.status).toBe(204);
    history.append([good(HOUR + 1, 2), good(foreign, 3), good(HOUR + 2, 4), bad(foreign + 1)]);
    await history.settle();
    expect(refused.map(({ sample }) => sample.timeMs)).toEqual([foreign]);
    expect(refused[0]?.reason).toContain('conflict');
    expect((await ask(history, {})).points.map(({ value }) => value)).toEqual([1, 2, 4]);
    expect(history.stats()).toMatchObject({ stored: 4, refused: 1, buffered: 0 });
  });
});
