/** What of one session is needed to write its nodes and call its methods; what was learnt of them ends with it. */
import type { DataValue, NodeId, StatusCode, Variant } from 'node-opcua-client';

import type { OpcuaTag } from '../domain/line-config.ts';
import { withDeadline } from './deadline.ts';
import { resolveNode } from './node-reference.ts';
import { SERVICE_DEADLINE_MS, type ServiceContext } from './session-services.ts';
import type { VariantLike } from './read-variant.ts';
import { usualDataType, type VariantToWrite } from './write-variant.ts';

export interface MethodArgument {
  readonly name: string;
  /** Built-in type; null: none that is known. */
  readonly dataType: number | null;
  readonly isScalar: boolean;
}

export interface Wait {
  readonly ms: number;
  readonly signal: AbortSignal;
}

export interface CallResult {
  readonly status: StatusCode;
  /** First output, when it is a scalar. */
  readonly output: DataValue['value'] | null;
  /** Name of the first argument that was turned away. */
  readonly wrongArgument: number | null;
}

/** Built-in types of OPC 10000-6 table 1. */
const LAST_BUILT_IN = 25;
const VARIANT = 24;
const ENUMERATION = 29;
const INT32 = 6;
/** A type hierarchy is not deeper; a circle in one is. */
const SUPERTYPES_MAX = 10;
const SCALAR_RANK = -1;
const ANY_RANK = -2;
const SCALAR_OR_ARRAY_RANK = -3;

export class NodeAccess {
  readonly #services: ServiceContext;
  readonly #namespaces: readonly string[];
  readonly #dataTypes = new Map<string, number>();
  readonly #arguments = new Map<string, readonly MethodArgument[]>();

  /** @param services whose signal aborts when the session ends. */
  constructor(services: ServiceContext, namespaces: readonly string[]) {
    this.#services = services;
    this.#namespaces = namespaces;
  }

  /** Aborts when the session is gone. */
  get ended(): AbortSignal {
    return this.#services.signal;
  }

  /** @returns the node id with the index that its namespace has here; null when the server has no such namespace. */
  resolve(node: string): string | null {
    const resolved = resolveNode(node, this.#namespaces);
    return resolved.state === 'resolved' ? resolved.nodeId : null;
  }

  /**
   * @returns the built-in type of what the node holds: its value tells, else its data type, else the configured type of
   * the tag. Null: an array, or nobody knows. Learnt once in a session.
   */
  async dataTypeOf(tag: OpcuaTag, nodeId: string): Promise<number | null> {
    const known = this.#dataTypes.get(nodeId);
    if (known !== undefined) return known;
    const { AttributeIds } = this.#services.library.client;
    const [value, type] = await this.#ask('learning the type of a node', (session) =>
      session.read([
        { nodeId, attributeId: AttributeIds.Value },
        { nodeId, attributeId: AttributeIds.DataType },
      ]),
    );
    const { arrayType = 0, dataType: told = 0 }: Partial<VariantLike> = value?.value ?? {};
    if (arrayType !== 0) return null;
    const declared = told === 0 ? await this.#builtInType(type?.value.value) : told;
    const dataType = declared ?? (tag.type === null ? null : usualDataType(tag.type));
    if (dataType !== null) this.#dataTypes.set(nodeId, dataType);
    return dataType;
  }

  /** @throws what the library throws for a value that it cannot encode. */
  variantOf({ dataType, value }: VariantToWrite): Variant {
    const { DataType, Variant, VariantArrayType } = this.#services.library.client;
    const type = DataType[DataType[dataType] as keyof typeof DataType];
    // A 64-bit integer of two words would else be taken for an array.
    return new Variant({ dataType: type, arrayType: VariantArrayType.Scalar, value });
  }

  variantOfNumbers(values: Uint32Array): Variant {
    const { DataType, Variant, VariantArrayType } = this.#services.library.client;
    return new Variant({ dataType: DataType.UInt32, arrayType: VariantArrayType.Array, value: values });
  }

  /** @param wait how long the server may take, and what ends the wait before. */
  async write(nodeId: string, variant: Variant, wait: Wait): Promise<StatusCode> {
    const { AttributeIds } = this.#services.library.client;
    const value = { nodeId, attributeId: AttributeIds.Value, value: { value: variant } };
    return await this.#ask('writing a node', (session) => session.write(value), wait);
  }

  async read(nodeId: string, wait: Wait): Promise<DataValue> {
    const { AttributeIds } = this.#services.library.client;
    const ask = { nodeId, attributeId: AttributeIds.Value };
    return await this.#ask('reading back', (session) => session.read(ask, 0), wait);
  }

  /** @returns what a method is given, as it declares it. Learnt once in a session. */
  async argumentsOf(nodeId: string): Promise<readonly MethodArgument[]> {
    const known = this.#arguments.get(nodeId);
    if (known !== undefined) return known;
    const { inputArguments } = await this.#ask('asking what a method is given', (session) =>
      session.getArgumentDefinition(nodeId),
    );
    const learnt: MethodArgument[] = [];
    for (const { name, dataType, valueRank } of inputArguments) {
      const isScalar = [SCALAR_RANK, ANY_RANK, SCALAR_OR_ARRAY_RANK].includes(valueRank);
      learnt.push({ name: name ?? '', dataType: await this.#builtInType(dataType), isScalar });
    }
    this.#arguments.set(nodeId, learnt);
    return learnt;
  }

  async call(objectId: string, methodId: string, given: readonly Variant[], wait: Wait): Promise<CallResult> {
    const request = { objectId, methodId, inputArguments: [...given] };
    const result = await this.#ask('calling a method', (session) => session.call(request), wait);
    const wrong = (result.inputArgumentResults ?? []).findIndex((status) => !status.isGoodish());
    return {
      status: result.statusCode,
      output: result.outputArguments?.[0] ?? null,
      wrongArgument: wrong < 0 ? null : wrong,
    };
  }

  /** Goes up from a maker's own type until a built-in one is found. @returns null for one that is abstract or unknown. */
  async #builtInType(dataType: unknown): Promise<number | null> {
    const { NodeId, BrowseDirection } = this.#services.library.client;
    let type: unknown = dataType;
    for (let steps = 0; steps < SUPERTYPES_MAX && type instanceof NodeId; steps += 1) {
      const id = standardId(type);
      if (id === ENUMERATION) return INT32;
      if (id !== null && id <= LAST_BUILT_IN) return id === VARIANT ? null : id;
      const nodeId = type;
      const { references } = await this.#ask('asking what a data type is made of', (session) =>
        session.browse({
          nodeId,
          browseDirection: BrowseDirection.Inverse,
          referenceTypeId: 'HasSubtype',
          includeSubtypes: false,
          resultMask: 0,
        }),
      );
      type = references?.[0]?.nodeId;
    }
    return null;
  }

  async #ask<T>(
    what: string,
    ask: (session: ServiceContext['session']) => Promise<T>,
    { ms, signal }: Wait = { ms: SERVICE_DEADLINE_MS, signal: this.ended },
  ): Promise<T> {
    const { clock, session } = this.#services;
    const either = AbortSignal.any([signal, this.ended]);
    return await withDeadline(clock, { ms, what, signal: either }, ask(session));
  }
}

function standardId({ namespace, value }: NodeId): number | null {
  return namespace === 0 && typeof value === 'number' ? value : null;
}
