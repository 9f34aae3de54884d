/** What is known of one request to a line, from what was asked, what the edge answered and what its ledger tells: pure. */
import type { CommandRow } from '@trame/protocol/control/control-answers';
import type { CommandReason } from '@trame/protocol/control/control-events';
import { isMotionCommand, type CommandOutcomeName } from '@trame/protocol/control/control-names';
import type { CommandTable } from '../records/tables.ts';
import { isEnd, isRecorded, isTaken, mayAskAgain } from './command-replies.ts';
import type { LineCommandTable } from './command-tables.ts';

/** Nothing was heard of a request for so long, and its ledger does not know it: nobody can tell, ms. */
export const CHECKING_MAX_MS = 60_000;

/**
 * A request that was begun has no end for so long: no sequence takes a fraction of it, and its ledger may have been
 * replaced, ms. An end that is told later is shown all the same.
 */
export const BEGUN_MAX_MS = 3_600_000;

export type Checked = CommandRow['outcome'];

/**
 * The ledger wins: it is what the edge keeps. A request that its ledger began and did not end is being carried out; the
 * edge ends it at its next start at the latest, unless its ledger was replaced before.
 * @param told of the ledger; null: it does not know the request (yet).
 */
export function outcomeOf(
  row: Pick<CommandTable, 'command' | 'outcome' | 'at'>,
  told: Pick<LineCommandTable, 'outcome'> | null,
  nowMs: number,
): Checked {
  const begun = nowMs - row.at < BEGUN_MAX_MS ? 'checking' : 'unknown';
  if (told !== null) return (told.outcome as CommandOutcomeName | null) ?? replied(row.outcome) ?? begun;
  const isMotion = isMotionCommand(row.command);
  // Who has the line in hand is no motion: its end is not in the ledger under its request.
  const isAnsweredOnce = !isMotion && row.outcome !== 'accepted';
  const said = isAnsweredOnce ? recorded(row.outcome) : replied(row.outcome);
  if (said !== null) return said;
  if (isMotion && isTaken(row.outcome)) return begun;
  return nowMs - row.at < CHECKING_MAX_MS ? 'checking' : 'unknown';
}

/** @returns null while the answer leaves it open. */
function replied(code: string | null): CommandOutcomeName | null {
  if (isEnd(code)) return code as CommandOutcomeName;
  // It is not carried out, for a reason of its own: `expired`, `unknown-key`…
  return code === null || isTaken(code) ? null : 'refused';
}

function recorded(code: string | null): CommandOutcomeName | null {
  if (code === null) return null;
  return isRecorded(code) ? 'done' : 'refused';
}

/** @returns whether asking on may tell more: the ledger did not tell its end, and the edge may still take it. */
export function isOpen({ outcome, code, tookMs }: Pick<CommandRow, 'outcome' | 'code' | 'tookMs'>): boolean {
  if (tookMs !== null) return false;
  if (outcome === 'checking' || outcome === 'unknown') return true;
  return outcome === 'refused' && mayAskAgain(code);
}

/** @param row what this server asked; its outcome by {@link outcomeOf}. */
export function rowOfCommand(row: CommandTable, told: LineCommandTable | null, nowMs: number): CommandRow {
  const { id, site, line, command, actorRef, at, outcome: code, seq } = row;
  const hasEnded = told?.endedAt != null;
  return {
    id,
    site,
    line,
    command,
    args: JSON.parse(row.args) as Record<string, unknown>,
    actorRef,
    by: 'person',
    at,
    outcome: outcomeOf(row, told, nowMs),
    code,
    seq,
    reasons: reasonsOf(hasEnded ? told.reasons : row.reasons),
    detail: hasEnded ? told.detail : row.detail,
    ...endOf(told, row.answeredAt),
  };
}

/** What only the ledger knows: Trame asked it itself, or another server did. */
export function rowOfLedger(told: LineCommandTable): CommandRow {
  const { request, site, line, command, actorRef, at } = told;
  return {
    id: request,
    site,
    line,
    command,
    args: JSON.parse(told.args) as Record<string, unknown>,
    actorRef,
    by: told.askedBy as CommandRow['by'],
    at,
    outcome: (told.outcome as CommandOutcomeName | null) ?? 'checking',
    code: null,
    seq: null,
    reasons: reasonsOf(told.reasons),
    detail: told.detail,
    ...endOf(told, null),
  };
}

function endOf(
  told: LineCommandTable | null,
  answeredAt: number | null,
): Pick<CommandRow, 'readBack' | 'late' | 'tookMs' | 'endedAt'> {
  return {
    readBack: told?.readBack == null ? null : (JSON.parse(told.readBack) as CommandRow['readBack']),
    late: told?.late ?? null,
    tookMs: told?.tookMs ?? null,
    endedAt: told?.endedAt ?? answeredAt,
  };
}

function reasonsOf(text: string | null): CommandReason[] {
  return text === null ? [] : (JSON.parse(text) as CommandReason[]);
}
