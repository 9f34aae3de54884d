/** Addresses of the screens about a line's time (stops, TRS, shift log, andon): a link opens the same line and period again. */
import { address, segment } from '../material/address.ts';

export const STOP_VIEWS = ['liste', 'pareto'] as const;
export type StopView = (typeof STOP_VIEWS)[number];
/** As the address names them, and as the server does. */
export const TRS_KINDS = { equipe: 'shift', jour: 'day' } as const;
export type TrsKind = keyof typeof TRS_KINDS;

/** A line, and days `YYYY-MM-DD` of the site, both included. */
export interface LinePeriod {
  /** Null: the one that the site's reference names. */
  readonly line: string | null;
  /** Null: as the screen has it. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface StopsRoute extends LinePeriod {
  readonly screen: 'stops';
  readonly view: StopView;
  /** Only those of this shift; null: of the days. */
  readonly shift: string | null;
}

export interface TrsRoute extends LinePeriod {
  readonly screen: 'trs';
  readonly by: TrsKind;
  /** Shift or day whose waterfall is shown; null: the whole period. */
  readonly key: string | null;
}

export interface ShiftLogRoute {
  readonly screen: 'shiftLog';
  readonly line: string | null;
  /** Null: the one that is open, else the last. */
  readonly shift: string | null;
}

export interface AndonRoute {
  readonly screen: 'andon';
  readonly line: string;
}

export type ShiftTimeRoute = StopsRoute | TrsRoute | ShiftLogRoute | AndonRoute;

export const STOPS_ROUTE: StopsRoute = {
  screen: 'stops',
  view: 'liste',
  line: null,
  from: null,
  to: null,
  shift: null,
};
export const TRS_ROUTE: TrsRoute = {
  screen: 'trs',
  by: 'equipe',
  line: null,
  from: null,
  to: null,
  key: null,
};
export const SHIFT_LOG_ROUTE: ShiftLogRoute = { screen: 'shiftLog', line: null, shift: null };

const SCREENS: Readonly<Record<ShiftTimeRoute['screen'], true>> = {
  stops: true,
  trs: true,
  shiftLog: true,
  andon: true,
};
const DAY = /^\d{4}-\d{2}-\d{2}$/u;

export function isShiftTimeRoute<R extends { readonly screen: string }>(
  route: R,
): route is R & { readonly screen: ShiftTimeRoute['screen'] } {
  return Object.hasOwn(SCREENS, route.screen);
}

/** @param pathname without a slash at its end. @returns null when it is none of these screens. */
export function parseShiftTimeRoute(pathname: string, query: URLSearchParams): ShiftTimeRoute | null {
  const line = textOf(query.get('ligne'));
  const days = { line, from: dayOf(query.get('du')), to: dayOf(query.get('au')) };
  switch (pathname) {
    case '/arrets':
      return {
        screen: 'stops',
        view: STOP_VIEWS.find((view) => view === query.get('vue')) ?? 'liste',
        ...days,
        shift: textOf(query.get('equipe')),
      };
    case '/trs':
      return {
        screen: 'trs',
        by: query.get('par') === 'jour' ? 'jour' : 'equipe',
        ...days,
        key: textOf(query.get('cle')),
      };
    case '/journal':
      return { screen: 'shiftLog', line, shift: textOf(query.get('equipe')) };
    default: {
      const [, name, id, ...more] = pathname.split('/');
      const shown = name === 'andon' && more.length === 0 ? segment(id) : null;
      return shown === null ? null : { screen: 'andon', line: shown };
    }
  }
}

/** @returns path and query; what is usual is left out. */
export function formatShiftTimeRoute(route: ShiftTimeRoute): string {
  switch (route.screen) {
    case 'stops':
      return address('/arrets', {
        vue: route.view === 'liste' ? null : route.view,
        ligne: route.line,
        du: route.from,
        au: route.to,
        equipe: route.shift,
      });
    case 'trs':
      return address('/trs', {
        par: route.by === 'equipe' ? null : route.by,
        ligne: route.line,
        du: route.from,
        au: route.to,
        cle: route.key,
      });
    case 'shiftLog':
      return address('/journal', { ligne: route.line, equipe: route.shift });
    case 'andon':
      return `/andon/${encodeURIComponent(route.line)}`;
  }
}

function textOf(text: string | null): string | null {
  return text === '' ? null : text;
}

function dayOf(text: string | null): string | null {
  return text !== null && DAY.test(text) && Number.isFinite(Date.parse(text)) ? text : null;
}
