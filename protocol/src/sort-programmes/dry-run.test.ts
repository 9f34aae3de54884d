import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideOutlet } from './decide-outlet.ts';
import { dryRun, newDryRun } from './dry-run.ts';
import { KNOWN_NOTHING, compiled, pieces, programmeOf, programmes, rule } from './test-programmes.ts';

const programme = compiled(programmeOf(rule('blanc', { colour: { in: ['white'] } }, 'a')));
const white = { ...KNOWN_NOTHING, colour: 'white' as const };

describe('a dry run', () => {
  it('says what would change, in pieces and grams, with examples', () => {
    const report = dryRun(programme, [
      { facts: white, grams: 300, was: 'a' },
      { facts: white, grams: 200, was: 'b' },
      { facts: KNOWN_NOTHING, grams: 500, was: 'a' },
      { facts: KNOWN_NOTHING, grams: 1_000, was: 'manuel' },
    ]);
    expect(report).toEqual({
      pieces: 4,
      grams: 2_000,
      changed: { pieces: 2, grams: 700 },
      changedPercent: { pieces: 50, grams: 35 },
      flows: [
        { from: 'manuel', to: 'manuel', pieces: 1, grams: 1_000, examples: [] },
        {
          from: 'a',
          to: 'manuel',
          pieces: 1,
          grams: 500,
          examples: [{ facts: KNOWN_NOTHING, grams: 500, rule: 'reste' }],
        },
        { from: 'a', to: 'a', pieces: 1, grams: 300, examples: [] },
        {
          from: 'b',
          to: 'a',
          pieces: 1,
          grams: 200,
          examples: [{ facts: white, grams: 200, rule: 'blanc' }],
        },
      ],
      rules: [
        { rule: 'blanc', pieces: 2, grams: 500 },
        { rule: 'reste', pieces: 2, grams: 1_500 },
      ],
    });
  });

  it('of nothing has no share', () => {
    expect(dryRun(programme, [])).toMatchObject({
      pieces: 0,
      changedPercent: { pieces: null, grams: null },
      flows: [],
    });
  });

  it('keeps a few examples of each flow, and what it reported stays as it was', () => {
    const run = newDryRun(programme);
    for (let index = 0; index < 100; index += 1) run.add({ facts: white, grams: 1, was: 'b' });
    const first = run.report();
    expect(first.flows[0]?.examples).toHaveLength(5);
    run.add({ facts: white, grams: 1, was: 'b' });
    expect(first.pieces).toBe(100);
    expect(run.report().pieces).toBe(101);
  });

  it('adds up: flows and rules hold every piece once, and nothing changes for pieces that this programme sorted', () => {
    const outlets = fc.constantFrom('a', 'b', 'c', 'manuel');
    const sorted = fc.array(
      fc.record({ facts: pieces, grams: fc.integer({ min: 1, max: 900 }), was: outlets }),
    );
    fc.assert(
      fc.property(programmes, sorted, (one, some) => {
        const whole = compiled(one);
        const report = dryRun(whole, some);
        const grams = some.reduce((sum, piece) => sum + piece.grams, 0);
        for (const parts of [report.flows, report.rules]) {
          expect(parts.reduce((sum, part) => sum + part.pieces, 0)).toBe(some.length);
          expect(parts.reduce((sum, part) => sum + part.grams, 0)).toBe(grams);
        }
        const changed = some.filter(({ facts, was }) => decideOutlet(whole, facts).outlet !== was);
        expect(report.changed.pieces).toBe(changed.length);
        const own = some.map((piece) => ({ ...piece, was: decideOutlet(whole, piece.facts).outlet }));
        expect(dryRun(whole, own).changed).toEqual({ pieces: 0, grams: 0 });
      }),
    );
  });
});
