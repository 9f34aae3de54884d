/** Drivers for all Modbus devices of a line. */
import type { ModbusDeviceConfig } from '../domain/line-config.ts';
import { linkName } from '../domain/modbus-link.ts';
import type { DeviceDriver, DeviceSink } from '../ports/device.ts';
import { LinkScheduler, type LinkPorts } from './link-scheduler.ts';
import { UnitPoller } from './unit-poller.ts';

/**
 * @returns one driver for each device, in the same order. Devices of one address or serial port share one
 *   link, and so one connection, whichever of them run.
 */
export function createModbusDrivers(
  devices: readonly ModbusDeviceConfig[],
  { sink, ...ports }: LinkPorts & { readonly sink: DeviceSink },
): DeviceDriver[] {
  const links = new Map<string, LinkScheduler>();
  return devices.map((device) => {
    const name = linkName(device.link);
    const link = links.get(name) ?? new LinkScheduler(device.link, ports);
    links.set(name, link);
    return {
      device: device.id,
      run: async (signal) => {
        const startMs = ports.clock.monotonicMs();
        await link.serve(new UnitPoller(device, { sink, log: ports.log, startMs }), signal);
      },
    };
  });
}
