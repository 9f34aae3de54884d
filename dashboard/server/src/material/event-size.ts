/** Whether what was decided fits into the ledger: one event is bounded there, and so is one request. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { PAYLOAD_BYTES_MAX } from '@trame/protocol/ledger-event';
import { RECORDS_PER_ACT_MAX } from '@trame/protocol/material/material-record';
import { MOVES_MAX } from '@trame/protocol/material/move';
import { refused, type Decision, type Draft, type Refused } from './decision.ts';

/** @returns the decision, or the refusal `too-much-at-once`. */
export function fitting(decision: Decision): Decision {
  return decision.kind === 'refused' ? decision : (tooMuch(decision.drafts) ?? decision);
}

function tooMuch(drafts: readonly Draft[]): Refused | null {
  if (drafts.length > RECORDS_PER_ACT_MAX) {
    return refused('too-much-at-once', `${drafts.length} events, at most ${RECORDS_PER_ACT_MAX} at a time`, {
      events: drafts.length,
      max: RECORDS_PER_ACT_MAX,
    });
  }
  for (const { type, payload } of drafts) {
    const moves = 'moves' in payload ? payload.moves.length : 0;
    if (moves > MOVES_MAX) {
      return refused('too-much-at-once', `${type} would make ${moves} movements, at most ${MOVES_MAX}`, {
        moves,
        max: MOVES_MAX,
      });
    }
    const bytes = Buffer.byteLength(canonicalJson(payload));
    if (bytes > PAYLOAD_BYTES_MAX) {
      return refused('too-much-at-once', `${type} would have ${bytes} bytes, at most ${PAYLOAD_BYTES_MAX}`, {
        bytes,
        max: PAYLOAD_BYTES_MAX,
      });
    }
  }
  return null;
}
