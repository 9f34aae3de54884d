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
 * and at the structure of the file. A chain that was sealed anew holds in itself: where a consumer acknowledged an
 * event, its hash is compared with the one that was acknowledged. Marks, keys and cursors are not in the chain, so
 * whoever rewrites these too, or only what nobody has acknowledged, is found by the consumers' copies alone.
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
    const rewritten = rewrittenBelow(file, names);
    if (rewritten !== null) return { events: rewritten.heldEvents, lines: 1, firstBroken: rewritten.broken };
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

/** @returns the first acknowledged event that is another one now, and how many events up to there were acknowledged as they are. */
function rewrittenBelow(
  file: LedgerFile,
  { line }: LedgerNames,
): { readonly broken: BrokenPlace; readonly heldEvents: number } | null {
  const epochs = file.epochs();
  const acknowledged = file.cursors().flatMap(({ consumer, cursor: { epoch, upTo, hash } }) => {
    const first = epochs.find((known) => known.epoch === epoch)?.firstPosition;
    return first === undefined || hash === null
      ? []
      : [{ consumer, epoch, upTo, hash, at: first + upTo - 1 }];
  });
  let heldEvents = 0;
  for (const { consumer, epoch, upTo, hash, at } of acknowledged.toSorted((a, b) => a.at - b.at)) {
    const found = file.hashAt(at);
    if (found === hash) heldEvents = at;
    // One that is missing is told as the end that was cut off.
    if (found === null || found === hash) continue;
    const reason = `it is not the one that ${consumer} has acknowledged: this event or one before it was rewritten`;
    return { broken: { line, epoch, seq: upTo, reason }, heldEvents };
  }
  return null;
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
