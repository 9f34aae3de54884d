/** What the records know of the numbers of one life of one instrument. */
import type { ExpressionBuilder, Transaction } from 'kysely';
import type { Tables } from '../records/tables.ts';
import type { WeighingTable } from './ledger-tables.ts';
import type { MissedRun, NumberRange, Weighed } from './missed-run.ts';

export type Instrument = Pick<WeighingTable, 'site' | 'line' | 'scale' | 'serial' | 'alibiEpoch'>;
export type CountedInstrument = Instrument & Pick<WeighingTable, 'countLife'>;

/** A run as a row: its id is the event's. */
export interface RunRow extends MissedRun {
  readonly id: string;
}

export function isOf(where: ExpressionBuilder<Tables, 'weighings'>, instrument: Instrument) {
  const { site, line, scale, serial, alibiEpoch } = instrument;
  return where.and([
    where('site', '=', site),
    where('line', '=', line),
    where('scale', '=', scale),
    where('alibiEpoch', '=', alibiEpoch),
    serial === null ? where('serial', 'is', null) : where('serial', '=', serial),
  ]);
}

/** @returns the first weighings of their numbers in the range: how many, and their weight. */
export async function weighedIn(
  transaction: Transaction<Tables>,
  instrument: CountedInstrument,
  { from, to }: NumberRange,
): Promise<Weighed> {
  const { count, grams } = await transaction
    .selectFrom('weighings')
    .select((select) => [
      select.fn.countAll<number>().as('count'),
      select.fn.sum<number>('netGrams').as('grams'),
    ])
    .where((where) => isOf(where, instrument))
    .where('countLife', '=', instrument.countLife)
    .where('kind', '=', 'recorded')
    .where('contradicts', 'is', null)
    .where('number', '>=', from)
    .where('number', '<=', to)
    .executeTakeFirstOrThrow();
  return { count, grams: grams ?? 0 };
}

/** @returns runs that share a number with the range. */
export async function runsAcross(
  transaction: Transaction<Tables>,
  instrument: CountedInstrument,
  { from, to }: NumberRange,
): Promise<readonly RunRow[]> {
  const rows = await transaction
    .selectFrom('weighings')
    .select(['id', 'number', 'toNumber', 'missing', 'netGrams'])
    .where((where) => isOf(where, instrument))
    .where('countLife', '=', instrument.countLife)
    .where('kind', '=', 'missed')
    .where('number', '<=', to)
    .where('toNumber', '>=', from)
    .orderBy('number')
    .orderBy('toNumber')
    .execute();
  return rows.map(({ id, number, toNumber, missing, netGrams }) => ({
    id,
    from: number ?? 0,
    to: toNumber ?? 0,
    missing: missing ?? 0,
    netGrams,
  }));
}

/**
 * @param others runs but the one that is asked for.
 * @returns the range without the numbers at its ends that are told of elsewhere. It must hold one that is not.
 */
export async function trimmed(
  transaction: Transaction<Tables>,
  instrument: CountedInstrument,
  { from, to }: NumberRange,
  others: readonly NumberRange[],
): Promise<NumberRange> {
  const inner = others.filter((run) => run.from >= from && run.to <= to);
  return {
    from: await untold(transaction, instrument, from, 1, inner),
    to: await untold(transaction, instrument, to, -1, inner),
  };
}

/** @returns the next number, up or down, that was neither recorded nor stands in one of the runs. */
async function untold(
  transaction: Transaction<Tables>,
  instrument: CountedInstrument,
  start: number,
  step: 1 | -1,
  runs: readonly NumberRange[],
): Promise<number> {
  for (let number = start; ;) {
    const within = runs.find((run) => run.from <= number && run.to >= number);
    const told =
      within === undefined
        ? await endOfRecorded(transaction, instrument, number, step)
        : step === 1
          ? within.to
          : within.from;
    if (told === null) return number;
    number = told + step;
  }
}

/** @returns how far weighings follow one another from this number, or null: it was not recorded. */
async function endOfRecorded(
  transaction: Transaction<Tables>,
  instrument: CountedInstrument,
  start: number,
  step: 1 | -1,
): Promise<number | null> {
  const recorded = transaction
    .selectFrom('weighings')
    .where((where) => isOf(where, instrument))
    .where('countLife', '=', instrument.countLife)
    .where('kind', '=', 'recorded')
    .where('contradicts', 'is', null);
  const here = await recorded.select('number').where('number', '=', start).executeTakeFirst();
  if (here === undefined) return null;
  const end = await recorded
    .select('number')
    .where('number', step === 1 ? '>=' : '<=', start)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('weighings as next')
            .select('next.id')
            .whereRef('next.site', '=', 'weighings.site')
            .whereRef('next.line', '=', 'weighings.line')
            .whereRef('next.scale', '=', 'weighings.scale')
            .whereRef('next.alibiEpoch', '=', 'weighings.alibiEpoch')
            .where((same) =>
              same.or([
                same('next.serial', '=', same.ref('weighings.serial')),
                same.and([same('next.serial', 'is', null), same('weighings.serial', 'is', null)]),
              ]),
            )
            .whereRef('next.countLife', '=', 'weighings.countLife')
            .where('next.kind', '=', 'recorded')
            .where('next.contradicts', 'is', null)
            .where((same) => same('next.number', '=', same('weighings.number', '+', step))),
        ),
      ),
    )
    .orderBy('number', step === 1 ? 'asc' : 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return end.number;
}
