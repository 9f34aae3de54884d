import { accountKind, accountName } from '@trame/protocol/material/accounts';
import { refused, type ActContext, type Refused } from '../material/decision.ts';

export function lineRefusal({ reference }: ActContext, line: string): Refused | null {
  return reference.lines.includes(line) ? null : refused('unknown-line', `no line «${line}»`, { line });
}

/** @returns the line of `line:tri-1` and of `bin:tri-1/creme`; null: the account is of no line. */
export function lineOfAccount(name: string): string | null {
  const kind = accountKind(name);
  if (kind === 'line') return accountName(name);
  if (kind !== 'bin') return null;
  const place = accountName(name);
  return place.slice(0, place.indexOf('/'));
}
