import { DataType, StatusCodes, type Namespace, type UAObject, type UAVariable } from 'node-opcua';
import { stationState } from '../plant/station-state.ts';
import { addPackMlMethods } from './packml-methods.ts';
import type { PlcView } from './plc-view.ts';
import type { PlcMethods } from './plc-writes.ts';

const packMlUri = 'http://opcfoundation.org/UA/PackML/';

/** What of the machine is PackML's. */
export interface PackMlMachine {
  readonly show: (view: PlcView, at: Date) => void;
  readonly close: () => void;
}

/**
 * Adds what OPC 30050 (PackML) says below a machine: the object with its methods, and its Status, which `show` keeps up
 * to date: machine speed in garments a minute, blocked, starved, the state's number and the unit mode.
 */
export function addPackMl(namespace: Namespace, machine: UAObject, methods: PlcMethods): PackMlMachine {
  const { addressSpace } = namespace;
  const packMl = addressSpace.getNamespaceIndex(packMlUri);
  const type = addressSpace.findObjectType('PackMLStatusObjectType', packMl);
  if (type === null) throw new Error('opcua: the PackML nodeset is not loaded');
  const status = type.instantiate({
    componentOf: machine,
    browseName: { name: 'Status', namespaceIndex: packMl },
  });
  const { object, close } = addPackMlMethods(namespace, machine, packMl, methods);
  const modeCurrent = namespace.addVariable({
    componentOf: object,
    browseName: { name: 'UnitModeCurrent', namespaceIndex: packMl },
    nodeId: 's=PackML.UnitModeCurrent',
    dataType: DataType.Int32,
    minimumSamplingInterval: 0,
    value: { dataType: DataType.Int32, value: 1 },
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
  const statusMode = variable('UnitModeCurrent');
  const shown = new Map<UAVariable, unknown>();
  const show = (node: UAVariable, dataType: DataType, value: boolean | number, at: Date): void => {
    if (shown.get(node) === value) return;
    shown.set(node, value);
    node.setValueFromSource({ dataType, value }, StatusCodes.Good, at);
  };
  const showAll = (view: PlcView, at: Date): void => {
    const { infeedBelt, plc } = view.plant;
    show(curMachSpeed, DataType.Float, garmentsPerMinute(infeedBelt.speedMmS), at);
    show(machSpeed, DataType.Float, garmentsPerMinute(infeedBelt.setpointMmS), at);
    show(blocked, DataType.Boolean, plc.fullSinceMs !== null, at);
    show(starved, DataType.Boolean, view.states.line === stationState.starved, at);
    show(stateCurrent, DataType.Int32, view.packMlState, at);
    show(modeCurrent, DataType.Int32, plc.mode, at);
    show(statusMode, DataType.Int32, plc.mode, at);
  };
  return { show: showAll, close };
}

/** One garment every half metre. */
function garmentsPerMinute(beltMmS: number): number {
  return Math.round((beltMmS / 500) * 60);
}
