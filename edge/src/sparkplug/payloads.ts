/** The messages of this edge node (Sparkplug B 3.0 §6.4), from what the edge knows. */
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
import type { OutMetric, OutPayload, OutProperty } from '@trame/protocol/sparkplug/payload';
import { fitsType } from '../domain/fits-type.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { TagSnapshot } from '../ports/uplink.ts';
import type { AliasBook } from './alias-book.ts';

export interface NodeFacts {
  /** Null for a line without roles. */
  readonly description: LineDescription | null;
  /** Name and version of the program. */
  readonly software: string;
}

/** The will, and what is said before leaving. It carries nothing but the number of its session. */
export function nodeDeath(bdSeq: number, nowMs: number): OutPayload {
  return { timestampMs: nowMs, metrics: [bdSeqMetric(bdSeq, nowMs)] };
}

export function nodeBirth(facts: NodeFacts, bdSeq: number, seq: number, nowMs: number): OutPayload {
  const text = (name: string, value: string): OutMetric => ({
    name,
    timestampMs: nowMs,
    type: DATA_TYPE.string,
    value,
  });
  const metrics: OutMetric[] = [
    bdSeqMetric(bdSeq, nowMs),
    { name: REBIRTH_METRIC, timestampMs: nowMs, type: DATA_TYPE.boolean, value: false },
    text('Properties/Software', facts.software),
  ];
  if (facts.description !== null) {
    metrics.push(text(LINE_DESCRIPTION_METRIC, JSON.stringify(facts.description)));
  }
  return { timestampMs: nowMs, seq, metrics };
}

/** Every tag of a device: name, alias, type, present value, quality, unit. Announces the aliases. */
export function deviceBirth(
  device: string,
  tags: readonly TagSnapshot[],
  aliases: AliasBook,
  seq: number,
  nowMs: number,
): OutPayload {
  const metrics = tags.map(({ definition, value, quality, timeMs }): OutMetric => {
    const { alias, type } = aliases.announce(device, definition);
    const unit: Record<string, OutProperty> =
      definition.unit === null ? {} : { [UNIT_PROPERTY]: { type: DATA_TYPE.string, value: definition.unit } };
    const properties = { ...qualityProperties(quality), ...unit };
    return { name: definition.name, alias, timestampMs: timeMs, type, value, properties };
  });
  return { timestampMs: nowMs, seq, metrics: chronological(metrics) };
}

export function deviceDeath(seq: number, nowMs: number): OutPayload {
  return { timestampMs: nowMs, seq, metrics: [] };
}

/** @returns which samples can be told as the last births announced their tags. */
export function announced(
  device: string,
  samples: readonly Sample[],
  aliases: AliasBook,
): { readonly sendable: readonly Sample[]; readonly leftOut: readonly Sample[] } {
  const isSendable = ({ tag, value }: Sample): boolean => {
    const entry = aliases.of(device, tag);
    return entry !== null && (value === null || fitsType(value, entry.tagType));
  };
  const leftOut = samples.filter((sample) => !isSendable(sample));
  return { sendable: leftOut.length === 0 ? samples : samples.filter(isSendable), leftOut };
}

/**
 * Samples by alias. The quality is told when it is not good or not the one told before; without it, nothing
 * changed. A historical sample stands alone: it always tells its quality.
 * @returns the payload; a sample that no birth announced is left out, and so is a value from before its tag was
 * configured as another type: it would arrive as another number.
 */
export function deviceData(
  device: string,
  samples: readonly Sample[],
  aliases: AliasBook,
  message: { readonly seq: number; readonly historical: boolean; readonly nowMs: number },
): OutPayload {
  const metrics: OutMetric[] = [];
  for (const { tag, value, quality, qualityChanged, timeMs } of announced(device, samples, aliases)
    .sendable) {
    const entry = aliases.of(device, tag);
    if (entry === null) continue;
    const told = message.historical || qualityChanged || quality.level !== 'good';
    metrics.push({
      alias: entry.alias,
      timestampMs: timeMs,
      type: entry.type,
      omitType: true,
      value,
      ...(message.historical ? { historical: true } : {}),
      ...(told ? { properties: qualityProperties(quality) } : {}),
    });
  }
  return { timestampMs: message.nowMs, seq: message.seq, metrics: chronological(metrics) };
}

function bdSeqMetric(bdSeq: number, nowMs: number): OutMetric {
  return { name: BD_SEQ_METRIC, timestampMs: nowMs, type: DATA_TYPE.int64, value: bdSeq };
}

function qualityProperties(quality: Quality): Record<string, OutProperty> {
  return {
    [QUALITY_PROPERTY]: { type: DATA_TYPE.int32, value: toSparkplugQuality(quality) },
    [QUALITY_DETAIL_PROPERTY]: { type: DATA_TYPE.string, value: qualityDetail(quality) },
  };
}

/** Sparkplug B 3.0: metrics of one payload stand in the order of their times. The sort is stable. */
function chronological(metrics: readonly OutMetric[]): readonly OutMetric[] {
  return metrics.toSorted((a, b) => (a.timestampMs ?? 0) - (b.timestampMs ?? 0));
}
