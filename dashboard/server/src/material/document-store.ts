/** Photos and documents: the bytes lie in a folder under their SHA-256, and are never changed. */
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entropy } from '../ports/entropy.ts';
import type { Records } from '../records/open-records.ts';
import { syncPath } from '../system/write-durable.ts';
import { HEAD_BYTES, mediaOf, type DocumentMedia } from './document-media.ts';

export const DOCUMENTS_FOLDER = 'documents';
export const DOCUMENT_BYTES_MAX = 20_000_000;
/** So much of the disk stays free for the records, bytes. */
export const DISK_RESERVE_BYTES = 512 * 1024 * 1024;
/** Ends the name of a file that is still being written. */
const PART = '.part';

export interface StoredDocument {
  readonly sha256: string;
  readonly media: string;
  readonly bytes: number;
}

export type Storing =
  | { readonly kind: 'stored'; readonly document: StoredDocument }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-large' }
  /** None of the media that are kept. */
  | { readonly kind: 'foreign-media' }
  | { readonly kind: 'no-room' };

export interface DocumentStoreOptions {
  readonly dataDir: string;
  readonly records: Records;
  readonly entropy: Entropy;
  readonly nowMs: () => number;
  /** Null: not known. */
  readonly freeBytes: () => Promise<number | null>;
}

export class DocumentStore {
  readonly #options: DocumentStoreOptions;
  readonly #folder: string;

  constructor(options: DocumentStoreOptions) {
    this.#options = options;
    this.#folder = join(options.dataDir, DOCUMENTS_FOLDER);
  }

  /** Makes the folder, and takes away what a stop left half-written. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      if (name.endsWith(PART)) await rm(join(this.#folder, name), { force: true });
    }
  }

  /** Stores what the stream gives; the same bytes again are the same document. */
  async store(stream: AsyncIterable<Buffer>): Promise<Storing> {
    const free = await this.#options.freeBytes();
    if (free !== null && free < DISK_RESERVE_BYTES) return { kind: 'no-room' };
    const name = Buffer.from(this.#options.entropy.bytes(16)).toString('hex');
    const partial = join(this.#folder, `${name}${PART}`);
    try {
      const written = await writeNew(partial, stream);
      if (written.kind !== 'stored') return written;
      // First the file, then the row: what a row names is there.
      await rename(partial, join(this.#folder, written.document.sha256));
      syncPath(this.#folder);
      await this.#note(written.document);
      return written;
    } catch (error) {
      if (isNoRoom(error)) return { kind: 'no-room' };
      throw error;
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** @returns null when there is no such document, or its file is gone. */
  async read(sha256: string): Promise<{ document: StoredDocument; stream: ReadStream } | null> {
    const row = await this.#options.records
      .selectFrom('document_files')
      .select(['sha256', 'media', 'bytes'])
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (row === undefined) return null;
    const path = join(this.#folder, row.sha256);
    const size = await stat(path).then(
      (found) => found.size,
      () => null,
    );
    return size === row.bytes ? { document: row, stream: createReadStream(path) } : null;
  }

  async #note(document: StoredDocument): Promise<void> {
    await this.#options.records
      .insertInto('document_files')
      .values({ ...document, storedAt: this.#options.nowMs() })
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .execute();
  }
}

async function writeNew(path: string, stream: AsyncIterable<Buffer>): Promise<Storing> {
  await using file = await open(path, 'wx', 0o600);
  return await write(file, stream);
}

async function write(file: FileHandle, stream: AsyncIterable<Buffer>): Promise<Storing> {
  const hash = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let media: DocumentMedia | null = null;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > DOCUMENT_BYTES_MAX) return { kind: 'too-large' };
    if (media === null) {
      head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
      media = mediaOf(head);
      if (media === null && head.length >= HEAD_BYTES) return { kind: 'foreign-media' };
    }
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  if (bytes === 0) return { kind: 'empty' };
  if (media === null) return { kind: 'foreign-media' };
  await file.sync();
  return { kind: 'stored', document: { sha256: hash.digest('hex'), media, bytes } };
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
