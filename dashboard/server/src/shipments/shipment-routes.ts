/** `GET /api/v1/shipments`: what goes out, to clients and subcontractors. */
import { Problem } from '@trame/protocol/dashboard-api';
import { page, ShipmentAnswer, ShipmentRow } from '@trame/protocol/material/material-answers';
import { SHIPMENT_STATUSES } from '@trame/protocol/material/material-names';
import { literals } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { attachmentsOf, journalOf } from '../material/journal-repository.ts';
import { MaterialBook } from '../material/material-book.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { PERIOD_QUERY, periodOf } from '../material/query-period.ts';
import { balesOfShipment, shipmentRows, shipmentsOf } from './shipment-repository.ts';

const Id = Type.String({ pattern: ID_PATTERN });

export function addShipmentRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, dayOf } = options;
  app.get(
    '/shipments',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listShipments',
        summary: 'Shipments, latest opened first',
        tags: ['shipments'],
        querystring: Type.Object(
          {
            ...PAGE_QUERY,
            ...PERIOD_QUERY,
            status: Type.Optional(literals(SHIPMENT_STATUSES)),
            partner: Type.Optional(Id),
          },
          { additionalProperties: false },
        ),
        response: { 200: page(ShipmentRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const rows = await shipmentsOf(records, {
        site: await siteOf(options),
        ...periodOf(query, dayOf),
        status: query.status ?? null,
        partner: query.partner ?? null,
        after: placeOf(query.cursor),
        limit: limit + 1,
      });
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ openedAt, id }) => ({ at: openedAt, id }));
    },
  );

  app.get(
    '/shipments/:shipment',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readShipment',
        summary: 'A shipment: its outputs, documents and journal',
        tags: ['shipments'],
        params: Type.Object({ shipment: Id }),
        response: { 200: ShipmentAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<ShipmentAnswer> => {
      const site = await siteOf(options);
      const found = await new MaterialBook(records, site).shipment(params.shipment);
      const [shipment] = found === undefined ? [] : await shipmentRows(records, site, [found]);
      if (shipment === undefined) {
        throw new RequestProblem('not-found', { detail: `There is no shipment ${params.shipment}` });
      }
      const about = `shipment:${shipment.id}`;
      reply.header('cache-control', 'no-store');
      return {
        shipment,
        bales: await balesOfShipment(records, site, shipment.id),
        attachments: await attachmentsOf(records, site, about),
        journal: await journalOf(records, site, about),
      };
    },
  );
}
