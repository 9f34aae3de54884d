import { DataType, StatusCodes, type Namespace, type UAObject, type UAVariable } from 'node-opcua';
import { stationState } from '../plant/station-state.ts';
import type { PlcView } from './plc-nodes.ts';

const packMlUri = 'http://opcfoundation.org/UA/PackML/';
/** UnitModeCurrent of ISA-TR88.00.02: production. */
const productionMode = 1;

/**
 * Adds the Status object of OPC 30050 (PackML) below a machine. Gives the function that keeps it up to date:
 * machine speed in garments a minute, blocked, starved, and the state's number as `StateCurrent`.
 */
export function addPackMlStatus(namespace: Namespace, machine: UAObject): (view: PlcView, at: Date) => void {
  const { addressSpace } = namespace;
  const packMl = addressSpace.getNamespaceIndex(packMlUri);
  const type = addressSpace.findObjectType('PackMLStatusObjectType', packMl);
  if (type === null) throw new Error('opcua: the PackML nodeset is not loaded');
  const status = type.instantiate({
    componentOf: machine,
    browseName: { name: 'Status', namespaceIndex: packMl },
  });
  const stateCurrent = namespace.addVariable({
    componentOf: status,
    browseName: 'StateCurrent',
    nodeId: 's=PackML.StateCurrent',
    dataType: DataType.Int32,
    minimumSamplingInterval: 0,
    value: { dataType: DataType.Int32, value: 2 },
  });
  const variable = (name: string): UAVariable => {
    const found = status.getComponentByName(name, packMl);
    if (found === null) throw new Error(`opcua: PackML status has no ${name}`);
    return found as unknown as UAVariable;
  };
  const curMachSpeed = variable('CurMachSpeed');
  const machSpeed = variable('MachSpeed');
  const blocked = variable('EquipmentBlocked');
  const starved = variable('EquipmentStarved');
  variable('UnitModeCurrent').setValueFromSource({ dataType: DataType.Int32, value: productionMode });
  const shown = new Map<UAVariable, unknown>();
  const show = (node: UAVariable, dataType: DataType, value: boolean | number, at: Date): void => {
    if (shown.get(node) === value) return;
    shown.set(node, value);
    node.setValueFromSource({ dataType, value }, StatusCodes.Good, at);
  };
  return (view, at) => {
    const { infeedBelt, line } = view.plant;
    show(curMachSpeed, DataType.Float, garmentsPerMinute(infeedBelt.speedMmS), at);
    show(machSpeed, DataType.Float, garmentsPerMinute(infeedBelt.setpointMmS), at);
    show(blocked, DataType.Boolean, line.phase === 'held', at);
    show(starved, DataType.Boolean, view.states.line === stationState.starved, at);
    show(stateCurrent, DataType.Int32, view.packMlState, at);
  };
}

/** One garment every half metre. */
function garmentsPerMinute(beltMmS: number): number {
  return Math.round((beltMmS / 500) * 60);
}
