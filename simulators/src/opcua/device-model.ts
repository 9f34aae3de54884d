import {
  DataValue,
  StatusCodes,
  type BindVariableOptions,
  type Namespace,
  type StatusCode,
  type UAObject,
  type UAObjectType,
  type UAVariable,
} from 'node-opcua';
import type { NodePlan, NodeValue, ObjectPlan } from './node-plan.ts';
import type { Taken } from './plc-writes.ts';
import { dataTypeOf, engineeringUnits, isArrayType, sameValue, toVariant } from './variants.ts';

interface LiveNode<View> {
  readonly id: string;
  readonly plan: NodePlan<View>;
  readonly variable: UAVariable;
  shown: NodeValue;
  /** When `shown` was published; null before the first time. */
  at: Date | null;
  /** A client wrote it since it was last published. */
  written: boolean;
}

function variableOptions(plan: NodePlan<never>, sample: NodeValue) {
  return {
    browseName: plan.name,
    description: plan.description,
    dataType: dataTypeOf(plan.type),
    valueRank: isArrayType(plan.type) ? 1 : -1,
    // 0: every change is told at once; the server takes no samples.
    minimumSamplingInterval: 0,
    accessLevel: plan.write === undefined ? 'CurrentRead' : 'CurrentRead | CurrentWrite',
    userAccessLevel: plan.write === undefined ? 'CurrentRead' : 'CurrentRead | CurrentWrite',
    value: toVariant(plan.type, sample),
  };
}

/** Builds the object types and objects of a device, and afterwards shows values in them. */
export class DeviceModel<View> {
  #namespace: Namespace;
  #types = new Map<string, UAObjectType>();
  #nodes = new Map<string, LiveNode<View>>();
  #bad: { status: StatusCode; node: string | null } | null = null;

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  /** Every variable's node id, without the namespace. */
  get nodeIds(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  /** Adds objects below `parent`, with their values of this moment. */
  add(parent: UAObject, plans: readonly ObjectPlan<View>[], view: View): void {
    for (const plan of plans) {
      const object = this.#namespace.addObject({
        organizedBy: parent,
        browseName: plan.path.split('.').at(-1) ?? plan.path,
        nodeId: `s=${plan.path}`,
        typeDefinition: this.#typeOf(plan, view),
      });
      for (const node of plan.nodes) this.#addVariable(object, plan.path, node, view);
    }
  }

  #typeOf(plan: ObjectPlan<View>, view: View): UAObjectType {
    const known = this.#types.get(plan.typeName);
    if (known !== undefined) return known;
    const type = this.#namespace.addObjectType({ browseName: plan.typeName });
    for (const node of plan.nodes) {
      this.#namespace.addVariable({
        ...variableOptions(node, node.value(view)),
        componentOf: type,
        modellingRule: 'Mandatory',
      });
    }
    this.#types.set(plan.typeName, type);
    return type;
  }

  #addVariable(object: UAObject, path: string, plan: NodePlan<View>, view: View): void {
    const id = `${path}.${plan.name}`;
    const options = {
      ...variableOptions(plan, plan.value(view)),
      componentOf: object,
      nodeId: `s=${id}`,
    };
    const variable: UAVariable =
      plan.unit === undefined
        ? this.#namespace.addVariable(options)
        : this.#namespace.addAnalogDataItem({
            ...options,
            engineeringUnits: engineeringUnits(plan.unit),
            engineeringUnitsRange: plan.range ?? { low: 0, high: 1e9 },
          });
    const node: LiveNode<View> = { id, plan, variable, shown: plan.value(view), at: null, written: false };
    this.#nodes.set(id, node);
    if (plan.write !== undefined) this.#makeWritable(node, plan.write);
  }

  /**
   * Lets clients write a node. The library stores what was written even when the write is refused, so a
   * refused value is replaced by the one in force before it can be stored or told to anybody.
   */
  #makeWritable(node: LiveNode<View>, write: (value: unknown) => boolean | Taken): void {
    const current = (): DataValue =>
      new DataValue({
        value: toVariant(node.plan.type, node.shown),
        statusCode: this.#statusOf(node.id),
        sourceTimestamp: node.at,
      });
    const options: BindVariableOptions = {
      timestamped_get: current,
      timestamped_set: (
        written: DataValue,
        done: (error: Error | null, status: StatusCode) => void,
      ): void => {
        const taken = write(written.value.value);
        if (taken === true || taken === 'taken') {
          // What was written is told now; what came of it is told next, be it the value from before.
          node.written = true;
          done(null, StatusCodes.Good);
          return;
        }
        written.value = current().value;
        done(null, taken === 'wrong-state' ? StatusCodes.BadInvalidState : StatusCodes.BadOutOfRange);
      },
    };
    node.variable.bindVariable(options, true);
  }

  /** Shows the values that changed, stamped `at`. */
  show(view: View, at: Date): void {
    for (const node of this.#nodes.values()) {
      const value = node.plan.value(view);
      if (node.at !== null && !node.written && sameValue(node.shown, value)) continue;
      node.written = false;
      node.shown = value;
      node.at = at;
      node.variable.setValueFromSource(toVariant(node.plan.type, value), this.#statusOf(node.id), at);
    }
  }

  #statusOf(id: string): StatusCode {
    if (this.#bad === null) return StatusCodes.Good;
    return this.#bad.node === null || this.#bad.node === id ? this.#bad.status : StatusCodes.Good;
  }

  /** Values of one node, or of all, carry a bad status until `null` clears it. */
  setBad(bad: { readonly node: string | null } | null, at: Date): void {
    this.#bad = bad === null ? null : { status: StatusCodes.BadSensorFailure, node: bad.node };
    for (const node of this.#nodes.values()) {
      const current: DataValue = node.variable.readValue();
      const status = this.#statusOf(node.id);
      if (current.statusCode.equals(status)) continue;
      node.variable.setValueFromSource(current.value, status, at);
    }
  }
}
