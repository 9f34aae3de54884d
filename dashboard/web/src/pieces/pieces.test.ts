/** What pieces are told in: words of every code, sentences, gates, rules, and what was chosen about one. */
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import { FIBRE_REFUSALS, type GateResult } from '@trame/protocol/classification/fibre-verdict';
import {
  OVERRIDE_REASONS,
  SORTING_REFUSALS,
  VERDICT_WRITES,
} from '@trame/protocol/classification/item-names';
import { READINGS } from '@trame/protocol/sort-programmes/programme-inputs';
import type { FailedTest } from '@trame/protocol/sort-programmes/decide-outlet';
import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import kiosk from '../messages/fr-kiosk.json' with { type: 'json' };
import words from '../messages/fr-pieces.json' with { type: 'json' };
import { addWords, t, type MessageKey } from '../messages/translate.ts';
import { gateFigures } from './gate-figures.ts';
import { knownShapes } from './known-shapes.ts';
import { overrideBody } from './override-draft.ts';
import { isNotSorting, pieceRefusalText } from './piece-refusal.ts';
import {
  FIBRE_WORDS,
  GATE_WORDS,
  OVERRIDE_WORDS,
  READING_WORDS,
  REFUSAL_WORDS,
  SORTING_REFUSAL_WORDS,
  WRITE_WORDS,
} from './piece-words.ts';
import { roundedFacts, roundedTest } from './rounded-facts.ts';
import { ruleStory } from './rule-story.ts';
import { testExplained, testItem, testRules } from './test-pieces.ts';
import {
  compositionText,
  errorText,
  fibreText,
  namesCellulosic,
  probabilitySentence,
  probabilityText,
  shareErrorText,
} from './verdict-words.ts';
import { matchedSentence, writeSentence } from './why-words.ts';

addWords(words);
addWords(kiosk);

/** As a person reads it: no-break spaces are spaces. */
function read(text: string | null): string | null {
  return text?.replaceAll(/[\u00A0\u202F]/gu, ' ') ?? null;
}

function gate(changes: Partial<GateResult>): GateResult {
  return { gate: 'distance', passed: true, measured: 0.1234, limit: 0.4, ...changes };
}

function under(measured: number, limit: number): FailedTest {
  return roundedTest({ why: 'under', input: 'fibre.cotton', measured, limit });
}

function label(id: string): string {
  return `<${id}>`;
}

function refused(status: number, code: string) {
  return { kind: 'refused', status, code } as const;
}

describe('every code has words of its own', () => {
  it.each<readonly [string, readonly string[], Readonly<Record<string, MessageKey>>]>([
    ['readings', READINGS, READING_WORDS],
    ['refusals', FIBRE_REFUSALS, REFUSAL_WORDS],
    ['gates', FIBRE_REFUSALS, GATE_WORDS],
    ['fibres', RECOGNISED_FIBRES, FIBRE_WORDS],
    ['writes', VERDICT_WRITES, WRITE_WORDS],
    ['reasons of people', OVERRIDE_REASONS, OVERRIDE_WORDS],
    ['refusals of a line', SORTING_REFUSALS, SORTING_REFUSAL_WORDS],
  ])('%s', (_name, codes, table) => {
    expect(Object.keys(table).toSorted()).toEqual([...codes].toSorted());
    const said = codes.map((code) => t(table[code] ?? 'pieces.empty'));
    expect(said.filter((text) => /^[a-zA-Z]+\.[a-zA-Z]+$/u.test(text))).toEqual([]);
    expect(new Set(said).size).toBe(codes.length);
  });
});

