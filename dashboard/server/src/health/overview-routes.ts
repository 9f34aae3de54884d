/** `GET /api/v1/health`: whether everything that happened has arrived, and what stands in the way. */
import { Problem } from '@trame/protocol/dashboard-api';
import { HealthOverview } from '@trame/protocol/health-api';
import { roles } from '../access/guard.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { healthOverview, type HealthSources } from './health-overview.ts';

export function addOverviewRoutes(app: TypedApp, sources: HealthSources): void {
  app.get(
    '/health',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'readHealthOverview',
        summary: 'Ledgers of all lines, their edges, and the server',
        tags: ['operation'],
        response: { 200: HealthOverview, '4xx': Problem, '5xx': Problem },
      },
    },
    (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return healthOverview(sources);
    },
  );
}
