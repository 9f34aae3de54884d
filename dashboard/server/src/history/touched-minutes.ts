/**
 * Minutes whose figures must be computed anew, kept on disk until they have been: a crash between storing a
 * late sample and recomputing its minute must not leave a wrong figure for ever.
 */
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../records/open-sqlite.ts';
import type { TouchedMinute } from './history-engine.ts';
import type { Sample } from './history-store.ts';
import { MINUTE_MS } from './limits.ts';

interface Entry extends TouchedMinute {
  /** Something was stored since the last computation. */
  dirty: boolean;
}

export class TouchedMinutes {
  readonly #database: DatabaseSync;
  readonly #entries = new Map<string, Entry>();

  /** Reads what an earlier run left to do. */
  constructor(path: string) {
    this.#database = openSqlite(path);
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS touched (
         site TEXT NOT NULL, line TEXT NOT NULL, minute INTEGER NOT NULL,
         PRIMARY KEY (site, line, minute)) WITHOUT ROWID`,
    );
    for (const row of this.#database.prepare('SELECT site, line, minute FROM touched').all()) {
      const minute = {
        site: String(row['site']),
        line: String(row['line']),
        minuteMs: Number(row['minute']),
      };
      this.#entries.set(keyOf(minute), { ...minute, dirty: true });
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Notes the minutes of samples about to be stored; on disk before this returns. */
  touch(samples: readonly Sample[]): void {
    const fresh: Entry[] = [];
    for (const { site, line, timeMs } of samples) {
      const minuteMs = timeMs - (timeMs % MINUTE_MS);
      const key = keyOf({ site, line, minuteMs });
      const known = this.#entries.get(key);
      if (known !== undefined) {
        known.dirty = true;
        continue;
      }
      const entry = { site, line, minuteMs, dirty: true };
      this.#entries.set(key, entry);
      fresh.push(entry);
    }
    if (fresh.length > 0) this.#write('INSERT OR IGNORE INTO touched VALUES (?, ?, ?)', fresh);
  }

  /** @returns at most `limit` minutes to compute, oldest first; they count as clean until touched again. */
  take(limit: number): TouchedMinute[] {
    const taken = [...this.#entries.values()]
      .filter(({ dirty }) => dirty)
      .sort((a, b) => a.minuteMs - b.minuteMs)
      .slice(0, limit);
    for (const entry of taken) entry.dirty = false;
    return taken.map(({ site, line, minuteMs }) => ({ site, line, minuteMs }));
  }

  /** They could not be computed: they are due again. */
  putBack(minutes: readonly TouchedMinute[]): void {
    for (const minute of minutes) {
      const entry = this.#entries.get(keyOf(minute));
      if (entry !== undefined) entry.dirty = true;
    }
  }

  /** They were computed. Minutes that are over and untouched since are forgotten. */
  done(minutes: readonly TouchedMinute[], nowMs: number): void {
    const over: TouchedMinute[] = [];
    for (const minute of minutes) {
      const entry = this.#entries.get(keyOf(minute));
      if (entry === undefined || entry.dirty || minute.minuteMs + MINUTE_MS > nowMs) continue;
      this.#entries.delete(keyOf(minute));
      over.push(minute);
    }
    if (over.length > 0) this.#write('DELETE FROM touched WHERE site = ? AND line = ? AND minute = ?', over);
  }

  close(): void {
    this.#database.close();
  }

  #write(sql: string, minutes: readonly TouchedMinute[]): void {
    const statement = this.#database.prepare(sql);
    this.#database.exec('BEGIN IMMEDIATE');
    for (const { site, line, minuteMs } of minutes) statement.run(site, line, minuteMs);
    this.#database.exec('COMMIT');
  }
}

function keyOf({ site, line, minuteMs }: TouchedMinute): string {
  return `${site}/${line}/${minuteMs}`;
}
