/** `spool.sqlite`: batches of samples, what is to be told of losses, and the last sign of life. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { GAP_REASONS } from '@trame/protocol/ledger-names';
import { chooseDropped, type BatchFacts, type DroppedBatch } from './choose-dropped.ts';
import { EMPTY_GAP_BOOK, noteLoss, type GapBook, type Loss, type TimeRange } from './gap-book.ts';
import type { SealedBatch } from './open-batches.ts';
import type { Risk } from './risk-mark.ts';
import { SpoolDamage } from './spool-fault.ts';
import { prepareStatements, type SpoolStatements } from './spool-statements.ts';
import { pragma, prepareSpool, setSynchronous } from './spool-tables.ts';

/** How long another program may hold the file before it counts as held, ms. */
const BUSY_TIMEOUT_MS = 300;
/** Batches looked at in one go when some have to go. */
const DROP_PAGE = 256;
/** Bytes of a batch beside its samples: row, index entry, page headers. */
const BATCH_OVERHEAD_BYTES = 80;
/** Pages given back to the disk in one go: at 4 KiB each, 4 MiB. */
const VACUUM_PAGES = 1024;
/** Fewer free pages than this are kept for the next outage. */
const FREE_PAGES_KEPT = 256;

export interface FileCommit {
  readonly insert: readonly SealedBatch[];
  readonly remove: readonly number[];
  readonly maxBytes: number;
  /** UTC ms. */
  readonly tooOldBeforeMs: number;
  readonly risk: Risk | null;
  /** What is to be kept of gaps, given what had to be dropped. */
  readonly gaps: (dropped: readonly DroppedBatch[]) => GapBook;
  /** Forces it to the disk: a power cut must not take it back. */
  readonly durable: boolean;
}

export interface CommitResult {
  readonly dropped: readonly DroppedBatch[];
  readonly gaps: GapBook;
}

/** What a spool left behind. */
export interface FileContent {
  readonly nextId: number;
  readonly risk: Risk | null;
  readonly gaps: GapBook;
  /** Losses that it kept and that cannot be read: not why, nor how much. Times as they stand there. */
  readonly unreadable: readonly TimeRange[];
}

export interface StoredBatch {
  readonly id: number;
  readonly device: string;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly body: Uint8Array;
  /** False: these are not the bytes that were written. */
  readonly isWhole: boolean;
}

