/** `GET /api/v1/stock`: what lies where, against the ceilings of the permit. */
import { Problem } from '@trame/protocol/dashboard-api';
import { StockAnswer } from '@trame/protocol/material/material-answers';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, type MaterialReadOptions } from '../material/material-reads.ts';
import { DEFAULT_KG_PER_M3 } from '../material/reference.ts';
import { addCountRoutes } from './count-routes.ts';
import { stockAnswer } from './stock-answer.ts';
import { stockFacts } from './stock-repository.ts';

const NO_CEILING = { zones: [], siteCeiling: { grams: null, litres: null, kgPerM3: DEFAULT_KG_PER_M3 } };

export function addStockRoutes(app: TypedApp, options: MaterialReadOptions): void {
  addCountRoutes(app, options);
  const { records, clock, reference } = options;
  app.get(
    '/stock',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readStock',
        summary: 'Stock by zone in grams and litres, with ceilings',
        description:
          'Litres by the volume of containers that state one, else by the density of the zone; null when neither is ' +
          'known. What stands in no zone, or in one without a density, takes room in the sum of the site by the ' +
          `density of \`siteCeiling\`, ${DEFAULT_KG_PER_M3} kg/m³ when it states none. \`level\` is \`warn\` from 80 % of ` +
          'the nearer ceiling, `over` from 100 %. Outputs that wait for a scale are counted (`toWeigh`) and weigh ' +
          'nothing yet, unless they were pressed from others: then what those held.',
        tags: ['stock'],
        response: { 200: StockAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (_request, reply): Promise<StockAnswer> => {
      const known = await reference();
      const site = known?.site ?? '';
      reply.header('cache-control', 'no-store');
      return stockAnswer(known ?? NO_CEILING, await stockFacts(records, site), clock.nowMs());
    },
  );
}
