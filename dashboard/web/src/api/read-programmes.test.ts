/** What the page takes for an answer about sort programmes, and what it does not. */
import { EVERY_OUTLET_PROGRAMME } from '@trame/protocol/sort-programmes/examples/every-outlet';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { checkProgramme } from '@trame/protocol/sort-programmes/check-programme';
import { dryRun } from '@trame/protocol/sort-programmes/dry-run';
import { compiled, pieces, programmes } from '@trame/protocol/sort-programmes/test-programmes';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDryRun, isExamples, isFindings, isSortProgramme, readFindings } from './read-programmes.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('answers about sort programmes', () => {
  it('are taken as the server gives them', () => {
    expect(isExamples(throughJson({ rows: [AUTOMATIC_LINE_PROGRAMME, EVERY_OUTLET_PROGRAMME] }))).toBe(true);
    fc.assert(
      fc.property(programmes, fc.array(pieces, { maxLength: 20 }), (programme, all) => {
        expect(isSortProgramme(throughJson(programme))).toBe(true);
        expect(isFindings({ rows: throughJson(checkProgramme(programme, ['a'])) })).toBe(true);
        const sorted = all.map((facts) => ({ facts, grams: 300, was: 'a' }));
        expect(
          isDryRun(
            throughJson({
              report: dryRun(compiled(programme), sorted),
              assumedWeights: all.length,
              isWhole: true,
            }),
          ),
        ).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['a test that this page has no words for', { when: { smell: { in: ['musty'] } } }],
    ['words that are none', { when: { colour: { in: [1] } } }],
    ['a limit that is no name', { when: { moisture: { atLeast: 12 } } }],
    ['no outlet', { outlet: null }],
  ])('are refused with %s', (_what, change) => {
    const { rules } = AUTOMATIC_LINE_PROGRAMME;
    const [first, ...others] = rules;
    expect(
      isSortProgramme({ ...AUTOMATIC_LINE_PROGRAMME, rules: [{ ...first, ...change }, ...others] }),
    ).toBe(false);
  });

  it('are refused with a threshold that has no value', () => {
    const thresholds = { t: { value: 'much', source: 'essai' } };
    expect(isSortProgramme({ ...AUTOMATIC_LINE_PROGRAMME, thresholds })).toBe(false);
  });

  it('bring no findings where there are none that can be read', () => {
    expect(readFindings(undefined)).toEqual([]);
    expect(readFindings([{ weight: 'error' }])).toEqual([]);
    const findings = checkProgramme({ ...AUTOMATIC_LINE_PROGRAMME, rules: [] }, null);
    expect(readFindings(throughJson(findings))).toEqual(findings);
  });
});
