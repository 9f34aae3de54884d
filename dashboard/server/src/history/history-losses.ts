/**
 * What the history lost on the server's side, and since when samples wait in memory alone. Kept on disk by the
 * server itself, beside the marks of minutes: it follows from no ledger, so no rebuild touches it.
 */
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import { GAP_REASONS, type GapReason } from '@trame/protocol/ledger-names';
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../records/open-sqlite.ts';
import type { Sample, TagAddress } from './history-store.ts';
import { LOSSES_OF_LINE_MAX } from './limits.ts';

export type LineAddress = Pick<TagAddress, 'site' | 'line'>;

interface Span extends LineAddress {
  fromMs: number;
  toMs: number;
  samples: number;
}

interface OpenLoss extends Span {
  /** Its row; null while it is in memory alone. */
  id: number | bigint | null;
  dirty: boolean;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS waiting (
    site TEXT NOT NULL, line TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (site, line)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS losses (
    id INTEGER PRIMARY KEY, site TEXT NOT NULL, line TEXT NOT NULL, fromAt INTEGER NOT NULL,
    toAt INTEGER NOT NULL, samples INTEGER, reason TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS losses_of_line ON losses (site, line, toAt);`;

export class HistoryLosses {
  readonly #database: DatabaseSync;
  /** Earliest time of a sample of each line that was taken since nothing waited. */
  readonly #waiting = new Map<string, Span>();
  /** `since` of the marks on disk. */
  readonly #marks = new Map<string, number>();
  #full = new Map<string, OpenLoss>();

  /**
   * A mark that an earlier run left says that it ended without having stored what waited: a loss from then until
   * now. It may be told too long, since the edge sends its last samples again; never too short.
   * @param nowMs ms since 1970 UTC.
   */
  constructor(path: string, nowMs: number) {
    this.#database = openSqlite(path);
    this.#database.exec(TABLES);
    this.#transaction(() => {
      for (const row of this.#database.prepare('SELECT site, line, since FROM waiting').all()) {
        const fromMs = Number(row['since']);
        const line = { site: String(row['site']), line: String(row['line']) };
        this.#insert({ ...line, fromMs, toMs: Math.max(fromMs, nowMs) }, null, 'server-cut-off');
      }
      this.#database.exec('DELETE FROM waiting');
    });
  }

  /** These wait in memory from now on; nothing is written. */
  took(samples: readonly Sample[]): void {
    gather(this.#waiting, samples);
  }

  /** These went because too many waited; on disk with the next {@link save}. */
  overflowed(samples: readonly Sample[]): void {
    const spans = new Map<string, Span>();
    gather(spans, samples);
    for (const [key, span] of spans) {
      const open = this.#full.get(key);
      if (open === undefined) {
        this.#full.set(key, { ...span, id: null, dirty: true });
        continue;
      }
      open.fromMs = Math.min(open.fromMs, span.fromMs);
      open.toMs = Math.max(open.toMs, span.toMs);
      open.samples += span.samples;
      open.dirty = true;
    }
  }

  /** Writes marks and losses that changed; on disk when it returns. @throws when the disk refuses: call again. */
  save(): void {
    const fresh = [...this.#waiting].filter(
      ([key, { fromMs }]) => fromMs < (this.#marks.get(key) ?? Infinity),
    );
    if (fresh.length === 0 && ![...this.#full.values()].some(({ dirty }) => dirty)) return;
    this.#transaction(() => {
      const mark = this.#database.prepare('INSERT OR REPLACE INTO waiting VALUES (?, ?, ?)');
      for (const [, { site, line, fromMs }] of fresh) mark.run(site, line, fromMs);
      this.#writeFull();
    });
    for (const [key, { fromMs }] of fresh) this.#marks.set(key, fromMs);
    this.#fullWritten();
  }

  /** Nothing waits any more: the marks are taken back. @throws when the disk refuses: call again. */
  emptied(): void {
    this.#waiting.clear();
    const dirty = [...this.#full.values()].some((loss) => loss.dirty);
    if (this.#marks.size > 0 || dirty) this.#end(() => undefined);
    this.#full = new Map();
  }

  /** These are given up at a stop. How many the edge sends again nobody knows. @throws when the disk refuses. */
  gaveUp(samples: readonly Sample[]): void {
    const spans = new Map<string, Span>();
    gather(spans, samples);
    this.#end(() => {
      for (const span of spans.values()) this.#insert(span, null, 'history-away');
    });
    this.#waiting.clear();
  }

  /** @returns the `limit` latest losses of a line that touch the period, latest first; `toMs` excluded. */
  gaps({ site, line }: LineAddress, fromMs: number, toMs: number, limit: number): HistoryGap[] {
    const rows = this.#database
      .prepare(
        `SELECT fromAt, toAt, samples, reason FROM losses
         WHERE site = ? AND line = ? AND toAt >= ? AND fromAt < ? ORDER BY toAt DESC, id LIMIT ?`,
      )
      .all(site, line, fromMs, toMs, limit);
    return rows.map((row) => ({
      from: Number(row['fromAt']),
      to: Number(row['toAt']),
      samples: row['samples'] === null ? null : Number(row['samples']),
      reason: GAP_REASONS.find((known) => known === row['reason']) ?? 'not-stored',
    }));
  }

  close(): void {
    this.#database.close();
  }

  #end(also: () => void): void {
    this.#transaction(() => {
      this.#writeFull();
      also();
      this.#database.exec('DELETE FROM waiting');
    });
    this.#marks.clear();
    this.#full = new Map();
  }

  #writeFull(): void {
    const extend = this.#database.prepare('UPDATE losses SET fromAt = ?, toAt = ?, samples = ? WHERE id = ?');
    for (const loss of this.#full.values()) {
      if (!loss.dirty) continue;
      if (loss.id === null) loss.id = this.#insert(loss, loss.samples, 'history-full');
      else extend.run(loss.fromMs, loss.toMs, loss.samples, loss.id);
    }
  }

  #fullWritten(): void {
    for (const loss of this.#full.values()) loss.dirty = false;
  }

  #insert(
    { site, line, fromMs, toMs }: Omit<Span, 'samples'>,
    samples: number | null,
    reason: GapReason,
  ): number | bigint {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO losses (site, line, fromAt, toAt, samples, reason) VALUES (?, ?, ?, ?, ?, ?)')
      .run(site, line, fromMs, toMs, samples, reason);
    this.#bound({ site, line });
    return lastInsertRowid;
  }

  /** Past the bound the two oldest become one that spans both: told too wide rather than forgotten. */
  #bound({ site, line }: LineAddress): void {
    const rows = this.#database
      .prepare('SELECT id, fromAt, toAt FROM losses WHERE site = ? AND line = ? ORDER BY id')
      .all(site, line);
    const [first, second] = rows;
    if (rows.length <= LOSSES_OF_LINE_MAX || first === undefined || second === undefined) return;
    const fromMs = Math.min(Number(first['fromAt']), Number(second['fromAt']));
    const toMs = Math.max(Number(first['toAt']), Number(second['toAt']));
    this.#database
      .prepare('UPDATE losses SET fromAt = ?, toAt = ?, samples = NULL WHERE id = ?')
      .run(fromMs, toMs, Number(second['id']));
    this.#database.prepare('DELETE FROM losses WHERE id = ?').run(Number(first['id']));
  }

  #transaction(task: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    const ids = [...this.#full.values()].map((loss) => [loss, loss.id] as const);
    try {
      task();
      this.#database.exec('COMMIT');
    } catch (error) {
      for (const [loss, id] of ids) loss.id = id;
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function gather(spans: Map<string, Span>, samples: readonly Sample[]): void {
  for (const { site, line, timeMs } of samples) {
    const key = `${site}/${line}`;
    const span = spans.get(key);
    if (span === undefined) {
      spans.set(key, { site, line, fromMs: timeMs, toMs: timeMs, samples: 1 });
      continue;
    }
    span.fromMs = Math.min(span.fromMs, timeMs);
    span.toMs = Math.max(span.toMs, timeMs);
    span.samples += 1;
  }
}
