/** What an older program kept in the automatic plant's file, brought to what this one keeps. */
import type { DatabaseSync } from 'node:sqlite';
import { emptyComposition } from './plant/composition.ts';
import { soundStation } from './plant/nir-condition.ts';
import type { Fabric } from './plant/materials.ts';
import type { NirResult } from './plant/step-events.ts';

/** Bales were kept without what they are made of. */
export function keepCompositions(database: DatabaseSync): void {
  const columns = database.prepare('PRAGMA table_info(bale)').all();
  if (!columns.some((column) => column['name'] === 'inside')) {
    database.exec('ALTER TABLE bale ADD COLUMN inside TEXT');
  }
  const bare = database.prepare('SELECT number, massG FROM bale WHERE inside IS NULL').all();
  const save = database.prepare('UPDATE bale SET inside = ? WHERE number = ?');
  for (const { number, massG } of bare) {
    save.run(JSON.stringify(emptyComposition(Number(massG))), Number(number));
  }
}

function moved(row: Record<string, unknown>): NirResult {
  return {
    seq: Number(row['seq']),
    atMs: Number(row['atMs']),
    // Not kept then: it gives a garment of no mass, which holds no water.
    lot: 0,
    index: Number(row['item']),
    fabric: row['fabric'] as Fabric,
    massG: 0,
    dampG: 0,
    condition: { ...soundStation, lensDirty: row['dirty'] === 1 },
    called: row['called'] as NirResult['called'],
  };
}

/** The ring of the NIR station had a table of its own, without the garment and where it fell. */
export function moveOldResults(database: DatabaseSync, places: number): void {
  const known = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'nirResult'").get();
  if (known === undefined) return;
  const save = database.prepare('INSERT OR REPLACE INTO nirItem VALUES (?, ?, ?, NULL)');
  for (const row of database.prepare('SELECT * FROM nirResult ORDER BY seq').all()) {
    const result = moved(row);
    save.run(result.seq % places, result.seq, JSON.stringify(result));
  }
  database.exec('DROP TABLE nirResult');
}
