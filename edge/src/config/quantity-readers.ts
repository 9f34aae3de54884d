/** Readers of quantities that are written with their unit: `64MB`, `50g`; and of calendar dates. */
import type { Reader } from './config-node.ts';

const SIZE = /^(?<amount>\d+(?:\.\d+)?) ?(?<unit>k|M|G|Ki|Mi|Gi)B$/u;
const BYTES_PER: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** `512kB 64MB 2GB`, or `64MiB` in powers of two → bytes. */
export function byteSize(minBytes: number, maxBytes: number): Reader<number> {
  return (node) => {
    const written = node.scalar;
    if (typeof written === 'number')
      return node.fail(`expected a size with its unit, got ${written}: write ${written}MB`);
    const groups = typeof written === 'string' ? SIZE.exec(written)?.groups : undefined;
    const factor = BYTES_PER[groups?.['unit'] ?? ''];
    if (factor === undefined)
      return node.fail(`expected a size such as 512kB, 64MB or 2GB, got ${node.shown}`);
    const bytes = Math.round(Number(groups?.['amount']) * factor);
    if (bytes >= minBytes && bytes <= maxBytes) return bytes;
    return node.fail(`expected a size from ${spell(minBytes)} to ${spell(maxBytes)}, got ${node.shown}`);
  };
}

function spell(bytes: number): string {
  if (bytes >= 1e9) return `${bytes / 1e9}GB`;
  return bytes >= 1e6 ? `${bytes / 1e6}MB` : `${bytes / 1e3}kB`;
}

const MASS = /^(?<amount>\d+(?:\.\d+)?) ?(?<unit>g|kg|t)$/u;
const GRAMS_PER: Readonly<Record<string, number>> = { g: 1, kg: 1e3, t: 1e6 };
/** 0.05 kg is a little more than 50 g in binary. */
const ROUNDING = 1e-6;

/** `50g 1.5kg 30t` → whole grams, at least 1. */
export function massGrams(maxGrams: number): Reader<number> {
  return (node) => {
    const written = node.scalar;
    if (typeof written === 'number')
      return node.fail(`expected a mass with its unit, got ${written}: write ${written}kg or ${written}g`);
    const groups = typeof written === 'string' ? MASS.exec(written)?.groups : undefined;
    const factor = GRAMS_PER[groups?.['unit'] ?? ''];
    if (factor === undefined)
      return node.fail(`expected a mass such as 50g, 1.5kg or 30t, got ${node.shown}`);
    const exact = Number(groups?.['amount']) * factor;
    const grams = Math.round(exact);
    if (Math.abs(exact - grams) > ROUNDING) return node.fail(`expected whole grams, got ${node.shown}`);
    if (grams >= 1 && grams <= maxGrams) return grams;
    return node.fail(`expected a mass from 1g to ${maxGrams / 1e3}kg, got ${node.shown}`);
  };
}

const DATE = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/u;

/** `2027-03-01`, a day that the calendar has. */
export const calendarDate: Reader<string> = (node) => {
  const written = node.scalar;
  const groups = typeof written === 'string' ? DATE.exec(written)?.groups : undefined;
  if (typeof written !== 'string' || groups === undefined) {
    return node.fail(`expected a date such as 2027-03-01, got ${node.shown}`);
  }
  const midnightMs = Date.parse(`${written}T00:00:00Z`);
  const exists = !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(written);
  return exists ? written : node.fail(`the calendar has no ${written}`);
};
