/** The output that an act is about, in a state in which that can be. */
import type { OutputStatus } from '@trame/protocol/material/material-names';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import { notYetThere } from '../material/act-times.ts';
import type { OutputTable } from '../material/material-tables.ts';

export interface KnownOutput {
  readonly kind: 'output';
  readonly output: OutputTable;
}

/** @param statuses in which the act can be. */
export async function knownOutput(
  { book, occurredAt }: ActContext,
  id: string,
  statuses: readonly OutputStatus[],
): Promise<KnownOutput | Refused> {
  const output = await book.output(id);
  if (output === undefined) return refused('unknown-output', `no output «${id}»`, { output: id });
  if (!statuses.some((status) => status === output.status)) return wrongState(output);
  return notYetThere(occurredAt, id, output.startedAt) ?? { kind: 'output', output };
}

/** @returns `already-shipped` for what has left the site, `wrong-state` for all else; says what can be done instead. */
export function wrongState({ output, number, status, shipment }: OutputTable): Refused {
  const params = { output, number, state: status, ...(shipment === null ? {} : { shipment }) };
  if (status === 'shipped') {
    return refused(
      'already-shipped',
      `${output} left with shipment ${shipment ?? '?'}: return it, or correct its weight`,
      params,
    );
  }
  if (status === 'loaded') {
    return refused(
      'wrong-state',
      `${output} is loaded on shipment ${shipment ?? '?'}: unload it first`,
      params,
    );
  }
  if (status === 'missing')
    return refused('wrong-state', `${output} is missing: say first that it was found`, params);
  return refused('wrong-state', `${output} is ${status}`, params);
}
