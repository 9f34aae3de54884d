/** `POST /bales/{id}/open`: it is opened, and what was in it is in a bin, on the line or in a container again. */
import { accountName, binAccount } from '@trame/protocol/material/accounts';
import type { BaleOpenBody } from '@trame/protocol/material/bale-acts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { outletOf } from '../material/reference.ts';
import { knownOutput } from './known-output.ts';
import { moveAll, outputAccount } from './output-account.ts';

export const openBale: Decide<BaleOpenBody> = async (context, { to, reason = '' }, target) => {
  const known = await knownOutput(context, target, ['pressed', 'to-weigh', 'stock']);
  if (known.kind === 'refused') return known;
  const { output, number, line, outlet } = known.output;
  const into = to ?? binAccount(line, outlet);
  const wrong = await wrongPlace(context, into);
  if (wrong !== null) return wrong;
  const from = outputAccount(known.output);
  const moves = moveAll(from, into, await context.book.contents(from));
  return recording(
    output,
    [{ type: 'output.opened', occurredAt: context.occurredAt, payload: { output, to: into, reason, moves } }],
    { number },
  );
};

/** Back into another output it is pressed, out of the site it is shipped: neither is opening. */
async function wrongPlace({ book, reference }: ActContext, into: string): Promise<Refused | null> {
  const unknown = refused('unknown-account', `what was opened cannot be put into «${into}»`, {
    account: into,
  });
  const name = accountName(into);
  if (into.startsWith('bin:')) {
    const slash = name.indexOf('/');
    const isKnown =
      reference.lines.includes(name.slice(0, slash)) &&
      outletOf(reference, name.slice(slash + 1)) !== undefined;
    return isKnown ? null : unknown;
  }
  if (into.startsWith('line:')) return reference.lines.includes(name) ? null : unknown;
  if (into.startsWith('container:')) {
    const container = await book.container(name);
    if (container === undefined)
      return refused('unknown-container', `no container «${name}»`, { container: name });
    return container.retired === 0
      ? null
      : refused('retired', `container «${name}» is no longer in use`, { container: name });
  }
  if (into.startsWith('lot:')) {
    const lot = await book.lot(name);
    if (lot === undefined) return refused('unknown-lot', `no lot «${name}»`, { lot: name });
    return lot.status === 'open'
      ? null
      : refused('wrong-state', `lot ${name} is ${lot.status}`, { lot: name, status: lot.status });
  }
  return unknown;
}
