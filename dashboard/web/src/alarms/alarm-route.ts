/** Address of the screen «Alarmes»: a link opens the same list, filter and period again. */
import type { AlarmPriority } from '@trame/protocol/alarms/alarm-names';
import { address } from '../material/address.ts';

export const ALARM_VIEWS = ['actives', 'toutes', 'journal', 'indicateurs'] as const;
export type AlarmView = (typeof ALARM_VIEWS)[number];
/** What of the standing alarms is shown. */
export const ALARM_FILTERS = ['a-acquitter', 'reportees', 'hors-service'] as const;
export type AlarmFilter = (typeof ALARM_FILTERS)[number];

export interface AlarmsRoute {
  readonly screen: 'alarms';
  readonly view: AlarmView;
  readonly line: string | null;
  readonly priority: AlarmPriority | null;
  readonly filter: AlarmFilter | null;
  /** Of the journal: only this alarm. */
  readonly alarm: string | null;
  /** Days `YYYY-MM-DD` of the site, both included; null: as the server has it. */
  readonly from: string | null;
  readonly to: string | null;
}

export const ALARMS_ROUTE: AlarmsRoute = {
  screen: 'alarms',
  view: 'actives',
  line: null,
  priority: null,
  filter: null,
  alarm: null,
  from: null,
  to: null,
};

const DAY = /^\d{4}-\d{2}-\d{2}$/u;
const PRIORITIES: readonly AlarmPriority[] = [1, 2, 3];

export function parseAlarmsRoute(query: URLSearchParams): AlarmsRoute {
  return {
    screen: 'alarms',
    view: ALARM_VIEWS.find((view) => view === query.get('vue')) ?? 'actives',
    line: textOf(query.get('ligne')),
    priority: PRIORITIES.find((priority) => String(priority) === query.get('priorite')) ?? null,
    filter: ALARM_FILTERS.find((filter) => filter === query.get('etat')) ?? null,
    alarm: textOf(query.get('alarme')),
    from: dayOf(query.get('du')),
    to: dayOf(query.get('au')),
  };
}

/** @returns path and query; what is usual is left out. */
export function formatAlarmsRoute(route: AlarmsRoute): string {
  return address('/alarmes', {
    vue: route.view === 'actives' ? null : route.view,
    ligne: route.line,
    priorite: route.priority,
    etat: route.filter,
    alarme: route.alarm,
    du: route.from,
    au: route.to,
  });
}

function textOf(text: string | null): string | null {
  return text === '' ? null : text;
}

function dayOf(text: string | null): string | null {
  return text !== null && DAY.test(text) && Number.isFinite(Date.parse(text)) ? text : null;
}
