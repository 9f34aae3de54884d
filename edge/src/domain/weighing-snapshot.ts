/** What a scale shows at one moment: its tags as the process image holds them, and how they are read here. */
import { gramsPerUnit } from '@trame/protocol/unit';
import { CONFIRMED_BY_STANDING_MS } from './confirm-total.ts';
import type { ScaleConfig } from './line-config.ts';
import type { Instant, TagState } from './tag-state.ts';

export const SCALE_TAGS = [
  'gross',
  'tare',
  'stable',
  'overload',
  'belowMin',
  'alibi',
  'alibiWeight',
  'weighings',
  'total',
  'serialTag',
] as const;
export type ScaleTag = (typeof SCALE_TAGS)[number];

/** Null: the scale has no such tag, or nothing is known of it yet. */
export type ScaleSnapshot = Readonly<Record<ScaleTag, TagState | null>>;

/** @param lookup what the process image holds of a tag; null: nothing. */
export function scaleSnapshot(
  config: ScaleConfig,
  lookup: (device: string, tag: string) => TagState | null,
): ScaleSnapshot {
  const of = (role: ScaleTag) => {
    const tag = config[role];
    return tag === null ? null : lookup(config.device, tag);
  };
  return {
    gross: of('gross'),
    tare: of('tare'),
    stable: of('stable'),
    overload: of('overload'),
    belowMin: of('belowMin'),
    alibi: of('alibi'),
    alibiWeight: of('alibiWeight'),
    weighings: of('weighings'),
    total: of('total'),
    serialTag: of('serialTag'),
  };
}

/**
 * @returns whole grams, negative ones too, or null: no good value, no number, or no unit of mass. Past what a double
 *   holds exactly, the largest that it holds: no scale weighs that.
 */
export function goodGrams(tag: TagState | null): number | null {
  const unit = tag?.definition.unit ?? null;
  const perUnit = unit === null ? null : gramsPerUnit(unit);
  if (tag === null || tag.quality.level !== 'good' || perUnit === null) return null;
  const amount = typeof tag.value === 'bigint' ? Number(tag.value) : tag.value;
  if (typeof amount !== 'number' || !Number.isFinite(amount)) return null;
  // Adding zero turns a -0 into a 0.
  const grams = Math.round(amount * perUnit) + 0;
  return Math.min(Math.max(grams, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** @returns a sum that a scale keeps, whole grams, or null: not good, negative, or past what a double holds exactly. */
export function goodTotal(tag: TagState | null): number | null {
  const grams = goodGrams(tag);
  return grams === null || grams < 0 || grams === Number.MAX_SAFE_INTEGER ? null : grams;
}

/** @returns a whole number from 0 on that a double holds exactly, or null. */
export function goodNumber(tag: TagState | null): number | null {
  if (tag === null || tag.quality.level !== 'good') return null;
  const number = typeof tag.value === 'bigint' ? Number(tag.value) : tag.value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

export function goodFlag(tag: TagState | null): boolean | null {
  if (tag === null || tag.quality.level !== 'good' || typeof tag.value !== 'boolean') return null;
  return tag.value;
}

const MAX_SERIAL_CHARS = 40;

/** @returns `told: false` while the instrument has not said its serial; null: it has none to say. */
export function goodSerial(
  config: ScaleConfig,
  tag: TagState | null,
): { readonly told: true; readonly serial: string | null } | { readonly told: false } {
  if (config.serialTag === null) return { told: true, serial: config.serial };
  if (tag === null || tag.quality.level !== 'good' || typeof tag.value !== 'string') return { told: false };
  const serial = tag.value
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, MAX_SERIAL_CHARS);
  return { told: true, serial: serial === '' ? null : serial.toWellFormed() };
}

/** Up to when a value was seen, monotonic ms: a tag told on change alone holds until it changes. */
export function seenUntilMs(tag: TagState, at: Instant): number {
  return isPolled(tag) ? tag.readAtMs : at.monotonicMs;
}

/**
 * Whether a tag whose value has not changed was told again since: polled, it was read again; told on change
 * alone, it has stood.
 * @param readAtMs its reading then. @param sinceMs monotonic time then.
 */
export function wasToldAgain(tag: TagState, readAtMs: number, sinceMs: number, at: Instant): boolean {
  return isPolled(tag) ? tag.readAtMs > readAtMs : at.monotonicMs - sinceMs >= CONFIRMED_BY_STANDING_MS;
}

/** Drivers that watch the age themselves tell changes alone. */
function isPolled(tag: TagState): boolean {
  return tag.definition.staleAfterMs !== null;
}
