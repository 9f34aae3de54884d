import type { DeviceConfig, ModbusTag, OpcuaTag } from '../domain/line-config.ts';

/** @returns the tag of a device, or null when one of the two is not there. */
export function findTag(
  devices: readonly DeviceConfig[],
  device: string,
  tag: string,
): ModbusTag | OpcuaTag | null {
  const found = devices.find(({ id }) => id === device);
  if (found === undefined) return null;
  const tags = found.driver === 'opcua' ? found.tags : found.groups.flatMap((group) => group.tags);
  return tags.find(({ name }) => name === tag) ?? null;
}
