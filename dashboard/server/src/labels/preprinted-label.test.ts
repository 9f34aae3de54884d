import { readScan } from '@trame/protocol/scanned-code';
import { expect, test } from 'vitest';
import { MAX_ROLL_LABELS, preprintedDrawing, rollOf, type Roll } from './preprinted-label.ts';
import { renderRoll } from './render-pages.ts';
import { outsideOf, overlapsIn } from './test-mark-boxes.ts';

const ownDomain = 'https://trame.example.org';
const gs1 = { prefix: '3761303', extension: 3 };
const look = { siteName: 'Ressourcerie du Haut-Rhin et environs', demo: true, prefixIsDemo: true };

function labelsOf(roll: Roll) {
  if (roll.kind !== 'roll') throw new Error(`expected a roll, not ${JSON.stringify(roll)}`);
  return roll.labels;
}

test('a roll has consecutive codes, each its own, and says where the next one begins', () => {
  const roll = rollOf({ firstSerial: 211_091_034, count: 3, gs1, ownDomain });
  expect(roll).toMatchObject({ nextSerial: 211_091_037 });
  expect(labelsOf(roll).map(({ code }) => code.slice(0, 17))).toEqual([
    '33761303211091034',
    '33761303211091035',
    '33761303211091036',
  ]);
});

test('bars and QR of a label say the same, and scanning either finds it', () => {
  for (const { code, sscc, qrContent } of labelsOf(rollOf({ firstSerial: 7, count: 5, gs1, ownDomain }))) {
    expect(readScan(`]C100${code}`, [ownDomain])).toEqual({ kind: 'sscc', sscc });
    expect(readScan(qrContent, [ownDomain])).toEqual({ kind: 'sscc', sscc });
  }
});

test('without a licensed prefix the address carries a code of one’s own', () => {
  const [label] = labelsOf(rollOf({ firstSerial: 7, count: 1, gs1: null, ownDomain }));
  expect(label).toMatchObject({ code: 'R000007', sscc: null });
  expect(readScan(label?.qrContent ?? '', [ownDomain])).toEqual({ kind: 'output', id: 'R000007' });
});

test('a prefix that is used up says how many labels are left, before any is printed', () => {
  const full = { prefix: '376130321109', extension: 0 };
  expect(rollOf({ firstSerial: 9_990, count: 20, gs1: full, ownDomain })).toEqual({
    kind: 'exhausted',
    left: 10,
  });
});

test.each([0, -1, 1.5, MAX_ROLL_LABELS + 1])('%s labels are no roll', (count) => {
  expect(() => rollOf({ firstSerial: 1, count, gs1, ownDomain })).toThrow(RangeError);
});

test('a label knows no weight, has room for the pen, and nothing lies on anything else', () => {
  for (const prefix of [gs1, null]) {
    const [label] = labelsOf(rollOf({ firstSerial: 1, count: 1, gs1: prefix, ownDomain }));
    if (label === undefined) throw new Error('no label');
    const drawing = preprintedDrawing(label, look);
    expect(outsideOf(drawing)).toEqual([]);
    expect(overlapsIn(drawing)).toEqual([]);
    const texts = drawing.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
    expect(texts).toEqual(expect.arrayContaining(['n°', 'débouché', 'kg', 'DÉMO']));
    expect(texts.join(' ')).not.toMatch(/\d\s*kg/u);
    expect(drawing.marks.filter(({ kind }) => kind === 'rule')).toHaveLength(3);
  }
});

test('a roll is one PDF with a page a label, or one job of the printer', async () => {
  const labels = labelsOf(rollOf({ firstSerial: 1, count: 4, gs1, ownDomain }));
  const pdf = await renderRoll(labels, look, 'pdf', 0);
  expect(String(pdf.body).match(/\/Type \/Page\b/gu)).toHaveLength(4);
  const zpl = String((await renderRoll(labels, look, 'zpl', 0)).body);
  expect(zpl.match(/\^XA/gu)).toHaveLength(4);
  for (const { code } of labels) expect(zpl).toContain(`>;>800${code}`);
});
