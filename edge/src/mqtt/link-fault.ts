import type { MqttLink } from './mqtt-link.ts';

/** Longest way from CONNECT to the last subscription, ms. */
export const CONNECT_DEADLINE_MS = 10_000;

/**
 * @param connecting whether the link is still on the way from CONNECT to its last subscription.
 * @returns why a link is to be given up that did not end by itself, or null. Times are monotonic ms.
 */
export function linkFault(
  link: Pick<MqttLink, 'openedAtMs' | 'lastPacketAtMs'>,
  connecting: boolean,
  keepAliveS: number,
  atMs: number,
): string | null {
  if (connecting && atMs - link.openedAtMs > CONNECT_DEADLINE_MS) {
    return 'the broker did not answer';
  }
  const silentS = 2 * keepAliveS;
  return atMs - link.lastPacketAtMs > silentS * 1000 ? `the broker was not heard for ${silentS} s` : null;
}
