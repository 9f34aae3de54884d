import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.ts';
import { diffProgrammes } from './diff-programmes.ts';
import type { SortProgramme } from './sort-programme.ts';
import { programmeOf, programmes, rule } from './test-programmes.ts';

const source = 'essai';
const before = programmeOf(
  rule('a', { 'fibre.cotton': { atLeast: 't80' } }, 'x'),
  rule('b', { colour: { in: ['white'] } }, 'y'),
  rule('c', { moisture: { below: 't20' } }, 'z'),
);

function kinds(after: SortProgramme, from = before): string[] {
  return diffProgrammes(from, after).map(({ kind, about, input }) =>
    [kind, about, input].filter(Boolean).join(' '),
  );
}

const [a, b, c, last] = before.rules as [
  SortProgramme['rules'][number],
  SortProgramme['rules'][number],
  SortProgramme['rules'][number],
  SortProgramme['rules'][number],
];

function contentOf(programme: SortProgramme): string {
  return canonicalJson({ ...programme, version: 1 });
}

describe('what changed between two versions', () => {
  it('is nothing between a programme and itself, whatever its number', () => {
    expect(kinds({ ...before, version: 2 })).toEqual([]);
  });

  it('is told of rules: added, removed, moved, led elsewhere, renamed', () => {
    expect(kinds({ ...before, rules: [rule('neuf', {}, 'x'), a, b, c, last] })).toEqual(['rule-added neuf']);
    expect(kinds({ ...before, rules: [a, c, last] })).toEqual(['rule-removed b']);
    expect(kinds({ ...before, rules: [c, a, b, last] })).toEqual(['rule-moved c']);
    expect(diffProgrammes(before, { ...before, rules: [c, a, b, last] })[0]).toMatchObject({
      before: 3,
      after: 1,
    });
    expect(kinds({ ...before, rules: [a, { ...b, outlet: 'x' }, c, last] })).toEqual([
      'rule-outlet-changed b',
    ]);
    expect(kinds({ ...before, rules: [a, { ...b, note: 'clair' }, c, last] })).toEqual([
      'rule-text-changed b',
    ]);
  });

  it('is told of what a rule asks for, in words with the values of then and now', () => {
    const after = {
      ...before,
      rules: [
        { ...a, when: { 'fibre.cotton': { atLeast: 't90', guard: 1 } } },
        { ...b, when: {} },
        { ...c, when: { ...c.when, grade: { in: ['waste' as const], orUnknown: true } } },
        last,
      ],
    };
    expect(kinds(after)).toEqual([
      'test-changed a fibre.cotton',
      'test-removed b colour',
      'test-added c grade',
    ]);
    expect(diffProgrammes(before, after).map(({ words }) => words.replaceAll('\u00a0', ' '))).toEqual([
      'Règle « Règle a » : coton : au moins 90 % (t90), marge de 1 erreur (avant : coton : au moins 80 % (t80)).',
      'Règle « Règle b » : ne demande plus rien de « couleur ».',
      'Règle « Règle c » : demande aussi état : déchet, ou non connu.',
    ]);
  });

  it('is told of thresholds, those that only follow another one too', () => {
    const thresholds = {
      base: { value: 80, source },
      plus: { of: 'base', plus: 5, source },
      vieux: { value: 1, source },
    };
    const old = { ...before, thresholds };
    const now = {
      ...before,
      thresholds: {
        base: { value: 82.5, source: 'cahier du preneur' },
        plus: thresholds.plus,
        neuf: { value: 2, source },
      },
    };
    expect(kinds(now, old)).toEqual([
      'threshold-changed base',
      'threshold-source-changed base',
      'threshold-carried plus',
      'threshold-removed vieux',
      'threshold-added neuf',
    ]);
    expect(diffProgrammes(old, now)[2]).toMatchObject({
      before: 85,
      after: 87.5,
      words: 'Le seuil « plus » passe de 85 à 87,5 avec celui dont il dépend.',
    });
    expect(kinds({ ...old, thresholds: { ...thresholds, plus: { value: 85, source } } }, old)).toEqual([
      'threshold-changed plus',
    ]);
  });

  it('is told of ceilings and of the programme itself', () => {
    const ceiling = { outlet: 'x', substance: 'Chlore', mgPerKgDry: 15_000, source };
    const old = { ...before, ceilings: [ceiling] };
    expect(kinds({ ...old, ceilings: [{ ...ceiling, mgPerKgDry: 10_000 }] }, old)).toEqual([
      'ceiling-removed x/Chlore',
      'ceiling-added x/Chlore',
    ]);
    expect(kinds({ ...old, ceilings: [ceiling, ceiling] }, old)).toEqual(['ceiling-added x/Chlore']);
    expect(kinds({ ...before, label: 'Autre', example: true })).toEqual([
      'programme-changed label',
      'programme-changed example',
    ]);
  });

  it('names outlets as people do, and by their id those that have no name', () => {
    const names = { x: 'Crème', y: 'Élimination' };
    const ceilings = [{ outlet: 'x', substance: 'Chlore', mgPerKgDry: 15_000, source }];
    const after = { ...before, ceilings, rules: [{ ...a, outlet: 'z' }, c, rule('neuf', {}, 'y'), last] };
    const words = diffProgrammes(before, after, names).map((change) => change.words.replaceAll(/\s/gu, ' '));
    expect(words).toEqual([
      expect.stringContaining('(n° 2, → Élimination) est retirée'),
      expect.stringContaining('mène à z au lieu de Crème'),
      expect.stringContaining('(n° 3, → Élimination)'),
      expect.stringContaining('Chlore dans Crème'),
    ]);
  });

  it('is something exactly when the two differ in anything but their number', () => {
    const edits = fc.tuple(programmes, programmes, fc.nat(), fc.nat()).map(([one, other, from, to]) => {
      // One rule of the other programme takes a place in this one, or changes places in it.
      const moved = one.rules.filter((_, index) => index !== from % one.rules.length);
      const taken =
        to % 2 === 0 ? one.rules[from % one.rules.length] : other.rules[from % other.rules.length];
      const rules = moved.toSpliced(to % (moved.length + 1), 0, ...(taken === undefined ? [] : [taken]));
      const ids = rules.map(({ id }) => id);
      return [one, { ...one, rules: rules.filter(({ id }, index) => ids.indexOf(id) === index) }] as const;
    });
    fc.assert(
      fc.property(edits, ([one, other]) => {
        expect(diffProgrammes(one, other).length === 0).toBe(contentOf(one) === contentOf(other));
      }),
      { numRuns: 500 },
    );
  });

  it('tells as few rules as moved as have to be, for the others to stand in order', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const inOrder = programmeOf(...ids.map((id) => rule(id, { colour: { in: ['white'] } })));
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: ids.length }), (order) => {
        const rules = [...order, 'reste'].flatMap((id) => inOrder.rules.filter((one) => one.id === id));
        const moved = diffProgrammes(inOrder, { ...inOrder, rules }).map(({ about }) => about);
        const left = order.filter((id) => !moved.includes(id));
        expect(left).toEqual(left.toSorted());
        // Brute force: no larger set of them stands in order.
        for (let bits = 0; bits < 2 ** order.length; bits += 1) {
          const chosen = order.filter((_, index) => ((bits >> index) & 1) === 1);
          const isInOrder = chosen.join('') === chosen.toSorted().join('');
          expect(isInOrder && chosen.length > left.length).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });
});
