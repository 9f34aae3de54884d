import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { BinId } from './plant/outlets.ts';
import type { Fabric } from './plant/materials.ts';
import type { Bale, NirResult, Plant } from './plant/plant-state.ts';

/** Results that the NIR station keeps. */
export const ringSize = 256;
/** Bales that are given back at once. */
export const maxBalesListed = 10_000;
/** Changes when a plant saved by an older program can no longer be continued. */
const format = 1;

/** What is saved together, in one commit. */
export interface Saving {
  readonly plant: Plant;
  readonly bales: readonly Bale[];
  readonly reads: readonly NirResult[];
}

export type OpenedStore =
  | { readonly kind: 'opened'; readonly store: PlantStore; readonly plant: Plant | null }
  | { readonly kind: 'refused'; readonly reason: string };

const schema = `
  CREATE TABLE IF NOT EXISTS plant (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, image TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS bale (
    number INTEGER PRIMARY KEY, outlet TEXT NOT NULL, massG INTEGER NOT NULL,
    indicatedG INTEGER NOT NULL, alibi INTEGER NOT NULL, atMs INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS nirResult (
    slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, atMs INTEGER NOT NULL, item INTEGER NOT NULL,
    fabric TEXT NOT NULL, dirty INTEGER NOT NULL, called TEXT NOT NULL);
`;

/**
 * The plant's memory on disk: what the devices' own counters would keep through a power cut. It is open for
 * one process alone; the lock is the operating system's and dies with that process.
 */
export class PlantStore {
  #database: DatabaseSync;
  #saveImage: StatementSync;
  #saveBale: StatementSync;
  #saveRead: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#saveImage = database.prepare(
      `INSERT INTO plant (id, format, image) VALUES (1, ${format}, ?)
       ON CONFLICT (id) DO UPDATE SET format = excluded.format, image = excluded.image`,
    );
    this.#saveBale = database.prepare('INSERT INTO bale VALUES (?, ?, ?, ?, ?, ?)');
    this.#saveRead = database.prepare('INSERT OR REPLACE INTO nirResult VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  /** Durable when it returns. Throws when the disk refuses: nothing of it may then be shown. */
  commit(saving: Saving): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#saveImage.run(JSON.stringify(saving.plant));
      for (const bale of saving.bales) {
        const { number, outlet, massG, indicatedG, alibi, atMs } = bale;
        this.#saveBale.run(number, outlet, massG, indicatedG, alibi, Math.round(atMs));
      }
      for (const read of saving.reads) {
        const { seq, atMs, index, fabric, dirty, called } = read;
        this.#saveRead.run(seq % ringSize, seq, Math.round(atMs), index, fabric, Number(dirty), called);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** The last bales, oldest first, at most `maxBalesListed`. */
  bales(): Bale[] {
    const rows = this.#database
      .prepare('SELECT * FROM (SELECT * FROM bale ORDER BY number DESC LIMIT ?) ORDER BY number')
      .all(maxBalesListed);
    return rows.map((row) => ({
      number: Number(row['number']),
      outlet: row['outlet'] as BinId,
      massG: Number(row['massG']),
      indicatedG: Number(row['indicatedG']),
      alibi: Number(row['alibi']),
      atMs: Number(row['atMs']),
    }));
  }

  /** The results still in the NIR station's ring, oldest first. */
  reads(): NirResult[] {
    const rows = this.#database.prepare('SELECT * FROM nirResult ORDER BY seq').all();
    return rows.map((row) => ({
      seq: Number(row['seq']),
      atMs: Number(row['atMs']),
      index: Number(row['item']),
      fabric: row['fabric'] as Fabric,
      dirty: row['dirty'] === 1,
      called: row['called'] as Fabric | 'unreadable',
    }));
  }

  close(): void {
    this.#database.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Takes the lock and reads back what SQLite was told, which it may have ignored. */
function prepareDatabase(database: DatabaseSync): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('PRAGMA journal_size_limit = 4194304');
  database.exec('BEGIN IMMEDIATE; COMMIT');
  database.exec(schema);
  const journal = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  const synchronous = database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Error(`the database refuses to be durable (${String(journal)}, ${String(synchronous)})`);
  }
}

function savedPlant(database: DatabaseSync): Plant | null {
  const row = database.prepare('SELECT format, image FROM plant WHERE id = 1').get();
  if (row === undefined) return null;
  if (row['format'] !== format) {
    throw new Error(`it holds a plant of format ${String(row['format'])}, this program reads ${format}`);
  }
  return JSON.parse(String(row['image'])) as Plant;
}

/**
 * Opens the plant's memory in `directory`, which is made when missing. `plant` is null the first time. The
 * refusal is one line for a person: the directory is in use, cannot be written, or holds something else.
 */
export function openStore(directory: string): OpenedStore {
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(directory, { recursive: true });
    database = new DatabaseSync(join(directory, 'plant.sqlite'), { timeout: 0 });
    prepareDatabase(database);
    const plant = savedPlant(database);
    return { kind: 'opened', store: new PlantStore(database), plant };
  } catch (error) {
    database?.close();
    const reason = reasonOf(error);
    const busy = /database is locked|database is busy/u.test(reason);
    return {
      kind: 'refused',
      reason: busy
        ? `data directory ${directory} is in use by another running simulation`
        : `cannot use data directory ${directory}: ${reason}`,
    };
  }
}
