/** Addresses of the screens about what pieces are and where they go: a link opens the same view and filter again. */
import { address, segment } from '../material/address.ts';

export const PROGRAMME_VIEWS = ['tableau', 'editeur', 'differences', 'essai', 'versions'] as const;
export type ProgrammeView = (typeof PROGRAMME_VIEWS)[number];

export interface ProgrammesRoute {
  readonly screen: 'programmes';
}

export interface ProgrammeRoute {
  readonly screen: 'programme';
  /** Null: a new one. */
  readonly id: string | null;
  /** Null: the last. */
  readonly version: number | null;
  readonly view: ProgrammeView;
  /** A new one begins with this example; null: with nothing. */
  readonly example: string | null;
}

/** Says where a piece goes: for hands and tables, and for learning. */
export interface SortingAidRoute {
  readonly screen: 'sortingAid';
  /** Null: the one that the site's reference names. */
  readonly line: string | null;
}

export interface PiecesRoute {
  readonly screen: 'pieces';
  readonly line: string | null;
  readonly outlet: string | null;
  readonly reading: string | null;
}

export interface PieceRoute {
  readonly screen: 'piece';
  readonly line: string;
  readonly id: string;
}

export const FRACTION_VIEWS = ['barres', 'tableau'] as const;

export interface FractionsRoute {
  readonly screen: 'fractions';
  readonly line: string | null;
  /** `YYYY-MM`; null: this one. */
  readonly month: string | null;
  readonly view: (typeof FRACTION_VIEWS)[number];
}

export const AUDIT_MARGINS = [1, 2, 5] as const;
const MARGIN_USUAL = 2;

export interface AuditsRoute {
  readonly screen: 'audits';
  readonly line: string | null;
  readonly month: string | null;
  /** Of the plan: how near the sample is to bring the rate, points. */
  readonly margin: (typeof AUDIT_MARGINS)[number];
}

export type SortingRoute =
  | ProgrammesRoute
  | ProgrammeRoute
  | SortingAidRoute
  | PiecesRoute
  | PieceRoute
  | FractionsRoute
  | AuditsRoute;

export const PROGRAMMES_ROUTE: ProgrammesRoute = { screen: 'programmes' };

const SCREENS: Readonly<Record<SortingRoute['screen'], true>> = {
  programmes: true,
  programme: true,
  sortingAid: true,
  pieces: true,
  piece: true,
  fractions: true,
  audits: true,
};
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/u;
const VERSION = /^[1-9]\d{0,6}$/u;
/** In place of a programme's id, which has two letters at least: none is called so. */
const NEW = '+';

export function isSortingRoute<R extends { readonly screen: string }>(
  route: R,
): route is R & { readonly screen: SortingRoute['screen'] } {
  return Object.hasOwn(SCREENS, route.screen);
}

export function programmeRoute(
  id: string | null,
  rest: Partial<Omit<ProgrammeRoute, 'screen' | 'id'>> = {},
): ProgrammeRoute {
  return { screen: 'programme', id, version: null, view: 'tableau', example: null, ...rest };
}

export function fractionsRoute(line: string | null, month: string | null = null): FractionsRoute {
  return { screen: 'fractions', line, month, view: 'barres' };
}

export function auditsRoute(line: string | null, month: string | null = null): AuditsRoute {
  return { screen: 'audits', line, month, margin: MARGIN_USUAL };
}

/** @param pathname without a slash at its end. @returns null when it is none of these screens. */
export function parseSortingRoute(pathname: string, query: URLSearchParams): SortingRoute | null {
  const line = textOf(query.get('ligne'));
  const month = monthOf(query.get('mois'));
  switch (pathname) {
    case '/programmes':
      return PROGRAMMES_ROUTE;
    case '/aide-au-tri':
      return { screen: 'sortingAid', line };
    case '/pieces':
      return {
        screen: 'pieces',
        line,
        outlet: textOf(query.get('debouche')),
        reading: textOf(query.get('lecture')),
      };
    case '/fractions':
      return {
        screen: 'fractions',
        line,
        month,
        view: FRACTION_VIEWS.find((view) => view === query.get('vue')) ?? 'barres',
      };
    case '/audits':
      return {
        screen: 'audits',
        line,
        month,
        margin: AUDIT_MARGINS.find((margin) => String(margin) === query.get('marge')) ?? MARGIN_USUAL,
      };
    default:
      return parseOne(pathname, query);
  }
}

function parseOne(pathname: string, query: URLSearchParams): SortingRoute | null {
  const [, name, first, second, ...more] = pathname.split('/');
  const id = segment(first);
  if (id === null || more.length > 0) return null;
  if (name === 'programmes' && second === undefined) {
    const version = query.get('version');
    return programmeRoute(id === NEW ? null : id, {
      version: version !== null && VERSION.test(version) ? Number(version) : null,
      view: PROGRAMME_VIEWS.find((view) => view === query.get('vue')) ?? 'tableau',
      example: textOf(query.get('exemple')),
    });
  }
  const piece = segment(second);
  return name === 'pieces' && piece !== null ? { screen: 'piece', line: id, id: piece } : null;
}

/** @returns path and query; what is usual is left out. */
export function formatSortingRoute(route: SortingRoute): string {
  switch (route.screen) {
    case 'programmes':
      return '/programmes';
    case 'programme':
      return address(`/programmes/${encodeURIComponent(route.id ?? NEW)}`, {
        version: route.version === null ? null : String(route.version),
        vue: route.view === 'tableau' ? null : route.view,
        exemple: route.example,
      });
    case 'sortingAid':
      return address('/aide-au-tri', { ligne: route.line });
    case 'pieces':
      return address('/pieces', { ligne: route.line, debouche: route.outlet, lecture: route.reading });
    case 'piece':
      return `/pieces/${encodeURIComponent(route.line)}/${encodeURIComponent(route.id)}`;
    case 'fractions':
      return address('/fractions', {
        ligne: route.line,
        mois: route.month,
        vue: route.view === 'barres' ? null : route.view,
      });
    case 'audits':
      return address('/audits', {
        ligne: route.line,
        mois: route.month,
        marge: route.margin === MARGIN_USUAL ? null : route.margin,
      });
  }
}

function textOf(text: string | null): string | null {
  return text === '' ? null : text;
}

function monthOf(text: string | null): string | null {
  return text !== null && MONTH.test(text) ? text : null;
}
