/** The broker that the server brings along, and where the server itself reaches whichever there is. */
import { startEmbeddedBroker, type EmbeddedBroker } from './broker/embedded-broker.ts';
import type { ServerConfig } from './config/server-config.ts';
import type { BrokerAddress } from './live-path.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';

export interface BrokerAccount {
  readonly username: string;
  readonly password: string;
}

/** With accounts on the embedded broker the server needs one of its own; it lives as long as this run. */
export function ownBrokerAccount(config: ServerConfig, entropy: Entropy): BrokerAccount | null {
  if (config.broker.kind !== 'embedded' || config.broker.accounts.length === 0) return null;
  const hex = (count: number) => Buffer.from(entropy.bytes(count)).toString('hex');
  return { username: `trame-server-${hex(4)}`, password: hex(24) };
}

/** @returns null when another broker is configured. */
export function startBroker(
  config: ServerConfig,
  own: BrokerAccount | null,
  log: Log,
  countExcess: () => void,
): Promise<EmbeddedBroker | null> {
  if (config.broker.kind !== 'embedded') return Promise.resolve(null);
  const { host, port, accounts } = config.broker;
  return startEmbeddedBroker({
    host,
    port,
    accounts: own === null ? accounts : [...accounts, own],
    onFault: (error) => log.error({ reason: error.message }, 'embedded broker'),
    onExcess: (bytes, address) => {
      countExcess();
      log.warn({ bytes, address }, 'an MQTT packet is too large: its client is cut off');
    },
  });
}

/** Where the server itself reaches the broker. */
export function brokerAddress(
  config: ServerConfig,
  broker: EmbeddedBroker | null,
  own: BrokerAccount | null,
): BrokerAddress {
  if (config.broker.kind === 'external') return config.broker;
  return {
    url: `mqtt://${hostOfUrl(config.broker.host)}:${broker?.port ?? config.broker.port}`,
    username: own?.username ?? null,
    password: own?.password ?? null,
    ca: null,
    version: 4,
  };
}

/** An address that means «everywhere» is reached on this machine. */
function hostOfUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
