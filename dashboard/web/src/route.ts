/** The address of the page is its state: a link opens the same line, period and view again. */
import { formatAlarmsRoute, parseAlarmsRoute, type AlarmsRoute } from './alarms/alarm-route.ts';
import { DEFAULT_PERIOD, isPeriod, type Period } from './line/trend-window.ts';
import {
  formatMaterialRoute,
  isMaterialRoute,
  parseMaterialRoute,
  type MaterialRoute,
} from './material/material-route.ts';
import {
  formatSortingRoute,
  isSortingRoute,
  parseSortingRoute,
  type SortingRoute,
} from './sorting/sorting-route.ts';
import {
  formatShiftTimeRoute,
  isShiftTimeRoute,
  parseShiftTimeRoute,
  type ShiftTimeRoute,
} from './stops/shift-time-route.ts';

export const TREND_VIEWS = ['courbe', 'tableau'] as const;
export type TrendView = (typeof TREND_VIEWS)[number];

export interface LineRoute {
  readonly screen: 'line';
  readonly line: string;
  readonly period: Period;
  readonly view: TrendView;
  /** End of the period shown, ms since 1970 UTC; null follows the present. */
  readonly endMs: number | null;
  /** Device whose tags are shown. */
  readonly device: string | null;
}

export const HEALTH_ROUTE = { screen: 'health' } as const;

/** Dots per inch of a kiosk's screen: from it tiles and keys have their size in millimetres. */
export const DPI_MIN = 40;
export const DPI_MAX = 600;

export interface BaleKioskRoute {
  readonly screen: 'baleKiosk';
  /** Null: to be chosen, where there are several. */
  readonly press: string | null;
  /** Null: as the site's configuration has it. */
  readonly dpi: number | null;
}

export interface ReceptionRoute {
  readonly screen: 'reception';
  readonly dpi: number | null;
}

export const PAPER_VIEWS = ['saisie', 'feuilles'] as const;
export interface PaperRoute {
  readonly screen: 'paper';
  readonly view: (typeof PAPER_VIEWS)[number];
}

export interface RestartRoute {
  readonly screen: 'restart';
  /** Null: the line that the site's reference names. */
  readonly line: string | null;
}

export type Route =
  | { readonly screen: 'home' }
  | LineRoute
  | typeof HEALTH_ROUTE
  | BaleKioskRoute
  | ReceptionRoute
  | PaperRoute
  | RestartRoute
  | AlarmsRoute
  | ShiftTimeRoute
  | MaterialRoute
  | SortingRoute
  | { readonly screen: 'unknown' };

const HEALTH_PATH = /^\/sante\/?$/u;
const LINE_PATH = /^\/lignes\/(?<line>[^/]+)\/?$/u;

export function parseRoute(pathname: string, search: string): Route {
  if (pathname === '/' || pathname === '/lignes' || pathname === '/lignes/') return { screen: 'home' };
  if (HEALTH_PATH.test(pathname)) return HEALTH_ROUTE;
  const query = new URLSearchParams(search);
  const path = pathname.replace(/\/$/u, '');
  const work =
    parseWork(path, query) ??
    parseShiftTimeRoute(path, query) ??
    parseMaterialRoute(path, query) ??
    parseSortingRoute(path, query);
  if (work !== null) return work;
  const line = decode(LINE_PATH.exec(pathname)?.groups?.['line']);
  if (line === null) return { screen: 'unknown' };
  const period = query.get('periode');
  const end = Date.parse(query.get('fin') ?? '');
  return {
    screen: 'line',
    line,
    period: isPeriod(period) ? period : DEFAULT_PERIOD,
    view: TREND_VIEWS.find((view) => view === query.get('vue')) ?? 'courbe',
    endMs: Number.isFinite(end) ? end : null,
    device: query.get('appareil'),
  };
}

/** The screens of those who work with material. */
function parseWork(pathname: string, query: URLSearchParams): Route | null {
  switch (pathname) {
    case '/borne/balle':
      return { screen: 'baleKiosk', press: query.get('presse'), dpi: parseDpi(query.get('dpi')) };
    case '/borne/reception':
      return { screen: 'reception', dpi: parseDpi(query.get('dpi')) };
    case '/papier':
      return {
        screen: 'paper',
        view: PAPER_VIEWS.find((view) => view === query.get('vue')) ?? 'saisie',
      };
    case '/redemarrage':
      return { screen: 'restart', line: query.get('ligne') };
    case '/alarmes':
      return parseAlarmsRoute(query);
    default:
      return null;
  }
}

function parseDpi(text: string | null): number | null {
  const dpi = Number(text ?? '');
  return text !== null && dpi >= DPI_MIN && dpi <= DPI_MAX ? dpi : null;
}

/** @returns path and query; what is usual is left out. */
export function formatRoute(route: Route): string {
  if (isMaterialRoute(route)) return formatMaterialRoute(route);
  if (isShiftTimeRoute(route)) return formatShiftTimeRoute(route);
  if (isSortingRoute(route)) return formatSortingRoute(route);
  switch (route.screen) {
    case 'health':
      return '/sante';
    case 'line':
      return formatLine(route);
    case 'baleKiosk':
      return withQuery('/borne/balle', { presse: route.press, dpi: route.dpi });
    case 'reception':
      return withQuery('/borne/reception', { dpi: route.dpi });
    case 'paper':
      return withQuery('/papier', { vue: route.view === 'saisie' ? null : route.view });
    case 'alarms':
      return formatAlarmsRoute(route);
    case 'restart':
      return withQuery('/redemarrage', { ligne: route.line });
    case 'home':
    case 'unknown':
      return '/';
  }
}

function withQuery(path: string, members: Readonly<Record<string, string | number | null>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) if (value !== null) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

function formatLine(route: LineRoute): string {
  const query = new URLSearchParams();
  if (route.period !== DEFAULT_PERIOD) query.set('periode', route.period);
  if (route.view !== 'courbe') query.set('vue', route.view);
  if (route.endMs !== null) query.set('fin', new Date(route.endMs).toISOString());
  if (route.device !== null) query.set('appareil', route.device);
  const text = query.toString();
  return `/lignes/${encodeURIComponent(route.line)}${text === '' ? '' : `?${text}`}`;
}

export function lineRoute(line: string): LineRoute {
  return { screen: 'line', line, period: DEFAULT_PERIOD, view: 'courbe', endMs: null, device: null };
}

function decode(segment: string | undefined): string | null {
  if (segment === undefined) return null;
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
