/** What the broker delivers to this edge node: its host's STATE, and commands (Sparkplug B 3.0 §6.4). */
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { decodeHostState } from '@trame/protocol/sparkplug/host-state';
import { REBIRTH_METRIC } from '@trame/protocol/sparkplug/names';
import { decodePayload, valueOf } from '@trame/protocol/sparkplug/payload';
import { parseTopic } from '@trame/protocol/sparkplug/topic';
import type { InboundMessage } from '../mqtt/inbound-message.ts';

export type Inbound =
  /** `timestampMs` as the host wrote it, UTC. */
  | { readonly kind: 'host-state'; readonly online: boolean; readonly timestampMs: number }
  | { readonly kind: 'command'; readonly rebirth: boolean; readonly ignoredWrites: number }
  /** A command that is not read: kept by the broker, or too large. */
  | { readonly kind: 'refused-command' }
  | { readonly kind: 'invalid' };

/** A command names a few metrics; reading a larger one would keep the line waiting. */
export const COMMAND_BYTES_MAX = 64 * 1024;

/**
 * The only thing that anybody may ask here is a rebirth. Writes to tags are not taken over Sparkplug: it
 * knows neither who asks nor whether the line may move; they are ignored and counted. Commands are never
 * retained (Sparkplug B 3.0 §6.4, NCMD and DCMD): one that is was meant for another time.
 */
export function readInbound(
  { topic, payload, retained }: InboundMessage,
  primaryHost: string | null,
): Inbound {
  const parsed = parseTopic(topic);
  if (parsed === null) return { kind: 'invalid' };
  if (parsed.kind === 'state') return parsed.host === primaryHost ? readState(payload) : { kind: 'invalid' };
  if (parsed.message !== 'NCMD' && parsed.message !== 'DCMD') return { kind: 'invalid' };
  if (retained || payload.length > COMMAND_BYTES_MAX) return { kind: 'refused-command' };
  const decoded = decodePayload(payload);
  if (decoded.kind === 'invalid') return { kind: 'invalid' };
  const { metrics } = decoded.payload;
  const asks =
    parsed.message === 'DCMD'
      ? 0
      : metrics.filter(
          (metric) => metric.name === REBIRTH_METRIC && valueOf(metric, DATA_TYPE.boolean) === true,
        ).length;
  return { kind: 'command', rebirth: asks > 0, ignoredWrites: metrics.length - asks };
}

function readState(bytes: Uint8Array): Inbound {
  const state = decodeHostState(bytes);
  if (state === null) return { kind: 'invalid' };
  return { kind: 'host-state', online: state.online, timestampMs: state.timestamp };
}
