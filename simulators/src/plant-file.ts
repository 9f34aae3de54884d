import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The kinds of line that a data directory may hold, each by the format of what it saves. */
const formats = { automatic: 1, manual: 101 } as const;
export type Profile = keyof typeof formats;
export const profiles = Object.keys(formats) as Profile[];

/** An open memory of a plant. */
export interface PlantFile {
  readonly database: DatabaseSync;
  /** Null the first time. */
  readonly image: string | null;
  /** Made with the file, and the same as long as it is kept. */
  readonly life: string;
}

export type OpenedPlantFile =
  | { readonly kind: 'opened'; readonly file: PlantFile }
  | { readonly kind: 'refused'; readonly reason: string };

const plantTable =
  'CREATE TABLE IF NOT EXISTS life (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL); CREATE TABLE IF NOT EXISTS plant (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, image TEXT NOT NULL)';

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Takes the lock and reads back what SQLite was told, which it may have ignored. */
function prepareDatabase(database: DatabaseSync, tables: string): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('PRAGMA journal_size_limit = 4194304');
  database.exec('BEGIN IMMEDIATE; COMMIT');
  database.exec(`${plantTable}; ${tables}`);
  const journal = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  const synchronous = database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Error(`the database refuses to be durable (${String(journal)}, ${String(synchronous)})`);
  }
}

function lifeOf(database: DatabaseSync): string {
  database.prepare('INSERT OR IGNORE INTO life (id, name) VALUES (1, ?)').run(randomUUID().slice(0, 8));
  return String(database.prepare('SELECT name FROM life WHERE id = 1').get()?.['name']);
}

function savedImage(database: DatabaseSync, profile: Profile): string | null {
  const row = database.prepare('SELECT format, image FROM plant WHERE id = 1').get();
  if (row === undefined) return null;
  const format = row['format'];
  if (format === formats[profile]) return String(row['image']);
  const other = profiles.find((known) => formats[known] === format);
  throw new Error(
    other === undefined
      ? `it holds a plant of format ${String(format)}, this program reads ${formats[profile]}`
      : `it holds a line of the profile ${other}, not ${profile}`,
  );
}

/** The statement that saves an image of this profile; its one parameter is the image. */
export function saveImageSql(profile: Profile): string {
  return `INSERT INTO plant (id, format, image) VALUES (1, ${formats[profile]}, ?)
       ON CONFLICT (id) DO UPDATE SET format = excluded.format, image = excluded.image`;
}

/**
 * Opens the plant's memory in `directory`, which is made when missing: what the devices' own counters would keep
 * through a power cut. It is open for one process alone; the lock is the operating system's and dies with that
 * process. The refusal is one line for a person: the directory is in use, cannot be written, or holds something else.
 * @param tables SQL that makes what a profile keeps beside its image.
 */
export function openPlantFile(directory: string, profile: Profile, tables: string): OpenedPlantFile {
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(directory, { recursive: true });
    database = new DatabaseSync(join(directory, 'plant.sqlite'), { timeout: 0 });
    prepareDatabase(database, tables);
    const image = savedImage(database, profile);
    return { kind: 'opened', file: { database, image, life: lifeOf(database) } };
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

/** Runs `work` in one transaction: durable when it returns. Throws what it throws, with nothing of it saved. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
