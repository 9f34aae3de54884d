import { expect, test } from 'vitest';
import type { Drawing } from './drawing.ts';
import {
  MAX_SHEET_OUTLETS,
  paperSheets,
  ROWS_PER_SHEET,
  sheetRowNumber,
  type SheetRequest,
} from './paper-sheet.ts';
import { patternOf, PICTOGRAM_IDS } from './pictograms.ts';
import { outsideOf, overlapsIn } from './test-mark-boxes.ts';

function requestFor(outlets: number): SheetRequest {
  return {
    siteName: 'Ressourcerie du Haut-Rhin',
    pressName: 'Presse 2',
    outlets: Array.from({ length: outlets }, (_, index) => ({
      name: `Effilochage ${index + 1}`,
      pictogram: PICTOGRAM_IDS[index % PICTOGRAM_IDS.length] ?? 'recycle',
      pattern: patternOf(index),
    })),
    firstSheet: 12,
    sheets: 2,
    demo: false,
  };
}

function texts({ marks }: Drawing): readonly string[] {
  return marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
}

test('every row of every sheet has a number of its own, printed on it', () => {
  const sheets = paperSheets(requestFor(6));
  const numbers = sheets.flatMap((sheet) => texts(sheet).filter((text) => /^\d+-\d\d$/u.test(text)));
  expect(numbers).toHaveLength(2 * ROWS_PER_SHEET);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers[0]).toBe(sheetRowNumber(12, 1));
  expect(numbers.at(-1)).toBe(sheetRowNumber(13, ROWS_PER_SHEET));
  expect(texts(sheets[1] as Drawing)).toContain('n° 13');
});

test('a row has one box per outlet, and each outlet its word, pictogram and hatch', () => {
  const [sheet] = paperSheets(requestFor(6));
  if (sheet === undefined) throw new Error('no sheet');
  const count = (kind: string) => sheet.marks.filter((mark) => mark.kind === kind).length;
  expect(count('frame')).toBe(6 * ROWS_PER_SHEET);
  expect(count('pictogram')).toBe(6);
  expect(count('hatch')).toBe(6);
  for (const { name } of requestFor(6).outlets) expect(texts(sheet)).toContain(name);
});

test('it asks for no name', () => {
  const [sheet] = paperSheets(requestFor(3));
  if (sheet === undefined) throw new Error('no sheet');
  expect(texts(sheet).join(' ')).toContain('N’écrire aucun nom.');
  expect(texts(sheet).join(' ')).not.toMatch(/opérateur|équipe|initiales|signature|visa/iu);
});

test.each([1, 6, MAX_SHEET_OUTLETS])(
  'with %s outlets all lies on the page and nothing on anything else',
  (outlets) => {
    for (const sheet of paperSheets({ ...requestFor(outlets), demo: true })) {
      expect(outsideOf(sheet)).toEqual([]);
      expect(overlapsIn(sheet)).toEqual([]);
      expect(texts(sheet)).toContain('DÉMO');
    }
  },
);

test.each([
  { ...requestFor(0) },
  { ...requestFor(MAX_SHEET_OUTLETS + 1) },
  { ...requestFor(3), sheets: 0 },
  { ...requestFor(3), sheets: 101 },
  { ...requestFor(3), firstSheet: 0 },
])('numbers that cannot be are refused', (request) => {
  expect(() => paperSheets(request)).toThrow(RangeError);
});
