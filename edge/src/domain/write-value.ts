/** From what a person wants a tag to be to what its device has to be given. */
import type { TagType, TagValue } from '@trame/protocol/tag';
import { fitsType } from './fits-type.ts';
import { isScaled, type Scaling } from './scale-value.ts';
import { WRITE_WORDS } from './write-words.ts';

export type RawToWrite =
  /** Of its type: 64-bit integers as bigint, a float32 rounded to it. */
  { readonly kind: 'raw'; readonly raw: TagValue } | { readonly kind: 'refused'; readonly reason: string };

/**
 * raw = (value − offset) / scale, the reverse of {@link scaleValue}.
 *
 * What would arrive as another value is refused: a number outside `range` or outside the type, a step that an integer does
 * not have, text for a number. A float is rounded to its precision, as any float is.
 * @param type what the device holds.
 */
export function rawToWrite(value: TagValue, type: TagType, scaling: Scaling): RawToWrite {
  if (typeof value === 'number' && !Number.isFinite(value)) return refused(WRITE_WORDS.notANumber());
  if (type === 'bool' || type === 'string') {
    return fitsType(value, type) ? { kind: 'raw', raw: value } : wrongKind(value, type);
  }
  if (typeof value === 'boolean' || typeof value === 'string') return wrongKind(value, type);
  const outside = outsideRange(value, scaling);
  if (outside !== null) return refused(outside);
  return type === 'float32' || type === 'float64'
    ? toFloat(value, type, scaling)
    : toInteger(value, type, scaling);
}

/** @returns why a value is refused whatever the device holds; null when it is inside, or no number. */
export function outsideRange(value: TagValue, { range }: Pick<Scaling, 'range'>): string | null {
  if (range === null || typeof value === 'boolean' || typeof value === 'string') return null;
  if (value >= range[0] && value <= range[1]) return null;
  return WRITE_WORDS.outOfRange(shown(value), shown(range[0]), shown(range[1]));
}

/** @returns whether what was read is what was written. Zero has one value, whatever its sign. */
export function readsAsWritten(raw: TagValue, read: TagValue | null): boolean {
  return raw === read;
}

function toFloat(value: number | bigint, type: 'float32' | 'float64', scaling: Scaling): RawToWrite {
  const exact = unscaled(Number(value), scaling);
  const raw = type === 'float32' ? Math.fround(exact) : exact;
  const isLost = raw === 0 && exact !== 0;
  if (!fitsType(raw, type) || isLost || !isExact(value, raw, scaling)) {
    return refused(WRITE_WORDS.doesNotFit(shown(value), type));
  }
  return { kind: 'raw', raw };
}

/** An integer past the precision of a float would lose its last digits. */
function isExact(value: number | bigint, raw: number, scaling: Scaling): boolean {
  return typeof value !== 'bigint' || isScaled(scaling) || BigInt(raw) === value;
}

/** What division makes of 0.3 / 0.1 is a little less than 3. */
const ROUNDING = 1e-6;

function toInteger(
  value: number | bigint,
  type: Exclude<TagType, 'bool' | 'string'>,
  scaling: Scaling,
): RawToWrite {
  const isLong = type === 'int64' || type === 'uint64';
  if (typeof value === 'bigint' && !isScaled(scaling)) {
    if (!fitsType(value, type)) return refused(WRITE_WORDS.doesNotFit(shown(value), type));
    return { kind: 'raw', raw: isLong ? value : Number(value) };
  }
  const exact = unscaled(Number(value), scaling);
  // Without the sign that rounding leaves on zero.
  const whole = Math.round(exact) + 0;
  if (Math.abs(exact - whole) > ROUNDING) {
    return refused(WRITE_WORDS.notRepresentable(shown(value), shown(Math.abs(scaling.scale))));
  }
  // Past this a double stands for several integers: which one was meant, nobody knows.
  if (!Number.isSafeInteger(whole) || !fitsType(whole, type)) {
    return refused(WRITE_WORDS.doesNotFit(shown(value), type));
  }
  return { kind: 'raw', raw: isLong ? BigInt(whole) : whole };
}

function unscaled(value: number, { scale, offset }: Scaling): number {
  return (value - offset) / scale;
}

const SHOWN_CHARACTERS = 40;

/** @returns a value as a French reader writes it. */
export function shown(value: TagValue): string {
  if (typeof value === 'string') return `« ${value.slice(0, SHOWN_CHARACTERS)} »`;
  if (typeof value === 'boolean') return value ? 'vrai' : 'faux';
  return String(value).replace('.', ',');
}

function wrongKind(value: TagValue, type: TagType): RawToWrite {
  return refused(WRITE_WORDS.wrongKind(shown(value), type));
}

function refused(reason: string): RawToWrite {
  return { kind: 'refused', reason };
}
