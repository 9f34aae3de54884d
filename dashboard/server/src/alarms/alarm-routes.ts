/** `/api/v1/alarms`: as they stand, what they did, how they do, and what people do about them. */
import { AlarmJournalRow, AlarmKpi, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { ALARM_REFUSALS } from '@trame/protocol/alarms/alarm-names';
import { ALARM_BODIES, type AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import { Problem } from '@trame/protocol/dashboard-api';
import { CommandAnswer } from '@trame/protocol/health-api';
import { page } from '@trame/protocol/material/material-answers';
import { literals, nullable } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import type { CommandSender } from '../commands/command-sender.ts';
import { checkLine, type LineKnowledge } from '../http/asked-line.ts';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { strictValidator } from '../material/act-validation.ts';
import type { HeavyReads } from '../material/heavy-reads.ts';
import { PERIOD_QUERY, periodOf } from '../material/query-period.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { Clock } from '../ports/clock.ts';
import { actOnAlarm } from './alarm-act.ts';
import { KPI_DAYS_MAX } from './alarm-kpi-query.ts';
import { ALARM_STATE_FILTERS, alarmsOf, journalOf, journalRow, placeInJournal } from './alarm-repository.ts';

export interface AlarmRouteOptions extends LineKnowledge {
  readonly clock: Clock;
  readonly heavy: HeavyReads;
  /** Null: no line is asked for anything from here, by nobody. */
  readonly sender: Pick<CommandSender, 'send'> | null;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  /** Hours in which a line (null: any) was open, ms; null: nobody said when it is. */
  readonly openMs: (line: string | null, period: Interval) => Promise<number | null>;
}

/** Who works at a line sees its alarms; supervisors answer them. */
const READERS = roles('operator', 'supervisor', 'administrator');
const LEADS = roles('supervisor', 'administrator');
const NOBODY = roles();

const Line = Type.Optional(Type.String({ pattern: ID_PATTERN }));
const DAY_MS = 86_400_000;
const KPI_PERIOD_MS = 7 * DAY_MS;

export function addAlarmRoutes(app: TypedApp, options: AlarmRouteOptions): void {
  addList(app, options);
  addJournal(app, options);
  addKpi(app, options);
  for (const act of Object.keys(ALARM_BODIES) as AlarmAct[]) addAct(app, options, act);
}

function addList(app: TypedApp, options: AlarmRouteOptions): void {
  const { records } = options;
  app.get(
    '/alarms',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAlarms',
        summary: 'Declared alarms and how each stands',
        description:
          '`state=standing` (what is meant when nothing is said): those that somebody has to see, to answer or to reset; ' +
          '`all`: also normal, suppressed, shelved and out of service. The gravest first, of these what changed last. ' +
          'States by ISA-18.2-2016. All of them at once: `next` is always null.',
        tags: ['alarms'],
        querystring: Type.Object(
          { line: Line, state: Type.Optional(literals(ALARM_STATE_FILTERS)) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ rows: Type.Array(AlarmRow), next: nullable(Type.String()) }),
          '4xx': Problem,
          '5xx': Problem,
        },
      },
    },
    async ({ query }, reply) => {
      await checkLine(options, query.line);
      reply.header('cache-control', 'no-store');
      const rows = await alarmsOf(records, { line: query.line ?? null, state: query.state ?? 'standing' });
      return { rows, next: null };
    },
  );
}

