/**
 * The history in InfluxDB, through its 1.x interface (versions 2 and 3 accept it). One measurement, `sample`,
 * in three retention policies: `raw`, `minute` and `hour`.
 */
import { FieldType, InfluxDB, type IPoint, type ISchemaOptions } from 'influx';
import type { BucketRow } from './bucket-row.ts';
import type { HistoryEngine, TouchedMinute, WriteOutcome } from './history-engine.ts';
import { HistoryUnavailable, type Sample, type TagAddress } from './history-store.ts';
import { readSeries, type InfluxSeries } from './influx-answer.ts';
import { influxString, tagWhere } from './influx-names.ts';
import { writeSparingRows } from './influx-write.ts';
import { AGGREGATE_DAYS, HOUR_MS, MINUTE_MS } from './limits.ts';
import type { QueryPlan, Resolution } from './plan-query.ts';

export interface InfluxEngineOptions {
  readonly url: string;
  readonly database: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly retentionDays: number;
}

const MEASUREMENT = 'sample';
const TAGS = ['site', 'line', 'device', 'metric'];
const REQUEST_TIMEOUT_MS = 15_000;

/** Types are fixed: a value written once as an integer would refuse every other for as long as its shard lives. */
const FIELDS = {
  value: FieldType.FLOAT,
  quality: FieldType.INTEGER,
  sum: FieldType.FLOAT,
  n: FieldType.INTEGER,
  min: FieldType.FLOAT,
  max: FieldType.FLOAT,
  last: FieldType.INTEGER,
};

