import type { MqttLink } from './mqtt-link.ts';
import type { Phase } from './session.ts';
import { CONNECT_DEADLINE_MS } from './uplink-options.ts';

/** @returns why a link is to be given up that did not end by itself, or null. Times are monotonic ms. */
export function linkFault(
  link: Pick<MqttLink, 'openedAtMs' | 'lastPacketAtMs'>,
  phase: Phase['kind'],
  keepAliveS: number,
  atMs: number,
): string | null {
  if (phase === 'connecting' && atMs - link.openedAtMs > CONNECT_DEADLINE_MS) {
    return 'the broker did not answer';
  }
  const silentS = 2 * keepAliveS;
  return atMs - link.lastPacketAtMs > silentS * 1000 ? `the broker was not heard for ${silentS} s` : null;
}