describe('what is said of a piece', () => {
  it('names shares with their error, largest first, without what is next to nothing', () => {
    const composition = [
      { fibre: 'polyester', percent: 17.6 },
      { fibre: 'cotton', percent: 81.9 },
      { fibre: 'wool', percent: 0.5 },
    ] as const;
    expect(read(compositionText({ composition: [...composition], errorPoints: 3.42 }))).toBe(
      'coton 82 %, polyester 18 % (± 3,4)',
    );
    expect(read(compositionText({ composition: [...composition], errorPoints: null }))).toBe(
      'coton 82 %, polyester 18 %',
    );
    expect(compositionText({ composition: [], errorPoints: null })).toBeNull();
  });

  it('names the fibre, or why there is none', () => {
    expect(fibreText({ fibre: 'wool', refusal: null, reading: 'pure' })).toBe('laine');
    expect(fibreText({ fibre: null, refusal: 'flat', reading: 'unreadable' })).toContain('plat');
  });

  it('never says that something is certain', () => {
    expect(read(probabilityText(0.9999))).toBe('plus de 99 %');
    expect(read(probabilityText(0.99))).toBe('99 %');
    expect(read(probabilityText(0.972))).toBe('97 %');
  });

  it('says an error with a decimal as long as that is not two digits', () => {
    expect([3.42, 9.94, 9.97, 12.4].map(errorText)).toEqual(['3,4', '9,9', '10', '12']);
    expect(read(shareErrorText({ fibre: 'wool', percent: 61.6 }, 9.97))).toBe('laine 62 % ± 10');
  });

  it('says how sure it is of the fibre that is named, else of there being one', () => {
    expect(read(probabilitySentence({ probability: 0.5, fibre: 'wool' }))).toBe(
      "Dans les essais sur lesquels le modèle a été réglé, 50 % des pièces lues ainsi étaient d'une seule fibre : laine.",
    );
    expect(read(probabilitySentence({ probability: 0.31, fibre: null }))).toContain('31 % des pièces');
    expect(probabilitySentence({ probability: null, fibre: null })).toBe('');
  });

  it('says of a fibre that is more often not alone than alone that somebody should look', () => {
    const words = read(probabilitySentence({ probability: 0.32, fibre: 'polyamide' }));
    expect(words).toContain("32 % des pièces lues ainsi étaient d'une seule fibre : polyamide");
    expect(words).toContain("moins d'une fois sur deux");
    expect(read(probabilitySentence({ probability: 0.32, fibre: null }))).not.toContain('sur deux');
  });

  it('tells when it speaks of what a spectrum does not tell apart', () => {
    expect(namesCellulosic(testItem({}))).toBe(false);
    expect(namesCellulosic(testItem({ fibre: 'cellulosic' }))).toBe(true);
    expect(namesCellulosic(testItem({ composition: [{ fibre: 'cellulosic', percent: 33 }] }))).toBe(true);
  });

  it('names the shapes that a fit is made of, those of no fibre by their id', () => {
    const shares = [
      { id: 'fond', share: 0.1 },
      { id: 'cotton', share: 0.897 },
      { id: 'wool', share: 0.003 },
      { id: 'nylon', share: 0.03 },
      { id: 'water-1450', share: 0.02 },
    ];
    expect(read(knownShapes(shares))).toBe('coton 90 %, fond 10 %, polyamide 3 %, eau (1 450 nm) 2 %');
  });
});

describe('gates', () => {
  it.each<readonly [string, GateResult, number | null]>([
    ['écart au modèle 0,123, 0,400 au plus', gate({}), 0.1],
    ['186 valeurs, 200 attendues', gate({ gate: 'wrong-length', measured: 186, limit: 200 }), null],
    ['fond 21,0 %, 60,0 % au plus', gate({ gate: 'background', measured: 0.21, limit: 0.6 }), 0.21],
    [
      'absorbance moyenne 1,30, 1,05 au plus',
      gate({ gate: 'background', passed: false, measured: 1.3, limit: 1.05 }),
      null,
    ],
    [
      'pureté 70,0 %, au moins 86,0 % demandés',
      gate({ gate: 'blend', passed: false, measured: 0.7, limit: 0.86 }),
      0,
    ],
    [
      'une autre fibre fait 8,4 %, 6,0 % au plus',
      gate({ gate: 'blend', passed: false, measured: 8.4, limit: 6 }),
      0,
    ],
    ['mesuré 62,0', gate({ gate: 'blend', passed: false, measured: 62, limit: null }), null],
  ])('%s', (said, result, background) => {
    expect(read(gateFigures(result, { background }))).toBe(said);
  });

  it('says no figures of a gate that measures nothing', () => {
    const results = FIBRE_REFUSALS.map((one) => gate({ gate: one, measured: null, limit: null }));
    expect(
      results.map((one) => gateFigures(one, { background: null })).filter((one) => one !== null),
    ).toEqual([]);
  });
});

describe('figures', () => {
  it('are told to a tenth, unless that turns the reason around', () => {
    expect(under(61.4321, 84.0876)).toMatchObject({ measured: 61.4, limit: 84.1 });
    expect(under(82.96, 83.0)).toMatchObject({ measured: 82.96, limit: 83 });
    expect(roundedTest({ why: 'not-under', input: 'weight', measured: 500, limit: 500 })).toMatchObject({
      measured: 500,
      limit: 500,
    });
    assert(
      property(
        double({ min: 0, max: 120, noNaN: true }),
        double({ min: 0, max: 120, noNaN: true }),
        (measured, limit) => {
          const why = measured < limit ? 'under' : 'not-under';
          const told = roundedTest({ why, input: 'fibre.cotton', measured, limit });
          expect(told).toMatchObject({ why });
          const figures = told as Extract<FailedTest, { readonly measured: number }>;
          expect(figures.measured < figures.limit).toBe(measured < limit);
          expect(figures.measured === figures.limit).toBe(measured === limit);
        },
      ),
    );
    const facts = testExplained({}).facts;
    expect(roundedFacts({ ...facts, composition: { cotton: 94.893 }, errorPoints: 3.532 })).toMatchObject({
      composition: { cotton: 94.9 },
      errorPoints: 3.5,
    });
    expect(roundedFacts({ ...facts, composition: null }).composition).toBeNull();
  });
});

