/** OpenAPI document and its page; all files come from this server, so it works without internet. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Problem } from '@trame/protocol/dashboard-api';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { OPEN, type Access } from '../access/guard.ts';

/** Its scripts set styles on their own elements; everything else is as strict as the page. */
const DOCUMENTATION_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Before the routes: it listens to them being added. */
export async function addDocumentation(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    transform: ({ schema, url, route }) => ({ schema: documented(schema, route.config?.access), url }),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Trame',
        version,
        description:
          'Dashboard of a used-textile sorting line. Times are ms since 1970 UTC; days are cut in the ' +
          "site's zone; errors are RFC 9457 problem documents with a stable `code`.",
      },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'trame_session' } },
      },
    },
  });
}

const PROBLEM_RESPONSE = {
  description: 'What went wrong (RFC 9457)',
  content: { 'application/problem+json': { schema: Problem } },
};

/** Says of each operation who may call it and how it fails: the same everywhere, so no route repeats it. */
function documented(schema: FastifySchema, access: Access | undefined): FastifySchema {
  if (schema.hide === true) return schema;
  const own = typeof schema.response === 'object' && schema.response !== null ? schema.response : {};
  return {
    ...schema,
    security: securityOf(access),
    response: { ...own, '4xx': PROBLEM_RESPONSE, '5xx': PROBLEM_RESPONSE },
  };
}

function securityOf(access: Access | undefined): Record<string, string[]>[] {
  if (access?.kind === 'open') return [];
  // An empty requirement: a program on this machine needs no session.
  return access?.kind === 'loopback-or-roles' ? [{ session: [] }, {}] : [{ session: [] }];
}

/** After the routes. */
export async function addDocumentationPage(app: FastifyInstance): Promise<void> {
  app.get('/api/openapi.json', { config: { access: OPEN }, schema: { hide: true } }, () => app.swagger());
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: OPEN };
    });
    await scope.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: DOCUMENTATION_POLICY });
  });
}
