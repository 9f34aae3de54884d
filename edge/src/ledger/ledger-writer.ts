/**
 * Writes groups of records into the ledger's file: one transaction, all or nothing. After an error it says what is
 * on the disk by looking there.
 */
import { statSync } from 'node:fs';
import type { LedgerFaultCode } from '@trame/protocol/heartbeat';
import { eventHash, payloadTextHash } from '@trame/protocol/hash-chain';
import { canonicalJson } from '@trame/protocol/canonical-json';
import { FIRST_PREV, type EventClock, type LedgerEnvelope } from '@trame/protocol/ledger-event';
import type { LedgerOpened } from '@trame/protocol/ledger-payloads';
import type { Entropy } from '../ports/entropy.ts';
import type { AppendResult, LedgerHead } from '../ports/ledger.ts';
import { type EpochRow, type LedgerFile } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import type { PreparedRecord } from './prepare-append.ts';
import { sqliteFailure } from './sqlite-failure.ts';
import { epochAt, type LedgerNames } from './walk-ledger.ts';

export type WriteOutcome =
  /** One list of results for each append of the group. */
  | { readonly kind: 'stored'; readonly results: readonly (readonly AppendResult[])[] }
  | { readonly kind: 'not-stored'; readonly code: LedgerFaultCode; readonly reason: string }
  /** The file is not what was written: nothing may be added to it any more. */
  | { readonly kind: 'damaged'; readonly reason: string };

export interface WriterOptions {
  readonly path: string;
  readonly openFile: (path: string) => LedgerFile;
  readonly names: LedgerNames;
  readonly entropy: Entropy;
  readonly countedBefore: LedgerOpened['countedBefore'];
}

/** Of the moment of writing. */
export interface RecordingMoment {
  /** The edge's clock, UTC ms. */
  readonly nowMs: number;
  readonly clock: EventClock;
}

const ID_BYTES = 16;

export class LedgerWriter {
  readonly #options: WriterOptions;
  readonly #epochs: readonly EpochRow[];
  readonly #epoch: EpochRow;
  #file: LedgerFile;
  #position: number;
  #hash: string;
  readonly #marks: Map<string, string>;
  readonly #identity: string | null;
  /** The connection failed: a new one is tried before the next write. */
  #isSuspect = false;
  /**
   * A commit failed, and its last pages may lie in the log all the same: another connection would find them. This
   * one does not see them, and its next commit writes over them; until then it is kept. If the process dies before,
   * the events are there when it starts again, and so are their marks and keys: whoever recorded goes on from them.
   */
  #mayBeInLog = false;

  /** @param file open for writing, with at least one epoch. */
  constructor(file: LedgerFile, options: WriterOptions) {
    const epochs = file.epochs();
    const epoch = epochs.at(-1);
    if (epoch === undefined) throw new Error('a ledger without an epoch cannot be written');
    this.#options = options;
    this.#file = file;
    this.#epochs = epochs;
    this.#epoch = epoch;
    this.#position = file.lastPosition();
    this.#hash =
      this.#position < epoch.firstPosition ? FIRST_PREV : (file.hashAt(this.#position) ?? FIRST_PREV);
    this.#marks = new Map(file.marks());
    this.#identity = identityOf(options.path);
  }

  get file(): LedgerFile {
    return this.#file;
  }

  get epoch(): EpochRow {
    return this.#epoch;
  }

