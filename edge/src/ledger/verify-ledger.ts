/** Walks a whole ledger, beside a running edge too, and names the first place where it does not hold. */
import { join } from 'node:path';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { LEDGER_FILE, openLedgerFileToRead, type LedgerFile } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import { sqliteFailure } from './sqlite-failure.ts';
import { epochAt, namesOf, walkLedger, type BrokenPlace, type LedgerNames } from './walk-ledger.ts';

export interface Verification {
  /** That hold, over all epochs, from the first on. */
  readonly events: number;
  /** Lines in the file. */
  readonly lines: number;
  readonly firstBroken: BrokenPlace | null;
}

/**
 * Besides the chain it looks at the beginning of each epoch, at the end (what a consumer has stored must be there)
 * and at the structure of the file. Marks, keys and cursors are not in the chain: only their structure is checked.
 * @throws {LedgerFileError} when there is no ledger, or a newer edge wrote it.
 */
export function verifyLedger(dataDir: string): Verification {
  let file: LedgerFile | null = null;
  let events = 0;
  let names: LedgerNames | null = null;
  try {
    file = openLedgerFileToRead(join(dataDir, LEDGER_FILE));
    names = namesOf(file);
    for (const step of walkLedger(file, names, 1)) {
      const broken = step.kind === 'broken' ? step.broken : brokenBeginning(step.event);
      if (broken !== null) return { events, lines: 1, firstBroken: broken };
      events += 1;
    }
    return { events, lines: 1, firstBroken: brokenEnd(file, names) ?? brokenStructure(file, names) };
  } catch (error) {
    if (error instanceof LedgerFileError) throw error;
    const reason = `the file cannot be read: ${sqliteFailure(error).reason}`;
    const line = names?.line ?? null;
    return { events, lines: names === null ? 0 : 1, firstBroken: { line, epoch: null, seq: null, reason } };
  } finally {
    file?.close();
  }
}

function brokenBeginning({ line, epoch, seq, type }: LedgerEvent): BrokenPlace | null {
  if (seq !== 1 || type === 'ledger.opened') return null;
  return { line, epoch, seq, reason: 'an epoch begins with ledger.opened' };
}

/** An end that was cut off breaks no chain; whoever has stored it knows of it. */
function brokenEnd(file: LedgerFile, { line }: LedgerNames): BrokenPlace | null {
  const epochs = file.epochs();
  const last = file.lastPosition();
  const { epoch, firstPosition } = epochAt(epochs, last + 1) ?? { epoch: null, firstPosition: 1 };
  const head = last - firstPosition + 1;
  if (head < 0) return { line, epoch, seq: 1, reason: 'its last epoch has lost its events' };
  for (const { consumer, cursor } of file.cursors()) {
    if (cursor.epoch !== epoch || cursor.upTo <= head) continue;
    const reason = `it is missing: ${consumer} has stored events up to ${cursor.upTo}`;
    return { line, epoch, seq: head + 1, reason };
  }
  return null;
}

function brokenStructure(file: LedgerFile, { line }: LedgerNames): BrokenPlace | null {
  const fault = file.structureFault();
  return fault === null ? null : { line, epoch: null, seq: null, reason: `the file is damaged: ${fault}` };
}
