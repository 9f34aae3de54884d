import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIODS } from './line/trend-window.ts';
import { auditsRoute, fractionsRoute, programmeRoute } from './sorting/sorting-route.ts';
import { formatRoute, HEALTH_ROUTE, lineRoute, parseRoute, TREND_VIEWS, type LineRoute } from './route.ts';

describe('the address of the page', () => {
  it('reads period and view', () => {
    expect(parseRoute('/lignes/tri-1', '?periode=24h&vue=tableau')).toEqual({
      ...lineRoute('tri-1'),
      period: '24h',
      view: 'tableau',
    });
  });

  it('falls back on what is usual for what it does not know', () => {
    expect(parseRoute('/lignes/tri-1/', '?periode=99x&vue=3d&fin=hier&x=1')).toEqual(lineRoute('tri-1'));
  });

  it.each([
    ['/', 'home'],
    ['/lignes', 'home'],
    ['/sante', 'health'],
    ['/sante/', 'health'],
    ['/sante/x', 'unknown'],
    ['/ailleurs', 'unknown'],
    ['/lignes/a/b', 'unknown'],
    ['/lignes/%E0%A4%A', 'unknown'],
  ])('%s is %s', (pathname, screen) => expect(parseRoute(pathname, '').screen).toBe(screen));

  it('of the page Santé is its name', () => expect(formatRoute(HEALTH_ROUTE)).toBe('/sante'));

  it.each([
    ['/borne/balle', '', { screen: 'baleKiosk', press: null, dpi: null }],
    ['/borne/balle/', '?presse=p-2&dpi=118.5', { screen: 'baleKiosk', press: 'p-2', dpi: 118.5 }],
    ['/borne/balle', '?dpi=12', { screen: 'baleKiosk', press: null, dpi: null }],
    ['/borne/balle', '?dpi=', { screen: 'baleKiosk', press: null, dpi: null }],
    ['/borne/reception', '?dpi=170', { screen: 'reception', dpi: 170 }],
    ['/papier', '', { screen: 'paper', view: 'saisie' }],
    ['/papier', '?vue=feuilles', { screen: 'paper', view: 'feuilles' }],
    ['/redemarrage', '?ligne=tri-1', { screen: 'restart', line: 'tri-1' }],
    ['/programmes', '', { screen: 'programmes' }],
    ['/programmes/+', '?exemple=tables', programmeRoute(null, { example: 'tables' })],
    ['/programmes/tri-a', '?version=3&vue=essai', programmeRoute('tri-a', { version: 3, view: 'essai' })],
    ['/programmes/tri-a', '?version=0&vue=x', programmeRoute('tri-a')],
    ['/aide-au-tri', '?ligne=tri-1', { screen: 'sortingAid', line: 'tri-1' }],
    ['/pieces', '?debouche=csr', { screen: 'pieces', line: null, outlet: 'csr', reading: null }],
    ['/pieces/tri-1/nir:0a1b2c3d:7', '', { screen: 'piece', line: 'tri-1', id: 'nir:0a1b2c3d:7' }],
    ['/fractions', '?mois=2026-11', fractionsRoute(null, '2026-11')],
    ['/fractions', '?vue=tableau', { ...fractionsRoute(null), view: 'tableau' }],
    ['/audits', '?mois=2026-13&marge=3', auditsRoute(null)],
    ['/audits', '?ligne=tri-1&marge=5', { ...auditsRoute('tri-1'), margin: 5 }],
  ] as const)('%s%s is a screen of those who work with material, there and back', (path, search, route) => {
    expect(parseRoute(path, search)).toEqual(route);
    const url = new URL(formatRoute(route), 'http://trame.test');
    expect(parseRoute(url.pathname, url.search)).toEqual(route);
  });

  it('of the kiosks knows no other page', () => {
    expect(parseRoute('/borne', '').screen).toBe('unknown');
    expect(parseRoute('/borne/autre', '').screen).toBe('unknown');
  });

  it('gives back every view that it names', () => {
    const route: fc.Arbitrary<LineRoute> = fc.record({
      screen: fc.constant('line'),
      line: fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed()),
      period: fc.constantFrom(...PERIODS),
      view: fc.constantFrom(...TREND_VIEWS),
      endMs: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 })),
      device: fc.option(fc.string({ minLength: 1 })),
    });
    fc.assert(
      fc.property(route, (wanted) => {
        const url = new URL(formatRoute(wanted), 'http://trame.test');
        fc.pre(wanted.line !== '.' && wanted.line !== '..');
        expect(parseRoute(url.pathname, url.search)).toEqual(wanted);
      }),
    );
  });
});