  get head(): LedgerHead {
    const seq = this.#position - this.#epoch.firstPosition + 1;
    return { epoch: this.#epoch.epoch, seq, hash: this.#hash };
  }

  mark(name: string): string | null {
    return this.#marks.get(name) ?? null;
  }

  locate(position: number): { readonly epoch: string; readonly seq: number } {
    const { epoch, firstPosition } = epochAt(this.#epochs, position) ?? this.#epoch;
    return { epoch, seq: position - firstPosition + 1 };
  }

  write(group: readonly (readonly PreparedRecord[])[], moment: RecordingMoment): WriteOutcome {
    let attempt: Attempt | null = null;
    try {
      if (identityOf(this.#options.path) !== this.#identity) return damaged('it was moved away or exchanged');
      this.#reconnect();
      this.#file.begin();
      if (this.#file.lastPosition() !== this.#position) {
        this.#file.rollback();
        return damaged('another program has written into it');
      }
      const draft = this.#newDraft(group, moment);
      const results = group.map((append) => append.map((record) => this.#record(record, draft)));
      attempt = { draft, results };
      this.#file.commit();
      return this.#accept(attempt);
    } catch (error) {
      return this.#failed(error, attempt);
    }
  }

  /** Gives the room of the log back to the disk. @returns false when the disk or a reader is in the way. */
  emptyLog(): boolean {
    try {
      const isEmpty = this.#file.emptyLog();
      if (isEmpty) this.#mayBeInLog = false;
      return isEmpty;
    } catch (error) {
      // What is wrong with the disk is said by the write that needed the room.
      if (error instanceof Error) return false;
      throw error;
    }
  }

  close(): void {
    this.#file.close();
  }

  #newDraft(group: readonly (readonly PreparedRecord[])[], moment: RecordingMoment): Draft {
    const count = group.reduce((sum, append) => sum + append.length, 1);
    const ids = Buffer.from(this.#options.entropy.bytes(count * ID_BYTES)).toString('hex');
    const draft: Draft = {
      moment,
      ids,
      start: this.#position,
      position: this.#position,
      hash: this.#hash,
      marks: new Map(),
    };
    if (draft.position < this.#epoch.firstPosition) this.#add(this.#opening(moment.nowMs), draft);
    return draft;
  }

  #opening(nowMs: number): PreparedRecord {
    const { countedBefore } = this.#options;
    const opened: LedgerOpened = { reason: 'new', previous: null, countedBefore };
    const payloadText = canonicalJson(opened);
    const payloadHash = payloadTextHash(payloadText);
    const occurredAt = nowMs;
    return {
      type: 'ledger.opened',
      occurredAt,
      actorRef: null,
      payloadText,
      payloadHash,
      key: null,
      marks: [],
    };
  }

  #record(record: PreparedRecord, draft: Draft): AppendResult {
    const { key, marks } = record;
    for (const [name, value] of marks) {
      this.#file.setMark(name, value);
      draft.marks.set(name, value);
    }
    const earlier = key === null ? null : this.#file.keyPosition(key);
    if (earlier !== null) return { ...this.locate(earlier), duplicate: true };
    this.#add(record, draft);
    if (key !== null) this.#file.addKey(key, draft.position);
    const { epoch, firstPosition } = this.#epoch;
    return { epoch, seq: draft.position - firstPosition + 1, duplicate: false };
  }

  #add(record: PreparedRecord, draft: Draft): void {
    const { type, occurredAt, actorRef, payloadText, payloadHash } = record;
    const { nowMs: recordedAt, clock } = draft.moment;
    const position = draft.position + 1;
    const seq = position - this.#epoch.firstPosition + 1;
    const idStart = (position - draft.start - 1) * ID_BYTES * 2;
    const id = draft.ids.slice(idStart, idStart + ID_BYTES * 2);
    const { site, line } = this.#options.names;
    const { epoch } = this.#epoch;
    const envelope: LedgerEnvelope = {
      v: 1,
      site,
      line,
      epoch,
      seq,
      id,
      type,
      occurredAt,
      recordedAt,
      clock,
      actorRef,
    };
    const hash = eventHash(draft.hash, envelope, payloadHash);
    const { state: clockState, offsetMs: clockOffsetMs } = clock;
    this.#file.addEvent({
      position,
      id,
      type,
      occurredAt,
      recordedAt,
      clockState,
      clockOffsetMs,
      actorRef,
      payloadText,
      payloadHash,
      hash,
    });
    draft.position = position;
    draft.hash = hash;
  }

  #accept({ draft: { position, hash, marks }, results }: Attempt): WriteOutcome {
    this.#position = position;
    this.#hash = hash;
    for (const [name, value] of marks) this.#marks.set(name, value);
    this.#mayBeInLog = false;
    return { kind: 'stored', results };
  }

  /** @param attempt what was about to be committed, or null when it did not come to that. */
  #failed(error: unknown, attempt: Attempt | null): WriteOutcome {
    const { code, reason, isDamage } = sqliteFailure(error);
    if (isDamage || error instanceof LedgerFileError) return damaged(reason);
    try {
      this.#file.rollback();
      const last = this.#file.lastPosition();
      if (attempt !== null) {
        if (last === attempt.draft.position) return this.#accept(attempt);
        this.#mayBeInLog = true;
      }
      if (last !== this.#position) return damaged(`${reason}; it does not end where it ended before`);
      if (this.#mayBeInLog && this.#file.emptyLog()) this.#mayBeInLog = false;
    } catch (second) {
      // The disk refuses to be asked, too: what it said first is the answer, unless it is damage.
      if (sqliteFailure(second).isDamage) return damaged(sqliteFailure(second).reason);
    }
    this.#isSuspect = !this.#mayBeInLog;
    return { kind: 'not-stored', code, reason };
  }

  /** After a disk came back, a connection from before may still refuse: a new one is taken. */
  #reconnect(): void {
    if (!this.#isSuspect) return;
    const next = this.#options.openFile(this.#options.path);
    const before = this.#file;
    this.#file = next;
    this.#isSuspect = false;
    before.close();
  }
}

/** Which file a path means, so that one that was put in its place is noticed. Null: none. */
function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

function damaged(reason: string): WriteOutcome {
  return { kind: 'damaged', reason };
}

interface Attempt {
  readonly draft: Draft;
  readonly results: readonly (readonly AppendResult[])[];
}

/** What a transaction is about to make of the ledger. */
interface Draft {
  readonly moment: RecordingMoment;
  /** Hex, one after the other. */
  readonly ids: string;
  readonly start: number;
  position: number;
  hash: string;
  readonly marks: Map<string, string>;
}
