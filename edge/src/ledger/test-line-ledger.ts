/** A ledger on a real file, for tests: with a clock moved by hand, ids in order, and a disk that fails when told to. */
import { join } from 'node:path';
import { TestClock } from '../pipeline/test-clock.ts';
import type { LedgerRecord } from '../ports/ledger.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import { LEDGER_FILE, LedgerFile, openLedgerFile } from './ledger-file.ts';
import { openLedger, type OpenedLedger, type OpenLedgerOptions } from './open-ledger.ts';
import type { SqliteLedger } from './sqlite-ledger.ts';

export const NAMES = { site: 'caux', line: 'tri-1' };

/** Where a write fails: at its beginning, at an event, at the commit, or with the commit done and not told. */
export type Fault = 'begin' | 'event' | 'commit' | 'commit-untold';

/** A disk whose next write fails when told to. */
export class FailingDisk {
  fault: Fault | null = null;
  /** An extended result code of SQLite: 1034 is IOERR_FSYNC, 13 is FULL. */
  errcode = 1034;

  readonly openFile = (path: string): LedgerFile => openLedgerFile(path, (db) => new FailingFile(db, this));

  at(place: Fault): void {
    if (this.fault !== place) return;
    this.fault = null;
    const message = this.errcode === 13 ? 'database or disk is full' : 'disk I/O error';
    throw Object.assign(new Error(message), { errcode: this.errcode });
  }
}

class FailingFile extends LedgerFile {
  readonly #disk: FailingDisk;

  constructor(db: ConstructorParameters<typeof LedgerFile>[0], disk: FailingDisk) {
    super(db);
    this.#disk = disk;
  }

  override begin(): void {
    this.#disk.at('begin');
    super.begin();
  }

  override addEvent(event: Parameters<LedgerFile['addEvent']>[0]): void {
    super.addEvent(event);
    this.#disk.at('event');
  }

  override commit(): void {
    this.#disk.at('commit');
    super.commit();
    this.#disk.at('commit-untold');
  }
}

/** Draws 00…01, 00…02, and so on. */
export function countingEntropy(start = 0): OpenLedgerOptions['entropy'] {
  let drawn = start;
  return {
    random: () => 0.5,
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let end = Math.min(count, 16); end <= count; end += 16) {
        drawn += 1;
        new DataView(bytes.buffer).setUint32(end - 4, drawn);
      }
      return bytes;
    },
  };
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

export class TestLedgers {
  readonly clock = new TestClock();
  readonly lines: LogLine[] = [];
  readonly entropy = countingEntropy();
  freeBytes: number | null = 10 ** 12;
  readonly #open: SqliteLedger[] = [];
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  get file(): string {
    return join(this.#dir, LEDGER_FILE);
  }

  try(options: Partial<OpenLedgerOptions> = {}): OpenedLedger {
    const say = (level: LogLine['level']) => (_fields: object, message: string) => {
      this.lines.push({ level, message });
    };
    const opened = openLedger({
      dataDir: this.#dir,
      ...NAMES,
      clock: this.clock,
      entropy: this.entropy,
      witness: { eventClock: { state: 'checked', offsetMs: 5 }, wrongByMs: null },
      log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
      reserveBytes: 0,
      freeBytes: () => this.freeBytes,
      countedBefore: [],
      ...options,
    });
    if (opened.kind === 'open') this.#open.push(opened.ledger);
    return opened;
  }

  open(options: Partial<OpenLedgerOptions> = {}): SqliteLedger {
    const opened = this.try(options);
    if (opened.kind !== 'open') throw new Error(opened.message);
    return opened.ledger;
  }

  close(): void {
    for (const ledger of this.#open.splice(0)) ledger.close();
  }

  /** Something small to record. */
  record(device: string, more: Partial<LedgerRecord> = {}): LedgerRecord {
    const state = { device, state: 'online', reason: null } as const;
    return { ...ledgerRecord('device.state', this.clock.nowMs(), state), ...more };
  }
}
