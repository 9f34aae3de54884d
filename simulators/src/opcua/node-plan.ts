import type { Taken } from './plc-writes.ts';

/** Types that the simulated devices publish. */
export type NodeType =
  | 'Boolean'
  | 'Int32'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Float'
  | 'Double'
  | 'String'
  | 'DateTime'
  | 'FloatArray'
  | 'UInt32Array';

export type NodeValue = boolean | number | bigint | string | Date | Float32Array | Uint32Array;

/** Units of OPC UA's `EngineeringUnits`, by their name in UCUM. */
export type Unit = 'm/s' | 'A' | 'Cel' | '%' | 'g' | 'kg' | 'h' | '1';

/** One variable of a device: where it stands, what it is, and how its value comes from what the device knows. */
export interface NodePlan<View> {
  readonly name: string;
  readonly type: NodeType;
  readonly unit?: Unit;
  readonly range?: { readonly low: number; readonly high: number };
  readonly description: string;
  readonly value: (view: View) => NodeValue;
  /** Accepts what a client writes; false refuses it as out of range. Without it the node is read-only. */
  readonly write?: (value: unknown) => boolean | Taken;
}

/**
 * One object of a device. Its node id is `s=<path>`, that of a variable `s=<path>.<name>`; objects of one
 * `typeName` have the same variables and share an object type of that name.
 */
export interface ObjectPlan<View> {
  readonly path: string;
  readonly typeName: string;
  readonly nodes: readonly NodePlan<View>[];
}
