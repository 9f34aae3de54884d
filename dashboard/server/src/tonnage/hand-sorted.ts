/** What the book says was sorted without a machine that counts: from movements into bins and outputs, and out of them. */
import { accountName } from '@trame/protocol/material/accounts';
import type { ExpressionBuilder } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';

/** Movements that follow from what machines count: they are in the tonnes already. */
export const MACHINE_TYPES = ['throughput.counted', 'ledger.opened'] as const;
/** Where material leaves the site for, and comes back from. */
const BEYOND = ['client', 'subcontractor', 'missing', 'water', 'returned'] as const;

export interface LotMass {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  readonly day: string;
  /** Source lot; null: of all together. */
  readonly lot: string | null;
  /** Less than nothing where more was put back than sorted. */
  readonly grams: number;
}

type Side = 'toAccount' | 'fromAccount';
type Where = ExpressionBuilder<Tables, 'postings'>;

/**
 * @param from `YYYY-MM-DD`; `to` is excluded.
 * @param byLot tells source lots apart.
 */
export async function handSorted(
  records: Records,
  from: string,
  to: string,
  byLot: boolean,
): Promise<LotMass[]> {
  const sites = await records.selectFrom('ledger_cursors').select('site').distinct().execute();
  const found: LotMass[] = [];
  for (const { site } of sites) {
    const period: Period = { site, from, to, byLot };
    for (const side of ['toAccount', 'fromAccount'] as const) {
      const sign = side === 'toAccount' ? 1 : -1;
      const masses = [
        ...(await outputMasses(records, period, side)),
        ...(await binMasses(records, period, side)),
      ];
      found.push(...masses.map((mass) => ({ ...mass, grams: sign * mass.grams })));
    }
  }
  return summed(found);
}

interface Period {
  readonly site: string;
  readonly from: string;
  readonly to: string;
  readonly byLot: boolean;
}

/** Under the outlet that an output is of now: what was reclassified is counted there. */
async function outputMasses(records: Records, period: Period, side: Side): Promise<LotMass[]> {
  const rows = await records
    .selectFrom('postings')
    .innerJoin('outputs', (join) =>
      join
        .onRef('outputs.site', '=', 'postings.site')
        .on((on) =>
          on(
            'outputs.output',
            '=',
            on.fn<string>('substr', [`postings.${side}`, on.val('output:'.length + 1)]),
          ),
        ),
    )
    .select(['postings.site', 'postings.day', 'outputs.line', 'outputs.outlet', 'postings.lot'])
    .select((of) => of.fn.sum<number>('postings.grams').as('grams'))
    .where((where) => isIn(where, period, side, 'output'))
    .groupBy(['postings.site', 'postings.day', 'outputs.line', 'outputs.outlet', 'postings.lot'])
    .execute();
  return rows.map((row) => ({ ...row, lot: period.byLot ? row.lot : null }));
}

async function binMasses(records: Records, period: Period, side: Side): Promise<LotMass[]> {
  const rows = await records
    .selectFrom('postings')
    .select(['postings.site', 'postings.day', `postings.${side} as bin`, 'postings.lot'])
    .select((of) => of.fn.sum<number>('postings.grams').as('grams'))
    .where((where) => isIn(where, period, side, 'bin'))
    .groupBy(['postings.site', 'postings.day', `postings.${side}`, 'postings.lot'])
    .execute();
  return rows.map(({ bin, lot, ...row }) => {
    const [line = '', outlet = ''] = accountName(bin).split('/');
    return { ...row, line, outlet, lot: period.byLot ? lot : null };
  });
}

function isIn(where: Where, { site, from, to }: Period, side: Side, kind: 'output' | 'bin') {
  const other = side === 'toAccount' ? 'fromAccount' : 'toAccount';
  return where.and([
    where('postings.site', '=', site),
    where('postings.day', '>=', from),
    where('postings.day', '<', to),
    where('postings.type', 'not in', MACHINE_TYPES),
    // Accounts of one kind lie between its colon and the sign after it.
    where(`postings.${side}`, '>', `${kind}:`),
    where(`postings.${side}`, '<', `${kind};`),
    ...BEYOND.map((beyond) => where(`postings.${other}`, 'not like', `${beyond}:%`)),
  ]);
}

function summed(masses: readonly LotMass[]): LotMass[] {
  const sums = new Map<string, LotMass>();
  for (const mass of masses) {
    const { site, line, outlet, day, lot } = mass;
    const key = JSON.stringify([site, line, outlet, day, lot]);
    sums.set(key, { ...mass, grams: mass.grams + (sums.get(key)?.grams ?? 0) });
  }
  return [...sums.values()].filter(({ grams }) => grams !== 0);
}
