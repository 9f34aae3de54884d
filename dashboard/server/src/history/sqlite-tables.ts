/** The embedded history on its own database file: plain statements, run inside a worker thread. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openSqlite } from '../records/open-sqlite.ts';
import type { BucketRow } from './bucket-row.ts';
import type { TouchedMinute } from './history-engine.ts';
import type { Sample, TagAddress } from './history-store.ts';
import { HOUR_MS, MINUTE_MS } from './limits.ts';
import type { QueryPlan } from './plan-query.ts';

const TABLES = `
  CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, line TEXT NOT NULL, device TEXT NOT NULL, metric TEXT NOT NULL,
    UNIQUE (site, line, device, metric));
  CREATE TABLE IF NOT EXISTS sample (
    series INTEGER NOT NULL, t INTEGER NOT NULL, value REAL, quality INTEGER NOT NULL,
    PRIMARY KEY (series, t)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS minute (
    series INTEGER NOT NULL, t INTEGER NOT NULL, sum REAL, n INTEGER NOT NULL, min REAL, max REAL,
    quality INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (series, t)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hour (
    series INTEGER NOT NULL, t INTEGER NOT NULL, sum REAL, n INTEGER NOT NULL, min REAL, max REAL,
    quality INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (series, t)) WITHOUT ROWID;
`;

/** Columns over samples: good values only; the last quality rides on the time, so one pass finds it. */
const OF_SAMPLES = `
  sum(value) FILTER (WHERE quality = 192) AS sum, count(value) FILTER (WHERE quality = 192) AS n,
  min(value) FILTER (WHERE quality = 192) AS min, max(value) FILTER (WHERE quality = 192) AS max,
  min(quality) AS quality, max(t * 256 + quality) % 256 AS last`;

/** The same columns over rows that are aggregates already. */
const OF_AGGREGATES = `
  sum(sum) AS sum, sum(n) AS n, min(min) AS min, max(max) AS max,
  min(quality) AS quality, max(t * 256 + last) % 256 AS last`;

const LINE_SERIES = 'SELECT id FROM series WHERE site = ? AND line = ?';

/** Rows removed in one go, so that a clean-up never holds the writer for long. */
const RETAIN_ROWS = 20_000;

export class SqliteTables {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #seriesIds = new Map<string, number>();

  /** @throws when the file cannot be opened with its safety settings. */
  constructor(path: string) {
    this.#database = openSqlite(path);
    this.#database.exec(TABLES);
  }

  /** One transaction for the whole batch. */
  write(samples: readonly Sample[]): number {
    return this.#transaction(() => {
      const insert = this.#sql(
        `INSERT OR REPLACE INTO sample (series, t, value, quality) VALUES (?, ?, ?, ?)`,
      );
      for (const sample of samples) {
        insert.run(this.#seriesId(sample), sample.timeMs, sample.value, sample.quality);
      }
      return samples.length;
    });
  }

  recompute(minutes: readonly TouchedMinute[]): void {
    this.#transaction(() => {
      const minute = this.#sql(
        `INSERT OR REPLACE INTO minute (series, t, sum, n, min, max, quality, last)
         SELECT series, ?, ${OF_SAMPLES} FROM sample
         WHERE series IN (${LINE_SERIES}) AND t >= ? AND t < ? GROUP BY series`,
      );
      const hours = new Map<string, TouchedMinute>();
      for (const touched of minutes) {
        const { site, line, minuteMs } = touched;
        minute.run(minuteMs, site, line, minuteMs, minuteMs + MINUTE_MS);
        const hourMs = minuteMs - (minuteMs % HOUR_MS);
        hours.set(`${site}/${line}/${hourMs}`, { site, line, minuteMs: hourMs });
      }
      const hour = this.#sql(
        `INSERT OR REPLACE INTO hour (series, t, sum, n, min, max, quality, last)
         SELECT series, ?, ${OF_AGGREGATES} FROM minute
         WHERE series IN (${LINE_SERIES}) AND t >= ? AND t < ? GROUP BY series`,
      );
      for (const { site, line, minuteMs: hourMs } of hours.values()) {
        hour.run(hourMs, site, line, hourMs, hourMs + HOUR_MS);
      }
    });
  }

  read(tag: TagAddress, plan: QueryPlan, limit: number): BucketRow[] {
    const series = this.#sql(
      'SELECT id FROM series WHERE site = ? AND line = ? AND device = ? AND metric = ?',
    ).get(tag.site, tag.line, tag.device, tag.metric);
    if (series === undefined) return [];
    const { fromMs, toMs, everyMs, resolution } = plan;
    const id = Number(series['id']);
    const rows =
      everyMs === 0
        ? this.#sql(
            `SELECT t, CASE quality WHEN 0 THEN NULL ELSE value END AS sum,
               CASE WHEN quality = 0 OR value IS NULL THEN 0 ELSE 1 END AS n,
               value AS min, value AS max, quality, quality AS last
             FROM sample WHERE series = ? AND t >= ? AND t < ? ORDER BY t LIMIT ?`,
          ).all(id, fromMs, toMs, limit)
        : this.#sql(
            `SELECT t - t % ? AS start, ${resolution === 'raw' ? OF_SAMPLES : OF_AGGREGATES}
             FROM ${resolution === 'raw' ? 'sample' : resolution}
             WHERE series = ? AND t >= ? AND t < ? GROUP BY start ORDER BY start LIMIT ?`,
          ).all(everyMs, id, fromMs, toMs, limit);
    return rows.map(bucketRow);
  }

  /** @returns whether something may be left to remove: call again then. */
  retain(rawBeforeMs: number, aggregatesBeforeMs: number): boolean {
    let removed = 0;
    for (const [table, beforeMs] of [
      ['sample', rawBeforeMs],
      ['minute', aggregatesBeforeMs],
      ['hour', aggregatesBeforeMs],
    ] as const) {
      for (const { id } of this.#sql('SELECT id FROM series').all()) {
        const remove = this.#sql(
          `DELETE FROM ${table} WHERE series = ? AND t IN
             (SELECT t FROM ${table} WHERE series = ? AND t < ? ORDER BY t LIMIT ?)`,
        );
        removed += Number(remove.run(Number(id), Number(id), beforeMs, RETAIN_ROWS - removed).changes);
        if (removed >= RETAIN_ROWS) return true;
      }
    }
    return false;
  }

  close(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#database.close();
  }

  #seriesId({ site, line, device, metric }: TagAddress): number {
    const key = `${site}/${line}/${device}/${metric}`;
    const known = this.#seriesIds.get(key);
    if (known !== undefined) return known;
    this.#sql('INSERT OR IGNORE INTO series (site, line, device, metric) VALUES (?, ?, ?, ?)').run(
      site,
      line,
      device,
      metric,
    );
    const row = this.#sql(
      'SELECT id FROM series WHERE site = ? AND line = ? AND device = ? AND metric = ?',
    ).get(site, line, device, metric);
    const id = Number(row?.['id']);
    this.#seriesIds.set(key, id);
    return id;
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      // A series made in the transaction that failed does not exist.
      this.#seriesIds.clear();
      throw error;
    }
  }

  #sql(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}

function bucketRow(row: Record<string, unknown>): BucketRow {
  return {
    t: Number(row['start'] ?? row['t']),
    sum: numberOrNull(row['sum']),
    n: Number(row['n']),
    min: numberOrNull(row['min']),
    max: numberOrNull(row['max']),
    quality: Number(row['quality']),
    last: Number(row['last']),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
