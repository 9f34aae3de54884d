import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';
import { outputLabel } from './output-label.ts';
import { preprintedDrawing, rollOf } from './preprinted-label.ts';
import { baleFacts } from './test-label-facts.ts';
import { readZpl, type ZplField } from './test-read-zpl.ts';
import { fieldData, zplOf } from './zpl.ts';

const all = { ...baleFacts, reprint: true, demo: true, voided: true };
const variants = [baleFacts, all, { ...all, sscc: null }].flatMap((facts) =>
  (['plain', 'lines', 'dots', 'cross'] as const).map((pattern) => ({
    ...facts,
    outlet: { ...facts.outlet, pattern },
  })),
);

/** Fields that must be read; hatches and frames go below and round them. */
function readable(fields: readonly ZplField[]): readonly ZplField[] {
  return fields.filter(({ kind }) => kind !== 'box' && kind !== 'diagonal' && kind !== 'circle');
}

test('a printer of 100 × 150 mm at 203 dpi gets the number, the weight, the bars and the QR', () => {
  const { width, height, fields } = readZpl(zplOf(outputLabel(baleFacts)));
  expect({ width, height }).toEqual({ width: 800, height: 1200 });
  const data = (kind: ZplField['kind']) =>
    fields.filter((field) => field.kind === kind).map((field) => field.data);
  expect(data('gs1')).toEqual(['00376130321109103420']);
  expect(data('qr')).toEqual([baleFacts.qrContent]);
  expect(data('text')).toEqual(expect.arrayContaining(['Effilochage', 'n° 1042', '248,5\u00A0kg']));
});

test('bars are 4 dots a module with their quiet zones free, and at least 32 mm high', () => {
  const bars = readZpl(zplOf(outputLabel(all))).fields.find(({ kind }) => kind === 'gs1');
  expect(bars).toMatchObject({ left: 88, right: 88 + 156 * 4 });
  expect((bars?.bottom ?? 0) - (bars?.top ?? 0)).toBe(256);
});

test.each(variants)('every field lies on the label and none on another', (facts) => {
  const { width, height, fields } = readZpl(zplOf(outputLabel(facts)));
  const outside = fields.filter(
    ({ left, top, right, bottom }) => left < 0 || top < 0 || right > width || bottom > height,
  );
  expect(outside).toEqual([]);
  const shown = readable(fields);
  const overlaps = shown.flatMap((a, index) =>
    shown
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => [a, b]),
  );
  expect(overlaps).toEqual([]);
});

test('a pre-printed label is read by the same rules', () => {
  const roll = rollOf({
    firstSerial: 1,
    count: 1,
    gs1: { prefix: '3761303', extension: 3 },
    ownDomain: 'https://trame.example.org',
  });
  if (roll.kind !== 'roll' || roll.labels[0] === undefined) throw new Error('no roll');
  const look = { siteName: 'Colmar', demo: true, prefixIsDemo: true };
  const { width, height, fields } = readZpl(zplOf(preprintedDrawing(roll.labels[0], look)));
  expect({ width, height }).toEqual({ width: 800, height: 600 });
  expect(fields.find(({ kind }) => kind === 'gs1')?.data).toBe(`00${roll.labels[0].code}`);
});

function texts(fields: readonly ZplField[]): readonly ZplField[] {
  return fields.filter(({ kind }) => kind === 'text');
}

function kinds(fields: readonly ZplField[]): readonly ZplField['kind'][] {
  return fields.map(({ kind }) => kind).filter((kind) => kind !== 'text');
}

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('^', '~', '_', '\\', '^XZ', '^XA', '~JR', '^FS', '_5E', '\\&', '\n', '\u0000', 'é'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

test('no name that anybody can type becomes a command: the label has the same fields, and says the name', () => {
  const usual = readZpl(zplOf(outputLabel(baleFacts))).fields;
  fc.assert(
    fc.property(hostile, hostile, (name, siteName) => {
      const named = {
        ...baleFacts,
        siteName: `S${siteName}`,
        outlet: { ...baleFacts.outlet, name: `N${name}` },
      };
      const { fields } = readZpl(zplOf(outputLabel(named)));
      expect(kinds(fields)).toEqual(kinds(usual));
      // A long name takes a second line.
      expect([0, 1]).toContain(texts(fields).length - texts(usual).length);
      const [shown] = texts(fields);
      const whole = cleanText(`N${name}`);
      expect(whole.startsWith((shown?.data ?? '').replace(/…$/u, '').trimEnd())).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('carets, tildes and underscores are written in hexadecimal', () => {
  expect(fieldData('a^XA~JR_5E\u0000\r\n\u001B')).toBe('a_5EXA_7EJR_5F5E    ');
});
