/** What an event about a request to a line changes: pure, by the ledger alone. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { CommandEnded, CommandRequested } from '@trame/protocol/control/control-events';
import { happenedAtMs, type LedgerEvent } from '@trame/protocol/ledger-event';
import type { Transaction } from 'kysely';
import type { Tables } from '../records/tables.ts';
import type { LineCommandTable } from './command-tables.ts';

export type LineCommandChange = {
  /** An end that was recorded first stays: a ledger that was set back may end a request again. */
  readonly kind: 'command-requested' | 'command-ended';
  readonly row: LineCommandTable;
};

const NOT_ENDED = {
  outcome: null,
  reasons: null,
  readBack: null,
  late: null,
  detail: null,
  tookMs: null,
  endedAt: null,
};

export function commandRequested(event: LedgerEvent, said: CommandRequested): LineCommandChange {
  const { command, args, by } = said;
  const row = {
    ...asked(event, said.request),
    command,
    args: canonicalJson(args),
    askedBy: by,
    ...NOT_ENDED,
  };
  return { kind: 'command-requested', row };
}

export function commandEnded(event: LedgerEvent, said: CommandEnded): LineCommandChange {
  const { request, reasons, readBack, ...end } = said;
  const row = {
    ...asked(event, request),
    args: '{}',
    // Of a request that was recorded, its own word stands. Whoever is nobody is Trame.
    askedBy: event.actorRef === null ? 'trame' : 'person',
    ...end,
    reasons: canonicalJson(reasons),
    readBack: readBack === null ? null : JSON.stringify(readBack),
    endedAt: happenedAtMs(event),
  };
  return { kind: 'command-ended', row };
}

function asked(event: LedgerEvent, request: string) {
  const { site, line, actorRef } = event;
  return { site, line, request, at: happenedAtMs(event), actorRef };
}

/** Writes them in their order. */
export async function writeLineCommands(
  transaction: Transaction<Tables>,
  changes: readonly LineCommandChange[],
): Promise<void> {
  for (const { kind, row } of changes) {
    const insert = transaction.insertInto('line_commands').values(row);
    const { outcome, reasons, readBack, late, detail, tookMs, endedAt } = row;
    const upsert =
      kind === 'command-requested'
        ? insert.onConflict((conflict) => conflict.columns(['site', 'line', 'request']).doNothing())
        : insert.onConflict((conflict) =>
            conflict
              .columns(['site', 'line', 'request'])
              .doUpdateSet({ outcome, reasons, readBack, late, detail, tookMs, endedAt })
              .where('line_commands.endedAt', 'is', null),
          );
    await upsert.execute();
  }
}
