import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { exportLedger, type ExportOutcome } from '../ledger/export-ledger.ts';
import { LedgerFileError } from '../ledger/ledger-tables.ts';
import { describeBroken } from './ledger-verify.ts';
import type { ExitCode, Output } from './output.ts';
import type { Command } from './parse-command.ts';

type ExportCommand = Extract<Command, { kind: 'ledger-export' }>;

/** Writes events as JSON Lines to the standard output or, whole or not at all, to a file. */
export function exportEvents(command: ExportCommand, { out, err }: Output): ExitCode {
  const { outFile } = command;
  try {
    const { broken } =
      outFile === null ? exportLedger(command.dataDir, command, out) : toFile(command, outFile);
    if (broken === null) return 0;
    err(`${outFile === null ? 'the export ends here' : 'nothing was written'}: ${describeBroken(broken)}\n`);
    return 1;
  } catch (error) {
    if (!(error instanceof LedgerFileError)) throw error;
    err(`${error.message}\n`);
    return 1;
  }
}

/** A file that is there is complete: written beside, synced, then put in its place. */
function toFile(command: ExportCommand, outFile: string): ExportOutcome {
  const partFile = `${outFile}.part`;
  const handle = openSync(partFile, 'w', 0o600);
  try {
    const outcome = exportLedger(command.dataDir, command, (lines) => writeWhole(handle, lines));
    if (outcome.broken !== null) return outcome;
    fsyncSync(handle);
    renameSync(partFile, outFile);
    return outcome;
  } finally {
    closeSync(handle);
    rmSync(partFile, { force: true });
  }
}

function writeWhole(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
}
