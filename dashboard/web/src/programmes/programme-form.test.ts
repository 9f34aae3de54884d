/** The form says what the programme said, and what is done in it is done to the programme. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { checkProgramme } from '@trame/protocol/sort-programmes/check-programme';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { EVERY_OUTLET_PROGRAMME } from '@trame/protocol/sort-programmes/examples/every-outlet';
import { HAND_TABLES_PROGRAMME } from '@trame/protocol/sort-programmes/examples/hand-tables';
import { readProgramme } from '@trame/protocol/sort-programmes/read-programme';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { programmes } from '@trame/protocol/sort-programmes/test-programmes';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import programmeWords from '../messages/fr-programmes.json' with { type: 'json' };
import { addWords } from '../messages/translate.ts';
import {
  addCeiling,
  addRule,
  addTest,
  addThreshold,
  canMove,
  emptyForm,
  freeInputs,
  INPUT_ORDER,
  moveRule,
  ownForm,
  removeRule,
  removeThreshold,
  setRule,
  setTest,
  setThreshold,
  usersOf,
} from './edit-form.ts';
import { figureText, readFigure } from './figures.ts';
import { nameOfLabel } from './name-of-label.ts';
import { placeFindings } from './place-findings.ts';
import { formOf, type ProgrammeForm } from './programme-form.ts';
import { programmeOfForm } from './programme-of-form.ts';

addWords(programmeWords);

const EXAMPLES = [AUTOMATIC_LINE_PROGRAMME, HAND_TABLES_PROGRAMME, EVERY_OUTLET_PROGRAMME];

function backOf(programme: SortProgramme): object {
  const { programme: back, faults } = programmeOfForm(formOf(programme), programme.version, []);
  expect(faults).toEqual([]);
  return back;
}

/** @throws when it is no programme. */
function soundOf(form: ProgrammeForm): SortProgramme {
  const read = programmeOfForm(form, 1, []);
  expect(read.faults).toEqual([]);
  const reading = readProgramme(read.programme);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.findings));
  return reading.programme;
}

describe('the form of a programme', () => {
  it.each(EXAMPLES.map((example) => [example.id, example] as const))(
    'gives the example %s back as it was',
    (_id, example) => {
      expect(canonicalJson(backOf(example))).toBe(canonicalJson(example));
    },
  );

  it('gives any programme back as it was', () => {
    fc.assert(
      fc.property(programmes, (programme) => {
        expect(canonicalJson(backOf(programme))).toBe(canonicalJson(programme));
      }),
      { numRuns: 300 },
    );
  });

  it('reads every number back that it wrote', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(readFigure(figureText(number))).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  it('reads figures as people type them, and nothing else', () => {
    expect(['80', '8,5', '8.5', '15 000', '−10', ' 3 '].map(readFigure)).toEqual([
      80, 8.5, 8.5, 15_000, -10, 3,
    ]);
    expect(['', 'abc', '1,2,3', '8 %', '--1', '1e999'].map(readFigure)).toEqual(Array(6).fill(null));
  });

  it('names what has no name yet, each its own', () => {
    const taken = new Set(['effilochage-lin', 'regle']);
    expect(nameOfLabel('Effilochage, lin', 'regle', taken)).toBe('effilochage-lin-2');
    expect(nameOfLabel('Bûchettes & œillets', 'regle', taken)).toBe('buchettes-oeillets');
    expect(nameOfLabel('…', 'regle', taken)).toBe('regle-2');
  });

  it('names any new programme and rule so that it can be read', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60 }),
        fc.string({ minLength: 1 }),
        (label, ruleLabel) => {
          fc.pre(
            label.trim() !== '' &&
              ruleLabel.trim() !== '' &&
              ruleLabel.isWellFormed() &&
              label.isWellFormed(),
          );
          const form = addRule(emptyForm(label, 'Reste', 'csr'), ruleLabel, 'csr');
          expect(soundOf(form).rules).toHaveLength(2);
        },
      ),
    );
  });

  it('leaves the names of addresses to the addresses', () => {
    const form = emptyForm('Examples', 'Reste', 'csr');
    expect(programmeOfForm(form, 1, ['examples-2']).programme.id).toBe('examples-3');
  });
});

