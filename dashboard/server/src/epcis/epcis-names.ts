/**
 * What things are called outside: addresses of one's own domain, or of GS1 where a label carries an SSCC. A GS1 company
 * prefix is licensed, so nothing but labels with a configured prefix uses `id.gs1.org`.
 */
import { accountKind, accountName } from '@trame/protocol/material/accounts';

/** Prefix of Trame's own members in EPCIS documents; its address is in `@context`. */
export const NAMESPACE = 'trame';

export interface Naming {
  readonly site: string;
  /** `https://…`, without a slash at the end. */
  readonly ownDomain: string;
  /** Label of an output; null: none, or not by GS1. */
  readonly ssccOf: (output: string) => string | null;
}

export function uri({ ownDomain, site }: Naming, kind: string, name: string): string {
  return `${ownDomain}/id/${site}/${kind}/${name}`;
}

/** GS1 Digital Link of a logistic unit (AI 00), or one's own address. */
export function outputUri(naming: Naming, output: string): string {
  const sscc = naming.ssccOf(output);
  return sscc === null ? uri(naming, 'output', output) : `https://id.gs1.org/00/${sscc}`;
}

export function eventUri(naming: Naming, event: string, part = ''): string {
  return uri(naming, 'event', part === '' ? event : `${event}-${part}`);
}

/** Class of what lies in one lot, or of what is sorted into one outlet: a quantity in kg of it. */
export function classUri(naming: Naming, kind: 'lot' | 'fraction', name: string): string {
  return uri(naming, kind, name);
}

/** Own business step: EPCIS takes any address that is not GS1's. */
export function stepUri({ ownDomain }: Naming, step: string): string {
  return `${ownDomain}/ns/bizStep/${step}`;
}

export function partyUri(naming: Naming, account: string): string {
  return uri(naming, accountKind(account), accountName(account));
}
