/** What follows from an approval: the line's edge is told. It never fails the act: the page shows what the line follows. */
import { ProgrammeStepped } from '@trame/protocol/sort-programmes/programme-events';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { Value } from 'typebox/value';
import type { Recorded } from '../material/act-recording.ts';
import type { Log } from '../ports/log.ts';
import type { CarryOutcome, ProgrammeCarrier } from '../ports/programme-carrier.ts';
import type { Records } from '../records/open-records.ts';
import { ProgrammeBook } from './programme-book.ts';

/** The line did not answer: it is told again when it is heard again. */
export const LINE_NOT_TOLD = 'line-not-told';
/** The line says no, and follows what it followed before: it is not told again until somebody approves it again. */
export const LINE_REFUSED = 'line-refused';

export interface CarryOptions {
  readonly records: Records;
  /** Null: nobody tells lines. */
  readonly carrier: ProgrammeCarrier | null;
  readonly log: Pick<Log, 'warn'>;
}

interface Approved {
  readonly stepped: ProgrammeStepped;
  /** Id of it in the ledger. */
  readonly event: string;
}

/** @returns warnings. */
export async function carryApproved(
  options: CarryOptions,
  { decided, answer }: Recorded,
): Promise<readonly string[]> {
  const approved = await approvedIn(options.records, decided, answer.events);
  if (approved === null) return [];
  const { line, programme, version, hash } = approved.stepped;
  const to = { site: decided.site, line };
  const outcome = await carry(options, to, approved);
  if (outcome.kind === 'taken' || outcome.kind === 'not-needed') return [];
  options.log.warn(
    { line, programme, version, hash, outcome },
    'a line was not told which programme to follow',
  );
  return [outcome.kind === 'refused' ? LINE_REFUSED : LINE_NOT_TOLD];
}

async function carry(
  { records, carrier }: CarryOptions,
  to: { readonly site: string; readonly line: string },
  { stepped: { programme, version, hash }, event }: Approved,
): Promise<CarryOutcome> {
  const book = new ProgrammeBook(records, to.site);
  if (carrier === null) {
    // A line that never says what it follows has nothing to be told.
    const says = (await book.allFollowed()).some(({ line }) => line === to.line);
    return says ? { kind: 'no-reply' } : { kind: 'not-needed' };
  }
  const saved = await book.version(programme, version);
  if (saved === undefined || saved.hash !== hash) {
    return { kind: 'refused', code: 'unknown-programme', detail: 'it is not in the records' };
  }
  return carrier.send(to, JSON.parse(saved.body) as SortProgramme, hash, event);
}

/** As the ledger has it: an act that is answered after a restart tells the line too. */
async function approvedIn(
  records: Records,
  { site, line }: Recorded['decided'],
  events: readonly string[],
): Promise<Approved | null> {
  if (events.length === 0) return null;
  const rows = await records
    .selectFrom('ledger_events')
    .select(['id', 'payload'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('id', 'in', [...events])
    .where('type', '=', 'programme.stepped')
    .execute();
  for (const { id, payload } of rows) {
    const said: unknown = payload === null ? null : JSON.parse(payload);
    if (Value.Check(ProgrammeStepped, said) && said.step === 'approved') {
      return { stepped: said, event: id };
    }
  }
  return null;
}
