import type { Logger } from 'pino';
import type { SimulationClock } from './system/clock.ts';
import { baleScaleMap } from './modbus/bale-scale-map.ts';
import { ModbusDevice } from './modbus/device.ts';
import { energyMeterMap } from './modbus/energy-meter-map.ts';
import { infeedScaleMap } from './modbus/infeed-scale-map.ts';
import { lineMap, lineWritable, type LineReading, type LineWrites } from './modbus/line-map.ts';
import { pressMap } from './modbus/press-map.ts';
import type { RegisterMap, WritableField } from './modbus/register-map.ts';
import type { NirView } from './opcua/nir-nodes.ts';
import type { PlcView } from './opcua/plc-view.ts';
import type { PlcMethods, PlcWrites } from './opcua/plc-writes.ts';
import type { DeviceModel } from './opcua/device-model.ts';
import type { OpcUaHost, OpcUaHostOptions } from './opcua/opcua-host.ts';
import type { DeviceId } from './plant/hazards.ts';
import type { ModbusReadings } from './readings.ts';
import { forcedValueOf, isFrozen, linkBehaviourOf, opcUaBehaviourOf } from './scenarios/consequences.ts';
import type { FaultRequest } from './scenarios/fault.ts';

/** Everything that the devices show at one moment. */
export interface DeviceViews extends ModbusReadings {
  readonly line: LineReading;
  readonly plc: PlcView;
  readonly nir: NirView;
}

/** One device on its sockets. */
export interface Device {
  readonly id: DeviceId;
  /** Ports by the name under which they are told. */
  readonly ports: () => Readonly<Record<string, number>>;
  readonly listen: () => Promise<void>;
  readonly show: (views: DeviceViews, at: Date) => void;
  readonly behave: (faults: readonly FaultRequest[]) => Promise<void>;
  /** Names that a `badStatus` fault may give. */
  readonly nodes: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Ports by device; 0 asks for a free one. */
export interface DevicePorts {
  readonly plc: number;
  readonly nir: number;
  readonly 'infeed-scale': number;
  readonly 'bale-scale': number;
  readonly 'bale-scale-rtu': number;
  readonly press: number;
  readonly 'energy-meter': number;
  readonly line: number;
  readonly 'label-printer': number;
}

/** What the keys of the reception scale's indicator do; each gives false when the key is refused. */
export interface ScaleKeys {
  readonly tare: () => boolean;
  readonly zero: () => boolean;
}

function modbusDevice<Reading>(
  id: DeviceId,
  names: readonly string[],
  device: ModbusDevice<Reading>,
  readingOf: (views: DeviceViews) => Reading,
): Device {
  let frozen = false;
  return {
    id,
    ports: () => Object.fromEntries(names.map((name, index) => [name, device.ports[index] ?? 0])),
    listen: () => device.listen(),
    show(views) {
      if (!frozen) device.show(readingOf(views));
    },
    behave(faults) {
      frozen = isFrozen(faults, id);
      return device.behave(linkBehaviourOf(faults, id), forcedValueOf(faults, id));
    },
    nodes: () => [],
    close: () => device.close(),
  };
}

/** A coil that works like a key: writing 1 presses it, 0 does nothing. */
function key(address: number, press: () => boolean): WritableField {
  return { table: 'coil', address, words: 1, apply: ([bit]) => bit !== 1 || press() };
}

/** The Modbus devices of the line. */
export function modbusDevices(
  views: DeviceViews,
  ports: DevicePorts,
  { keys, line: lineWrites }: { readonly keys: ScaleKeys; readonly line: LineWrites },
  clock: SimulationClock,
): Device[] {
  const make = <Reading>(map: RegisterMap<Reading>, reading: Reading, port: number): ModbusDevice<Reading> =>
    new ModbusDevice(map, [], [{ framing: 'tcp', port }], reading, clock.monotonicMs);
  const infeedScale = new ModbusDevice(
    infeedScaleMap,
    [key(1, keys.tare), key(2, keys.zero)],
    [{ framing: 'tcp', port: ports['infeed-scale'] }],
    views.infeedScale,
    clock.monotonicMs,
  );
  const baleScale = new ModbusDevice(
    baleScaleMap,
    [],
    [
      { framing: 'tcp', port: ports['bale-scale'] },
      { framing: 'rtu', port: ports['bale-scale-rtu'] },
    ],
    views.baleScale,
    clock.monotonicMs,
  );
  const press = make(pressMap, views.press, ports.press);
  const meter = make(energyMeterMap, views.energyMeter, ports['energy-meter']);
  const line = new ModbusDevice(
    lineMap,
    lineWritable(lineWrites),
    [{ framing: 'tcp', port: ports.line }],
    views.line,
    clock.monotonicMs,
  );
  return [
    modbusDevice('infeed-scale', ['infeed-scale'], infeedScale, (all) => all.infeedScale),
    modbusDevice('bale-scale', ['bale-scale', 'bale-scale-rtu'], baleScale, (all) => all.baleScale),
    modbusDevice('press', ['press'], press, (all) => all.press),
    modbusDevice('energy-meter', ['energy-meter'], meter, (all) => all.energyMeter),
    modbusDevice('line', ['line'], line, (all) => all.line),
  ];
}

function opcUaDevice<View>(
  id: DeviceId,
  host: OpcUaHost,
  model: DeviceModel<View>,
  show: (views: DeviceViews, at: Date) => void,
  close: () => Promise<void>,
  clock: SimulationClock,
): Device {
  let frozen = false;
  return {
    id,
    ports: () => ({ [id]: host.port }),
    listen: () => host.listen(),
    show(views, at) {
      if (!frozen) show(views, at);
    },
    async behave(faults) {
      frozen = isFrozen(faults, id);
      const behaviour = opcUaBehaviourOf(faults, id);
      model.setBad(behaviour.bad, new Date(clock.wallMs()));
      await host.refuse(behaviour.refuse);
    },
    nodes: () => model.nodeIds,
    close,
  };
}

type OpcUaOptions = Omit<OpcUaHostOptions, 'name' | 'namespaceUri' | 'nodesets' | 'port'> & {
  /** For `Bench.Clock`; null leaves that node out. */
  readonly benchClock: SimulationClock | null;
};

/** The PLC and the NIR station, as far as `wanted`. The library is loaded only when one of them is. */
export async function opcUaDevices(
  wanted: ReadonlySet<DeviceId>,
  views: DeviceViews,
  ports: DevicePorts,
  options: OpcUaOptions,
  plcSide: { readonly writes: PlcWrites; readonly methods: PlcMethods },
  clock: SimulationClock,
  log: Logger,
): Promise<Device[]> {
  const devices: Device[] = [];
  if (!wanted.has('plc') && !wanted.has('nir')) return devices;
  const { logLibrary } = await import('./opcua/library-log.ts');
  logLibrary(log);
  if (wanted.has('plc')) {
    const { createPlc } = await import('./opcua/plc-device.ts');
    const plc = await createPlc({ ...options, port: ports.plc }, plcSide, views.plc);
    devices.push(
      opcUaDevice('plc', plc.host, plc.model, (all, at) => plc.show(all.plc, at), plc.close, clock),
    );
  }
  if (wanted.has('nir')) {
    const { createNir } = await import('./opcua/nir-device.ts');
    const nir = await createNir({ ...options, port: ports.nir }, views.nir);
    const show = (all: DeviceViews, at: Date): void => nir.model.show(all.nir, at);
    devices.push(opcUaDevice('nir', nir.host, nir.model, show, () => nir.host.close(), clock));
  }
  return devices;
}
