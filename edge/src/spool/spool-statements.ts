/** What is asked of `spool.sqlite`, prepared once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type SpoolStatements = ReturnType<typeof prepareStatements>;

export function prepareStatements(db: DatabaseSync) {
  const prepare = (sql: string): StatementSync => db.prepare(sql);
  return {
    lastId: prepare('SELECT max(id) AS id FROM batch'),
    state: prepare('SELECT samples, risk_since_ms, risk_until_ms FROM state'),
    commits: prepare('SELECT commits FROM state'),
    keepState: prepare(
      'UPDATE state SET samples = samples + ?, commits = ?, risk_since_ms = ?, risk_until_ms = ?',
    ),
    insert: prepare(
      `INSERT OR IGNORE INTO batch (id, device, samples, from_ms, to_ms, crc, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: prepare('DELETE FROM batch WHERE id = ? RETURNING samples'),
    oldest: prepare(
      `SELECT id, samples, from_ms, to_ms, length(body) AS bytes FROM batch ORDER BY id LIMIT ?`,
    ),
    head: prepare('SELECT id FROM batch WHERE device = ? AND id > ? ORDER BY id LIMIT 1'),
    read: prepare(
      `SELECT id, device, samples, from_ms, to_ms, length(body) AS bytes, crc, body FROM batch WHERE id = ?`,
    ),
    gaps: prepare('SELECT reason, key, from_ms, to_ms, samples FROM gap'),
    addGap: prepare('INSERT INTO gap (reason, key, from_ms, to_ms, samples) VALUES (?, ?, ?, ?, ?)'),
  };
}
