/** Drivers and writers for all Modbus devices of a line. */
import type { ModbusDeviceConfig } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { DeviceDriver, DeviceSink } from '../ports/device.ts';
import { LinkScheduler, type LinkMember, type LinkPorts } from './link-scheduler.ts';
import { createModbusWriter, type ModbusWriter } from './modbus-writer.ts';
import { UnitPoller } from './unit-poller.ts';
import { UnitWriter } from './unit-writer.ts';

export interface ModbusDriver extends DeviceDriver {
  readonly writer: ModbusWriter;
}

/**
 * @returns one driver for each device, in the same order. Devices of one address or serial port share one
 *   link, and so one connection, whichever of them run.
 */
export function createModbusDrivers(
  devices: readonly ModbusDeviceConfig[],
  { sink, ...ports }: LinkPorts & { readonly sink: DeviceSink },
): ModbusDriver[] {
  const links = new Map<string, LinkScheduler>();
  return devices.map((device) => {
    const name = linkName(device.link);
    const link = links.get(name) ?? new LinkScheduler(device.link, ports);
    links.set(name, link);
    let member: LinkMember | null = null;
    const writeLink = {
      get member() {
        return member;
      },
      wake: () => link.wake(),
    };
    return {
      device: device.id,
      writer: createModbusWriter(device, writeLink, { sink, ...ports }),
      run: async (signal) => {
        const startMs = ports.clock.monotonicMs();
        const poller = new UnitPoller(device, { sink, log: ports.log, startMs });
        member = { poller, writer: new UnitWriter(device) };
        try {
          await link.serve(member, signal);
        } finally {
          member = null;
        }
      },
    };
  });
}
