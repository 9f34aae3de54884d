/**
 * Whether a request comes from where the line may be set in motion: somebody who starts it stands where it can be seen.
 * Pure.
 */
import { SETTING_IN_MOTION } from '@trame/protocol/control/control-names';
import { BlockList, isIP } from 'node:net';
import { FORWARDING_HEADERS } from '../access/guard.ts';
import { isLoopback } from '../http/loopback.ts';

/** Loopback and private networks (RFC 1918, RFC 4193), and what a cable without any server gives itself. */
export const DEFAULT_CONSOLES: readonly string[] = [
  '127.0.0.0/8',
  '::1',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

export type PlaceRefusal =
  /** The client says that it is a phone. */
  | 'not-from-a-phone'
  /** It comes from another network than those of the control places, or does not say from which. */
  | 'not-from-here';

/** Where a request comes from, as the HTTP server knows it. */
export interface Origin {
  /** Of the socket. */
  readonly remoteAddress: string;
  /** The same, or what a proxy on this machine says. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** @param consoles addresses and networks, checked by {@link consoleFault}. @returns null when it may be asked from there. */
export function placeRefusal(
  command: string,
  origin: Origin,
  consoles: readonly string[],
): PlaceRefusal | null {
  if (!SETTING_IN_MOTION.some((name) => name === command)) return null;
  if (saysPhone(origin.headers)) return 'not-from-a-phone';
  const address = addressOf(origin);
  return address !== null && isWithin(address, consoles) ? null : 'not-from-here';
}

/** What browsers of phones have in common, by their makers' own convention; tablets mostly say neither. */
const PHONE = /Mobi|iPhone|iPod|Windows Phone|Opera Mini|BlackBerry/u;

function saysPhone(headers: Origin['headers']): boolean {
  const hint = textOf(headers['sec-ch-ua-mobile']);
  return hint.trim() === '?1' || PHONE.test(textOf(headers['user-agent']));
}

function textOf(header: string | readonly string[] | undefined): string {
  if (header === undefined) return '';
  return typeof header === 'string' ? header : header.join(',');
}

/**
 * A proxy on this machine says for whom it asks. What comes through any other proxy, or through one that does not say,
 * comes from nobody knows where.
 */
function addressOf({ remoteAddress, address, headers }: Origin): string | null {
  if (FORWARDING_HEADERS.every((name) => headers[name] === undefined)) return address;
  return isLoopback(remoteAddress) && headers['x-forwarded-for'] !== undefined ? address : null;
}

function isWithin(address: string, consoles: readonly string[]): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const one of consoles) {
    const [network = '', bits] = one.split('/');
    const type = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(network, type);
    else list.addSubnet(network, Number(bits), type);
  }
  return list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** Without the zone of a link-local address, and without the prefix of an IPv4 address on an IPv6 socket. */
function plainAddress(address: string): string {
  const [plain = ''] = address.split('%');
  const mapped = /^::ffff:(?<v4>\d{1,3}(?:\.\d{1,3}){3})$/iu.exec(plain)?.groups?.['v4'];
  return mapped ?? plain;
}

/** @returns what is wrong with an address or network of the configuration, or null. */
export function consoleFault(text: string): string | null {
  const [network = '', bits, ...more] = text.split('/');
  const family = isIP(network);
  const words = `«${text}» is no address or network: expected one such as 192.168.1.20 or 192.168.1.0/24`;
  if (family === 0 || more.length > 0) return words;
  if (bits === undefined) return null;
  const isNumber = /^\d{1,3}$/u.test(bits);
  return isNumber && Number(bits) >= 1 && Number(bits) <= (family === 6 ? 128 : 32) ? null : words;
}
