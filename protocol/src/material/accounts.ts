/**
 * Where material is, or where it came from and went: the accounts of a double-entry book in whole grams. Every
 * movement takes from one account and gives to another, so all accounts together are always zero: in = out + stock +
 * water + difference.
 */
import { ID_PATTERN } from '../topics.ts';

/** Places that hold material on the site. */
export const HELD_KINDS = ['lot', 'container', 'bin', 'line', 'output', 'subcontractor'] as const;
/** What lies beyond the site's scales: material comes from there, or ends there. */
export const OUTER_KINDS = ['collector', 'client', 'returned', 'water', 'missing', 'difference'] as const;
export type HeldKind = (typeof HELD_KINDS)[number];
export type OuterKind = (typeof OUTER_KINDS)[number];
export type AccountKind = HeldKind | OuterKind;

const NAME = ID_PATTERN.slice(1, -1);
/**
 * `lot:L118`, `container:C-017`, `bin:tri-1/wipers`, `line:tri-1`, `output:B1042`, `subcontractor:essuyage-76`;
 * `collector:emmaus` (`collector:unknown`), `client:frip-nord`, `returned:emmaus`, `water:site`, `missing:site`,
 * `difference:tri-1` (or of a zone: `difference:zone-a`).
 */
export const ACCOUNT_PATTERN = `^(?:lot|container|line|output|subcontractor|collector|client|returned|water|missing|difference):${NAME}$|^bin:${NAME}/${NAME}$`;

/** Who brought it is not known: counted in the stock, in no declaration. */
export const UNKNOWN_COLLECTOR = 'unknown';
/** Source of what was weighed out without ever having been weighed in. */
export const UNKNOWN_LOT = 'unknown';

export function account(kind: Exclude<AccountKind, 'bin'>, name: string): string {
  return `${kind}:${name}`;
}

export function binAccount(line: string, outlet: string): string {
  return `bin:${line}/${outlet}`;
}

/** @throws when it is no account. */
export function accountKind(name: string): AccountKind {
  const kind = name.slice(0, name.indexOf(':'));
  const known = [...HELD_KINDS, ...OUTER_KINDS].find((one) => one === kind);
  if (known === undefined) throw new Error(`«${name}» is no account`);
  return known;
}

/** @returns `L118` of `lot:L118`, `tri-1/wipers` of a bin. */
export function accountName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

export function isHeld(name: string): boolean {
  return HELD_KINDS.some((kind) => name.startsWith(`${kind}:`));
}
