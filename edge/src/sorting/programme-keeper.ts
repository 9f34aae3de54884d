/**
 * The sort programme that a line follows, kept over its end. A new one is laid down beside it first, recorded in the ledger, and
 * only then put in its place: after a crash the mark in the ledger says which of the two was meant.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ProgrammeRef } from '@trame/protocol/classification/classification-events';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { parse } from 'yaml';
import type { NamedPart } from '../domain/sorting-config.ts';
import type { Log } from '../ports/log.ts';
import type { ProgrammeFollower, Staging } from '../ports/programme-follower.ts';
import { findingWords, judgeProgramme, type UsableProgramme } from './judge-programme.ts';

export interface ProgrammeKeeperOptions {
  /** Absolute, and there. */
  readonly dataDir: string;
  readonly outlets: readonly string[];
  /** What is followed until one is activated. */
  readonly configured: NamedPart;
  /** Those that the program brings along. */
  readonly shipped: readonly SortProgramme[];
  /** Hash of the programme that the ledger says is followed; null: it says nothing. */
  readonly recordedHash: string | null;
  readonly log: Log;
}

export const PROGRAMME_FILE = 'sort-programme.json';
const STAGED_FILE = 'sort-programme.next.json';
/** Ten times the largest programme that is likely. */
const FILE_BYTES_MAX = 1_000_000;

export class ProgrammeKeeper implements ProgrammeFollower {
  readonly #options: ProgrammeKeeperOptions;
  readonly #file: string;
  readonly #stagedFile: string;
  #staged: UsableProgramme | null = null;
  #active: UsableProgramme | null = null;
  #fault: string | null = null;

  constructor(options: ProgrammeKeeperOptions) {
    this.#options = options;
    this.#file = join(options.dataDir, PROGRAMME_FILE);
    this.#stagedFile = join(options.dataDir, STAGED_FILE);
    this.#settleStaged();
    this.#load();
  }

  /** Null: none can be used. */
  get active(): UsableProgramme | null {
    return this.#active;
  }

  get ref(): ProgrammeRef | null {
    return this.#active?.ref ?? null;
  }

  /** Why no programme is followed, in words for a person; null: one is. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Checks a programme whole and lays it down on the disk; it is followed once {@link commit} says so. */
  stage(value: unknown): Staging {
    const judgement = judgeProgramme(value, this.#options.outlets);
    if (judgement.kind === 'refused') return judgement;
    try {
      writeSynced(this.#stagedFile, `${JSON.stringify(judgement.usable.programme)}\n`);
    } catch (error) {
      return { kind: 'not-kept', reason: wordsOf(error) };
    }
    this.#staged = judgement.usable;
    return { kind: 'staged', ref: judgement.usable.ref };
  }

  /** What was staged last is followed from the next piece on. */
  commit(): void {
    const staged = this.#staged;
    if (staged === null) return;
    this.#staged = null;
    this.#active = staged;
    this.#fault = null;
    try {
      this.#promote();
    } catch (error) {
      // It lies beside, and the ledger says that it is meant: the next start puts it in its place.
      this.#options.log.error({ error }, 'the sort programme could not be put in its place on the disk');
    }
  }

  /** What was staged last is not meant any more. */
  drop(): void {
    this.#staged = null;
    try {
      rmSync(this.#stagedFile, { force: true });
    } catch (error) {
      this.#options.log.warn({ error }, 'a sort programme that is not followed could not be removed');
    }
  }

  /** Checks a programme whole, keeps it and follows it from the next piece on. */
  activate(value: unknown): Staging {
    const staging = this.stage(value);
    if (staging.kind === 'staged') this.commit();
    return staging;
  }

  #promote(): void {
    renameSync(this.#stagedFile, this.#file);
    const folder = openSync(this.#options.dataDir, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  /** After a crash between the ledger and the rename, or before the ledger had it. */
  #settleStaged(): void {
    if (!existsSync(this.#stagedFile)) return;
    const { outlets, recordedHash, log } = this.#options;
    try {
      const judgement = judgeProgramme(readProgrammeFile(this.#stagedFile), outlets);
      const isMeant = judgement.kind === 'usable' && judgement.usable.ref.hash === recordedHash;
      if (isMeant) this.#promote();
      else rmSync(this.#stagedFile, { force: true });
    } catch (error) {
      log.warn({ error }, 'a sort programme that was half activated cannot be read');
    }
  }

  /** One that was activated and cannot be used is not replaced by another that nobody asked for. */
  #load(): void {
    const { configured, shipped, outlets, log } = this.#options;
    const part: NamedPart = existsSync(this.#file) ? { kind: 'file', path: this.#file } : configured;
    const name = part.kind === 'file' ? part.path : part.id;
    try {
      const value = part.kind === 'file' ? readProgrammeFile(part.path) : shippedOf(part.id, shipped);
      const judgement = judgeProgramme(value, outlets);
      if (judgement.kind === 'usable') this.#active = judgement.usable;
      else this.#fault = `${name}: ${findingWords(judgement.findings)}`;
    } catch (error) {
      this.#fault = `${name}: ${wordsOf(error)}`;
    }
    if (this.#fault !== null) {
      log.error(
        { reason: this.#fault },
        'the sort programme cannot be used: every piece goes to hand sorting',
      );
    }
  }
}

function shippedOf(id: string, shipped: readonly SortProgramme[]): SortProgramme {
  const found = shipped.find((programme) => programme.id === id);
  if (found !== undefined) return found;
  throw new Error(`no such programme is shipped: ${shipped.map((programme) => programme.id).join(', ')}`);
}

/** JSON is YAML. @throws when it cannot be read. */
function readProgrammeFile(path: string): unknown {
  // Before it is read: a file of any size must not fill the memory.
  if (statSync(path).size > FILE_BYTES_MAX) throw new Error(`larger than ${FILE_BYTES_MAX} bytes`);
  return parse(readFileSync(path, 'utf8'));
}

function writeSynced(path: string, text: string): void {
  const handle = openSync(path, 'w', 0o644);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
