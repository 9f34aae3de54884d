import { describe, expect, it } from 'vitest';
import { evaluate, refit, type Evaluation } from './evaluate.ts';
import { parseSpectra } from './parse-spectra.ts';
import { html } from './report-html.ts';
import { markdown } from './report-markdown.ts';
import { reportOf } from './report.ts';
import { readModels } from './shipped-models.ts';
import { csvOf, PURE, RATIO } from './test-swatches.ts';

const models = readModels([]);
if (models.kind === 'refused') throw new Error(models.reason);
const CONTEXT = {
  program: 'trame-edge test',
  at: '2026-01-01T00:00:00Z',
  command: 'trame-edge model evaluate x',
};

function evaluated(csv: string): Evaluation {
  const rows = parseSpectra(csv, 'x.csv');
  if (models.kind === 'refused') throw new Error(models.reason);
  return evaluate([{ name: 'x<y>.csv', sha256: 'f'.repeat(64), rows }], models, 'absorbance');
}

describe('a report', () => {
  const strange = {
    dataset: '?',
    sample: 's|1',
    className: "<script>alert('1')</script>",
    label: {},
    of: { wool: 1 },
  };
  const report = reportOf(evaluated(csvOf([...PURE, ...RATIO, strange])), [], CONTEXT);

  it('counts every spectrum once in the confusion matrix', () => {
    const table = report.sections.find(({ title }) => title === 'Matrice de confusion')?.tables[0];
    expect(table?.rows.reduce((sum, [, n]) => sum + Number(n), 0)).toBe((PURE.length + RATIO.length + 1) * 4);
    for (const [, n, ...named] of table?.rows ?? []) {
      expect(named.reduce((sum, count) => sum + Number(count), 0)).toBe(Number(n));
    }
  });

  it('says from what it was made, and that labels are not what the models learnt from', () => {
    const text = markdown(report);
    for (const words of ['f'.repeat(64), CONTEXT.command, CONTEXT.at, 'nirscan-nano-2026-11']) {
      expect(text).toContain(words.replaceAll('_', String.raw`\_`));
    }
    expect(text).not.toContain('Attention');
  });

  it('is no way into a page or a table for what a label says', () => {
    const page = html(report);
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;');
    expect(page).toContain('x&lt;y&gt;.csv');
    expect(page).not.toMatch(/(?:src|href)=/u);
    for (const line of markdown(report).split('\n')) expect(line).not.toContain('<script>');
  });

  it('says why no model could be fitted again', () => {
    const few = evaluated(csvOf(PURE.slice(0, 1).map((spec) => ({ ...spec, dataset: 'A' }))));
    const [refitted] = refit(few, { count: 2, seed: 1, quantity: 'absorbance' });
    expect(refitted).toMatchObject({
      kind: 'not-possible',
      reason: expect.stringContaining('none may be named') as string,
    });
    const text = markdown(reportOf(few, refitted === undefined ? [] : [refitted], CONTEXT));
    expect(text).toContain('Impossible');
  });
});
