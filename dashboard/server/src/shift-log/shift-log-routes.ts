/** `GET /api/v1/shift-log` and `GET /api/v1/andon`. Signing is an act: `shifts/sign-shift.ts`. */
import { Problem } from '@trame/protocol/dashboard-api';
import type { LiveLine } from '@trame/protocol/live-state';
import { Andon, ShiftLog } from '@trame/protocol/stops/stop-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import { knownLine, type TrsRouteOptions } from '../trs/trs-routes.ts';
import { binsOf } from './bins-of-line.ts';

export interface ShiftLogRouteOptions extends TrsRouteOptions {
  /** @returns the opaque reference of an account. */
  readonly actorRefOf: (login: string) => Promise<string>;
  /** Null: the line is not in the live picture. */
  readonly lineOf: (line: string) => LiveLine | null;
}

const Id = Type.String({ pattern: ID_PATTERN });

export function addShiftLogRoutes(app: TypedApp, options: ShiftLogRouteOptions): void {
  addLog(app, options);
  addAndon(app, options);
}

function addLog(app: TypedApp, options: ShiftLogRouteOptions): void {
  app.get(
    '/shift-log',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'readShiftLog',
        summary: 'The log of a shift, filled in from what was recorded',
        description:
          'Without `shift` the one that is open on the line, else its last; of a line without any, today. Rates and ' +
          'masses of a shift at which fewer than four people were counted are null. `signatures`: who left and who arrived, ' +
          'each once, as it was said last; `mine` tells the asker’s own, nobody else’s name is told.',
        tags: ['shifts'],
        querystring: Type.Object({ line: Id, shift: Type.Optional(Id) }, { additionalProperties: false }),
        response: { 200: ShiftLog, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query, session }, reply) => {
      if (session === null) throw new RequestProblem('not-signed-in');
      const { line, shift = null } = query;
      const log = await options.heavy.ask('shiftLogOf', {
        ...(await knownLine(options, line)),
        shift,
        asker: await options.actorRefOf(session.login),
        rules: options.timeRules(),
      });
      if (log === null) throw new RequestProblem('unknown-shift');
      reply.header('cache-control', 'no-store');
      return log;
    },
  );
}

function addAndon(app: TypedApp, options: ShiftLogRouteOptions): void {
  app.get(
    '/andon',
    {
      config: { access: roles('operator', 'supervisor', 'administrator') },
      schema: {
        operationId: 'readAndon',
        summary: 'What a screen at five metres shows of a line',
        description:
          'Targets are null unless `targets.andon` is configured. Figures of the day are of the hours in which four people ' +
          'or more were counted; none is told while fewer are there. `state` is `unknown` while the line’s edge is away.',
        tags: ['shifts'],
        querystring: Type.Object({ line: Id }, { additionalProperties: false }),
        response: { 200: Andon, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query: { line } }, reply): Promise<Andon> => {
      const known = await knownLine(options, line);
      const rules = options.timeRules();
      const said = await options.heavy.ask('andonOf', { ...known, rules }, whileAsked(reply));
      const live = options.lineOf(line);
      const isAway = live?.state === 'offline';
      reply.header('cache-control', 'no-store');
      return {
        line,
        at: rules.nowMs,
        ...said,
        ...(isAway ? { state: 'unknown', stateSince: live.since } : {}),
        bins: live === null ? [] : binsOf(live),
      };
    },
  );
}
