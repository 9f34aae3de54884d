/** The HTTP application: what is served, to whom, and how it fails. */
import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { addGuard, type GuardOptions } from './access/guard.ts';
import { addSessionRoutes, type SessionRouteOptions } from './access/session-routes.ts';
import { addAlarmRoutes, type AlarmRouteOptions } from './alarms/alarm-routes.ts';
import { addCommandRoutes, type CommandRouteOptions } from './commands/command-routes.ts';
import { addEpcisRoutes } from './epcis/epcis-routes.ts';
import type { HealthSources } from './health/health-overview.ts';
import { addOverviewRoutes } from './health/overview-routes.ts';
import { addHistoryRoutes, type HistoryRouteOptions } from './history/history-routes.ts';
import { addDocumentation, addDocumentationPage } from './http/documentation.ts';
import { addErrorHandlers } from './http/error-handlers.ts';
import { addHealthRoutes, type HealthRouteOptions } from './http/health-routes.ts';
import { addPageFiles } from './http/page-files.ts';
import { problemBody, sendProblem } from './http/problem.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import type { TypedApp } from './http/typed-app.ts';
import { addItemRoutes, type ItemRouteOptions } from './items/item-routes.ts';
import { addLabelRoutes, type LabelRouteOptions } from './labels/label-routes.ts';
import { addLedgerRoutes, type LedgerRouteOptions } from './ledger/ledger-routes.ts';
import { addLineRoutes } from './lines/line-routes.ts';
import { addLiveRoutes, type LiveRouteOptions } from './live/live-routes.ts';
import type { LivePicture } from './live/picture.ts';
import type { SaidCompositions } from './classification/fraction-query.ts';
import { addActRoutes } from './material/act-routes.ts';
import { addDocumentRoutes } from './material/document-routes.ts';
import type { DocumentStore } from './material/document-store.ts';
import type { MaterialDesk } from './material/material-desk.ts';
import { addMaterialReadRoutes } from './material/material-read-routes.ts';
import type { HeavyReads } from './material/heavy-reads.ts';
import { addReferenceRoutes } from './material/reference-routes.ts';
import type { Reference } from './material/reference.ts';
import type { Log } from './ports/log.ts';
import type { Records } from './records/open-records.ts';
import { addShiftLogRoutes } from './shift-log/shift-log-routes.ts';
import { addProgrammeRoutes } from './sort-programmes/programme-routes.ts';
import { addStopRoutes } from './stops/stop-routes.ts';
import { addTonnageRoutes, type TonnageRouteOptions } from './tonnage/tonnage-routes.ts';
import { addTrsRoutes, type TrsRouteOptions } from './trs/trs-routes.ts';
import { addWeighingRoutes } from './weighings/weighing-routes.ts';

export interface AppOptions {
  readonly guard: GuardOptions;
  readonly session: SessionRouteOptions;
  readonly live: LiveRouteOptions;
  readonly history: HistoryRouteOptions;
  readonly tonnage: TonnageRouteOptions;
  readonly health: HealthRouteOptions;
  readonly records: Records;
  readonly ledger: LedgerRouteOptions;
  readonly commands: CommandRouteOptions;
  readonly items: ItemRouteOptions;
  readonly alarms: Pick<AlarmRouteOptions, 'sender' | 'openMs'>;
  readonly stops: Pick<TrsRouteOptions, 'timeRules' | 'targetsOf' | 'disposalOf'>;
  readonly overview: HealthSources;
  readonly material: {
    /** Null: nothing is recorded from here. */
    readonly desk: Pick<MaterialDesk, 'act'> | null;
    readonly documents: DocumentStore;
    /** Pixels an inch of the kiosks' screens; null: not stated. */
    readonly kioskDpi: number | null;
    /** Null: nobody said whose ledger keeps the book. */
    readonly reference: () => Promise<Reference | null>;
  };
  readonly labels: LabelRouteOptions;
  readonly heavy: HeavyReads;
  /** What outlets are said to be made of. */
  readonly saidCompositions: () => SaidCompositions;
  readonly picture: LivePicture;
  readonly webDir: string;
  readonly version: string;
  readonly log: Log;
}

/** Largest body that is read; uploads will have limits of their own. */
const BODY_BYTES_MAX = 64 * 1024;
/** A request whose head and body take longer is given up. */
const REQUEST_TIMEOUT_MS = 30_000;

/** @returns the application, ready to listen or to be asked in a test. @throws when a route states no access. */
export async function buildApp(options: AppOptions): Promise<TypedApp> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A proxy on this machine says who asks and whether by HTTPS; from elsewhere those headers are hearsay.
    trustProxy: 'loopback',
    // An open live stream must not hold up a stop.
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, allErrors: true, coerceTypes: true } },
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply, 'invalid-request');
    },
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(problemBody('invalid-request'));
      const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nConnection: close`;
      if (socket.writable) socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Answers are typed by their schemas where they are made; a second, looser reading of them adds nothing.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  // JSON is the only body there is; the parser for plain text comes with the framework.
  app.removeContentTypeParser('text/plain');
  addErrorHandlers(app, options.log);
  addSecurityHeaders(app);
  await app.register(cookie);
  addGuard(app, options.guard);
  await addDocumentation(app, options.version);
  addHealthRoutes(app, options.health);
  await app.register(
    async (api: TypedApp) => {
      const { picture } = options;
      const lineOf = (line: string) => (Object.hasOwn(picture.state.lines, line) ? picture.line(line) : null);
      await addSessionRoutes(api, options.session);
      addLineRoutes(api, options.picture);
      addLiveRoutes(api, options.live);
      addHistoryRoutes(api, options.history);
      addTonnageRoutes(api, options.tonnage);
      addWeighingRoutes(api, options.records, options.tonnage.clock);
      addLedgerRoutes(api, options.ledger);
      addCommandRoutes(api, options.commands);
      addItemRoutes(api, options.items);
      addAlarmRoutes(api, {
        ...options.alarms,
        records: options.records,
        clock: options.tonnage.clock,
        dayOf: options.tonnage.dayOf,
        heavy: options.heavy,
        reference: options.material.reference,
      });
      const time: TrsRouteOptions = {
        ...options.stops,
        records: options.records,
        clock: options.tonnage.clock,
        dayOf: options.tonnage.dayOf,
        heavy: options.heavy,
        reference: options.material.reference,
      };
      addStopRoutes(api, time);
      addTrsRoutes(api, time);
      addShiftLogRoutes(api, { ...time, actorRefOf: options.ledger.actorRefOf, lineOf });
      addOverviewRoutes(api, options.overview);
      addReferenceRoutes(api, {
        reference: options.material.reference,
        kioskDpi: options.material.kioskDpi,
        lineOf,
      });
      addActRoutes(api, options.material.desk);
      await addDocumentRoutes(api, options.material.documents);
      addEpcisRoutes(api, {
        records: options.records,
        reference: options.material.reference,
        timeZone: options.session.timeZone,
        clock: options.session.clock,
      });
      addLabelRoutes(api, options.labels);
      addProgrammeRoutes(api, { ...time, actorRefOf: options.ledger.actorRefOf });
      addMaterialReadRoutes(api, { ...time, saidCompositions: options.saidCompositions });
    },
    { prefix: '/api/v1' },
  );
  await addDocumentationPage(app);
  await addPageFiles(app, options.webDir);
  app.addHook('preClose', (done) => {
    options.live.hub.close();
    done();
  });
  await app.ready();
  return app;
}
