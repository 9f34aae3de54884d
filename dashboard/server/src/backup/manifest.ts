/** What lies in the folder of a backup: written last, so that a folder without it is no backup. */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { BackupFault } from './backup-fault.ts';

export const MANIFEST_FILE = 'backup.json';
const MANIFEST_BYTES_MAX = 64 * 1024;

const FileEntry = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z]+(-[a-z]+)?\\.(sqlite|dump)$' }),
    bytes: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);
export type FileEntry = Static<typeof FileEntry>;

/** Photos and documents: each lies in a folder under its own SHA-256. */
const DocumentsEntry = Type.Object(
  { count: Type.Integer({ minimum: 1 }), bytes: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
export type DocumentsEntry = Static<typeof DocumentsEntry>;

export const Manifest = Type.Object(
  {
    v: Type.Literal(1),
    /** ms since 1970 UTC. */
    madeAt: Type.Integer(),
    /** Of Trame. */
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+' }),
    installation: Type.Union([Type.Literal('real'), Type.Literal('demo')]),
    records: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')]),
    /** Steps that the shape of the records had taken. */
    migrations: Type.Array(Type.String(), { maxItems: 1000 }),
    files: Type.Array(FileEntry, { minItems: 1, maxItems: 8 }),
    documents: Type.Optional(DocumentsEntry),
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;

/** @returns how much of a disk the backup takes. */
export function bytesOf({ files, documents }: Manifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, documents?.bytes ?? 0);
}

/** @throws BackupFault when the folder holds no backup. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  let value: unknown;
  try {
    if (statSync(path).size > MANIFEST_BYTES_MAX) throw new Error('it is too large');
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupFault(`${folder} is no backup of Trame: ${reason}`, { cause: error });
  }
  if (Value.Check(Manifest, value)) return value;
  const [first] = Value.Errors(Manifest, value);
  throw new BackupFault(
    `${path} is not what this version writes: ${first?.instancePath ?? ''} ${first?.message ?? ''}`,
  );
}

export async function describeFile(folder: string, name: string): Promise<FileEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

/** @throws BackupFault when a file is missing or is not what the manifest says. */
export async function checkFiles(folder: string, { files }: Manifest): Promise<void> {
  for (const expected of files) {
    const found = await describeFile(folder, expected.name).catch((error: unknown) => {
      throw new BackupFault(`The backup is damaged: ${expected.name} cannot be read`, { cause: error });
    });
    if (found.bytes === expected.bytes && found.sha256 === expected.sha256) continue;
    throw new BackupFault(`The backup is damaged: ${expected.name} is not the file that was written`);
  }
}
