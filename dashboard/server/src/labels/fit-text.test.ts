import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';
import { pdfFonts, runsOf } from './pdf-fonts.ts';
import { estimatedWidthMm, fitText } from './fit-text.ts';

const place = { x: 0, y: 0, size: 10, smallest: 5, room: 60 };

test('a short line keeps its size, a longer one shrinks, a very long one is cut with «…»', () => {
  expect(fitText({ ...place, text: 'Crème' })).toMatchObject({ text: 'Crème', size: 10 });
  const longer = fitText({ ...place, text: 'Réemploi local' });
  expect(longer.text).toBe('Réemploi local');
  expect(longer.size).toBeLessThan(10);
  const longest = fitText({ ...place, text: 'Réemploi local et chaussures de bonne qualité' });
  expect(longest.size).toBe(5);
  expect(longest.text).toMatch(/^Réemploi local.*…$/u);
});

test('whatever the text, it fits, and nothing invisible is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, bold) => {
      const fitted = fitText({ ...place, text, bold });
      expect(estimatedWidthMm(fitted.text, fitted.size, bold)).toBeLessThanOrEqual(place.room + 1e-6);
      expect(fitted.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test('a text cannot turn the reading direction or begin a new line', () => {
  expect(cleanText('  Lot\r\n12\u202E34\u2066\u0000 ')).toBe('Lot 1234');
  expect(cleanText('Cre\u0300me')).toBe('Cr\u00E8me');
});

test('the font has every French letter, and says «?» for what it lacks', async () => {
  const fonts = await pdfFonts();
  const french = 'ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿ «»’…–·°€ 0123456789,';
  expect(
    runsOf(french, true, fonts)
      .map(({ text }) => text)
      .join(''),
  ).toBe(french);
  expect(runsOf('Łódź Ω', false, fonts)).toEqual([
    { font: 'latin-ext-400', text: 'Ł' },
    { font: 'latin-400', text: 'ód' },
    { font: 'latin-ext-400', text: 'ź' },
    { font: 'latin-400', text: ' ?' },
  ]);
});
