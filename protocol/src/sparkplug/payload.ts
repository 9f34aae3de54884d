/** Sparkplug B payloads: what a birth, data, death or command message holds, and its bytes. */
import Long from 'long';
import type { TagValue } from '../tag.ts';
import { DATA_TYPE, isDataType, type DataType } from './data-type.ts';
import { excessOf } from './message-size.ts';
import { fromWireValue, toWireValue } from './value.ts';
import { readWire, writeWire, type WireMetric, type WirePayload, type WireValue } from './wire.ts';

/** A metric to send. A null value is sent as `is_null`. Times are ms since 1970, UTC. */
export interface OutMetric {
  readonly name?: string;
  readonly alias?: number;
  readonly timestampMs?: number;
  readonly type: DataType;
  /** Births carry the data type; data messages may leave it out, since the receiver knows it. */
  readonly omitType?: boolean;
  readonly historical?: boolean;
  readonly value: TagValue | null;
  readonly properties?: Readonly<Record<string, OutProperty>>;
}

export interface OutProperty {
  readonly type: DataType;
  readonly value: TagValue;
}

export interface OutPayload {
  readonly timestampMs: number;
  /** Absent in NDEATH and in commands. */
  readonly seq?: number;
  readonly metrics: readonly OutMetric[];
}

/** A metric as received; its value can be read once the data type is known, here or from the birth. */
export interface InMetric {
  readonly name: string | null;
  readonly alias: number | null;
  readonly timestampMs: number | null;
  readonly type: DataType | null;
  readonly historical: boolean;
  readonly isNull: boolean;
  readonly wire: WireValue;
  readonly properties: ReadonlyMap<string, TagValue>;
}

export interface InPayload {
  readonly timestampMs: number | null;
  readonly seq: number | null;
  readonly metrics: readonly InMetric[];
}

export type DecodeResult =
  | { readonly kind: 'payload'; readonly payload: InPayload }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Largest message that is decoded, in bytes; a birth of 10 000 tags is about 1 MB. */
export const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;

export function encodePayload(payload: OutPayload): Uint8Array {
  const wire: WirePayload = {
    timestamp: Long.fromNumber(payload.timestampMs, true),
    metrics: payload.metrics.map(writeMetric),
  };
  if (payload.seq !== undefined) wire.seq = Long.fromNumber(payload.seq, true);
  return writeWire(wire);
}

/** @returns the payload, or why the bytes are not one or hold too much (`excessOf`). Never throws. */
export function decodePayload(bytes: Uint8Array): DecodeResult {
  if (bytes.length > PAYLOAD_BYTES_MAX) {
    return { kind: 'invalid', reason: `${bytes.length} bytes, at most ${PAYLOAD_BYTES_MAX} are read` };
  }
  try {
    const excess = excessOf(bytes);
    if (excess !== null) return { kind: 'invalid', reason: excess };
    const wire = readWire(bytes);
    return {
      kind: 'payload',
      payload: {
        timestampMs: safeNumber(wire.timestamp),
        seq: safeNumber(wire.seq),
        metrics: (wire.metrics ?? []).map(readMetric),
      },
    };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns the metric's value read as its own data type, or as `knownType` when it carries none. */
export function valueOf(metric: InMetric, knownType: DataType | null = null): TagValue | null {
  const type = metric.type ?? knownType;
  return metric.isNull || type === null ? null : fromWireValue(metric.wire, type);
}

function writeMetric(metric: OutMetric): WireMetric {
  const wire: WireMetric = metric.value === null ? { isNull: true } : toWireValue(metric.value, metric.type);
  if (metric.name !== undefined) wire.name = metric.name;
  if (metric.alias !== undefined) wire.alias = Long.fromNumber(metric.alias, true);
  if (metric.timestampMs !== undefined) wire.timestamp = Long.fromNumber(metric.timestampMs, true);
  if (metric.omitType !== true) wire.datatype = metric.type;
  if (metric.historical === true) wire.isHistorical = true;
  if (metric.properties !== undefined) {
    const entries = Object.entries(metric.properties);
    wire.properties = {
      keys: entries.map(([key]) => key),
      values: entries.map(([, property]) => ({
        type: property.type,
        ...toWireValue(property.value, property.type),
      })),
    };
  }
  return wire;
}

function readMetric(wire: WireMetric): InMetric {
  const code = wire.datatype ?? null;
  return {
    name: wire.name ?? null,
    alias: safeNumber(wire.alias),
    timestampMs: safeNumber(wire.timestamp),
    type: code !== null && isDataType(code) ? code : null,
    historical: wire.isHistorical ?? false,
    isNull: wire.isNull ?? false,
    wire,
    properties: readProperties(wire),
  };
}

function readProperties(wire: WireMetric): ReadonlyMap<string, TagValue> {
  const properties = new Map<string, TagValue>();
  const values = wire.properties?.values ?? [];
  for (const [index, key] of (wire.properties?.keys ?? []).entries()) {
    const value = values[index];
    if (value === undefined || value.isNull === true || !isDataType(value.type ?? 0)) continue;
    const read = fromWireValue(value, (value.type ?? DATA_TYPE.string) as DataType);
    if (read !== null) properties.set(key, read);
  }
  return properties;
}

function safeNumber(long: Long | null | undefined): number | null {
  if (long == null) return null;
  const value = long.toUnsigned().toNumber();
  return Number.isSafeInteger(value) ? value : null;
}