function addJournal(app: TypedApp, options: AlarmRouteOptions): void {
  const { records, dayOf } = options;
  app.get(
    '/alarms/journal',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAlarmJournal',
        summary: 'Every change of an alarm, latest first',
        description:
          '`label` and `priority` are those of the time of the change. `because`: the condition came or went, a person ' +
          'did it, the design suppressed it, or a time was over; its declaration was `withdrawn`, or the ledger of its line ' +
          'began anew (`forgotten`): to `normal`, without a change of its condition. Who the person was is not told.',
        tags: ['alarms'],
        querystring: Type.Object(
          { ...PAGE_QUERY, ...PERIOD_QUERY, line: Line, alarm: Line },
          { additionalProperties: false },
        ),
        response: { 200: page(AlarmJournalRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      await checkLine(options, query.line);
      const rows = await journalOf(records, {
        ...periodOf(query, dayOf),
        line: query.line ?? null,
        alarm: query.alarm ?? null,
        after: placeOf(query.cursor),
        limit: limit + 1,
      });
      reply.header('cache-control', 'no-store');
      const { rows: shown, next } = pageOf(rows, limit, placeInJournal);
      return { rows: shown.map(journalRow), next };
    },
  );
}

function addKpi(app: TypedApp, options: AlarmRouteOptions): void {
  const { clock, dayOf, heavy, openMs } = options;
  app.get(
    '/alarms/kpi',
    {
      config: { access: LEADS },
      schema: {
        operationId: 'readAlarmKpi',
        summary: 'How the alarms do (ISA-18.2-2016, clause 16)',
        description:
          `Alarms that came up, an hour of opening (by the calendar), at most in ten minutes; by priority (targets 5/15/80 %); ` +
          'the ten that come most; those that chatter (three times or more within a minute) and those that have stood for ' +
          'more than 24 h at the end of the period; how much of it was flood. Without dates the last 7 days; at most ' +
          `${KPI_DAYS_MAX} days. The median time to acknowledge is of the line, of all its people together. What people put aside and took back did not come up.`,
        tags: ['alarms'],
        querystring: Type.Object({ ...PERIOD_QUERY, line: Line }, { additionalProperties: false }),
        response: { 200: AlarmKpi, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { fromMs, toMs } = periodOf(query, dayOf);
      const to = Math.min(toMs ?? clock.nowMs(), clock.nowMs());
      const from = fromMs ?? to - KPI_PERIOD_MS;
      if (from >= to) throw invalidRequest('/query/to', 'expected a time after from, and from in the past');
      if (to - from > KPI_DAYS_MAX * DAY_MS) {
        throw invalidRequest('/query/from', `expected at most ${KPI_DAYS_MAX} days`);
      }
      await checkLine(options, query.line);
      const line = query.line ?? null;
      const period = { from, to };
      reply.header('cache-control', 'no-store');
      return heavy.ask('alarmKpiOf', { line, period, openMs: await openMs(line, period) });
    },
  );
}

const ACT_WORDS: Readonly<Record<AlarmAct, readonly [operationId: string, summary: string]>> = {
  acknowledge: ['acknowledgeAlarm', 'An alarm was seen'],
  reset: ['resetAlarm', 'Reset a latched alarm whose condition is over'],
  shelve: ['shelveAlarm', 'Put an alarm aside for a time'],
  unshelve: ['unshelveAlarm', 'Take an alarm back before its time is over'],
  'out-of-service': ['retireAlarm', 'Take an alarm out until it is put back'],
  'in-service': ['returnAlarm', 'Put an alarm back into service'],
};

function addAct(app: TypedApp, { records, sender }: AlarmRouteOptions, act: AlarmAct): void {
  const [operationId, summary] = ACT_WORDS[act];
  app.post(
    `/alarms/:id/${act}`,
    {
      config: { access: sender === null ? NOBODY : LEADS },
      validatorCompiler: strictValidator,
      schema: {
        operationId,
        summary,
        description:
          'Answers when the line has recorded it. `occurrence` is the one that was shown: what came up again since is ' +
          'another. 409 `refused` when the line refuses, why in words as `detail` and by its own code as `params.refusal` (' +
          `${ALARM_REFUSALS.join(', ')}). 409 \`edge-silent\` when it was not heard for 6 s: nothing was sent. 504 ` +
          '`no-reply` when it does not answer within 10 s: it may have recorded ' +
          'it, and the same `Idempotency-Key` asks again without recording it twice.',
        tags: ['alarms'],
        params: Type.Object({ id: Type.String({ minLength: 3, maxLength: 127 }) }),
        headers: Type.Object({ 'idempotency-key': Type.String({ pattern: '^[A-Za-z0-9._~-]{8,128}$' }) }),
        body: ALARM_BODIES[act],
        response: { 200: CommandAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { session, params, body, headers } = request;
      if (session === null) throw new RequestProblem('not-signed-in');
      if (sender === null) throw new RequestProblem('forbidden');
      reply.header('cache-control', 'no-store');
      return actOnAlarm(records, sender, {
        id: params.id,
        act,
        body: { ...body },
        login: session.login,
        idempotencyKey: headers['idempotency-key'],
      });
    },
  );
}
