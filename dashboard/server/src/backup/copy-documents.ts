/**
 * Photos and documents in a backup: files that bear their own SHA-256 as name and never change, so that each proves
 * itself and none is ever overwritten.
 */
import { HASH_PATTERN } from '@trame/protocol/ledger-event';
import {
  copyFileSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DOCUMENTS_FOLDER } from '../material/document-store.ts';
import { syncPath } from '../system/write-durable.ts';
import { BackupFault } from './backup-fault.ts';
import { describeFile, type DocumentsEntry } from './manifest.ts';

const NAME = new RegExp(HASH_PATTERN, 'u');

/**
 * Copies after the records: what they name was stored before them.
 * @returns null when there are none.
 */
export function copyDocuments(dataDir: string, folder: string): DocumentsEntry | null {
  const from = join(dataDir, DOCUMENTS_FOLDER);
  const names = documentsIn(from);
  if (names.length === 0) return null;
  const to = join(folder, DOCUMENTS_FOLDER);
  mkdirSync(to, { mode: 0o700 });
  let bytes = 0;
  for (const name of names) {
    copyWhole(join(from, name), join(to, name));
    bytes += statSync(join(to, name)).size;
  }
  syncPath(to);
  return { count: names.length, bytes };
}

/** @throws BackupFault when a file is missing, or is not what its name says. */
export async function checkDocuments(folder: string, expected: DocumentsEntry | undefined): Promise<void> {
  const from = join(folder, DOCUMENTS_FOLDER);
  const names = documentsIn(from);
  if (names.length !== (expected?.count ?? 0)) {
    throw new BackupFault(
      `The backup is damaged: ${names.length} documents of ${expected?.count ?? 0} are there`,
    );
  }
  for (const name of names) {
    const { sha256 } = await describeFile(from, name);
    if (sha256 !== name)
      throw new BackupFault(`The backup is damaged: document ${name} is not that document`);
  }
}

/** Puts back what is not there, or is there damaged; what was stored since stays. */
export async function restoreDocuments(folder: string, dataDir: string): Promise<void> {
  const from = join(folder, DOCUMENTS_FOLDER);
  const names = documentsIn(from);
  if (names.length === 0) return;
  const to = join(dataDir, DOCUMENTS_FOLDER);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of names) {
    if (existsSync(join(to, name)) && (await describeFile(to, name)).sha256 === name) continue;
    const partial = join(to, `${name}.part`);
    rmSync(partial, { force: true });
    copyWhole(join(from, name), partial);
    renameSync(partial, join(to, name));
  }
  syncPath(to);
}

function documentsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
}

/** Where the disk can, both share their blocks until one is changed. */
function copyWhole(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  syncPath(to);
}