/** Every method throws when SQLite does; then nothing of a commit was done. */
export class SpoolFile {
  readonly #db: DatabaseSync;
  readonly #statements: SpoolStatements;
  readonly #pageBytes: number;
  #samples = 0;
  #oldestMs: number | null = null;
  #usedBytes = 0;
  #hasVacuumed = false;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepareStatements(db);
    this.#pageBytes = Number(pragma(db, 'page_size'));
    this.#look();
  }

  /** Makes the folder and the file when they are missing. @throws when it cannot be opened or is damaged. */
  static open(path: string): SpoolFile {
    mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      prepareSpool(db);
      return new SpoolFile(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  get samples(): number {
    return this.#samples;
  }

  /** First time of a sample in it, UTC ms, or null. */
  get oldestMs(): number | null {
    return this.#oldestMs;
  }

  /** Pages that hold something. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  content(): FileContent {
    const last = this.#statements.lastId.get()?.['id'];
    const { risk_since_ms: sinceMs, risk_until_ms: untilMs } = this.#statements.state.get() ?? {};
    return {
      nextId: (typeof last === 'number' ? last : 0) + 1,
      risk: typeof sinceMs === 'number' && typeof untilMs === 'number' ? { sinceMs, untilMs } : null,
      ...this.#loadGaps(),
    };
  }

  isTooOld(beforeMs: number): boolean {
    const [oldest] = this.#oldest(1);
    return oldest !== undefined && oldest.toMs < beforeMs;
  }

  commit({ insert, remove, risk, gaps, durable, ...bounds }: FileCommit): CommitResult {
    if (durable) setSynchronous(this.#db, 'FULL');
    const number = this.#commits() + 1;
    let result: CommitResult | null = null;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      let change = 0;
      for (const batch of insert) change += this.#insert(batch);
      for (const id of remove) change -= this.#delete(id);
      const dropped = this.#makeRoom(bounds.maxBytes, bounds.tooOldBeforeMs);
      for (const { samples } of dropped) change -= samples;
      result = { dropped, gaps: gaps(dropped) };
      this.#saveGaps(result.gaps);
      this.#statements.keepState.run(change, number, risk?.sinceMs ?? null, risk?.untilMs ?? null);
      this.#db.exec('COMMIT');
      this.#look();
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      // A disk may do what it is asked and then say that it did not: what the file holds decides.
      if (result === null || this.#commits() !== number) throw error;
      this.#look();
      return result;
    } finally {
      if (durable) setSynchronous(this.#db, 'NORMAL');
    }
  }

  /** @returns the id of the device's oldest batch past `after`, or null. */
  head(device: string, after: number): number | null {
    const id = this.#statements.head.get(device, after)?.['id'];
    return typeof id === 'number' ? id : null;
  }

  read(id: number): StoredBatch | null {
    const row = this.#statements.read.get(id);
    if (row === undefined) return null;
    const [device, body] = [String(row['device']), row['body']];
    const facts = factsOf(row);
    const bytes = body instanceof Uint8Array ? body : new Uint8Array();
    const isWhole = row['crc'] === checksum({ ...facts, device, count: facts.samples, body: bytes });
    return { ...facts, device, count: facts.samples, body: bytes, isWhole };
  }

  /**
   * Gives room that is not needed back to the disk, a little at each call: at most a quarter of what is used, or
   * a megabyte, stays free.
   */
  tidy(): void {
    const free = Number(pragma(this.#db, 'freelist_count'));
    if (free > Math.max(FREE_PAGES_KEPT, this.#usedBytes / this.#pageBytes / 4)) {
      this.#db.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
      this.#hasVacuumed = true;
    } else if (this.#hasVacuumed) {
      // Until then the file has its old length, and the write-ahead log the one it grew to.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#hasVacuumed = false;
    }
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #insert(batch: SealedBatch): number {
    const { id, device, count, fromMs, toMs, body } = batch;
    const { changes } = this.#statements.insert.run(id, device, count, fromMs, toMs, checksum(batch), body);
    return Number(changes) === 0 ? 0 : count;
  }

  /** @returns how many samples went with it. */
  #delete(id: number): number {
    const samples = this.#statements.remove.get(id)?.['samples'];
    return typeof samples === 'number' ? samples : 0;
  }

  #makeRoom(maxBytes: number, tooOldBeforeMs: number): readonly DroppedBatch[] {
    const dropped: DroppedBatch[] = [];
    for (;;) {
      const excessBytes = this.#measure() - maxBytes;
      if (excessBytes <= 0 && !this.isTooOld(tooOldBeforeMs)) return dropped;
      const page = chooseDropped(this.#oldest(DROP_PAGE), { excessBytes, tooOldBeforeMs });
      for (const { id } of page) this.#delete(id);
      dropped.push(...page);
      if (page.length === 0) return dropped;
    }
  }

  #oldest(limit: number): readonly BatchFacts[] {
    return this.#statements.oldest.all(limit).map(factsOf);
  }

  #measure(): number {
    const pages = Number(pragma(this.#db, 'page_count')) - Number(pragma(this.#db, 'freelist_count'));
    return pages * this.#pageBytes;
  }

  #look(): void {
    const samples = this.#statements.state.get()?.['samples'];
    if (typeof samples !== 'number' || samples < 0)
      throw new SpoolDamage('it does not say how many samples it holds');
    this.#samples = samples;
    this.#oldestMs = this.#oldest(1)[0]?.fromMs ?? null;
    this.#usedBytes = this.#measure();
  }

  /** Commits that this file has seen. */
  #commits(): number {
    return Number(this.#statements.commits.get()?.['commits']);
  }

  #saveGaps(book: GapBook): void {
    this.#db.exec('DELETE FROM gap');
    for (const gap of [...book.told.values(), ...book.open.values()]) {
      const key = 'key' in gap ? gap.key : null;
      this.#statements.addGap.run(gap.reason, key, gap.fromMs, gap.toMs, gap.samples);
    }
  }

  #loadGaps(): Pick<FileContent, 'gaps' | 'unreadable'> {
    let book = EMPTY_GAP_BOOK;
    const unreadable: TimeRange[] = [];
    for (const { reason: name, key, from_ms: from, to_ms: to, samples } of this.#statements.gaps.all()) {
      const reason = GAP_REASONS.find((known) => known === name);
      if (reason === undefined || typeof from !== 'number' || typeof to !== 'number') {
        unreadable.push({ fromMs: Number(from), toMs: Number(to) });
        continue;
      }
      const loss: Loss = {
        reason,
        fromMs: from,
        toMs: to,
        samples: typeof samples === 'number' ? samples : null,
      };
      if (typeof key === 'string') {
        const told = new Map(book.told).set(reason, { ...loss, key, toldAtMs: -Infinity });
        book = { ...book, told };
      } else {
        book = noteLoss(book, loss, -Infinity);
      }
    }
    return { gaps: book, unreadable };
  }
}

function factsOf(row: Readonly<Record<string, unknown>>): BatchFacts {
  const number = (name: string): number => Number(row[name]);
  return {
    id: number('id'),
    samples: number('samples'),
    fromMs: number('from_ms'),
    toMs: number('to_ms'),
    bytes: number('bytes') + BATCH_OVERHEAD_BYTES,
  };
}

/** SQLite notices a page that is missing, not one whose bits have turned. */
function checksum({ id, device, count, fromMs, toMs, body }: SealedBatch): number {
  return crc32(body, crc32(`${id} ${device} ${count} ${fromMs} ${toMs}`));
}
