/** What the exception codes of «MODBUS Application Protocol» 1.1b3 §7 mean for whoever asked. */

const MEANINGS: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  7: 'negative acknowledge',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target does not respond',
};
export const ILLEGAL_FUNCTION = 1;
/** Refusals that a shorter or other span of addresses may not meet. */
const ADDRESS_EXCEPTIONS = [2, 3];
/** The device is there but has no time: the values keep their age. */
const BUSY_EXCEPTIONS = [5, 6];
/** A gateway speaks for a unit that does not. */
const GATEWAY_EXCEPTIONS = [10, 11];

/** Exceptions before anything was done: illegal request, device busy, no way to the unit. */
const NOTHING_DONE_EXCEPTIONS = [1, 2, 3, 6, 7, 10];

export function meaningOf(code: number): string {
  return MEANINGS[code] ?? 'unknown exception';
}

export function concernOf(code: number): 'addresses' | 'time' | 'gateway' | 'request' {
  if (ADDRESS_EXCEPTIONS.includes(code)) return 'addresses';
  if (BUSY_EXCEPTIONS.includes(code)) return 'time';
  return GATEWAY_EXCEPTIONS.includes(code) ? 'gateway' : 'request';
}

/** @returns whether a unit that answers a write with this exception may have changed something all the same. */
export function mayHaveActed(code: number): boolean {
  return !NOTHING_DONE_EXCEPTIONS.includes(code);
}