describe('rules', () => {
  const rules = testRules();

  it('are told in three parts around the one that took the piece', () => {
    const story = ruleStory(rules, 'coton');
    expect(story.before.map(({ place, rule, part }) => [place, rule.id, part])).toEqual([
      [1, 'dechet', 'failed'],
      [2, 'laine', 'failed'],
    ]);
    expect(story.matched).toMatchObject({ place: 3, rule: { id: 'coton' } });
    expect(story.after.map(({ place, part }) => [place, part])).toEqual([
      [4, 'would-fail'],
      [5, 'would-hold'],
    ]);
  });

  it('lie all before a rule that is not among them', () => {
    for (const matched of ['gone', null]) {
      const story = ruleStory(rules, matched);
      expect([story.before.length, story.matched, story.after.length]).toEqual([rules.length, null, 0]);
    }
  });

  it('are said in one sentence', () => {
    const told = testExplained({});
    expect(read(matchedSentence(told, label))).toBe(
      "La règle « Coton » l'envoie à <effilochage> : c'est la première qui convient, après 2 autres qui ne convenaient pas.",
    );
    const second = { ...told, item: testItem({ rule: 'laine' }) };
    expect(read(matchedSentence(second, label))).toContain('après une autre qui ne convenait pas');
    const first = { ...told, item: testItem({ rule: 'dechet' }) };
    expect(read(matchedSentence(first, label))).toContain('la première du programme');
    const other = { ...told, rules: null, item: testItem({ rule: 'laine' }) };
    expect(read(matchedSentence(other, label, new Map([['laine', 'Laine triée']])))).toBe(
      "La règle « Laine triée » l'a envoyée à <effilochage>. La ligne suit depuis un autre programme.",
    );
    expect(matchedSentence(other, label)).toContain('depuis un autre programme');
    expect(matchedSentence(other, label)).not.toContain('laine');
    const none = { ...told, item: testItem({ rule: null }) };
    expect(matchedSentence(none, label)).toContain('débouché de secours');
    expect(matchedSentence({ ...none, programme: null }, label)).toContain('aucun programme utilisable');
  });

  it('say what became of a verdict that did not come as it should', () => {
    const said = VERDICT_WRITES.map((wrote) =>
      writeSentence({ wrote, decided: 'effilochage', outlet: 'manuel' }, (id) => id),
    );
    expect(new Set(said).size).toBe(VERDICT_WRITES.length);
    expect(said.slice(1).every((text) => text.includes('effilochage') && text.includes('manuel'))).toBe(true);
  });
});

describe('what a person says otherwise', () => {
  it('needs an outlet, a reason, and words where the reason says nothing', () => {
    expect(overrideBody({ to: null, reason: 'soiled', note: '' })).toEqual({
      kind: 'fault',
      fault: 'outlet',
    });
    expect(overrideBody({ to: 'csr', reason: null, note: '' })).toEqual({ kind: 'fault', fault: 'reason' });
    expect(overrideBody({ to: 'csr', reason: 'other', note: '  ' })).toEqual({
      kind: 'fault',
      fault: 'note',
    });
    expect(overrideBody({ to: 'csr', reason: 'soiled', note: ' ' })).toEqual({
      kind: 'body',
      body: { to: 'csr', reason: 'soiled' },
    });
    expect(overrideBody({ to: 'csr', reason: 'other', note: ' huile ' })).toEqual({
      kind: 'body',
      body: { to: 'csr', reason: 'other', note: 'huile' },
    });
  });
});

describe('refusals', () => {
  it('are said for every way in which no answer came', () => {
    expect(pieceRefusalText({ kind: 'away' })).toContain('serveur');
    expect(pieceRefusalText(refused(504, 'no-reply'))).toContain('ligne');
    expect(pieceRefusalText(refused(503, 'items-away'))).toContain("ce qu'elle garde");
    expect(pieceRefusalText(refused(409, 'edge-silent'))).toContain('Santé');
    expect(pieceRefusalText(refused(404, 'unknown-item'))).toContain('ne garde plus');
    expect(pieceRefusalText(refused(403, 'forbidden'))).not.toMatch(/forbidden/u);
    expect(isNotSorting(refused(409, 'not-sorting'))).toBe(true);
    expect(isNotSorting({ kind: 'away' })).toBe(false);
    expect(isNotSorting(null)).toBe(false);
  });
});
