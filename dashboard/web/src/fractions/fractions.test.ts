import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWords } from '../messages/translate.ts';
import words from '../messages/fr-fractions.json' with { type: 'json' };
import material from '../messages/fr-material.json' with { type: 'json' };
import { readForm } from '../material/form-fields.ts';
import { auditForm } from './audit-form.ts';
import { moistureOf } from './examine-form.ts';
import { fibreLook } from './fibre-look.ts';
import {
  errorSentence,
  estimatedKg,
  intervalText,
  margin95,
  marginText,
  massText,
  moistureText,
  percentText,
  spreadText,
} from './figures.ts';
import { intervalPlace, scaleEnd } from './interval-scale.ts';
import { monthStep, monthText } from './month-step.ts';

addWords(words);
addWords(material);

/** As a person reads it, whatever spaces keep it on one line. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/gu, ' ');

function doubtOf(neededGrams: number | null, sampled: string): string | null {
  const asked = auditForm('tri 1', { value: 'csr', label: 'CSR' }, [], neededGrams);
  const read = readForm(asked.fields, { sampled });
  if (read.kind !== 'values') throw new Error(JSON.stringify(read.faults));
  return asked.doubt?.(read.values) ?? null;
}

describe('an estimated figure', () => {
  it.each([
    [62.4, 3, '62 %'],
    [62.4, 0.6, '62,4 %'],
    [0.3, 2, '0 %'],
    [4.24, null, '4,2 %'],
    [0, null, '0 %'],
    [5, null, '5 %'],
    [37.6, null, '38 %'],
  ])('%d with a margin of %s is %s', (percent, margin, text) =>
    expect(plain(percentText(percent, margin))).toBe(text),
  );

  it.each([
    [0, '± moins de 0,1 point'],
    [0.4, '± 0,4 point'],
    [0.97, '± 1,0 point'],
    [1, '± 1 point'],
    [1.6, '± 2 points'],
    [12.2, '± 12 points'],
  ])('a margin of %d is %s', (points, text) => expect(plain(marginText(points))).toBe(text));

  it('has a margin about twice its standard error', () => {
    expect(margin95(1.5)).toBeCloseTo(2.94);
  });

  it.each([
    [0, '0 kg'],
    [9_000, '9 kg'],
    [2_440, '2,4 kg'],
    [248_400, '248 kg'],
    [1_248_400, '1 248 kg'],
  ])('%d g is %s', (grams, text) => expect(plain(estimatedKg(grams))).toBe(text));

  it.each([
    [281_000, 22_000, '281 kg ± 43 kg'],
    [22_000, 400, '22,0 kg ± 0,8 kg'],
    [2_440, null, '2,4 kg'],
    [400, 1_500, '0,4 kg, au plus 3,3 kg'],
    [3_400, 800, '3,4 kg ± 1,6 kg'],
    [9_960, 2_000, '10,0 kg ± 3,9 kg'],
    [20, 10, 'moins de 0,1 kg'],
    [20, 60, '0,0 kg, au plus 0,1 kg'],
  ])('%d g with a standard error of %s g is %s', (grams, error, text) =>
    expect(plain(massText(grams, error))).toBe(text),
  );

  it.each([
    [62, 1.5, '± 3 points'],
    [7, 6.6, 'au plus 20 %'],
    [93, 6.6, 'au moins 80 %'],
    [65, 49, 'à peine connu'],
  ])('%d percent with a standard error of %d points spreads by %s', (percent, error, text) =>
    expect(plain(spreadText(percent, error))).toBe(text),
  );

  it('gives moisture as it was measured, and no finer than it is agreed on', () => {
    const texts = [
      moistureText(12.5, 'measured'),
      moistureText(8.25, 'measured'),
      moistureText(12, 'measured'),
    ];
    expect([...texts, moistureText(3.8461, 'conventional')].map(plain)).toEqual([
      '12,5 %',
      '8,25 %',
      '12 %',
      '3,8 %',
    ]);
  });

  it('says the error that is assumed where nobody looked, and the interval where somebody did', () => {
    expect(plain(errorSentence(null))).toBe("pas d'audit ce mois-ci : 5 % supposés");
    const error = {
      sampledGrams: 85_000,
      misplacedGrams: 3_570,
      percent: 4.2,
      lowPercent: 2.1,
      highPercent: 7.9,
    };
    expect(plain(errorSentence({ ...error, audits: 1 }))).toBe(
      '4,2 %, entre 2,1 % et 7,9 % (1 audit, 85 kg regardés)',
    );
    expect(plain(errorSentence({ ...error, audits: 3 }))).toContain('(3 audits,');
    expect(plain(intervalText(0, 12))).toBe('entre 0 % et 12 %');
  });
});

describe('the scale of intervals', () => {
  it('holds every interval, and changes only by steps', () => {
    expect([[], [3], [10], [10.1], [49], [99]].map(scaleEnd)).toEqual([10, 10, 10, 20, 50, 100]);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 }),
        ([...three]) => {
          const [lowPercent = 0, percent = 0, highPercent = 0] = three.toSorted((a, b) => a - b);
          const { left, width, dot } = intervalPlace(
            { lowPercent, percent, highPercent },
            scaleEnd([highPercent]),
          );
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(100 + 1e-9);
          expect(dot).toBeGreaterThanOrEqual(left - 1e-9);
          expect(dot).toBeLessThanOrEqual(left + width + 1e-9);
        },
      ),
    );
  });
});

describe('months', () => {
  it.each([
    ['2026-11', 1, '2026-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-01', -1, '2025-12'],
    ['2026-03', -14, '2025-01'],
  ])('%s by %d is %s', (month, by, to) => expect(monthStep(month, by)).toBe(to));

  it('come back when one goes there and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2000, max: 2100 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -50, max: 50 }),
        (year, number, by) => {
          const month = `${year}-${String(number).padStart(2, '0')}`;
          expect(monthStep(monthStep(month, by), -by)).toBe(month);
        },
      ),
    );
  });

  it('are written in words', () => expect(monthText('2026-11')).toBe('novembre 2026'));
});

describe('moisture as people type it', () => {
  it.each([
    ['8,5', 8.5],
    ['8.25', 8.25],
    ['12 %', 12],
    ['0', 0],
    ['60', 60],
    ['60,1', null],
    ['-3', null],
    ['8,555', null],
    ['sec', null],
    ['', null],
  ])('«%s» is %s', (text, percent) => expect(moistureOf(text)).toBe(percent));
});

describe('the form of an audit', () => {
  const outlet = { value: 'csr', label: 'CSR' };
  const others = ['csr', 'effilochage', 'polymere'].map((value) => ({ value, label: value }));
  const form = auditForm('tri 1', outlet, others, 66_000);

  it('asks for each other outlet, and not for the outlet itself', () => {
    expect(form.fields.map(({ name }) => name)).toEqual([
      'sampled',
      'misplaced effilochage',
      'misplaced polymere',
      'note',
    ]);
    expect(form.path).toBe('/lines/tri%201/audits');
  });

  it('asks whether it is right when more was looked through than the plan can mean', () => {
    expect(doubtOf(66_000, '132')).toBeNull();
    expect(plain(doubtOf(66_000, '500') ?? '')).toContain('500 kg');
    expect(plain(doubtOf(66_000, '500') ?? '')).toContain('66 kg');
    expect(plain(doubtOf(0, '5') ?? '')).toContain('rien');
    expect(doubtOf(null, '500')).toBeNull();
  });

  it('says what belongs elsewhere, and leaves out what is empty or nothing', () => {
    const read = readForm(form.fields, {
      sampled: '25',
      'misplaced effilochage': '1,2',
      'misplaced polymere': '0',
    });
    if (read.kind !== 'values') throw new Error(JSON.stringify(read.faults));
    expect(form.body(read.values)).toEqual({
      outlet: 'csr',
      sampledGrams: 25_000,
      misplaced: [{ outlet: 'effilochage', grams: 1_200 }],
    });
  });
});

it('no two fibres look the same', () => {
  const looks = RECOGNISED_FIBRES.map((fibre) => JSON.stringify(fibreLook(fibre)));
  expect(new Set(looks).size).toBe(RECOGNISED_FIBRES.length);
});
