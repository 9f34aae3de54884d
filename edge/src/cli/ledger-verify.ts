import { LedgerFileError } from '../ledger/ledger-tables.ts';
import { verifyLedger, type Verification } from '../ledger/verify-ledger.ts';
import type { BrokenPlace } from '../ledger/walk-ledger.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { Command } from './parse-command.ts';

/** Says whether the ledger holds; the answer goes to the standard output, a broken one's, too. */
export function verify(
  { dataDir, json: asJson }: Extract<Command, { kind: 'ledger-verify' }>,
  { out, err }: Output,
): ExitCode {
  let verification: Verification;
  try {
    verification = verifyLedger(dataDir);
  } catch (error) {
    if (!(error instanceof LedgerFileError)) throw error;
    err(`${error.message}\n`);
    return 1;
  }
  out(asJson ? json(verification) : asText(verification));
  return verification.firstBroken === null ? 0 : 1;
}

function asText({ events, lines, firstBroken }: Verification): string {
  if (firstBroken === null)
    return `intact: ${events} events of ${lines} line, each follows from the one before\n`;
  return `broken: ${describeBroken(firstBroken)}\n${events} events before it are intact\n`;
}

/** @returns one line for a person. */
export function describeBroken({ line, epoch, seq, reason }: BrokenPlace): string {
  const where = seq === null ? [] : [`event ${seq}`, `epoch ${epoch ?? 'unknown'}`];
  return [...(line === null ? [] : [`line ${line}`]), ...where, reason].join(', ');
}
