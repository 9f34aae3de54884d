import type { StationId } from '../plant/stations.ts';
import type { NodePlan, ObjectPlan } from './node-plan.ts';
import type { PlcView } from './plc-view.ts';

export type Node = NodePlan<PlcView>;
export type Plan = ObjectPlan<PlcView>;

export function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

export function stateNode(station: StationId): Node {
  return {
    name: 'State',
    type: 'UInt16',
    description: '0 off, 1 stopped, 2 starting, 3 running, 4 starved, 5 blocked, 6 jammed, 7 fault',
    value: (view) => view.states[station],
  };
}

export function flag(name: string, description: string, value: (view: PlcView) => boolean): Node {
  return { name, type: 'Boolean', description, value };
}
