/** Sparkplug B 3.0 §5.3 and §6.4 (STATE): what a host application says of itself, retained, QoS 1. */
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const HostState = Type.Object({ online: Type.Boolean(), timestamp: Type.Integer({ minimum: 0 }) });
export type HostState = Static<typeof HostState>;

export function encodeHostState(state: HostState): string {
  return JSON.stringify({ online: state.online, timestamp: state.timestamp });
}

/** @returns the state, or null when the payload is not one. */
export function decodeHostState(payload: Uint8Array): HostState | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return Value.Check(HostState, parsed) ? parsed : null;
  } catch {
    return null;
  }
}
