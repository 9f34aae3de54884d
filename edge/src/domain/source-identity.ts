/**
 * Which number of which device a total is, told by where and how it is read. Names of devices and tags are for
 * people, who change them while nothing moves in the hall: the count goes on.
 */
import type { DeviceConfig } from './line-config.ts';
import type { TagRef } from './tag-ref.ts';
import { linkName } from './modbus-link.ts';

/** A tag by its names, and by where and how it is read. */
export interface TotalSource {
  readonly source: TagRef;
  /** As {@link sourceIdentity} says it. */
  readonly reads: string;
}

/**
 * The address of the link, then what of the tag's configuration decides which number is read. Two texts that
 * differ are two different totals. The type of an OPC UA tag is left out: the server tells the same number.
 * @returns the names when no such tag is configured.
 */
export function sourceIdentity(devices: readonly DeviceConfig[], source: TagRef): string {
  const device = devices.find(({ id }) => id === source.device);
  if (device?.driver === 'opcua') {
    const tag = device.tags.find(({ name }) => name === source.tag);
    if (tag !== undefined) {
      return `${device.url} ${JSON.stringify([tag.node, tag.unit, tag.scale, tag.offset])}`;
    }
  }
  if (device?.driver === 'modbus') {
    const tag = device.groups.flatMap(({ tags }) => tags).find(({ name }) => name === source.tag);
    if (tag !== undefined) {
      const { register, address, type, byteOrder, unit, scale, offset } = tag;
      const how = [device.unit, register, address, type, byteOrder, unit, scale, offset];
      return `${device.link.kind}://${linkName(device.link)} ${JSON.stringify(how)}`;
    }
  }
  return `${source.device}/${source.tag}`;
}

/** @returns whether two descriptions mean the same total of the same device, read the same way. */
export function isSameTotal(one: TotalSource, other: TotalSource): boolean {
  if (one.reads === other.reads) return true;
  const hasSameNames = one.source.device === other.source.device && one.source.tag === other.source.tag;
  return (
    hasSameNames && (isWithoutAddress(one.reads, other.reads) || isWithoutAddress(other.reads, one.reads))
  );
}

/** Earlier versions kept how a tag is read without the address of its link, and went by the names beside. */
function isWithoutAddress(short: string, long: string): boolean {
  return short.startsWith('[') && long.endsWith(` ${short}`);
}
