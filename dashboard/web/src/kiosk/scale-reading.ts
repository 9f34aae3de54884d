/** What the scale of a kiosk says now, as far as it may be believed. */
import type { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import { findTag, tagNumber } from '../line/tag-number.ts';
import { lineFreshness, tagTrust, type StreamState } from '../live/freshness.ts';

export type KioskScale = ReferenceAnswer['scales'][number];

export type ScaleReading =
  /** The press has no scale. */
  | { readonly kind: 'none' }
  /** It has one, but no value that may be believed: no wire, no link, a fault, an overload. */
  | { readonly kind: 'unlinked'; readonly why: 'no-wire' | 'no-link' | 'overload' }
  | {
      readonly kind: 'value';
      /** As the indicator shows it: net of the tare that the indicator took off, if any. */
      readonly grams: number;
      /** Null: the scale does not say. */
      readonly stable: boolean | null;
    };

const GRAMS_OF_UNIT: Readonly<Record<string, number>> = { g: 1, kg: 1_000, t: 1_000_000 };

/** @param nowMs server time, ms since 1970 UTC. */
export function readScale(
  scale: KioskScale | null,
  lines: readonly LiveLine[],
  stream: StreamState,
  nowMs: number,
): ScaleReading {
  if (scale === null) return { kind: 'none' };
  if (scale.live === null) return { kind: 'unlinked', why: 'no-wire' };
  const shown = placeOf(scale.live.net ?? scale.live.gross);
  const line = lines.find((candidate) => candidate.line === shown?.line);
  if (shown === null || line === undefined) return { kind: 'unlinked', why: 'no-link' };
  const freshness = lineFreshness(line, stream, nowMs);
  const trusted = (tag: LiveTag | undefined): tag is LiveTag => tagTrust(tag, freshness).quality === 'good';
  if (isOverloaded(line, scale.live.gross)) return { kind: 'unlinked', why: 'overload' };
  const weight = findTag(line, shown.device, shown.tag);
  if (!trusted(weight)) return { kind: 'unlinked', why: 'no-link' };
  const grams = gramsOf(weight, scale.intervalGrams);
  if (grams === null) return { kind: 'unlinked', why: 'no-link' };
  const stablePlace = placeOf(scale.live.stable);
  if (stablePlace === null) return { kind: 'value', grams, stable: null };
  const stable = findTag(line, stablePlace.device, stablePlace.tag);
  if (!trusted(stable)) return { kind: 'unlinked', why: 'no-link' };
  return { kind: 'value', grams, stable: stable.value === true || stable.value === 1 };
}

/** The line's own description names the tag that says so. */
function isOverloaded(line: LiveLine, gross: string): boolean {
  const place = placeOf(gross);
  const station = line.description.stations.find(
    (candidate) => candidate.device === place?.device && candidate.gross === place?.tag,
  );
  const overload = findTag(line, station?.device, station?.overload);
  return overload?.value === true || overload?.value === 1;
}

/** Figures are no finer than the scale's interval: what a float adds to them nobody has weighed. */
function gramsOf(tag: LiveTag, intervalGrams: number | null): number | null {
  const value = tagNumber(tag.value);
  const factor = GRAMS_OF_UNIT[tag.unit ?? ''];
  if (value === null || factor === undefined) return null;
  const step = intervalGrams === null || intervalGrams <= 0 ? 1 : intervalGrams;
  return Math.round((value * factor) / step) * step;
}

/** `line/device/metric`, where the metric may hold slashes itself. */
function placeOf(
  tag: string | null,
): { readonly line: string; readonly device: string; readonly tag: string } | null {
  const found = /^(?<line>[^/]+)\/(?<device>[^/]+)\/(?<tag>.+)$/u.exec(tag ?? '')?.groups;
  if (found?.['line'] === undefined || found['device'] === undefined || found['tag'] === undefined)
    return null;
  return { line: found['line'], device: found['device'], tag: found['tag'] };
}
