/** Names of Trame's own topics beside Sparkplug: `trame/v1/{site}/{line}/…`. */

export const TRAME_CHANNELS = ['ledger', 'ledger/ack', 'heartbeat', 'control', 'command', 'reply'] as const;
export type TrameChannel = (typeof TRAME_CHANNELS)[number];

/** What a site, line or device may be called: it becomes one level of a topic and one segment of an address. */
export const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}$';
const ID = new RegExp(ID_PATTERN, 'u');

export function isId(text: string): boolean {
  return ID.test(text);
}

/** @throws when a name cannot be one level of a topic. */
export function trameTopic(site: string, line: string, channel: TrameChannel): string {
  for (const id of [site, line]) {
    if (!isId(id)) throw new Error(`«${id}» cannot be part of a topic: expected ${ID_PATTERN}`);
  }
  return `trame/v1/${site}/${line}/${channel}`;
}

/** Where a consumer says how far it has stored. @throws when a name cannot be one level of a topic. */
export function ackTopic(site: string, line: string, consumer: string): string {
  if (!isId(consumer)) throw new Error(`«${consumer}» cannot be part of a topic: expected ${ID_PATTERN}`);
  return `${trameTopic(site, line, 'ledger/ack')}/${consumer}`;
}

/** What a server listens to, for every line of every site that the broker lets it read. */
export const CONSUMER_SUBSCRIPTIONS = [
  'trame/v1/+/+/ledger',
  'trame/v1/+/+/heartbeat',
  'trame/v1/+/+/control',
  'trame/v1/+/+/reply',
] as const;

export interface TrameTopic {
  readonly site: string;
  readonly line: string;
  readonly channel: TrameChannel;
  /** Of `ledger/ack` only. */
  readonly consumer: string | null;
}

/** @returns null when it is no topic of ours, or a level of it is no name. */
export function parseTrameTopic(topic: string): TrameTopic | null {
  const [root, version, site = '', line = '', ...rest] = topic.split('/');
  if (root !== 'trame' || version !== 'v1' || !isId(site) || !isId(line)) return null;
  const [first, second, consumer, surplus] = rest;
  if (first === 'ledger' && second === 'ack') {
    if (consumer === undefined || surplus !== undefined || !isId(consumer)) return null;
    return { site, line, channel: 'ledger/ack', consumer };
  }
  const channel = TRAME_CHANNELS.find((name) => name === first);
  return channel === undefined || second !== undefined ? null : { site, line, channel, consumer: null };
}
