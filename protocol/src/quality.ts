/**
 * How far a value may be trusted. Staleness is a quality, so a frozen value can never look live.
 * Codes on the wire follow OPC: 192 good, 0 bad; Sparkplug B 3.0 adds 500 stale and knows no «uncertain».
 */
import { Type, type Static } from 'typebox';

export const QualityLevel = Type.Union([
  Type.Literal('good'),
  Type.Literal('uncertain'),
  Type.Literal('bad'),
]);
export type QualityLevel = Static<typeof QualityLevel>;

export type Quality =
  | { readonly level: 'good' }
  | { readonly level: 'uncertain' | 'bad'; readonly reason: QualityReason };

export const QUALITY_REASONS = [
  /** Nothing was ever read. */
  'never-read',
  /** The device does not answer. */
  'device-offline',
  /** The device answers, but this tag's data is older than its age limit. */
  'stale',
  /** The link between edge and server is down, so the last value may be old. */
  'edge-offline',
  /** The device refused the read (Modbus exception, OPC UA Bad status). */
  'refused',
  /** NaN, infinity, or bytes that cannot be this type. */
  'not-a-value',
  /** Outside the range declared for the tag. */
  'out-of-range',
  /** The device itself says that the value is doubtful (OPC UA Uncertain status). */
  'device-uncertain',
  /** The device itself says that the value is bad (sensor failure, out of service). */
  'device-bad',
  /** Samples were dropped before this one (queue overflow). */
  'overflow',
] as const;
export type QualityReason = (typeof QUALITY_REASONS)[number];

export const QualityReasonSchema = Type.Union(QUALITY_REASONS.map((reason) => Type.Literal(reason)));

export const GOOD: Quality = { level: 'good' };

export function bad(reason: QualityReason): Quality {
  return { level: 'bad', reason };
}

export function uncertain(reason: QualityReason): Quality {
  return { level: 'uncertain', reason };
}

export function sameQuality(a: Quality, b: Quality): boolean {
  if (a.level === 'good' || b.level === 'good') return a.level === b.level;
  return a.level === b.level && a.reason === b.reason;
}

/** Sparkplug B 3.0 §6.4.7 (quality property): 0 bad, 192 good, 500 stale. */
export const SPARKPLUG_QUALITY = { bad: 0, good: 192, stale: 500 } as const;

/**
 * @returns the code that a third party sees. «Uncertain» becomes bad: somebody who knows only Sparkplug must
 * not take a doubtful number for a good one. The exact reason travels beside it.
 */
export function toSparkplugQuality(quality: Quality): number {
  if (quality.level === 'good') return SPARKPLUG_QUALITY.good;
  return quality.reason === 'stale' ? SPARKPLUG_QUALITY.stale : SPARKPLUG_QUALITY.bad;
}

/** @returns the quality told by a Sparkplug code and, when the sender is a Trame edge, its exact reason. */
export function fromSparkplugQuality(code: number, detail: string | null): Quality {
  const [level, reason] = detail?.split(':') ?? [];
  if (isReason(reason) && (level === 'bad' || level === 'uncertain')) return { level, reason };
  if (code === SPARKPLUG_QUALITY.good) return GOOD;
  return bad(code === SPARKPLUG_QUALITY.stale ? 'stale' : 'device-bad');
}

/** @returns the exact quality as one string (`bad:refused`), for the property beside the Sparkplug code. */
export function qualityDetail(quality: Quality): string {
  return quality.level === 'good' ? 'good' : `${quality.level}:${quality.reason}`;
}

/** Integer kept in the history: 192 good, 64 uncertain, 0 bad (OPC classic), so that engines need no text. */
export function historyQuality(quality: Quality): 0 | 64 | 192 {
  switch (quality.level) {
    case 'good':
      return 192;
    case 'uncertain':
      return 64;
    case 'bad':
      return 0;
  }
}

function isReason(text: string | undefined): text is QualityReason {
  return QUALITY_REASONS.some((reason) => reason === text);
}