export function createInfluxEngine(options: InfluxEngineOptions): HistoryEngine {
  const client = createClient(options);
  const { database } = options;
  const ask = (query: string): Promise<InfluxSeries[]> => askInflux(client, query, database);
  const put = (points: IPoint[], retentionPolicy: Resolution): Promise<void> =>
    client.writePoints(points, { database, retentionPolicy, precision: 'ms' });

  return {
    prepare: () => prepareDatabase(client, options),
    write: (samples): Promise<WriteOutcome> =>
      writeSparingRows(samples, (rows) => put(rows.map(samplePoint), 'raw')),
    recompute: async (minutes) => {
      for (const minute of minutes) await put(await minutePoints(ask, minute), 'minute');
      for (const hour of hoursOf(minutes)) await put(await hourPoints(ask, hour), 'hour');
    },
    read: (tag, plan, limit) => readRows(ask, tag, plan, limit),
    // The retention policies do it.
    retain: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

type Ask = (query: string) => Promise<InfluxSeries[]>;

function createClient({ url, database, username, password }: InfluxEngineOptions): InfluxDB {
  const { protocol, hostname, port, pathname } = new URL(url);
  const secure = protocol === 'https:';
  const schema: ISchemaOptions[] = [{ database, measurement: MEASUREMENT, tags: TAGS, fields: FIELDS }];
  return new InfluxDB({
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
    ...(pathname === '/' ? {} : { path: pathname }),
    database,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    schema,
    pool: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      // The library's own back-off takes its only host out of use: retrying is done above, with a buffer.
      maxRetries: 0,
      backoff: NO_BACKOFF,
    },
  });
}

const NO_BACKOFF = {
  getDelay: () => 0,
  next: () => NO_BACKOFF,
  reset: () => NO_BACKOFF,
};

/** An account without administrator's rights cannot make these, and need not when they are there. */
async function prepareDatabase(
  client: InfluxDB,
  { database, retentionDays }: InfluxEngineOptions,
): Promise<void> {
  const policies: readonly [Resolution, number, boolean][] = [
    ['raw', retentionDays, true],
    ['minute', AGGREGATE_DAYS, false],
    ['hour', AGGREGATE_DAYS, false],
  ];
  const found = await existingPolicies(client, database);
  if (found === null) await client.createDatabase(database);
  for (const [name, days, isDefault] of policies) {
    const policy = { duration: `${days}d`, replication: 1, isDefault };
    if (found?.has(name) !== true) await client.createRetentionPolicy(name, { ...policy, database });
  }
}

/** @returns the names of the retention policies, or null when there is no such database. */
async function existingPolicies(client: InfluxDB, database: string): Promise<Set<string> | null> {
  const answer: unknown = await client.queryRaw(`SHOW RETENTION POLICIES ON "${database}"`);
  const series = readSeries(answer);
  if (series.kind === 'failed') {
    if (series.reason.includes('database not found')) return null;
    throw new HistoryUnavailable(series.reason);
  }
  return new Set(series.series.flatMap(({ rows }) => rows.map((row) => String(row['name']))));
}

async function askInflux(client: InfluxDB, query: string, database: string): Promise<InfluxSeries[]> {
  let answer: unknown;
  try {
    answer = await client.queryRaw(query, { database, precision: 'ms' });
  } catch (error) {
    throw new HistoryUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const read = readSeries(answer);
  if (read.kind === 'failed') throw new HistoryUnavailable(read.reason);
  return read.series;
}

function samplePoint({ site, line, device, metric, timeMs, value, quality }: Sample): IPoint {
  return {
    measurement: MEASUREMENT,
    tags: { site, line, device, metric },
    // A bad sample says only that: the field is left out, never written as a number.
    fields: value === null || quality === 0 ? { quality } : { value, quality },
    timestamp: timeMs,
  };
}

/** Good values and qualities are asked apart: a filter on one would hide the other. */
async function minutePoints(ask: Ask, { site, line, minuteMs }: TouchedMinute): Promise<IPoint[]> {
  const where = `"site" = ${influxString(site)} AND "line" = ${influxString(line)} AND ${within(minuteMs, minuteMs + MINUTE_MS)}`;
  const from = `FROM "raw"."${MEASUREMENT}" WHERE ${where}`;
  const good = await ask(`SELECT ${GOOD_COLUMNS} ${from} AND "quality" = 192 GROUP BY ${TAGS.join(',')}`);
  const all = await ask(`SELECT ${QUALITY_COLUMNS} ${from} GROUP BY ${TAGS.join(',')}`);
  return aggregatePoints(all, good, minuteMs);
}

async function hourPoints(ask: Ask, { site, line, minuteMs: hourMs }: TouchedMinute): Promise<IPoint[]> {
  const where = `"site" = ${influxString(site)} AND "line" = ${influxString(line)} AND ${within(hourMs, hourMs + HOUR_MS)}`;
  const rows = await ask(
    `SELECT ${AGGREGATE_COLUMNS} FROM "minute"."${MEASUREMENT}" WHERE ${where} GROUP BY ${TAGS.join(',')}`,
  );
  return aggregatePoints(rows, rows, hourMs);
}

const GOOD_COLUMNS =
  'sum("value") AS "sum", count("value") AS "n", min("value") AS "min", max("value") AS "max"';
const QUALITY_COLUMNS = 'min("quality") AS "quality", last("quality") AS "last"';
const AGGREGATE_COLUMNS =
  'sum("sum") AS "sum", sum("n") AS "n", min("min") AS "min", max("max") AS "max", ' +
  'min("quality") AS "quality", last("last") AS "last"';

function aggregatePoints(all: InfluxSeries[], good: InfluxSeries[], startMs: number): IPoint[] {
  const goodOf = new Map(good.map(({ tags, rows }) => [TAGS.map((tag) => tags[tag]).join('/'), rows[0]]));
  return all.flatMap(({ tags, rows }) => {
    const row = rows[0];
    if (row === undefined) return [];
    const found = goodOf.get(TAGS.map((tag) => tags[tag]).join('/'));
    const fields = {
      sum: found?.['sum'] ?? null,
      n: found?.['n'] ?? 0,
      min: found?.['min'] ?? null,
      max: found?.['max'] ?? null,
      quality: row['quality'] ?? 0,
      last: row['last'] ?? 0,
    };
    return [{ measurement: MEASUREMENT, tags, fields, timestamp: startMs }];
  });
}

async function readRows(ask: Ask, tag: TagAddress, plan: QueryPlan, limit: number): Promise<BucketRow[]> {
  const { resolution, everyMs, fromMs, toMs } = plan;
  const from = `FROM "${resolution}"."${MEASUREMENT}" WHERE ${tagWhere(tag)} AND ${within(fromMs, toMs)}`;
  if (everyMs === 0) {
    const samples = await ask(`SELECT "value", "quality" ${from} ORDER BY time LIMIT ${limit}`);
    return (samples[0]?.rows ?? []).map(rawRow);
  }
  const buckets = `GROUP BY time(${everyMs}ms) fill(none) ORDER BY time LIMIT ${limit}`;
  if (resolution !== 'raw') {
    const rows = await ask(`SELECT ${AGGREGATE_COLUMNS} ${from} ${buckets}`);
    return (rows[0]?.rows ?? []).map((row) => bucketRow(row, row));
  }
  const all = await ask(`SELECT ${QUALITY_COLUMNS} ${from} ${buckets}`);
  const good = await ask(`SELECT ${GOOD_COLUMNS} ${from} AND "quality" = 192 ${buckets}`);
  const goodAt = new Map((good[0]?.rows ?? []).map((row) => [row['time'], row]));
  return (all[0]?.rows ?? []).map((row) => bucketRow(row, goodAt.get(row['time'])));
}

type Row = Readonly<Record<string, unknown>>;

function rawRow(row: Row): BucketRow {
  const quality = Number(row['quality']);
  const value = quality === 0 ? null : numberOrNull(row['value']);
  return {
    t: Number(row['time']),
    sum: value,
    n: value === null ? 0 : 1,
    min: value,
    max: value,
    quality,
    last: quality,
  };
}

function bucketRow(row: Row, good: Row | undefined): BucketRow {
  return {
    t: Number(row['time']),
    sum: numberOrNull(good?.['sum']),
    n: Number(good?.['n'] ?? 0),
    min: numberOrNull(good?.['min']),
    max: numberOrNull(good?.['max']),
    quality: Number(row['quality'] ?? 0),
    last: Number(row['last'] ?? 0),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function within(fromMs: number, toMs: number): string {
  return `time >= ${fromMs}ms AND time < ${toMs}ms`;
}

function hoursOf(minutes: readonly TouchedMinute[]): TouchedMinute[] {
  const hours = new Map<string, TouchedMinute>();
  for (const { site, line, minuteMs } of minutes) {
    const hourMs = minuteMs - (minuteMs % HOUR_MS);
    hours.set(`${site}/${line}/${hourMs}`, { site, line, minuteMs: hourMs });
  }
  return [...hours.values()];
}
