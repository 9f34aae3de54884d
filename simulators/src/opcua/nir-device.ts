import { nodesets } from 'node-opcua-nodesets';
import { DeviceModel } from './device-model.ts';
import { describeMachine } from './machine.ts';
import { nirResultPlans, nirStationPlan, type NirView } from './nir-nodes.ts';
import { OpcUaHost, type OpcUaHostOptions } from './opcua-host.ts';

export const nirNamespace = 'urn:trame:nir';

type HostOptions = Omit<OpcUaHostOptions, 'name' | 'namespaceUri' | 'nodesets'>;

export interface NirDevice {
  readonly host: OpcUaHost;
  readonly model: DeviceModel<NirView>;
}

/** Makes the NIR station's server and address space. Nothing listens yet. */
export async function createNir(options: HostOptions, view: NirView): Promise<NirDevice> {
  const host = await OpcUaHost.create({
    ...options,
    name: 'nir',
    namespaceUri: nirNamespace,
    nodesets: [nodesets.standard, nodesets.di, nodesets.ia, nodesets.machinery],
  });
  const model = new DeviceModel<NirView>(host.namespace);
  const results = host.namespace.addFolder(host.objects, { browseName: 'Result', nodeId: 's=Result' });
  // Results before the station: a client that sees a new Station.Seq finds its result in place.
  model.add(results, nirResultPlans(view.ring.length), view);
  model.add(host.objects, [nirStationPlan], view);
  describeMachine(host.namespace, {
    name: 'NirStation',
    manufacturer: 'Trame',
    model: 'Simulated NIR station',
    serialNumber: 'TR-NIR-0001',
    productInstanceUri: 'urn:trame:nir:TR-NIR-0001',
  });
  return { host, model };
}
