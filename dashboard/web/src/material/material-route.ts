/** Addresses of the screens of those who answer for the material: a link opens the same view and filter again. */
import { address, segment } from './address.ts';

export const STOCK_VIEWS = ['zones', 'balles', 'comptage'] as const;
export const FLOW_VIEWS = ['graphe', 'tableau'] as const;
export type FlowView = (typeof FLOW_VIEWS)[number];
/** As the address names them, and as the server does. */
export const BALANCE_KINDS = {
  lot: 'lot',
  campagne: 'campaign',
  equipe: 'shift',
  jour: 'day',
  mois: 'month',
} as const;
export type BalanceKind = keyof typeof BALANCE_KINDS;
const DAY = /^\d{4}-\d{2}-\d{2}$/u;

export interface StockRoute {
  readonly screen: 'stock';
  readonly view: (typeof STOCK_VIEWS)[number];
  readonly outlet: string | null;
  readonly zone: string | null;
  readonly status: string | null;
}

export interface BaleRoute {
  readonly screen: 'bale';
  readonly id: string;
  readonly view: FlowView;
}

export interface ShipmentsRoute {
  readonly screen: 'shipments';
  readonly status: string | null;
}

export interface ShipmentRoute {
  readonly screen: 'shipment';
  readonly id: string;
}

export interface LotsRoute {
  readonly screen: 'lots';
  /** Only what waits: for its weight, or for the line. */
  readonly waiting: boolean;
  readonly status: string | null;
}

export interface LotRoute {
  readonly screen: 'lot';
  readonly id: string;
  readonly view: FlowView;
}

export interface BalanceRoute {
  readonly screen: 'balance';
  readonly by: BalanceKind;
  /** Days `YYYY-MM-DD` of the site, `to` excluded; null: as the server has it. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface PartnersRoute {
  readonly screen: 'partners';
  readonly role: string | null;
}

export type MaterialRoute =
  | StockRoute
  | BaleRoute
  | ShipmentsRoute
  | ShipmentRoute
  | LotsRoute
  | LotRoute
  | BalanceRoute
  | PartnersRoute
  | { readonly screen: 'day' }
  | { readonly screen: 'scales' }
  | { readonly screen: 'containers' };

const SCREENS: Readonly<Record<MaterialRoute['screen'], true>> = {
  stock: true,
  bale: true,
  shipments: true,
  shipment: true,
  lots: true,
  lot: true,
  balance: true,
  partners: true,
  day: true,
  scales: true,
  containers: true,
};

export function isMaterialRoute<R extends { readonly screen: string }>(
  route: R,
): route is R & { readonly screen: MaterialRoute['screen'] } {
  return Object.hasOwn(SCREENS, route.screen);
}

export const STOCK_ROUTE: StockRoute = {
  screen: 'stock',
  view: 'zones',
  outlet: null,
  zone: null,
  status: null,
};
export const LOTS_ROUTE: LotsRoute = { screen: 'lots', waiting: false, status: null };
export const BALANCE_ROUTE: BalanceRoute = { screen: 'balance', by: 'jour', from: null, to: null };

export function baleRoute(id: string): BaleRoute {
  return { screen: 'bale', id, view: 'graphe' };
}

export function lotRoute(id: string): LotRoute {
  return { screen: 'lot', id, view: 'graphe' };
}

/** @param pathname without a slash at its end. @returns null when it is none of these screens. */
export function parseMaterialRoute(pathname: string, query: URLSearchParams): MaterialRoute | null {
  const [, first, second, ...more] = pathname.split('/');
  if (more.length > 0) return null;
  if (second === undefined) return listRoute(first ?? '', query);
  const id = segment(second);
  return id === null ? null : thingRoute(first ?? '', id, query);
}

function listRoute(name: string, query: URLSearchParams): MaterialRoute | null {
  switch (name) {
    case 'stock':
      return {
        screen: 'stock',
        view: oneOf(STOCK_VIEWS, query.get('vue')),
        outlet: query.get('debouche'),
        zone: query.get('zone'),
        status: query.get('etat'),
      };
    case 'expeditions':
      return { screen: 'shipments', status: query.get('etat') };
    case 'lots':
      return { screen: 'lots', waiting: query.has('attente'), status: query.get('etat') };
    case 'bilan':
      return {
        screen: 'balance',
        by: kindOf(query.get('par')),
        from: dayOf(query.get('du')),
        to: dayOf(query.get('au')),
      };
    case 'journee':
      return { screen: 'day' };
    case 'bascules':
      return { screen: 'scales' };
    case 'partenaires':
      return { screen: 'partners', role: query.get('role') };
    case 'contenants':
      return { screen: 'containers' };
    default:
      return null;
  }
}

function thingRoute(name: string, id: string, query: URLSearchParams): MaterialRoute | null {
  switch (name) {
    case 'balles':
      return { screen: 'bale', id, view: oneOf(FLOW_VIEWS, query.get('vue')) };
    case 'expeditions':
      return { screen: 'shipment', id };
    case 'lots':
      return { screen: 'lot', id, view: oneOf(FLOW_VIEWS, query.get('vue')) };
    default:
      return null;
  }
}

/** @returns path and query; what is usual is left out. */
export function formatMaterialRoute(route: MaterialRoute): string {
  switch (route.screen) {
    case 'stock':
      return address('/stock', {
        vue: unusual(STOCK_VIEWS, route.view),
        debouche: route.outlet,
        zone: route.zone,
        etat: route.status,
      });
    case 'bale':
      return thing('/balles', route);
    case 'shipments':
      return address('/expeditions', { etat: route.status });
    case 'shipment':
      return address(`/expeditions/${encodeURIComponent(route.id)}`);
    case 'lots':
      return address('/lots', { attente: route.waiting ? 1 : null, etat: route.status });
    case 'lot':
      return thing('/lots', route);
    case 'balance':
      return address('/bilan', {
        par: route.by === BALANCE_ROUTE.by ? null : route.by,
        du: route.from,
        au: route.to,
      });
    case 'day':
      return '/journee';
    case 'scales':
      return '/bascules';
    case 'partners':
      return address('/partenaires', { role: route.role });
    case 'containers':
      return '/contenants';
  }
}

function thing(path: string, { id, view }: BaleRoute | LotRoute): string {
  return address(`${path}/${encodeURIComponent(id)}`, { vue: unusual(FLOW_VIEWS, view) });
}

/** The first is the usual one. */
function oneOf<T extends string>(known: readonly [T, ...T[]], text: string | null): T {
  return known.find((one) => one === text) ?? known[0];
}

function unusual<T extends string>(known: readonly [T, ...T[]], value: T): T | null {
  return value === known[0] ? null : value;
}

function kindOf(text: string | null): BalanceKind {
  return text !== null && Object.hasOwn(BALANCE_KINDS, text) ? (text as BalanceKind) : BALANCE_ROUTE.by;
}

function dayOf(text: string | null): string | null {
  return text !== null && DAY.test(text) && Number.isFinite(Date.parse(text)) ? text : null;
}
