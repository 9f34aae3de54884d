/** For whoever watches the server: is it alive, and how is it doing. */
import { Health } from '@trame/protocol/dashboard-api';
import { Type } from 'typebox';
import { OPEN } from '../access/guard.ts';
import type { TypedApp } from './typed-app.ts';

export interface HealthRouteOptions {
  readonly health: () => Health;
  /** Prometheus text and its content type. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

export function addHealthRoutes(app: TypedApp, options: HealthRouteOptions): void {
  app.get(
    '/healthz',
    {
      config: { access: OPEN },
      schema: {
        operationId: 'readHealth',
        summary: 'Health',
        tags: ['operation'],
        response: { 200: Health },
      },
    },
    (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return options.health();
    },
  );
  app.get(
    '/metrics',
    {
      config: { access: { kind: 'loopback-or-roles', roles: ['administrator'] } },
      schema: {
        operationId: 'readMetrics',
        summary: 'Metrics for Prometheus; this machine, or administrators',
        tags: ['operation'],
        produces: ['text/plain'],
        response: { 200: Type.String({ description: 'Prometheus text' }) },
      },
    },
    async (_request, reply) => {
      const { type, text } = await options.metrics();
      return reply.type(type).header('cache-control', 'no-store').send(text);
    },
  );
}
