/** Payloads as an edge sends them, through real bytes: what a test feeds a machine has been on the wire. */
import { LINE_DESCRIPTION_METRIC, type LineDescription } from '@trame/protocol/line-description';
import { qualityDetail, toSparkplugQuality, type Quality } from '@trame/protocol/quality';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import {
  BD_SEQ_METRIC,
  QUALITY_DETAIL_PROPERTY,
  QUALITY_PROPERTY,
  REBIRTH_METRIC,
  UNIT_PROPERTY,
} from '@trame/protocol/sparkplug/names';
import {
  decodePayload,
  encodePayload,
  type InPayload,
  type OutMetric,
  type OutProperty,
} from '@trame/protocol/sparkplug/payload';

export function throughTheWire(bytes: Uint8Array): InPayload {
  const decoded = decodePayload(bytes);
  if (decoded.kind === 'invalid') throw new Error(decoded.reason);
  return decoded.payload;
}

export function nodeBirth(options: {
  readonly atMs: number;
  readonly bdSeq: number;
  readonly seq?: number;
  readonly description?: LineDescription | string;
}): Uint8Array {
  const { atMs, bdSeq, seq = 0, description } = options;
  const metrics: OutMetric[] = [
    { name: BD_SEQ_METRIC, type: DATA_TYPE.int64, value: BigInt(bdSeq) },
    { name: REBIRTH_METRIC, type: DATA_TYPE.boolean, value: false },
  ];
  if (description !== undefined) {
    const value = typeof description === 'string' ? description : JSON.stringify(description);
    metrics.push({ name: LINE_DESCRIPTION_METRIC, type: DATA_TYPE.string, value });
  }
  return encodePayload({ timestampMs: atMs, seq, metrics });
}

export function nodeDeath(atMs: number, bdSeq: number): Uint8Array {
  return encodePayload({
    timestampMs: atMs,
    metrics: [{ name: BD_SEQ_METRIC, type: DATA_TYPE.int64, value: BigInt(bdSeq) }],
  });
}

export function data(atMs: number, seq: number, metrics: readonly OutMetric[]): Uint8Array {
  return encodePayload({ timestampMs: atMs, seq, metrics });
}

/** A metric as a birth declares it: name, alias, type, quality and unit. */
export function declared(
  metric: OutMetric & { readonly unit?: string; readonly quality?: Quality },
): OutMetric {
  const { unit, quality = { level: 'good' }, ...rest } = metric;
  const properties: Record<string, OutProperty> = { ...qualityProperties(quality) };
  if (unit !== undefined) properties[UNIT_PROPERTY] = { type: DATA_TYPE.string, value: unit };
  return { ...rest, properties };
}

export function qualityProperties(quality: Quality): Record<string, OutProperty> {
  return {
    [QUALITY_PROPERTY]: { type: DATA_TYPE.int32, value: toSparkplugQuality(quality) },
    [QUALITY_DETAIL_PROPERTY]: { type: DATA_TYPE.string, value: qualityDetail(quality) },
  };
}
