import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BALANCE_KINDS,
  FLOW_VIEWS,
  formatMaterialRoute,
  isMaterialRoute,
  parseMaterialRoute,
  STOCK_VIEWS,
  type BalanceKind,
  type MaterialRoute,
} from './material-route.ts';

function read(address: string): MaterialRoute | null {
  const url = new URL(address, 'http://trame.test');
  return parseMaterialRoute(url.pathname, url.searchParams);
}

describe('addresses of material', () => {
  it.each([
    ['/stock', { screen: 'stock', view: 'zones', outlet: null, zone: null, status: null }],
    [
      '/stock?vue=balles&etat=to-weigh',
      { screen: 'stock', view: 'balles', outlet: null, zone: null, status: 'to-weigh' },
    ],
    ['/stock?vue=ailleurs', { screen: 'stock', view: 'zones', outlet: null, zone: null, status: null }],
    ['/lots?attente=1', { screen: 'lots', waiting: true, status: null }],
    [
      '/bilan?par=mois&du=2026-11-01&au=hier',
      { screen: 'balance', by: 'mois', from: '2026-11-01', to: null },
    ],
    ['/bilan?par=toString', { screen: 'balance', by: 'jour', from: null, to: null }],
    ['/expeditions/E4', { screen: 'shipment', id: 'E4' }],
  ] as const)('%s', (address, route) => expect(read(address)).toEqual(route));

  it.each(['/stock/x', '/lots/a/b', '/lots/%E0%A4%A', '/balles', '/', '/autre'])(
    '%s is none of them',
    (address) => expect(read(address)).toBeNull(),
  );

  it('are read as they were written', () => {
    const text = fc.string({ minLength: 1, unit: 'binary' }).filter((one) => one.isWellFormed());
    const some = fc.option(text);
    // In a path these two are no names: browsers walk up by them.
    const id = text.filter((one) => one !== '.' && one !== '..');
    const day = fc.option(fc.constantFrom('2026-02-28', '2025-12-31'));
    const route: fc.Arbitrary<MaterialRoute> = fc.oneof(
      fc.record({
        screen: fc.constant('stock' as const),
        view: fc.constantFrom(...STOCK_VIEWS),
        outlet: some,
        zone: some,
        status: some,
      }),
      fc.record({
        screen: fc.constantFrom('bale' as const, 'lot' as const),
        id,
        view: fc.constantFrom(...FLOW_VIEWS),
      }),
      fc.record({ screen: fc.constant('shipments' as const), status: some }),
      fc.record({ screen: fc.constant('shipment' as const), id }),
      fc.record({ screen: fc.constant('lots' as const), waiting: fc.boolean(), status: some }),
      fc.record({
        screen: fc.constant('balance' as const),
        by: fc.constantFrom(...(Object.keys(BALANCE_KINDS) as BalanceKind[])),
        from: day,
        to: day,
      }),
      fc.record({ screen: fc.constant('partners' as const), role: some }),
      fc.record({ screen: fc.constantFrom('day' as const, 'scales' as const, 'containers' as const) }),
    );
    fc.assert(
      fc.property(route, (wanted) => {
        expect(isMaterialRoute(wanted)).toBe(true);
        expect(read(formatMaterialRoute(wanted))).toEqual(wanted);
      }),
    );
  });
});
