/** A ledger as JSON Lines, event after event as it is sent to consumers. Little memory, however long it is. */
import { join } from 'node:path';
import { LEDGER_FILE, openLedgerFileToRead } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import { namesOf, walkLedger, type BrokenPlace } from './walk-ledger.ts';

/** Text that is handed out at once, characters. */
const PIECE_LENGTH = 64 * 1024;

export interface ExportRange {
  /** Null: all epochs, or the present one when `from` is given. */
  readonly epoch: string | null;
  readonly from: number | null;
}

export interface ExportOutcome {
  readonly events: number;
  /** The export ends before it. */
  readonly broken: BrokenPlace | null;
}

/**
 * @param write takes whole lines, in order.
 * @throws {LedgerFileError} when there is no such ledger or epoch; what SQLite says of an unreadable file.
 */
export function exportLedger(
  dataDir: string,
  range: ExportRange,
  write: (lines: string) => void,
): ExportOutcome {
  const file = openLedgerFileToRead(join(dataDir, LEDGER_FILE));
  try {
    const epochs = file.epochs();
    const isAll = range.epoch === null && range.from === null;
    const wanted = range.epoch === null ? epochs.at(-1) : epochs.find(({ epoch }) => epoch === range.epoch);
    if (wanted === undefined) throw new LedgerFileError(`The ledger has no epoch ${range.epoch ?? ''}`);
    const start = isAll ? 1 : wanted.firstPosition + (range.from ?? 1) - 1;
    const next = isAll ? undefined : epochs[epochs.indexOf(wanted) + 1];
    const count = next === undefined ? Infinity : Math.max(0, next.firstPosition - start);
    let events = 0;
    let piece = '';
    for (const step of walkLedger(file, namesOf(file), start, count)) {
      if (step.kind === 'broken') {
        write(piece);
        return { events, broken: step.broken };
      }
      events += 1;
      piece += `${JSON.stringify(step.event)}\n`;
      if (piece.length < PIECE_LENGTH) continue;
      write(piece);
      piece = '';
    }
    write(piece);
    return { events, broken: null };
  } finally {
    file.close();
  }
}
