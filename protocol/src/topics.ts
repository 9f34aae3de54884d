/** Names of Trame's own topics beside Sparkplug: `trame/v1/{site}/{line}/…`. */

export const TRAME_CHANNELS = ['ledger', 'ledger/ack', 'command', 'reply'] as const;
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
