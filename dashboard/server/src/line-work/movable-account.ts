/** Places that people move material between by hand. */
import { accountKind, accountName } from '@trame/protocol/material/accounts';
import { usableContainer } from '../containers/usable-container.ts';
import { openLot } from '../lots/lot-places.ts';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import { outletOf } from '../material/reference.ts';
import { lineOfAccount, lineRefusal } from './known-line.ts';

/** @returns why nothing can be moved from or to it by hand; null: it can. */
export async function movableRefusal(context: ActContext, name: string): Promise<Refused | null> {
  const thing = accountName(name);
  const kind = accountKind(name);
  switch (kind) {
    case 'lot':
      return refusalOf(await openLot(context.book, thing));
    case 'container':
      return refusalOf(await usableContainer(context.book, thing));
    case 'line':
    case 'bin':
      return placeRefusal(context, name);
    case 'output':
    case 'subcontractor':
      return refused('wrong-state', `${name}: what is in ${kind}s is moved by acts of their own`, {
        account: name,
        state: kind,
      });
    default:
      return refused('unknown-account', `${name} is no place on this site`, { account: name });
  }
}

function refusalOf(found: { readonly kind: string } | Refused): Refused | null {
  return 'code' in found ? found : null;
}

function placeRefusal(context: ActContext, name: string): Refused | null {
  const line = lineOfAccount(name) ?? '';
  const wrong = lineRefusal(context, line);
  if (wrong !== null || accountKind(name) === 'line') return wrong;
  const outlet = accountName(name).slice(line.length + 1);
  return outletOf(context.reference, outlet) === undefined
    ? refused('unknown-outlet', `no outlet «${outlet}»`, { outlet })
    : null;
}
