/** A connection as the ledger needs it: its own client id, no will, and what it listens to. */
import { ackTopic, trameTopic } from '@trame/protocol/topics';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { BrokerAccess } from '../mqtt/broker-access.ts';
import { MqttLink, type LinkHandlers } from '../mqtt/mqtt-link.ts';
import type { Clock } from '../ports/clock.ts';

export interface LedgerLinkOptions {
  readonly site: string;
  readonly line: string;
  readonly config: UplinkConfig;
  readonly consumers: readonly string[];
  readonly access: BrokerAccess;
  /** Whether requests are listened to. */
  readonly takesCommands: boolean;
  readonly clock: Clock;
}

/** The same at every attempt, so that the broker ends a half-open predecessor at once. */
export function ledgerClientId(site: string, line: string): string {
  return `trame-ledger:${site}:${line}`;
}

export type LinkOpening =
  | { readonly kind: 'open'; readonly link: MqttLink }
  /** The client refuses the address. */
  | { readonly kind: 'failed'; readonly reason: string };

export function openLedgerLink(options: LedgerLinkOptions, handlers: LinkHandlers): LinkOpening {
  const { site, line, config, consumers, access, takesCommands, clock } = options;
  try {
    const link = new MqttLink(
      {
        config,
        access,
        clientId: ledgerClientId(site, line),
        will: null,
        // Without acknowledgements there is no point in a connection; without requests there is.
        subscriptions: consumers.map((consumer) => ackTopic(site, line, consumer)),
        optionalSubscriptions: takesCommands ? [trameTopic(site, line, 'command')] : [],
        clock,
      },
      handlers,
    );
    return { kind: 'open', link };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
