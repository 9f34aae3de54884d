/**
 * How the numbers of a scale are read. A unit, a scale or an address that was corrected makes another number of the
 * same register, which must not be compared with what was read before. Where the device is reached is not part of it:
 * its serial says which instrument it is.
 */
import type { DeviceConfig, LineConfig, ScaleConfig } from './line-config.ts';

export interface ScaleReads {
  /** Of the alibi memory, else of the count of weighings. */
  readonly number: string;
  /** Of the weight under the number, else of the sum. */
  readonly grams: string;
  /** Of the sum that an alibi memory's scale keeps; null: none. */
  readonly total: string | null;
}

export function scaleReads(devices: LineConfig['devices'], config: ScaleConfig): ScaleReads {
  const device = devices.find(({ id }) => id === config.device);
  const of = (tag: string | null) => (tag === null ? '' : howRead(device, tag));
  if (config.alibi === null) return { number: of(config.weighings), grams: of(config.total), total: null };
  const total = config.total === null ? null : of(config.total);
  return { number: of(config.alibi), grams: of(config.alibiWeight), total };
}

/** @returns what of a tag's configuration decides which number is read. */
function howRead(device: DeviceConfig | undefined, name: string): string {
  if (device === undefined) return '';
  if (device.driver === 'opcua') {
    const tag = device.tags.find((other) => other.name === name);
    return tag === undefined ? '' : JSON.stringify([tag.node, tag.unit, tag.scale, tag.offset]);
  }
  const tag = device.groups.flatMap(({ tags }) => tags).find((other) => other.name === name);
  if (tag === undefined) return '';
  const { register, address, type, byteOrder, unit, scale, offset } = tag;
  return JSON.stringify([device.unit, register, address, type, byteOrder, unit, scale, offset]);
}
