/** Takes a backup back, with the server stopped. What it replaces is kept aside; half a restore is never started on. */
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ServerConfig } from '../config/server-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { installationOf } from '../records/installation-repository.ts';
import { MIGRATIONS } from '../records/migrations/migrations.ts';
import { openRecords, RECORDS_FILE, type Records } from '../records/open-records.ts';
import { claimRecords } from '../records/records-claim.ts';
import { recordsEngineName } from '../records/records-config.ts';
import { claimDataDir } from '../system/data-dir.ts';
import { syncPath, writeDurable } from '../system/write-durable.ts';
import { VERSION } from '../version.ts';
import { BackupFault } from './backup-fault.ts';
import { noteBackup } from './backup-repository.ts';
import { checkDocuments, restoreDocuments } from './copy-documents.ts';
import { dropTablesExcept } from './drop-tables.ts';
import { checkSqlite } from './copy-sqlite.ts';
import { DUMP_FILE, stampOf } from './make-backup.ts';
import { bytesOf, checkFiles, readManifest, type Manifest } from './manifest.ts';
import { checkDump, dumpDatabase, restoreDump, type ToolPlace } from './postgres-tools.ts';
import { RESTORE_MARK } from './restore-mark.ts';

export interface RestoreOptions {
  readonly config: ServerConfig;
  /** Folder of the backup. */
  readonly from: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Where what was replaced lies now. */
  readonly aside: string;
}

/**
 * @throws BackupFault with one line that says why not, and StartError while a server uses the data directory or
 * the database; everything is as it was then.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { config, from, clock, log } = options;
  const manifest = readManifest(from);
  checkFits(manifest, config);
  await using cleanup = new AsyncDisposableStack();
  const dataDir = claimDataDir(config.dataDir);
  cleanup.defer(() => dataDir.release());
  const claim = await claimRecords(config.records, clock, log);
  cleanup.defer(() => claim.release());
  await checkFiles(from, manifest);
  await checkDocuments(from, manifest.documents);
  const aside = join(config.dataDir, `replaced-${stampOf(clock.nowMs())}`);
  const incoming = join(config.dataDir, '.restoring');
  rmSync(incoming, { recursive: true, force: true });
  cleanup.defer(() => rmSync(incoming, { recursive: true, force: true }));
  mkdirSync(incoming, { mode: 0o700 });
  const names = manifest.files.map(({ name }) => name).filter((name) => name !== DUMP_FILE);
  for (const name of names) {
    copyFileSync(join(from, name), join(incoming, name));
    checkSqlite(join(incoming, name));
  }
  mkdirSync(aside, { mode: 0o700 });
  for (const name of names) keepAside(config.dataDir, name, aside);
  await checkKind(options).catch((error: unknown) => {
    rmSync(aside, { recursive: true });
    throw error;
  });
  const mark = join(config.dataDir, RESTORE_MARK);
  if (config.records.kind === 'postgres') {
    await replaceDatabase({ config: config.records, env: options.env }, from, aside, mark);
  } else {
    writeDurable(mark, `${from}\n`, 0o600);
  }
  await restoreDocuments(from, config.dataDir);
  for (const name of names) replaceFile(config.dataDir, name, incoming, aside);
  await afterwards(config, manifest, from);
  rmSync(mark);
  syncPath(config.dataDir);
  return { manifest, aside };
}

/** When the database refuses the dump, what it held is put back; the mark stays where even that fails. */
async function replaceDatabase(tool: ToolPlace, from: string, aside: string, mark: string): Promise<void> {
  const tables = await checkDump(tool, join(from, DUMP_FILE));
  await dumpDatabase(tool, join(aside, DUMP_FILE));
  writeDurable(mark, `${from}\n`, 0o600);
  try {
    await dropTablesExcept(tool.config, tables);
    await restoreDump(tool, join(from, DUMP_FILE));
  } catch (error) {
    await restoreDump(tool, join(aside, DUMP_FILE));
    rmSync(mark);
    throw error;
  }
}

function checkFits(manifest: Manifest, config: ServerConfig): void {
  if (manifest.installation !== config.installation) {
    throw new BackupFault(
      `This is a backup of a ${manifest.installation} installation, and this one is ${config.installation}: ` +
        `figures of a simulated line must never stand among real ones`,
    );
  }
  const engine = recordsEngineName(config.records);
  if (manifest.records !== engine) {
    throw new BackupFault(
      `This backup holds records of ${manifest.records}, and this server keeps them in ${engine}`,
    );
  }
  const unknown = manifest.migrations.find((name) => !Object.hasOwn(MIGRATIONS, name));
  if (isNewer(manifest.version, VERSION) || unknown !== undefined) {
    throw new BackupFault(
      `This backup was made by version ${manifest.version}, newer than this one (${VERSION}): install that version first`,
    );
  }
}

function isNewer(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Records that are there already say what this installation is; damaged ones say nothing. */
async function checkKind({ config, log }: RestoreOptions): Promise<void> {
  if (config.records.kind === 'embedded' && !existsSync(join(config.dataDir, RECORDS_FILE))) return;
  let kind: string | null = null;
  try {
    await withRecords(config, async (records) => {
      kind = await installationOf(records);
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ reason }, 'the present records cannot be read; they are kept aside');
    return;
  }
  if (kind !== null && kind !== config.installation) {
    throw new BackupFault(
      `The present records belong to a ${String(kind)} installation and stay so for life`,
    );
  }
}

/** SQLite's journals; one that belongs to another file would spoil it. */
const COMPANIONS = ['-wal', '-shm'];

/** Second names, before anything is opened: looking at a damaged file may already change what lies beside it. */
function keepAside(dataDir: string, name: string, aside: string): void {
  for (const file of [name, ...COMPANIONS.map((suffix) => name + suffix)]) {
    if (existsSync(join(dataDir, file))) linkSync(join(dataDir, file), join(aside, file));
  }
  syncPath(aside);
}

/** The new file takes the name of the old one in one step: never is there none. */
function replaceFile(dataDir: string, name: string, incoming: string, aside: string): void {
  const present = join(dataDir, name);
  if (existsSync(present)) {
    const journalsLeft = absorbJournal(present) ? aside : dataDir;
    for (const suffix of COMPANIONS) rmSync(join(journalsLeft, name + suffix), { force: true });
    syncPath(dataDir);
  }
  renameSync(join(incoming, name), present);
  syncPath(dataDir);
}

/** @returns whether the file now holds everything; a damaged one does not, and keeps its journal aside. */
function absorbJournal(path: string): boolean {
  try {
    using database = new DatabaseSync(path);
    database.exec('PRAGMA journal_mode = DELETE');
    return true;
  } catch {
    // It is damaged: that is why it is replaced.
    return false;
  }
}

/** Sessions that were ended since must not live again; the page of the server's health knows of this backup. */
async function afterwards(config: ServerConfig, manifest: Manifest, from: string): Promise<void> {
  await withRecords(config, async (records) => {
    await records.deleteFrom('sessions').execute();
    const bytes = bytesOf(manifest);
    const id = `restored-${stampOf(manifest.madeAt)}`;
    await records.deleteFrom('backups').where('id', '=', id).execute();
    await noteBackup(records, { id, at: manifest.madeAt, bytes, place: from });
  });
}

async function withRecords(config: ServerConfig, work: (records: Records) => Promise<void>): Promise<void> {
  const records = await openRecords(config);
  try {
    await work(records);
  } finally {
    await records.destroy();
  }
}
