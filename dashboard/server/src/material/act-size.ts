/** Whether the ledger takes what was decided; whoever decided answers for its form. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { COMMAND_BYTES_MAX } from '@trame/protocol/command';
import { PAYLOAD_BYTES_MAX } from '@trame/protocol/ledger-event';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import { RECORDS_PER_ACT_MAX } from '@trame/protocol/material/material-record';
import { MOVES_MAX } from '@trame/protocol/material/move';
import { refused, type Draft, type Refused } from './decision.ts';

/** Room for envelope, signature and what was seen. */
const REQUEST_BYTES_MAX = COMMAND_BYTES_MAX - 2 * 1024;

/**
 * @returns the refusal of what is too much for one act; null: it fits.
 * @throws when a draft is not what its type must be: the decision is at fault.
 */
export function sizeRefusal(drafts: readonly Draft[]): Refused | null {
  if (drafts.length > RECORDS_PER_ACT_MAX) return tooMuch('events', drafts.length, RECORDS_PER_ACT_MAX);
  let total = 0;
  for (const { type, payload } of drafts) {
    const moves = 'moves' in payload ? payload.moves.length : 0;
    if (moves > MOVES_MAX) return tooMuch('movements', moves, MOVES_MAX);
    const bytes = Buffer.byteLength(canonicalJson(payload));
    if (bytes > PAYLOAD_BYTES_MAX) return tooMuch('bytes', bytes, PAYLOAD_BYTES_MAX);
    const fault = payloadFault(type, payload);
    if (fault !== null) throw new Error(`a decision made an event that is none: ${fault}`);
    total += bytes;
  }
  return total > REQUEST_BYTES_MAX ? tooMuch('bytes', total, REQUEST_BYTES_MAX) : null;
}

function tooMuch(what: string, count: number, limit: number): Refused {
  return refused('too-much-at-once', `${count} ${what}, and one act has room for ${limit}`, {
    what,
    count,
    limit,
  });
}
