import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMass, formatNumber, formatQuantity } from './quantity.ts';

/** `-999 999 999 999,00`. */
const MAX_NUMBER_CHARS = 19;

/** Spaces of French numbers are narrow and unbreakable: shown here as plain ones. */
function plain({ number, unit }: { number: string; unit: string }): string {
  return `${number} ${unit}`.replaceAll(/[\u202f\u00a0]/gu, ' ').trim();
}

describe('quantities in French', () => {
  it.each([
    [1_234_000, '1 234 kg'],
    [12_345_678, '12,3 t'],
    [9_999_999, '10 000 kg'],
    [10_000_000, '10,0 t'],
    [850, '0,9 kg'],
    [0, '0,0 kg'],
    [-2_000_000, '-2 000 kg'],
  ])('%d g is %s', (grams, text) => expect(plain(formatMass(grams))).toBe(text));

  it.each([
    [819.6, 'kg/h', '820 kg/h'],
    [0.8, 'm/s', '0,80 m/s'],
    [71.6, '%', '72 %'],
    [12.36, 'kW', '12,4 kW'],
    [1284.3, 'kW.h', '1 284 kWh'],
    [41.4, 'Cel', '41 °C'],
    [212.44, 'kg', '212 kg'],
    [12.34, 'kg', '12,3 kg'],
    [37, null, '37'],
    [3, 'furlong', '3 furlong'],
    [3.256, 'furlong', '3,26 furlong'],
  ])('%d %s is shown as «%s»', (value, unit, text) => expect(plain(formatQuantity(value, unit))).toBe(text));

  it.each([
    [Number.MAX_VALUE, 'kg', '1,8e308 kg'],
    [-3.4028234663852886e38, 'm/s', '-3,4e38 m/s'],
    [1.234e12, null, '1,23e12'],
    [999_999_999_999, null, '999 999 999 999'],
    [1e18, 'g', '1e12 t'],
    [999_999_000_000_000_000, 'g', '999 999 000 000,0 t'],
    [Number.MIN_VALUE, 'kg', '5e-324 kg'],
    [-9.99e-7, null, '-9,99e-7'],
    [1e-6, null, '0,00'],
    [0, null, '0'],
  ])('%d %s, which no scale weighs, is «%s»', (value, unit, text) =>
    expect(plain(formatQuantity(value, unit))).toBe(text),
  );

  it('is never wider than a cell, whatever a device sends', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(null, 'g', 'kg', 'm/s', '?'),
        (value, unit) => {
          expect(formatQuantity(value, unit).number.length).toBeLessThanOrEqual(MAX_NUMBER_CHARS);
        },
      ),
    );
  });

  it('writes no minus before a zero', () => {
    expect(formatNumber(-0.001, 2)).toBe('0,00');
    expect(formatNumber(-0.4, 0)).toBe('0');
  });
});
