/** Sparkplug B 3.0 §5.3 and §6.4 (STATE): what a host application says of itself, retained, QoS 1. */
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** The last moment that a date can tell, ms since 1970, UTC (ECMA-262 §21.4.1.1). */
const TIME_MS_MAX = 8.64e15;
/** A STATE has two members; some hosts add their name or version. */
export const HOST_STATE_BYTES_MAX = 4096;

const HostState = Type.Object({
  online: Type.Boolean(),
  timestamp: Type.Integer({ minimum: 0, maximum: TIME_MS_MAX }),
});
export type HostState = Static<typeof HostState>;

export function encodeHostState(state: HostState): string {
  return JSON.stringify({ online: state.online, timestamp: state.timestamp });
}

/** @returns the state, or null when the payload is not one. */
export function decodeHostState(payload: Uint8Array): HostState | null {
  if (payload.length > HOST_STATE_BYTES_MAX) return null;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return Value.Check(HostState, parsed) ? parsed : null;
  } catch {
    return null;
  }
}
