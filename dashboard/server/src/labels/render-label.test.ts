import { expect, test } from 'vitest';
import { labelFormat, renderLabel } from './render-label.ts';
import { baleFacts } from './test-label-facts.ts';

const CHROMIUM =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8';

test.each([
  [null, undefined, 'svg'],
  [null, '*/*', 'svg'],
  [null, CHROMIUM, 'svg'],
  [null, 'application/pdf', 'pdf'],
  [null, 'image/svg+xml;q=0.5, application/pdf', 'pdf'],
  [null, 'application/zpl, application/pdf;q=0', 'zpl'],
  [null, 'application/json', null],
  [null, 'application/pdf;q=0', null],
  ['PDF', 'image/svg+xml', 'pdf'],
  ['zpl', undefined, 'zpl'],
  ['png', '*/*', null],
])('suffix %s with Accept %s asks for %s', (suffix, accept, format) => {
  expect(labelFormat(suffix, accept)).toBe(format);
});

test('each format is what its media type says', async () => {
  const svg = await renderLabel(baleFacts, 'svg');
  expect(svg.contentType).toBe('image/svg+xml; charset=utf-8');
  expect(String(svg.body)).toMatch(/^<svg [^>]*width="100mm" height="150mm"[^]*<\/svg>\n$/u);
  const pdf = await renderLabel(baleFacts, 'pdf');
  expect(pdf.contentType).toBe('application/pdf');
  expect(String(pdf.body).slice(0, 5)).toBe('%PDF-');
  const zpl = await renderLabel(baleFacts, 'zpl');
  expect(zpl.contentType).toBe('application/zpl; charset=utf-8');
  expect(String(zpl.body)).toMatch(/^\^XA\n[^]*\^XZ\n$/u);
});

test('the same label gives the same bytes', async () => {
  const [once, again] = [await renderLabel(baleFacts, 'pdf'), await renderLabel(baleFacts, 'pdf')];
  expect(Buffer.compare(once.body as Buffer, again.body as Buffer)).toBe(0);
});

test('a hostile name stays text in SVG', async () => {
  const outlet = { ...baleFacts.outlet, name: '</text><script>alert("1")</script>&' };
  const { body } = await renderLabel({ ...baleFacts, outlet }, 'svg');
  expect(body).not.toContain('<script');
  expect(body).toContain('&lt;/text&gt;&lt;scr');
});
