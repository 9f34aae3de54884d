import { expect, test } from 'vitest';
import { dateTimeText, kgText, unitText, weightDetail } from './french-label.ts';

test.each([
  [248_000, '248 kg'],
  [248_500, '248,5 kg'],
  [1_042_500, '1 042,5 kg'],
  [12_345_678, '12 345,678 kg'],
  [1, '0,001 kg'],
])('%s g is written %s', (grams, text) => {
  expect(kgText(grams).replaceAll('\u00A0', ' ')).toBe(text);
});

test('figures hold no blank that printers do not know', () => {
  expect(`${kgText(12_345_678)}${dateTimeText(0, 'Europe/Paris')}`).not.toContain('\u202F');
});

test('pieces and pairs stand beside the unit', () => {
  expect(unitText({ unit: 'bale', pieces: null, pairs: null })).toBe('Balle');
  expect(unitText({ unit: 'sack', pieces: null, pairs: 120 })).toBe('Sac · 120\u00A0paires');
  expect(unitText({ unit: 'pairs', pieces: null, pairs: 40 })).toBe('40\u00A0paires');
  expect(unitText({ unit: 'pairs', pieces: null, pairs: null })).toBe('Paires');
});

test('the weight says how it came about', () => {
  const weighed = { kind: 'weighed', netGrams: 248_500, grossGrams: 250_000, packagingGrams: 1_500 } as const;
  expect(weightDetail({ ...weighed, how: 'scale' }).replaceAll('\u00A0', ' ')).toBe(
    'net · brut 250 kg · emballage 1,5 kg',
  );
  expect(weightDetail({ ...weighed, grossGrams: null, packagingGrams: 0, how: 'estimated' })).toBe(
    'net · poids estimé',
  );
  expect(weightDetail({ kind: 'to-weigh' })).toBe('poids à relever avant expédition');
});

test('the hour is the one on the wall of the site, summer and winter', () => {
  expect(dateTimeText(Date.UTC(2026, 10, 22, 12, 6), 'Europe/Paris')).toBe('22/11/2026 13:06');
  expect(dateTimeText(Date.UTC(2026, 6, 31, 22, 30), 'Europe/Paris')).toBe('01/08/2026 00:30');
});