describe('what is done in the editor', () => {
  const example = formOf(HAND_TABLES_PROGRAMME);
  const lastKey = example.rules.at(-1)?.key ?? '';

  it('keeps the last rule where it is, whole and without a test', () => {
    expect(removeRule(example, lastKey)).toBe(example);
    expect(moveRule(example, lastKey, -1)).toBe(example);
    expect(addTest(example, lastKey, 'colour')).toBe(example);
    const beforeLast = example.rules.at(-2)?.key ?? '';
    expect(canMove(example, beforeLast, 1)).toBe(false);
    expect(addRule(example, 'Neuve', 'csr').rules.at(-1)?.key).toBe(lastKey);
  });

  it('moves a rule up and down again', () => {
    const second = example.rules[1]?.key ?? '';
    const up = moveRule(example, second, -1);
    expect(up.rules[0]?.key).toBe(second);
    expect(moveRule(up, second, 1)).toEqual(example);
  });

  it('renames a threshold in every rule that names it, and removes none that is named', () => {
    const threshold = example.thresholds.find(({ name }) => name === 'fibre-dominante');
    if (threshold === undefined) throw new Error('the example has no such threshold');
    expect(usersOf(example, threshold.key)).toContain('laine-dominante');
    expect(removeThreshold(example, threshold.key)).toBe(example);
    const renamed = soundOf(setThreshold(example, { ...threshold, name: 'teneur' }));
    expect(JSON.stringify(renamed)).not.toContain('fibre-dominante');
    expect(checkProgramme(renamed, null).filter(({ weight }) => weight === 'error')).toEqual([]);
  });

  it('asks of each input once', () => {
    let form = addRule(emptyForm('Essai', 'Reste', 'csr'), 'Neuve', 'csr');
    const key = form.rules[0]?.key ?? '';
    for (const input of INPUT_ORDER) form = addTest(form, key, input);
    const [rule] = form.rules;
    expect(rule?.tests.map(({ input }) => input)).toEqual(INPUT_ORDER);
    expect(rule === undefined ? null : freeInputs(rule)).toEqual([]);
  });

  it('makes a copy of an example one’s own', () => {
    const own = soundOf(ownForm(example, 'Nos tables'));
    expect([own.id, own.label, own.example]).toEqual(['nos-tables', 'Nos tables', false]);
  });

  it('says beside each part what cannot be sent', () => {
    let form = addCeiling(addThreshold(addRule(emptyForm('Essai', 'Reste', 'csr'), '', '')), 'csr');
    const key = form.rules[0]?.key ?? '';
    form = addTest(form, key, 'colour');
    const { faults } = programmeOfForm(form, 1, []);
    expect(faults.map(({ at, words }) => [at, words.replaceAll('\u00a0', ' ')])).toEqual([
      ['thresholds[""]', "Ce seuil n'a pas de nom : donnez-lui-en un."],
      ['thresholds[""]', expect.stringMatching(/« {2}» n'est pas un nombre/u)],
      ['rules[0]', "Cette règle n'a pas de nom : donnez-lui-en un."],
      ['rules[0]', 'Règle « 1 » : choisissez un débouché.'],
      ['rules[0]', expect.stringMatching(/Règle « 1 » : cochez au moins un mot pour « couleur »/u)],
      ['ceilings[0].mgPerKgDry', expect.stringMatching(/n'est pas un nombre/u)],
    ]);
    const placed = placeFindings(
      faults.map(({ at }) => ({ at, weight: 'error', about: [], words: at })),
      form,
      ['', 'reste'],
    );
    expect(placed.byPart.get(key)).toHaveLength(3);
    expect(placed.byPart.get(form.thresholds[0]?.key ?? '')).toHaveLength(2);
    expect(placed.byPart.get(form.ceilings[0]?.key ?? '')).toHaveLength(1);
    expect(placed.whole).toEqual([]);
    expect(placed.counts).toEqual({ error: 6, warning: 0, note: 0 });
  });
});

describe('findings', () => {
  it('stand beside a part of the form, whatever programme they are of', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EXAMPLES), fc.array(fc.nat(8), { maxLength: 3 }), (example, changes) => {
        let form = formOf(example);
        for (const change of changes) {
          const rule = form.rules[change];
          const [test] = rule?.tests ?? [];
          if (rule === undefined || test?.kind !== 'number') continue;
          form = setRule(form, setTest(rule, { ...test, atLeast: '', below: '' }));
        }
        const { programme } = programmeOfForm(form, 1, []);
        const findings = checkProgramme(programme as unknown as SortProgramme, ['csr', 'a.b~c']);
        const placed = placeFindings(
          findings,
          form,
          programme.rules.map(({ id }) => id),
        );
        const many = [...placed.byPart.values()].reduce(
          (sum, list) => sum + list.length,
          placed.whole.length,
        );
        expect(many).toBe(findings.length);
        expect(placed.whole).toEqual([]);
        for (const finding of findings) {
          const [about] = finding.about;
          const rule = form.rules.find(({ id }) => id === about);
          expect(rule === undefined || placed.byPart.get(rule.key)?.includes(finding)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('find a threshold whose name stands in quotes', () => {
    const form = setThreshold(addThreshold(emptyForm('Essai', 'Reste', 'csr')), {
      key: 'p2',
      name: 'lin.pur',
      kind: 'value',
      value: '8',
      of: '',
      plus: '0',
      source: 'essai',
    });
    const findings = checkProgramme(soundOf(form), null);
    expect(findings.map(({ fault }) => fault)).toEqual(['unused-threshold']);
    expect(placeFindings(findings, form, ['reste']).byPart.get('p2')).toEqual(findings);
  });
});
