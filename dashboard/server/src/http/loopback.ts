import { isIP } from 'node:net';

/** @returns whether an address or name stands for this machine alone. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  const plain = host.startsWith('::ffff:') ? host.slice('::ffff:'.length) : host;
  return isIP(plain) === 4 && plain.startsWith('127.');
}
