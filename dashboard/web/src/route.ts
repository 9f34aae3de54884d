/** The address of the page is its state: a link opens the same line, period and view again. */
import { DEFAULT_PERIOD, isPeriod, type Period } from './line/trend-window.ts';

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

export type Route =
  | { readonly screen: 'home' }
  | LineRoute
  | typeof HEALTH_ROUTE
  | { readonly screen: 'unknown' };

const HEALTH_PATH = /^\/sante\/?$/u;
const LINE_PATH = /^\/lignes\/(?<line>[^/]+)\/?$/u;

export function parseRoute(pathname: string, search: string): Route {
  if (pathname === '/' || pathname === '/lignes' || pathname === '/lignes/') return { screen: 'home' };
  if (HEALTH_PATH.test(pathname)) return HEALTH_ROUTE;
  const line = decode(LINE_PATH.exec(pathname)?.groups?.['line']);
  if (line === null) return { screen: 'unknown' };
  const query = new URLSearchParams(search);
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

/** @returns path and query; what is usual is left out. */
export function formatRoute(route: Route): string {
  if (route.screen === 'health') return '/sante';
  if (route.screen !== 'line') return '/';
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
