/** The waterfall as steps, and which figure is told first, or why none is. */
import { TrsAnswer } from '@trame/protocol/stops/stop-answers';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { isTrs } from '../api/read-stops.ts';
import { instantFormat } from '../format/instant.ts';
import words from '../messages/fr-stops.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import { FIGURES, trsRow } from '../stops/test-stops.ts';
import { rowName } from './row-name.ts';
import { headline, rateText, whyText } from './trs-text.ts';
import { waterfallSteps } from './waterfall-steps.ts';

addWords(words);

describe('the waterfall', () => {
  it('tells each step and what was lost before it', () => {
    expect(
      waterfallSteps(FIGURES).map(({ symbol, percent, lost }) => [
        symbol,
        percent,
        lost === null ? null : Math.round(lost.ms / 60_000),
      ]),
    ).toEqual([
      ['tT', 100, null],
      ['tO', 100, 0],
      ['tR', 92.9, 30],
      ['tF', 74.3, 78],
      ['tN', 65.7, 36],
      ['tU', 62.9, 12],
    ]);
  });

  it('ends where nothing is known: no step is made up', () => {
    const steps = waterfallSteps({ ...FIGURES, netMs: null, usefulMs: null });
    expect(steps.slice(4).map(({ ms, percent, lost }) => [ms, percent, lost])).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
  });

  it('never grows, never leaves its frame, and loses in all what is missing at its end', () => {
    const falling = fc
      .array(fc.nat(100_000_000), { minLength: 6, maxLength: 6 })
      .map((some) => some.toSorted((a, b) => b - a));
    fc.assert(
      fc.property(falling, ([total = 0, open = 0, required = 0, running = 0, net = 0, useful = 0]) => {
        const steps = waterfallSteps({
          ...FIGURES,
          totalMs: total,
          openMs: open,
          requiredMs: required,
          runningMs: running,
          netMs: net,
          usefulMs: useful,
        });
        for (const { percent, percentBefore } of steps) {
          expect(percent ?? 0).toBeLessThanOrEqual(percentBefore);
          expect(percentBefore).toBeLessThanOrEqual(100);
        }
        expect(steps.reduce((sum, { lost }) => sum + (lost?.ms ?? 0), 0)).toBe(total - useful);
      }),
    );
  });
});

describe('what is told first', () => {
  it('is the TRS', () => {
    expect(headline(trsRow())).toEqual({ label: 'TRS', value: '68\u00a0%', why: null });
  });

  it('is no figure of a small team, and why', () => {
    const { value, why } = headline(trsRow({ figures: null, why: 'group-too-small' }));
    expect(value).toBeNull();
    expect(why).toContain('moins de 4 personnes');
  });

  it('is kg/h of the team on a line of hands', () => {
    const row = trsRow({ figures: null, why: 'hand-line', teamKgPerHour: 148.4 });
    expect(headline(row)).toEqual({ label: "Débit de l'équipe", value: '148\u00a0kg/h', why: null });
  });

  it('has a word for every reason', () => {
    const reasons = [
      'group-too-small',
      'closed',
      'not-required',
      'no-nominal',
      'no-states',
      'hand-line',
    ] as const;
    expect(new Set(reasons.map((why) => whyText(why))).size).toBe(reasons.length);
    expect(whyText(null)).toBeNull();
  });

  it('is a dash where there is no rate', () => {
    expect([rateText(null), rateText(0), rateText(1)]).toEqual(['—', '0\u00a0%', '100\u00a0%']);
  });
});

it('answers are read as the contract has them', () => {
  const answer = { rows: [trsRow()], total: trsRow({ key: 'period', figures: null, why: 'closed' }) };
  expect(Value.Check(TrsAnswer, answer) && isTrs(answer)).toBe(true);
  expect(isTrs({ ...answer, total: { ...answer.total, why: 'unheard-of' } })).toBe(false);
});

it('a row is named by its team, its day or its period', () => {
  const format = instantFormat('Europe/Paris');
  expect(rowName(trsRow(), format)).toBe('matin, 22 nov. 08:00 à 15:00');
  expect(rowName(trsRow({ key: 'S2', team: null }), format)).toBe('S2, 22 nov. 08:00 à 15:00');
  expect(rowName(trsRow({ key: '2026-11-22', team: null }), format)).toBe('22 novembre 2026');
  expect(rowName(trsRow({ key: 'period', team: null }), format)).toBe('22 nov. 08:00 à 15:00');
});
