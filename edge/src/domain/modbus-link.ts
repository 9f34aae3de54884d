/** How a Modbus link is called. */
import type { ModbusLink } from './line-config.ts';

/** @returns `10.0.0.11:502` or `/dev/ttyUSB0`: one wire, so devices with the same name share one master. */
export function linkName(link: ModbusLink): string {
  if (link.kind === 'serial') return link.path;
  return link.host.includes(':') ? `[${link.host}]:${link.port}` : `${link.host}:${link.port}`;
}
