/** Reads a message of `…/ledger/ack/{consumer}`: anybody may have written it. */
import { decodeAck, type LedgerAck } from '@trame/protocol/ledger-message';
import { parseTrameTopic } from '@trame/protocol/topics';

export interface AckAddress {
  readonly site: string;
  readonly line: string;
  /** Whose acknowledgements count. */
  readonly consumers: readonly string[];
}

export type AckReading =
  | { readonly kind: 'ack'; readonly ack: LedgerAck }
  | { readonly kind: 'refused'; readonly reason: string };

export function readAck(topic: string, payload: Uint8Array, address: AckAddress): AckReading {
  const parsed = parseTrameTopic(topic);
  if (parsed?.channel !== 'ledger/ack') return refused('the topic is not one of acknowledgements');
  if (parsed.site !== address.site || parsed.line !== address.line) return refused('it is of another line');
  const { consumer } = parsed;
  if (consumer === null || !address.consumers.includes(consumer)) {
    return refused('its consumer is not one of those configured');
  }
  const ack = decodeAck(payload);
  if (ack === null) return refused('its bytes are no acknowledgement');
  if (ack.consumer !== consumer) return refused('its topic and its text name different consumers');
  if (ack.epoch === null && ack.upTo > 0) return refused('it has events of no epoch');
  if ((ack.hash === null) !== (ack.upTo === 0)) return refused('its number and its hash do not go together');
  return { kind: 'ack', ack };
}

function refused(reason: string): AckReading {
  return { kind: 'refused', reason };
}
