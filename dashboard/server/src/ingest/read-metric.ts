/** From a Sparkplug metric to a reading: value, quality and time, each checked once, here. */
import { bad, fromSparkplugQuality, GOOD, type Quality } from '@trame/protocol/quality';
import { isDataType, type DataType } from '@trame/protocol/sparkplug/data-type';
import { QUALITY_DETAIL_PROPERTY, QUALITY_PROPERTY } from '@trame/protocol/sparkplug/names';
import { valueOf, type InMetric } from '@trame/protocol/sparkplug/payload';
import type { TagValue } from '@trame/protocol/tag';
import type { Rejection } from './ingest-counter.ts';
import { STAMP_AHEAD_MAX_MS, STAMP_MIN_MS, TEXT_VALUE_MAX } from './limits.ts';
import type { Reading } from './reading.ts';

/** What a birth said of a metric. */
export interface MetricDefinition {
  readonly name: string;
  /** Null: declared, but of a kind that is not shown; its data is left out without asking again. */
  readonly type: DataType | null;
  readonly unit: string | null;
}

export interface ReadContext {
  /** Stamp of the whole message; null when it has none. */
  readonly messageTimeMs: number | null;
  /** When it arrived here. */
  readonly receivedMs: number;
}

export interface ReadResult {
  readonly reading: Reading;
  readonly rejections: readonly Rejection[];
}

/**
 * @param previous the metric's last stated quality: a message that says nothing about it leaves it unchanged.
 * @returns the reading. A value that is none (NaN, infinity, wrong type) is null with bad quality.
 */
export function readMetric(
  metric: InMetric,
  definition: MetricDefinition & { readonly type: DataType },
  previous: Quality,
  context: ReadContext,
): ReadResult {
  const rejections: Rejection[] = [];
  const edgeTimeMs = stamp(context.messageTimeMs, context.receivedMs, rejections);
  const sourceTimeMs =
    metric.timestampMs === null ? edgeTimeMs : stamp(metric.timestampMs, context.receivedMs, rejections);
  const stated = statedQuality(metric.properties) ?? previous;
  const value = checkedValue(valueOf(metric, definition.type), metric, rejections);
  const quality = value === null && stated.level === 'good' ? withoutValue(metric) : stated;
  return {
    reading: { metric: definition.name, unit: definition.unit, value, quality, sourceTimeMs, edgeTimeMs },
    rejections,
  };
}

/** @returns the type under which data of this metric will be read, or null when it is none that is shown. */
export function declaredType(metric: InMetric): DataType | null {
  return metric.type !== null && isDataType(metric.type) ? metric.type : null;
}

/** @returns the quality that the message states, or null when it says nothing. */
export function statedQuality(properties: ReadonlyMap<string, TagValue>): Quality | null {
  const code = properties.get(QUALITY_PROPERTY);
  const detail = properties.get(QUALITY_DETAIL_PROPERTY);
  const text = typeof detail === 'string' ? detail : null;
  if (code === undefined && text === null) return null;
  if (code === undefined) return text === 'good' ? GOOD : fromSparkplugQuality(0, text);
  return fromSparkplugQuality(Number(code), text);
}

function checkedValue(value: TagValue | null, metric: InMetric, rejections: Rejection[]): TagValue | null {
  if (value === null) {
    if (!metric.isNull) rejections.push('not-a-value');
    return null;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    rejections.push('not-a-value');
    return null;
  }
  if (typeof value === 'string' && value.length > TEXT_VALUE_MAX) {
    rejections.push('text-too-long');
    return null;
  }
  return value;
}

/** A null that its sender meant is «nothing was read»; any other is a value that cannot be one. */
function withoutValue(metric: InMetric): Quality {
  return bad(metric.isNull ? 'never-read' : 'not-a-value');
}

/** @returns the stamp, or null when there is none or it cannot be true. */
export function saneStampMs(stampMs: number | null, receivedMs: number): number | null {
  if (stampMs === null || stampMs < STAMP_MIN_MS || stampMs > receivedMs + STAMP_AHEAD_MAX_MS) return null;
  return stampMs;
}

function stamp(stampMs: number | null, receivedMs: number, rejections: Rejection[]): number {
  const sane = saneStampMs(stampMs, receivedMs);
  if (sane === null && stampMs !== null) rejections.push('stamp');
  return sane ?? receivedMs;
}
