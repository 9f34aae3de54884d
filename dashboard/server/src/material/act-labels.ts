/** Prints what a recorded act says is printed. It never fails the act: a label that does not come is a warning. */
import { OutputLabelled } from '@trame/protocol/material/output-events';
import { Value } from 'typebox/value';
import { baleRow } from '../bales/bale-repository.ts';
import { baleLabelFacts } from '../labels/bale-label-facts.ts';
import { labelJob } from '../labels/label-job.ts';
import type { Printers } from '../labels/printers.ts';
import type { Records } from '../records/open-records.ts';
import type { Recorded } from './act-recording.ts';
import { MaterialBook } from './material-book.ts';
import type { Reference } from './reference.ts';

export const NOT_PRINTED = 'not-printed';

export interface LabelPrinting {
  readonly records: Records;
  readonly printers: Pick<Printers, 'submit' | 'states'>;
  readonly timeZone: string;
}

interface Wanted {
  /** Of the event: the same wish to print has the same job. */
  readonly id: string;
  readonly output: string;
  readonly printer: string;
  readonly reprint: boolean;
}

/** @returns warnings. */
export async function printLabels(
  printing: LabelPrinting,
  { decided, answer }: Recorded,
  reference: Reference,
): Promise<readonly string[]> {
  const book = new MaterialBook(printing.records, reference.site);
  let isMissing = false;
  for (const wanted of await labelsOf(printing.records, decided, answer.events)) {
    isMissing = !(await print(printing, wanted, book, reference)) || isMissing;
  }
  return isMissing ? [NOT_PRINTED] : [];
}

/** As the ledger has them: an act that is answered after a restart prints too. */
async function labelsOf(
  records: Records,
  { site, line }: Recorded['decided'],
  events: readonly string[],
): Promise<Wanted[]> {
  if (events.length === 0) return [];
  const rows = await records
    .selectFrom('ledger_events')
    .select(['id', 'payload'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('id', 'in', [...events])
    .where('type', '=', 'output.labelled')
    .execute();
  const wanted = new Map<string, Wanted>();
  for (const { id, payload } of rows) {
    const said: unknown = payload === null ? null : JSON.parse(payload);
    if (!Value.Check(OutputLabelled, said) || said.printer === null || said.how === 'bound') continue;
    wanted.set(id, { id, output: said.output, printer: said.printer, reprint: said.how === 'reprinted' });
  }
  return [...wanted.values()];
}

/** @returns whether the label is on its way to a printer that was heard last time. */
async function print(
  { printers, timeZone }: LabelPrinting,
  { id, output, printer, reprint }: Wanted,
  book: MaterialBook,
  reference: Reference,
): Promise<boolean> {
  const row = await book.output(output);
  if (row === undefined) return false;
  const lineName = reference.lines.length > 1 ? row.line : null;
  const facts = baleLabelFacts({
    bale: baleRow(row),
    reference,
    siteName: reference.site,
    lineName,
    timeZone,
    reprint,
  });
  const submitted = printers.submit(printer, await labelJob(id, facts));
  if (submitted?.kind !== 'queued' && submitted?.kind !== 'already-queued') return false;
  return printers.states().find((state) => state.id === printer)?.lastFailure === null;
}
