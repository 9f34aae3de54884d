/** When and of what bin outputs were made. */
import { accountName, binAccount } from '@trame/protocol/material/accounts';
import type { OutputReclassified, OutputRepressed } from '@trame/protocol/material/output-events';
import { sql } from 'kysely';
import { outputAccount } from '../bales/bale-repository.ts';
import type { OutputTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';

export interface OutputMaking {
  readonly output: OutputTable;
  /** Outlet of whose bin it was made: it may have got another since. */
  readonly bin: string;
  /** When it was out of its press, ms since 1970 UTC; null: it is not yet. */
  readonly madeAt: number | null;
  /** `YYYY-MM`, local. */
  readonly month: string;
  /** What it was pressed of; none: of its bin. */
  readonly parents: readonly OutputPart[];
}

/** What another output, that was opened, gave. */
export interface OutputPart {
  readonly output: string;
  readonly grams: number;
}

const MADE_TYPES: readonly string[] = ['output.pressed', 'output.weighed'];
/** Outputs among which the one before is looked for. */
const BEFORE_MAX = 100;
/** Outputs that are looked for in one; what more were opened into its bin is not known. */
const OPENED_MAX = 100;

export async function makingOf(records: Records, output: OutputTable): Promise<OutputMaking> {
  const [making] = await makingsOf(records, output.site, [output]);
  if (making === undefined) throw new Error(`no making of ${output.output}`);
  return making;
}

/**
 * @returns when the output before of the same bin was made: what fell into it since is in this one; null: there was none. One that
 * never was is none: what it held lay in the bin. One that was opened since is one all the same ({@link openedInto}).
 */
export async function madeBefore(
  records: Records,
  { output, bin, madeAt }: OutputMaking,
): Promise<number | null> {
  const { site, line, number, startedAt } = output;
  const upTo = madeAt ?? Number.MAX_SAFE_INTEGER;
  const rows = await records
    .selectFrom('outputs')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('output', '!=', output.output)
    .where('status', '!=', 'voided')
    .where('startedAt', '<=', Math.max(startedAt, madeAt ?? startedAt))
    .where((where) =>
      where.or([
        where('outlet', '=', bin),
        where.exists(
          where
            .selectFrom('journal')
            .select(sql`1`.as('one'))
            .whereRef('journal.site', '=', 'outputs.site')
            .where('journal.about', '=', sql<string>`'output:' || ${sql.ref('outputs.output')}`)
            .where('journal.type', '=', 'output.reclassified'),
        ),
      ]),
    )
    .orderBy('startedAt', 'desc')
    .orderBy('number', 'desc')
    .limit(BEFORE_MAX)
    .execute();
  const times = (await makingsOf(records, site, rows)).flatMap((other) =>
    other.madeAt !== null &&
    other.bin === bin &&
    other.parents.length === 0 &&
    (other.madeAt < upTo || (other.madeAt === upTo && other.output.number < number))
      ? [other.madeAt]
      : [],
  );
  return times.length === 0 ? null : Math.max(...times);
}

/** @param after null: since ever. @returns outputs that were opened into its bin since then until it was made. */
export async function openedInto(
  records: Records,
  { output, bin, madeAt }: OutputMaking,
  after: number | null,
): Promise<readonly OutputPart[]> {
  const rows = await records
    .selectFrom('postings')
    .select('fromAccount')
    .select((of) => of.fn.sum<number>('grams').as('grams'))
    .where('site', '=', output.site)
    .where('toAccount', '=', binAccount(output.line, bin))
    .where('type', '=', 'output.opened')
    .$if(after !== null, (select) => select.where('at', '>', after ?? 0))
    .$if(madeAt !== null, (select) => select.where('at', '<=', madeAt ?? 0))
    .groupBy('fromAccount')
    .orderBy('fromAccount')
    .limit(OPENED_MAX)
    .execute();
  return rows.map(partOf);
}

/** In their order. */
async function makingsOf(
  records: Records,
  site: string,
  outputs: readonly OutputTable[],
): Promise<OutputMaking[]> {
  if (outputs.length === 0) return [];
  const told = await records
    .selectFrom('journal')
    .leftJoin('ledger_events', (join) =>
      join
        .onRef('ledger_events.site', '=', 'journal.site')
        .onRef('ledger_events.line', '=', 'journal.line')
        .onRef('ledger_events.epoch', '=', 'journal.epoch')
        .onRef('ledger_events.seq', '=', 'journal.seq'),
    )
    .select(['journal.event', 'journal.about', 'journal.type', 'journal.at', 'journal.day'])
    .select('ledger_events.payload')
    .where('journal.site', '=', site)
    .where('journal.about', 'in', outputs.map(outputAccount))
    .where('journal.type', 'in', [...MADE_TYPES, 'output.reclassified', 'output.repressed'])
    .orderBy('journal.at')
    .orderBy('journal.recordedAt')
    .orderBy('journal.seq')
    .execute();
  const makings: OutputMaking[] = [];
  for (const output of outputs) {
    const own = told.filter(({ about }) => about === outputAccount(output));
    const made = own.find(({ type }) => MADE_TYPES.includes(type));
    const renamed = own.find(({ type }) => type === 'output.reclassified')?.payload ?? null;
    const pressed = own.find(
      ({ type, payload }) =>
        type === 'output.repressed' &&
        payload !== null &&
        (JSON.parse(payload) as OutputRepressed).into === output.output,
    );
    makings.push({
      output,
      bin: renamed === null ? output.outlet : (JSON.parse(renamed) as OutputReclassified).from,
      madeAt: made?.at ?? null,
      month: (made?.day ?? output.day).slice(0, 7),
      parents: pressed === undefined ? [] : await parentsOf(records, output, pressed.event),
    });
  }
  return makings;
}

/** What went into it, by what the book moved. */
async function parentsOf(
  records: Records,
  output: OutputTable,
  event: string,
): Promise<OutputMaking['parents']> {
  const rows = await records
    .selectFrom('postings')
    .select('fromAccount')
    .select((of) => of.fn.sum<number>('grams').as('grams'))
    .where('site', '=', output.site)
    .where('event', '=', event)
    .where('toAccount', '=', outputAccount(output))
    .groupBy('fromAccount')
    .orderBy('fromAccount')
    .execute();
  return rows.map(partOf);
}

function partOf({
  fromAccount,
  grams,
}: {
  readonly fromAccount: string;
  readonly grams: number;
}): OutputPart {
  return { output: accountName(fromAccount), grams };
}
