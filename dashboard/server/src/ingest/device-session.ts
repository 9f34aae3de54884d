/** One born device (or node) of a line: what its birth declared, and how later data is read by it. */
import { GOOD, sameQuality, type Quality } from '@trame/protocol/quality';
import type { DataType } from '@trame/protocol/sparkplug/data-type';
import { UNIT_PROPERTY } from '@trame/protocol/sparkplug/names';
import type { InMetric, InPayload } from '@trame/protocol/sparkplug/payload';
import type { Rejection } from './ingest-counter.ts';
import { METRICS_PER_DEVICE_MAX } from './limits.ts';
import { declaredType, readMetric, type MetricDefinition } from './read-metric.ts';
import type { Reading } from './reading.ts';

export interface DeviceSession {
  readonly byName: ReadonlyMap<string, MetricDefinition>;
  readonly byAlias: ReadonlyMap<number, MetricDefinition>;
  /** Last stated quality of the metrics that are not good; every other one is. */
  readonly notGood: ReadonlyMap<string, Quality>;
}

export interface BirthReading {
  readonly session: DeviceSession;
  readonly readings: readonly Reading[];
  readonly rejections: readonly Rejection[];
}

/** A metric name is one line of printable text; a backslash would end a tag of the history engines. */
const METRIC_NAME = /^[^\p{C}\p{Zl}\p{Zp}\\]{1,128}$/u;
/** Names that mean something to a JavaScript object. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

export function isMetricName(name: string): boolean {
  return METRIC_NAME.test(name) && !FORBIDDEN_NAMES.has(name);
}

/** @returns the device as its birth certificate declares it, with all its present values. */
export function bornDevice(payload: InPayload, receivedMs: number): BirthReading {
  const byName = new Map<string, MetricDefinition>();
  const byAlias = new Map<number, MetricDefinition>();
  const notGood = new Map<string, Quality>();
  const readings: Reading[] = [];
  const rejections: Rejection[] = [];
  const context = { messageTimeMs: payload.timestampMs, receivedMs };
  for (const metric of payload.metrics) {
    const refused = refusalOf(metric, readings.length);
    if (refused !== null) rejections.push(refused);
    const definition = definitionOf(metric, refused !== null);
    // A refused metric is remembered too: its data is left out without asking for a birth again and again.
    if (metric.alias !== null) byAlias.set(metric.alias, definition);
    if (metric.name !== null) byName.set(metric.name, definition);
    if (!isShown(definition)) continue;
    const read = readMetric(metric, definition, GOOD, context);
    rejections.push(...read.rejections);
    readings.push(read.reading);
    if (read.reading.quality.level !== 'good') notGood.set(definition.name, read.reading.quality);
  }
  return { session: { byName, byAlias, notGood }, readings, rejections };
}

export interface DataReading {
  readonly session: DeviceSession;
  readonly readings: readonly Reading[];
  /** Values of the past, re-sent after an outage: for the history only. */
  readonly historical: readonly Reading[];
  readonly rejections: readonly Rejection[];
  /** True when a metric was not declared: the line must be asked for a new birth. */
  readonly unknown: boolean;
}

/** @returns the readings of a data message, and the session with the qualities that it changed. */
export function readData(session: DeviceSession, payload: InPayload, receivedMs: number): DataReading {
  const readings: Reading[] = [];
  const historical: Reading[] = [];
  const rejections: Rejection[] = [];
  const qualities = new Map<string, Quality>();
  const context = { messageTimeMs: payload.timestampMs, receivedMs };
  let unknown = false;
  for (const metric of payload.metrics) {
    const definition = lookUp(session, metric);
    if (definition === undefined) {
      unknown = true;
      rejections.push('unknown-metric');
      continue;
    }
    if (!isShown(definition)) continue;
    const current = qualities.get(definition.name) ?? session.notGood.get(definition.name) ?? GOOD;
    const read = readMetric(metric, definition, metric.historical ? GOOD : current, context);
    rejections.push(...read.rejections);
    if (metric.historical) {
      historical.push(read.reading);
      continue;
    }
    readings.push(read.reading);
    if (!sameQuality(current, read.reading.quality)) qualities.set(definition.name, read.reading.quality);
  }
  return { session: withQualities(session, qualities), readings, historical, rejections, unknown };
}

function lookUp(session: DeviceSession, metric: InMetric): MetricDefinition | undefined {
  if (metric.name !== null) return session.byName.get(metric.name);
  return metric.alias === null ? undefined : session.byAlias.get(metric.alias);
}

function withQualities(session: DeviceSession, changed: ReadonlyMap<string, Quality>): DeviceSession {
  if (changed.size === 0) return session;
  const notGood = new Map(session.notGood);
  for (const [name, quality] of changed) {
    if (quality.level === 'good') notGood.delete(name);
    else notGood.set(name, quality);
  }
  return { ...session, notGood };
}

function refusalOf(metric: InMetric, taken: number): Rejection | null {
  if (metric.name === null || !isMetricName(metric.name)) return 'name';
  if (taken >= METRICS_PER_DEVICE_MAX) return 'too-many-metrics';
  return declaredType(metric) === null ? 'type' : null;
}

function definitionOf(metric: InMetric, refused: boolean): MetricDefinition {
  const unit = metric.properties.get(UNIT_PROPERTY);
  return {
    name: metric.name ?? '',
    type: refused ? null : declaredType(metric),
    unit: typeof unit === 'string' && unit.length <= 32 ? unit : null,
  };
}

function isShown(definition: MetricDefinition): definition is MetricDefinition & { readonly type: DataType } {
  return definition.type !== null;
}
