/** What the devices of a file offer: tags that are read, targets that can be written, methods that can be called. */
import type { TagType } from '@trame/protocol/tag';
import type { DeviceConfig, ModbusTag, OpcuaTag } from '../domain/line-config.ts';

export interface Target {
  /** As the edge has it: a scaled one is float64. Null: only the device knows. */
  readonly type: TagType | null;
  readonly unit: string | null;
  readonly range: readonly [min: number, max: number] | null;
  readonly isRead: boolean;
  readonly isWritable: boolean;
}

export class DeviceBook {
  readonly #devices: ReadonlyMap<string, DeviceConfig>;
  readonly #targets: ReadonlyMap<string, ReadonlyMap<string, Target>>;

  constructor(devices: readonly DeviceConfig[]) {
    this.#devices = new Map(devices.map((device) => [device.id, device]));
    this.#targets = new Map(devices.map((device) => [device.id, targetsOf(device)]));
  }

  get ids(): readonly string[] {
    return [...this.#devices.keys()];
  }

  driverOf(device: string): DeviceConfig['driver'] | null {
    return this.#devices.get(device)?.driver ?? null;
  }

  /** @returns the names of the methods of a device. */
  methods(device: string): readonly string[] {
    const config = this.#devices.get(device);
    return config?.driver === 'opcua' ? config.methods.map(({ name }) => name) : [];
  }

  /** @returns what is read or written of a device, by name. */
  targets(device: string): ReadonlyMap<string, Target> {
    return this.#targets.get(device) ?? new Map();
  }
}

function targetsOf(device: DeviceConfig): ReadonlyMap<string, Target> {
  const tags: readonly (ModbusTag | OpcuaTag)[] =
    device.driver === 'opcua' ? device.tags : device.groups.flatMap((group) => group.tags);
  const targets = new Map(tags.map((tag) => [tag.name, targetOf(tag)]));
  const writes = device.driver === 'modbus' ? device.writes : [];
  for (const { name, type, range } of writes) {
    const read = targets.get(name);
    targets.set(name, { unit: null, isRead: false, ...read, type, range, isWritable: true });
  }
  return targets;
}

function targetOf({ type, unit, range, scale, offset, writable }: ModbusTag | OpcuaTag): Target {
  const isScaled = scale !== 1 || offset !== 0;
  return { type: isScaled ? 'float64' : type, unit, range, isRead: true, isWritable: writable };
}
