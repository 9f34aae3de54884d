import { nodesets } from 'node-opcua-nodesets';
import type { UAObject } from 'node-opcua';
import type { SimulationClock } from '../system/clock.ts';
import { addPackMl } from './packml-status.ts';
import { runBenchClock } from './bench-clock.ts';
import { DeviceModel } from './device-model.ts';
import { describeMachine, type MachineNode } from './machine.ts';
import { OpcUaHost, type OpcUaHostOptions } from './opcua-host.ts';
import { plcPlans } from './plc-nodes.ts';
import type { PlcView } from './plc-view.ts';
import type { PlcMethods, PlcWrites } from './plc-writes.ts';

export const plcNamespace = 'urn:trame:plc';

type HostOptions = Omit<OpcUaHostOptions, 'name' | 'namespaceUri' | 'nodesets'>;

/** The PLC of the line: its host, its model, and the companion nodes that PackML names. */
export interface PlcDevice {
  readonly host: OpcUaHost;
  readonly model: DeviceModel<PlcView>;
  readonly show: (view: PlcView, at: Date) => void;
  readonly close: () => Promise<void>;
}

/** Makes the PLC's server and address space. Nothing listens yet. */
export async function createPlc(
  options: HostOptions & { readonly benchClock: SimulationClock | null },
  { writes, methods }: { readonly writes: PlcWrites; readonly methods: PlcMethods },
  view: PlcView,
): Promise<PlcDevice> {
  const host = await OpcUaHost.create({
    ...options,
    name: 'plc',
    namespaceUri: plcNamespace,
    nodesets: [nodesets.standard, nodesets.di, nodesets.ia, nodesets.machinery, nodesets.packML],
  });
  const model = new DeviceModel<PlcView>(host.namespace);
  model.add(host.objects, plcPlans(writes), view);
  const line: UAObject = describeMachine(host.namespace, {
    name: 'SortingLine',
    manufacturer: 'Trame',
    model: 'Simulated sorting line',
    serialNumber: 'TR-PLC-0001',
    productInstanceUri: 'urn:trame:plc:TR-PLC-0001',
  } satisfies MachineNode);
  const packMl = addPackMl(host.namespace, line, methods);
  const stopBench = options.benchClock === null ? null : runBenchClock(host, options.benchClock);
  return {
    host,
    model,
    async close() {
      stopBench?.();
      packMl.close();
      await host.close();
    },
    show(current, at) {
      model.show(current, at);
      packMl.show(current, at);
    },
  };
}
