/** The screens of material, in the order of the work: what lies there, what leaves, what comes, what it sums to. */
import type { MessageKey } from '../messages/translate.ts';
import { BALANCE_ROUTE, LOTS_ROUTE, STOCK_ROUTE, type MaterialRoute } from './material-route.ts';

export interface Section {
  readonly key: MessageKey;
  readonly route: MaterialRoute;
  /** Screens of one thing that belong to it. */
  readonly also: readonly MaterialRoute['screen'][];
}

export const SECTIONS: readonly Section[] = [
  { key: 'matter.toStock', route: STOCK_ROUTE, also: ['bale'] },
  { key: 'matter.toShipments', route: { screen: 'shipments', status: null }, also: ['shipment'] },
  { key: 'matter.toLots', route: LOTS_ROUTE, also: ['lot'] },
  { key: 'matter.toBalance', route: BALANCE_ROUTE, also: [] },
  { key: 'matter.toDay', route: { screen: 'day' }, also: [] },
  { key: 'matter.toScales', route: { screen: 'scales' }, also: [] },
  { key: 'matter.toPartners', route: { screen: 'partners', role: null }, also: [] },
  { key: 'matter.toContainers', route: { screen: 'containers' }, also: [] },
];

/** @returns the section that a screen belongs to. */
export function sectionOf({ screen }: { readonly screen: string }): MessageKey | null {
  return (
    SECTIONS.find(({ route, also }) => route.screen === screen || also.some((one) => one === screen))?.key ??
    null
  );
}
