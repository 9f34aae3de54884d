import { DataType, type Namespace, type UAObject } from 'node-opcua';

const machineryUri = 'http://opcfoundation.org/UA/Machinery/';
const deviceUri = 'http://opcfoundation.org/UA/DI/';

/** The nameplate of a machine (OPC 40001-1). */
export interface MachineNode {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly productInstanceUri: string;
}

/**
 * Adds a machine to the Machines folder with its identification, as OPC 40001-1 (Machinery) asks, so that a
 * client that knows no more than the companion specification finds it. Needs the Machinery nodeset.
 */
export function describeMachine(namespace: Namespace, machine: MachineNode): UAObject {
  const { addressSpace } = namespace;
  const machinery = addressSpace.getNamespaceIndex(machineryUri);
  const devices = addressSpace.getNamespaceIndex(deviceUri);
  const folder = addressSpace.rootFolder.objects.getFolderElementByName('Machines', machinery);
  const type = addressSpace.findObjectType('MachineIdentificationType', machinery);
  if (folder === null || type === null) throw new Error('opcua: the Machinery nodeset is not loaded');
  const object = namespace.addObject({
    organizedBy: folder,
    browseName: machine.name,
    nodeId: `s=Machines.${machine.name}`,
  });
  const identification = type.instantiate({
    componentOf: object,
    browseName: { name: 'Identification', namespaceIndex: devices },
    optionals: ['Model'],
  });
  const set = (name: string, dataType: DataType, value: unknown): void => {
    const property = identification.getPropertyByName(name, devices);
    if (property === null) throw new Error(`opcua: the nameplate has no ${name}`);
    property.setValueFromSource({ dataType, value });
  };
  set('Manufacturer', DataType.LocalizedText, { text: machine.manufacturer });
  set('Model', DataType.LocalizedText, { text: machine.model });
  set('SerialNumber', DataType.String, machine.serialNumber);
  set('ProductInstanceUri', DataType.String, machine.productInstanceUri);
  return object;
}
