/** Where the site is in time: days, and the verification of its scales, end by the clock on its wall. */
import { closest } from './closest.ts';
import type { Reader } from './config-node.ts';

export const DEFAULT_TIME_ZONE = 'Europe/Paris';

/** A name of the IANA time zone database. An offset (`+01:00`) is none: it knows no summer time. */
export const timeZone: Reader<string> = (node) => {
  const written = node.scalar;
  if (typeof written === 'string' && isTimeZone(written)) return written;
  const guess = typeof written === 'string' ? closest(written, Intl.supportedValuesOf('timeZone')) : null;
  const hint = guess === null ? '' : `: did you mean ${guess}?`;
  return node.fail(`expected the name of a time zone such as ${DEFAULT_TIME_ZONE}, got ${node.shown}${hint}`);
};

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/u.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
