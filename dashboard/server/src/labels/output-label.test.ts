import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Drawing, Mark } from './drawing.ts';
import type { LabelFacts } from './label-facts.ts';
import { outputLabel } from './output-label.ts';
import { baleFacts } from './test-label-facts.ts';
import { outsideOf, overlapsIn } from './test-mark-boxes.ts';

function texts({ marks }: Drawing): readonly string[] {
  return marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text.replaceAll('\u00A0', ' ')] : []));
}

function kinds({ marks }: Drawing): readonly Mark['kind'][] {
  return marks.map(({ kind }) => kind);
}

const all: LabelFacts = { ...baleFacts, reprint: true, demo: true, voided: true };

test('a bale says what it is, how heavy, when and where, in French', () => {
  expect(texts(outputLabel(baleFacts))).toEqual([
    'Effilochage',
    'Balle',
    'n° 1042',
    '248,5 kg',
    'net · brut 250 kg · emballage 1,5 kg',
    '22/11/2026 13:06',
    'Ressourcerie du Haut-Rhin',
    'Ligne 1',
    '(00) 376130321109103420',
  ]);
});

test('the outlet is told by word, pictogram and hatch, without colour', () => {
  const { marks } = outputLabel(baleFacts);
  expect(marks).toContainEqual(expect.objectContaining({ kind: 'pictogram', pictogram: 'spool' }));
  expect(marks).toContainEqual(expect.objectContaining({ kind: 'hatch', pattern: 'cross' }));
});

test.each([
  ['reprint', 'RÉIMPRESSION'],
  ['demo', 'DÉMO'],
  ['voided', 'ANNULÉE'],
] as const)('%s is framed as %s, and only then', (flag, word) => {
  expect(texts(outputLabel({ ...baleFacts, [flag]: true }))).toContain(word);
  expect(texts(outputLabel({ ...all, [flag]: false }))).not.toContain(word);
});

test('an output that was not weighed shows no figure in kg', () => {
  const shown = texts(outputLabel({ ...baleFacts, weight: { kind: 'to-weigh' } }));
  expect(shown).toContain('À PESER');
  expect(shown.join(' ')).not.toMatch(/\d\s*kg/u);
});

test('a typed weight says so', () => {
  const weight = {
    kind: 'weighed',
    netGrams: 80_000,
    grossGrams: null,
    packagingGrams: null,
    how: 'typed',
  } as const;
  expect(texts(outputLabel({ ...baleFacts, weight }))).toContain('net · poids saisi');
});

test('a demonstration prefix is named', () => {
  const sscc = { code: baleFacts.sscc?.code ?? ('' as never), prefix: 'demo' } as const;
  expect(texts(outputLabel({ ...baleFacts, sscc }))).toContain('préfixe GS1 de démonstration');
});

test('without SSCC the address alone identifies, in letters too', () => {
  const drawing = outputLabel({ ...baleFacts, sscc: null });
  expect(kinds(drawing)).not.toContain('gs1');
  expect(kinds(drawing)).toContain('qr');
  expect(texts(drawing)).toContain(baleFacts.qrContent);
});

test('marks stay on the label, and two that must be read do not lie on one another', () => {
  for (const sscc of [baleFacts.sscc, null]) {
    const drawing = outputLabel({ ...all, sscc });
    expect(outsideOf(drawing)).toEqual([]);
    expect(overlapsIn(drawing)).toEqual([]);
  }
});

test('a long outlet name goes on two lines, whole', () => {
  const name = 'Réemploi et chaussures de très bonne qualité';
  const shown = texts(outputLabel({ ...baleFacts, outlet: { ...baleFacts.outlet, name } }));
  expect(`${shown[0]} ${shown[1]}`).toBe(name);
});

test('whatever the weight, no figure of it is cut', () => {
  const grams = fc.integer({ min: 1, max: 100_000_000 });
  fc.assert(
    fc.property(
      grams,
      grams,
      grams,
      fc.integer({ min: 1, max: 99_999_999 }),
      (netGrams, grossGrams, packagingGrams, number) => {
        const weight = { kind: 'weighed', netGrams, grossGrams, packagingGrams, how: 'paper' } as const;
        const shown = texts(outputLabel({ ...baleFacts, number, weight }));
        expect(shown.filter((text) => text.endsWith('…'))).toEqual([]);
        expect(shown).toContain(`n° ${number}`);
      },
    ),
  );
});
