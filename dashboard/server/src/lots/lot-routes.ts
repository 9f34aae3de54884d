/** `GET /api/v1/lots`: what was received. */
import { account, accountKind } from '@trame/protocol/material/accounts';
import { LotAnswer, LotRow, page } from '@trame/protocol/material/material-answers';
import { Problem } from '@trame/protocol/dashboard-api';
import { literals } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { attachmentsOf, journalOf } from '../material/journal-repository.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { PERIOD_QUERY, periodOf } from '../material/query-period.ts';
import type { LotTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';
import { communeGrams, type CommuneOfLot } from './commune-grams.ts';
import { LOT_STATES, lotOf, lotsOf, shown } from './lot-repository.ts';

const Id = Type.String({ pattern: ID_PATTERN });

export function addLotRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, dayOf } = options;
  app.get(
    '/lots',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listLots',
        summary: 'Lots, latest first',
        description:
          '`waiting=true`: what is not on the line yet, and lots whose weight is still to come. `collector=unknown`: ' +
          'lots without a known origin. The status follows from the book: a lot is `used` when nothing of it waits.',
        tags: ['lots'],
        querystring: Type.Object(
          {
            ...PAGE_QUERY,
            ...PERIOD_QUERY,
            status: Type.Optional(literals(LOT_STATES)),
            collector: Type.Optional(Id),
            waiting: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        response: { 200: page(LotRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const rows = await lotsOf(records, {
        site: await siteOf(options),
        ...periodOf(query, dayOf),
        status: query.status ?? null,
        collector: query.collector ?? null,
        waiting: query.waiting ?? false,
        after: placeOf(query.cursor),
        limit: limit + 1,
      });
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ at, id }) => ({ at, id }));
    },
  );

  app.get(
    '/lots/:lot',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readLot',
        summary: 'A lot: where its kilograms are, its communes, documents and journal',
        tags: ['lots'],
        params: Type.Object({ lot: Id }),
        response: { 200: LotAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<LotAnswer> => {
      const site = await siteOf(options);
      const found = await lotOf(records, site, params.lot);
      if (found === undefined)
        throw new RequestProblem('not-found', { detail: `There is no lot ${params.lot}` });
      const about = account('lot', found.lot);
      const [lot] = await shown(records, site, [found]);
      if (lot === undefined) throw new Error(`lot ${found.lot} was read and cannot be shown`);
      reply.header('cache-control', 'no-store');
      return {
        lot,
        communes: communesOf(found),
        attachments: await attachmentsOf(records, site, about),
        whereabouts: await whereabouts(records, site, found.lot),
        journal: await journalOf(records, site, about),
      };
    },
  );
}

function communesOf(lot: LotTable): LotAnswer['communes'] {
  const communes = JSON.parse(lot.communes) as CommuneOfLot[];
  const grams = communeGrams(communes, (lot.receivedGrams ?? 0) - lot.refusedGrams);
  return communes.map((commune, index) => ({
    ...commune,
    grams: grams[index] ?? 0,
    estimated: lot.allocation !== 'weighed-apart',
  }));
}

/**
 * What came in under the lot's own name is followed wherever it is. A lot that was made of others (split, merged,
 * brought back) is only known by what still bears its name: past that its kilograms are those of its source lots.
 */
async function whereabouts(records: Records, site: string, lot: string): Promise<LotAnswer['whereabouts']> {
  const own = await records
    .selectFrom('holdings')
    .select(['account', 'grams'])
    .where('site', '=', site)
    .where('lot', '=', lot)
    .orderBy('account')
    .execute();
  const places = own.filter(({ account: name }) => accountKind(name) !== 'collector');
  if (own.length > 0) return places.map(({ account: name, grams }) => ({ account: name, grams }));
  const rows = await records
    .selectFrom('holdings')
    .select((select) => ['account', select.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where('account', '=', account('lot', lot))
    .groupBy('account')
    .execute();
  return rows;
}
