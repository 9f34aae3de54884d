/** Whether what was decided fits into one request to the line; whoever decided answers for the form of each event. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { COMMAND_BYTES_MAX } from '@trame/protocol/command';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import { refused, type Recording, type Refused } from './decision.ts';
import { fitting } from './event-size.ts';

/** Room for envelope, signature and what was seen. */
export const REQUEST_BYTES_MAX = COMMAND_BYTES_MAX - 2 * 1024;

/**
 * @returns the refusal of what is too much for one act; null: it fits.
 * @throws when an event is not what its type must be: the decision is at fault.
 */
export function sizeRefusal(decision: Recording): Refused | null {
  const fit = fitting(decision);
  if (fit.kind === 'refused') return fit;
  for (const { type, payload } of decision.drafts) {
    const fault = payloadFault(type, payload);
    if (fault !== null) throw new Error(`a decision made an event that is none: ${fault}`);
  }
  const bytes = Buffer.byteLength(canonicalJson(decision.drafts));
  if (bytes <= REQUEST_BYTES_MAX) return null;
  return refused('too-much-at-once', `one act would have ${bytes} bytes, at most ${REQUEST_BYTES_MAX}`, {
    bytes,
    max: REQUEST_BYTES_MAX,
  });
}
