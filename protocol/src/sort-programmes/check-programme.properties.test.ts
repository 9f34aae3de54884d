/** What the check says of programmes, held against what they do with thousands of pieces. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProgramme } from './check-programme.ts';
import { decideOutlet, firstFailure } from './decide-outlet.ts';
import { gapsOf } from './find-gaps.ts';
import { overlapsOf } from './find-overlaps.ts';
import { reachOf } from './find-unreachable.ts';
import { cellsOf, errorSlices, isInBox, pieceSpace } from './piece-space.ts';
import type { PieceFacts } from './programme-inputs.ts';
import { compiled, pieces, programmes } from './test-programmes.ts';

const PIECES = 10_000;
const seed = Math.floor(Math.random() * 2 ** 31);
/** The same for every programme of a run: drawing them costs more than deciding about them. */
const drawn = fc.sample(pieces, { numRuns: PIECES, seed });
const spacesOf = (rules: Parameters<typeof errorSlices>[0]) =>
  errorSlices(rules).map((slice) => pieceSpace(rules, slice));

const ofSeed = `pieces drawn with seed ${seed}`;
const budget = () => ({ tries: 1_000_000 });

describe(`a checked programme (${ofSeed})`, () => {
  it('never hits a rule that is said to be unreachable, and hits every other one with the piece that is found for it', () => {
    fc.assert(
      fc.property(programmes, (programme) => {
        const { rules } = compiled(programme);
        const said = checkProgramme(programme, null);
        expect(said.filter(({ fault }) => fault === 'too-intricate')).toEqual([]);
        const unreachable = new Set(
          said.flatMap(({ fault, about }) => (fault === 'unreachable' ? about : [])),
        );
        const hit = new Set(drawn.map((facts) => decideOutlet(compiledOnce(programme), facts).rule));
        expect([...unreachable].filter((id) => hit.has(id))).toEqual([]);
        for (const [index, { id }] of rules.slice(0, -1).entries()) {
          const reach = reachOf(index, spacesOf(rules), budget());
          expect(reach.kind).toBe(unreachable.has(id) ? 'unreachable' : 'reached');
          if (reach.kind !== 'reached') continue;
          expect(decideOutlet(compiledOnce(programme), reach.piece.facts).rule).toBe(id);
          expectPossible(reach.piece.facts);
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('puts a piece into the box of a rule exactly when the rule holds', () => {
    fc.assert(
      fc.property(programmes, fc.array(pieces, { minLength: 20, maxLength: 20 }), (programme, some) => {
        const { rules } = compiled(programme);
        const spaces = spacesOf(rules);
        for (const facts of some) {
          const space = spaces.find(
            ({ slice }) => slice.from <= facts.errorPoints && facts.errorPoints <= slice.to,
          );
          if (space === undefined) throw new Error(`no slice holds the error ${facts.errorPoints}`);
          const cells = cellsOf(space, facts);
          for (const [index, rule] of rules.entries()) {
            const holds = firstFailure(rule, facts) === null;
            expect(isInBox(space.boxes[index] ?? [], cells)).toBe(holds);
          }
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it('tells every pair of rules of which pieces show that they overlap, and shows one for each that it tells', () => {
    fc.assert(
      fc.property(programmes, (programme) => {
        const whole = compiled(programme);
        const overlaps = overlapsOf(whole.rules, spacesOf(whole.rules), budget());
        const told = new Set<string>();
        for (const overlap of overlaps) {
          if (overlap === null) throw new Error('the budget gave out');
          const [earlier, later] = [whole.rules[overlap.earlier], whole.rules[overlap.later]];
          if (earlier === undefined || later === undefined) throw new Error('no such rule');
          expect(decideOutlet(whole, overlap.piece.facts).rule).toBe(earlier.id);
          expect(firstFailure(later, overlap.piece.facts)).toBeNull();
          told.add(`${earlier.id} ${later.id}`);
        }
        for (const facts of drawn.slice(0, 2_000)) {
          const { rule, outlet } = decideOutlet(whole, facts);
          const first = whole.rules.findIndex(({ id }) => id === rule);
          const shared = whole.rules
            .slice(first + 1, -1)
            .filter((later) => later.outlet !== outlet && firstFailure(later, facts) === null)
            .map((later) => `${rule} ${later.id}`);
          expect(shared.filter((pair) => !told.has(pair))).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('leads what lies in a gap to the last rule, and what the last rule takes lies in one', () => {
    const errorPoints = 3;
    fc.assert(
      fc.property(programmes, (programme) => {
        const whole = compiled(programme);
        const space = pieceSpace(whole.rules, { from: errorPoints, to: errorPoints });
        const { gaps, isAll } = gapsOf(space, 40, budget());
        for (const { piece } of gaps) expect(decideOutlet(whole, piece.facts).rule).toBe('reste');
        for (const one of drawn.slice(0, 2_000)) {
          const facts = one.composition === null ? one : { ...one, errorPoints };
          const cells = cellsOf(space, facts);
          const isInGap = gaps.some(({ box }) => isInBox(box, cells));
          const isLast = decideOutlet(whole, facts).rule === 'reste';
          expect({ isLast, isInGap }).not.toEqual({ isLast: false, isInGap: true });
          expect({ isLast, isInGap, isAll }).not.toEqual({ isLast: true, isInGap: false, isAll: true });
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

let last: { readonly of: object; readonly whole: ReturnType<typeof compiled> } | null = null;

function compiledOnce(programme: Parameters<typeof compiled>[0]): ReturnType<typeof compiled> {
  if (last?.of !== programme) last = { of: programme, whole: compiled(programme) };
  return last.whole;
}

function expectPossible({ composition, reading, errorPoints }: PieceFacts): void {
  expect(errorPoints).toBeGreaterThanOrEqual(0);
  if (composition === null) return;
  expect(['pure', 'blend']).toContain(reading);
  const shares = Object.values(composition);
  expect(shares.every((share) => share > 0)).toBe(true);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 6);
}
