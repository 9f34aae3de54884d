/** What the exception codes of «MODBUS Application Protocol» 1.1b3 §7 mean for whoever asked. */

const MEANINGS: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target does not respond',
};
/** Refusals that a shorter or other span of addresses may not meet. */
const ADDRESS_EXCEPTIONS = [2, 3];
/** The device is there but has no time: the values keep their age. */
const BUSY_EXCEPTIONS = [5, 6];
/** A gateway speaks for a unit that does not. */
const GATEWAY_EXCEPTIONS = [10, 11];

export function meaningOf(code: number): string {
  return MEANINGS[code] ?? 'unknown exception';
}

export function concernOf(code: number): 'addresses' | 'time' | 'gateway' | 'request' {
  if (ADDRESS_EXCEPTIONS.includes(code)) return 'addresses';
  if (BUSY_EXCEPTIONS.includes(code)) return 'time';
  return GATEWAY_EXCEPTIONS.includes(code) ? 'gateway' : 'request';
}
