/** Makes a backup of records and embedded history, beside a running server or without one. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ServerConfig } from '../config/server-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import { keepInstallation } from '../records/installation-repository.ts';
import { openRecords, RECORDS_FILE, type Records } from '../records/open-records.ts';
import { recordsEngineName } from '../records/records-config.ts';
import { syncPath, writeDurable } from '../system/write-durable.ts';
import { VERSION } from '../version.ts';
import { BackupFault } from './backup-fault.ts';
import { backupsIn, migrationsOf, noteBackup } from './backup-repository.ts';
import { copyDocuments } from './copy-documents.ts';
import { copySqlite } from './copy-sqlite.ts';
import { bytesOf, describeFile, MANIFEST_FILE, type FileEntry, type Manifest } from './manifest.ts';
import { dumpDatabase } from './postgres-tools.ts';

export const HISTORY_FILE = 'history.sqlite';
export const TOUCHED_FILE = 'history-touched.sqlite';
export const DUMP_FILE = 'records.dump';

export interface BackupOptions {
  readonly config: ServerConfig;
  /** Folder that the backup's own folder is made in. */
  readonly into: string;
  /** How many of those that these records know of in this folder stay, the new one included; null: all. */
  readonly keep: number | null;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface MadeBackup {
  readonly folder: string;
  readonly bytes: number;
  /** Older backups that were taken away. */
  readonly removed: readonly string[];
}

/**
 * Writes under a temporary name, checks every file, and gives the folder its name last: what bears the name of a
 * backup is one. It is noted in the records, where the page of the server's health finds it.
 * @throws BackupFault with one line that says why not; nothing is left behind then.
 */
export async function makeBackup(options: BackupOptions): Promise<MadeBackup> {
  const { config, into, keep, clock, entropy } = options;
  const madeAt = clock.nowMs();
  if (config.records.kind === 'embedded' && !existsSync(join(config.dataDir, RECORDS_FILE))) {
    throw new BackupFault(`There are no records in ${config.dataDir}: nothing to back up`);
  }
  const records = await openRecords(config);
  try {
    const installation = await keepInstallation(records, config.installation, madeAt);
    const id = Buffer.from(entropy.bytes(4)).toString('hex');
    const folder = join(into, `trame-${installation}-${stampOf(madeAt)}-${id}`);
    const bytes = await writeFolder(options, records, folder, { madeAt, installation });
    await noteBackup(records, { id: basename(folder), at: madeAt, bytes, place: folder });
    const removed = keep === null ? [] : await removeOld(records, into, keep);
    return { folder, bytes, removed };
  } finally {
    await records.destroy();
  }
}

/** Only what these records noted as their own is taken away, and only where a backup still lies. */
async function removeOld(records: Records, into: string, keep: number): Promise<string[]> {
  const there = (await backupsIn(records, into)).filter((place) => existsSync(join(place, MANIFEST_FILE)));
  const old = there.slice(keep);
  for (const place of old) {
    // The name goes first: half a backup must not bear it.
    const leaving = join(into, `.${basename(place)}.removed`);
    renameSync(place, leaving);
    rmSync(leaving, { recursive: true, force: true });
  }
  return old;
}

async function writeFolder(
  options: BackupOptions,
  records: Records,
  folder: string,
  { madeAt, installation }: Pick<Manifest, 'madeAt' | 'installation'>,
): Promise<number> {
  const { config, into } = options;
  const partial = join(into, `.${basename(folder)}.partial`);
  mkdirSync(into, { recursive: true, mode: 0o750 });
  mkdirSync(partial, { mode: 0o700 });
  try {
    const names = [...(await copyRecords(options, partial)), ...(await copyHistory(config, partial))];
    const documents = copyDocuments(config.dataDir, partial);
    const files: FileEntry[] = [];
    for (const name of names) files.push(await describeFile(partial, name));
    const manifest: Manifest = {
      v: 1,
      madeAt,
      version: VERSION,
      installation,
      records: recordsEngineName(config.records),
      migrations: await migrationsOf(records),
      files,
      ...(documents === null ? {} : { documents }),
    };
    writeDurable(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, 0o600);
    renameSync(partial, folder);
    syncPath(into);
    return bytesOf(manifest);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

async function copyRecords({ config, env }: BackupOptions, folder: string): Promise<string[]> {
  const { records, dataDir } = config;
  if (records.kind === 'postgres') {
    await dumpDatabase({ config: records, env }, join(folder, DUMP_FILE));
    syncPath(join(folder, DUMP_FILE));
    return [DUMP_FILE];
  }
  await copySqlite(join(dataDir, RECORDS_FILE), join(folder, RECORDS_FILE));
  return [RECORDS_FILE];
}

/**
 * With the history go the minutes that are still to be computed. They lie in a file of their own: those marked
 * before and those marked at the moment of the copy together leave none out.
 */
async function copyHistory({ history: engine, dataDir }: ServerConfig, folder: string): Promise<string[]> {
  const [history, touched] = [join(dataDir, HISTORY_FILE), join(dataDir, TOUCHED_FILE)];
  if (engine.kind !== 'embedded' || !existsSync(history)) return [];
  if (!existsSync(touched)) {
    await copySqlite(history, join(folder, HISTORY_FILE));
    return [HISTORY_FILE];
  }
  await copySqlite(touched, join(folder, TOUCHED_FILE));
  await copySqlite(history, join(folder, HISTORY_FILE), () => addMarks(touched, join(folder, TOUCHED_FILE)));
  return [HISTORY_FILE, TOUCHED_FILE];
}

function addMarks(from: string, to: string): void {
  using database = new DatabaseSync(to);
  database.prepare('ATTACH ? AS present').run(from);
  database.exec('INSERT OR IGNORE INTO main.touched SELECT site, line, minute FROM present.touched');
}

/** `20260131-235959Z` */
export function stampOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/gu, '').replace('T', '-')}Z`;
}
