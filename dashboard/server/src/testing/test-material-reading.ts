/** The addresses that read material, over real records, asked as somebody of a role: for tests. */
import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Role } from '@trame/protocol/dashboard-api';
import fastify from 'fastify';
import { addGuard } from '../access/guard.ts';
import type { SaidCompositions } from '../classification/fraction-query.ts';
import { addEpcisRoutes } from '../epcis/epcis-routes.ts';
import { addErrorHandlers } from '../http/error-handlers.ts';
import { askDirectly, type HeavyReads } from '../material/heavy-reads.ts';
import { addMaterialReadRoutes } from '../material/material-read-routes.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { keepingLog } from './keeping-log.ts';
import { MaterialSite, materialSite } from './test-material-site.ts';
import { TEST_REFERENCE } from './material-reference.ts';
import { movableClock } from './movable-clock.ts';
import type { FreshRecords } from './records-engines.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';

export interface ReadAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Header that leads to the next page; null: none. */
  readonly link: string | null;
}

export interface MaterialReading extends AsyncDisposable {
  readonly site: MaterialSite;
  ask(path: string, role?: Role | null): Promise<ReadAnswer>;
  /** @throws when it is not answered with 200. */
  read<T>(path: string, role?: Role): Promise<T>;
}

/** Large questions are asked of the records directly: the thread that asks them has a test of its own. */
function direct(site: MaterialSite): HeavyReads {
  return {
    ask: (name, asked) => askDirectly(site.records, name, asked),
    close: () => Promise.resolve(),
  };
}

/** @param fresh records of an engine; left out: embedded ones. @param said what outlets are said to be made of. */
export async function materialReading(
  fresh?: FreshRecords,
  said: SaidCompositions = {},
): Promise<MaterialReading> {
  const site =
    fresh === undefined
      ? await materialSite()
      : new MaterialSite(fresh.records, TEST_REFERENCE, async () => {
          await fresh[Symbol.asyncDispose]();
        });
  const app = fastify({
    logger: false,
    ajv: { customOptions: { removeAdditional: false, allErrors: true, coerceTypes: true } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  addErrorHandlers(app, keepingLog());
  await app.register(cookie);
  addGuard(app, {
    findSession: (role) =>
      Promise.resolve({
        tokenHash: '',
        login: role,
        role: role as Role,
        actorRef: null,
        expiresAt: TEST_NOW_MS * 2,
      }),
  });
  addMaterialReadRoutes(app, {
    records: site.records,
    clock: movableClock(TEST_NOW_MS),
    dayOf: localDayIn('Europe/Paris'),
    reference: () => Promise.resolve(site.reference),
    heavy: direct(site),
    saidCompositions: () => said,
  });
  addEpcisRoutes(app, {
    records: site.records,
    reference: () => Promise.resolve(site.reference),
    timeZone: 'Europe/Paris',
    clock: movableClock(TEST_NOW_MS),
  });
  await app.ready();
  const ask = async (path: string, role: Role | null = 'supervisor'): Promise<ReadAnswer> => {
    const headers = role === null ? {} : { cookie: `trame_session=${role}` };
    const response = await app.inject({ method: 'GET', url: path, headers });
    const { link } = response.headers;
    return {
      status: response.statusCode,
      body: response.json(),
      link: link === undefined ? null : String(link),
    };
  };
  return {
    site,
    ask,
    read: async <T>(path: string, role?: Role) => {
      const { status, body } = await ask(path, role);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await site[Symbol.asyncDispose]();
    },
  };
}
