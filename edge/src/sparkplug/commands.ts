/** What others ask of this edge node: NCMD and DCMD (Sparkplug B 3.0 §6.4.22, §6.4.23). */
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { REBIRTH_METRIC } from '@trame/protocol/sparkplug/names';
import { decodePayload, valueOf } from '@trame/protocol/sparkplug/payload';

export type CommandReading =
  | { readonly kind: 'command'; readonly rebirth: boolean; readonly ignoredWrites: number }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * The only thing that anybody may ask here is a rebirth. Writes to tags are not taken over Sparkplug: it
 * knows neither who asks nor whether the line may move; they are ignored and counted.
 */
export function readNodeCommand(bytes: Uint8Array): CommandReading {
  const decoded = decodePayload(bytes);
  if (decoded.kind === 'invalid') return decoded;
  const { metrics } = decoded.payload;
  const asks = metrics.filter(
    (metric) => metric.name === REBIRTH_METRIC && valueOf(metric, DATA_TYPE.boolean) === true,
  );
  return { kind: 'command', rebirth: asks.length > 0, ignoredWrites: metrics.length - asks.length };
}

export function readDeviceCommand(bytes: Uint8Array): CommandReading {
  const decoded = decodePayload(bytes);
  if (decoded.kind === 'invalid') return decoded;
  return { kind: 'command', rebirth: false, ignoredWrites: decoded.payload.metrics.length };
}
