/** `GET /api/v1/epcis/events`: what happened to material, in the words of GS1 EPCIS 2.0. */
import { Problem } from '@trame/protocol/dashboard-api';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { timeOfQuery } from '../history/query-time.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Reference } from '../material/reference.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
import { epcisDocument, EpcisDocument } from './epcis-document.ts';
import { epcisEvents } from './epcis-event.ts';
import { toldEvents } from './told-events.ts';
import { zoneOffsetOf } from './zone-offset.ts';

const LIMIT_MAX = 500;
const LIMIT_DEFAULT = 100;
const Time = Type.String({ maxLength: 40, description: 'ISO 8601 or ms since 1970 UTC' });

export interface EpcisRouteOptions {
  readonly records: Records;
  /** Null: nobody said whose ledger keeps the book. */
  readonly reference: () => Promise<Reference | null>;
  readonly timeZone: string;
  readonly clock: Clock;
}

export function addEpcisRoutes(
  app: TypedApp,
  { records, reference, timeZone, clock }: EpcisRouteOptions,
): void {
  const zoneOffset = zoneOffsetOf(timeZone);
  app.get(
    '/epcis/events',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'listEpcisEvents',
        summary: 'An EPCIS 2.0 document of what happened to material',
        description:
          'In the order in which it was recorded. The header `Link` with rel="next" leads to the next page, and is ' +
          'not there at the end. A correction repeats the event before with an `errorDeclaration`. Addresses are of ' +
          'the own domain; `id.gs1.org` only for labels with an SSCC of the configured prefix.',
        tags: ['material'],
        querystring: Type.Object(
          {
            from: Type.Optional(Time),
            to: Type.Optional(Time),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX })),
            cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: EpcisDocument, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { from, to, limit = LIMIT_DEFAULT, cursor = '0' } = request.query;
      const nowMs = clock.nowMs();
      const fromMs = timeOfQuery('/querystring/from', from) ?? 0;
      const toMs = timeOfQuery('/querystring/to', to) ?? Number.MAX_SAFE_INTEGER;
      if (toMs <= fromMs) throw invalidRequest('/querystring/to', 'expected a time after from');
      const known = await reference();
      if (known === null) throw new RequestProblem('no-book-keeper');
      const { site, bookKeeper, ownDomain, demo, gs1 } = known;
      const page = await toldEvents(
        records,
        { site, line: bookKeeper },
        { after: Number(cursor), limit, fromMs, toMs },
      );
      const ssccOf = (output: string): string | null => {
        const code = gs1 === null ? undefined : page.codes.get(output);
        return code !== undefined && /^\d{18}$/u.test(code) ? code : null;
      };
      const naming = { site, ownDomain, ssccOf };
      const events = page.told.flatMap((told) => epcisEvents(told, naming, zoneOffset));
      reply.header('cache-control', 'no-store');
      if (page.next !== null) {
        const query = new URLSearchParams({ limit: String(limit), cursor: String(page.next) });
        if (from !== undefined) query.set('from', from);
        if (to !== undefined) query.set('to', to);
        reply.header('link', `<${request.routeOptions.url ?? ''}?${query.toString()}>; rel="next"`);
      }
      return epcisDocument(events, { ownDomain, nowMs, demo });
    },
  );
}
