import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIODS } from './line/trend-window.ts';
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
