/** Opens the ledger of a line. A file that is not in order is told, never mended and never removed. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerOpened } from '@trame/protocol/ledger-payloads';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { ClockWitness, LedgerHead } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { ClosedLedger } from './closed-ledger.ts';
import { DiskReserve, RESERVE_FILE } from './disk-reserve.ts';
import { LEDGER_FILE, openLedgerFile, type LedgerFile } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import { LedgerWriter } from './ledger-writer.ts';
import { sqliteFailure } from './sqlite-failure.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { DamageError, refuseTornFile } from './torn-file.ts';
import { namesOf, walkLedger, type LedgerNames } from './walk-ledger.ts';

/** Last events whose chain is checked at each start; `trame-edge ledger verify` walks all of them. */
const TAIL_EVENTS = 1000;

export interface OpenLedgerOptions {
  /** Absolute. Made when it is missing. */
  readonly dataDir: string;
  readonly site: string;
  readonly line: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Asked at each commit. */
  readonly witness: ClockWitness;
  readonly log: Log;
  /** Room kept for the ledger when others fill the disk, bytes; see `disk-reserve.ts`. 0: none. */
  readonly reserveBytes: number;
  /** Free bytes on the disk of the data directory; null: unknown. Asked at each commit. */
  readonly freeBytes: () => number | null;
  /** What the counters stood at, for the first event of a new ledger. */
  readonly countedBefore: LedgerOpened['countedBefore'];
  /** Told after each commit, before the appends resolve. Must not throw. */
  readonly onStored?: (head: LedgerHead) => void;
  /** How the file is opened; a test gives one whose disk fails. */
  readonly openFile?: (path: string) => LedgerFile;
}

export type OpenedLedger = { readonly kind: 'open'; readonly ledger: SqliteLedger } | UnusableLedger;

/** The line can run without: its ledger answers, and stores nothing. */
export interface UnusableLedger {
  readonly kind: 'unusable';
  readonly ledger: ClosedLedger;
  /** One line for a person. */
  readonly message: string;
  /** The disk refuses now: opening may be tried again. Else the file is not in order, and a person must look at it. */
  readonly mayPass: boolean;
}

/** Never throws for what the disk or the file says. */
export function openLedger(options: OpenLedgerOptions): OpenedLedger {
  const { dataDir, site, line, clock, entropy, witness, log, freeBytes, countedBefore, onStored } = options;
  const openFile = options.openFile ?? openLedgerFile;
  const path = join(dataDir, LEDGER_FILE);
  const names = { site, line };
  let file: LedgerFile | null = null;
  try {
    mkdirSync(dataDir, { recursive: true });
    refuseTornFile(path);
    file = openFile(path);
    beginWhenNew(file, names, entropy);
    refuseOthers(file, names, dataDir);
    refuseBrokenTail(file, names);
    const writer = new LedgerWriter(file, { path, openFile, names, entropy, countedBefore });
    const reserveFile = join(dataDir, RESERVE_FILE);
    const reserve = new DiskReserve({ file: reserveFile, bytes: options.reserveBytes, freeBytes, entropy });
    const ledger = new SqliteLedger(writer, reserve, {
      names,
      clock,
      witness,
      log,
      freeBytes,
      ...(onStored === undefined ? {} : { onStored }),
    });
    return { kind: 'open', ledger };
  } catch (error) {
    file?.close();
    const message = explain(error, path);
    const passes = mayPass(error);
    const ledger = new ClosedLedger(message, passes ? sqliteFailure(error).code : 'closed');
    return { kind: 'unusable', ledger, message, mayPass: passes };
  }
}

function mayPass(error: unknown): boolean {
  const isDisorder = error instanceof LedgerFileError || error instanceof DamageError;
  return !isDisorder && !sqliteFailure(error).isDamage;
}

/** Draws the first epoch; its first event follows with the first commit. */
function beginWhenNew(file: LedgerFile, { site, line }: LedgerNames, entropy: Entropy): void {
  if (file.epochs().length > 0) return;
  if (file.lastPosition() > 0) throw new LedgerFileError('It holds events, and its list of epochs is empty');
  const epoch = Buffer.from(entropy.bytes(16)).toString('hex');
  file.begin();
  file.setMeta('site', site);
  file.setMeta('line', line);
  file.addEpoch({ number: 1, epoch, firstPosition: 1 });
  file.commit();
}

function refuseOthers(file: LedgerFile, { site, line }: LedgerNames, dataDir: string): void {
  const found = namesOf(file);
  if (found.site === site && found.line === line) return;
  throw new LedgerFileError(
    `The ledger in ${dataDir} belongs to line «${found.line}» of site «${found.site}», not to line «${line}» of ` +
      `site «${site}»: give this line a data directory of its own, or put the old names back`,
  );
}

function refuseBrokenTail(file: LedgerFile, names: LedgerNames): void {
  const last = file.lastPosition();
  const first = file.epochs().at(-1)?.firstPosition ?? 1;
  if (last < first - 1) throw new DamageError('its last epoch has lost its events');
  const from = Math.max(1, last - TAIL_EVENTS + 1);
  for (const step of walkLedger(file, names, from)) {
    if (step.kind === 'broken') throw new DamageError(`event ${step.broken.seq}: ${step.broken.reason}`);
  }
}

const RECOVERY =
  'Nothing is appended to it, and it is left as it is. «trame-edge ledger verify» says what is broken. To go on: ' +
  `stop the edge, move ${LEDGER_FILE} and the files that begin so away, and keep them; with a backup, put it in ` +
  'their place and run «trame-edge ledger reopen --yes»; without one, start the edge, which begins a new ledger. ' +
  'Either way a person accepts the new epoch in the server (page Santé)';

function explain(error: unknown, path: string): string {
  if (error instanceof LedgerFileError) return error.message;
  const { reason, isDamage } = sqliteFailure(error);
  if (isDamage || error instanceof DamageError)
    return `The ledger ${path} is damaged: ${reason}. ${RECOVERY}`;
  return `The ledger ${path} cannot be opened: ${reason}`;
}
