/** What of a line can be written and called, for whoever checks a configuration: nothing else ever is. */
import type { TagType } from '@trame/protocol/tag';
import { DEFAULT_READBACK_MS, type DeviceConfig, type LineConfig } from '../domain/line-config.ts';
import { isScaled } from '../domain/scale-value.ts';

export interface WritableTarget {
  readonly device: string;
  readonly name: string;
  /** As it is given; null: as the device has it. */
  readonly type: TagType | null;
  readonly unit: string | null;
  readonly range: readonly [min: number, max: number] | null;
  readonly readbackMs: number;
}

export interface CallableMethod {
  readonly device: string;
  readonly name: string;
}

export function writableTargets({ devices }: LineConfig): WritableTarget[] {
  return devices.flatMap((device) => [...writableTags(device), ...writesOf(device)]);
}

export function callableMethods({ devices }: LineConfig): CallableMethod[] {
  return devices.flatMap((device) =>
    device.driver === 'opcua' ? device.methods.map(({ name }) => ({ device: device.id, name })) : [],
  );
}

/** @returns one line: `plc/speed: float64 in m/s, 0.1 to 1.2, read back within 500 ms`. */
export function targetLine({ device, name, type, unit, range, readbackMs }: WritableTarget): string {
  const kind = `${type ?? 'as the device has it'}${unit === null ? '' : ` in ${unit}`}`;
  const bounds = range === null ? [] : [`${range[0]} to ${range[1]}`];
  return `${device}/${name}: ${[kind, ...bounds, `read back within ${readbackMs} ms`].join(', ')}`;
}

function writableTags(device: DeviceConfig): WritableTarget[] {
  const tags = device.driver === 'opcua' ? device.tags : device.groups.flatMap((group) => group.tags);
  return tags
    .filter(({ writable }) => writable)
    .map((tag) => ({
      device: device.id,
      name: tag.name,
      type: isScaled(tag) ? 'float64' : tag.type,
      unit: tag.unit,
      range: tag.range,
      readbackMs: tag.readbackMs ?? DEFAULT_READBACK_MS,
    }));
}

function writesOf(device: DeviceConfig): WritableTarget[] {
  if (device.driver !== 'modbus') return [];
  return device.writes.map(({ name, type, range, readbackMs }) => ({
    device: device.id,
    name,
    type,
    unit: null,
    range,
    readbackMs,
  }));
}
