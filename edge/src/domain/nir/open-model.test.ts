import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnmixingFile } from './model-file.ts';
import { MAX_MODEL_CHARACTERS, openModel } from './open-model.ts';
import { ratioModel, sealed, sha256, unmixingFile } from './test-spectra.ts';

const file = unmixingFile();
const text = JSON.stringify(file);

function reasonOf(content: string): string {
  const opened = openModel(content, sha256);
  return opened.kind === 'refused' ? opened.reason : 'opened';
}

describe('a model file', () => {
  it('opens as it was written, in any order of its members', () => {
    expect(reasonOf(text)).toBe('opened');
    expect(reasonOf(JSON.stringify(Object.fromEntries(Object.entries(file).toReversed()), null, 2))).toBe(
      'opened',
    );
  });

  it('that was altered is refused, wherever a digit was changed', () => {
    const digits = [...text.matchAll(/\d/gu)].map(({ index }) => index);
    fc.assert(
      fc.property(fc.constantFrom(...digits), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const other = String((Number(text[at]) + by) % 10);
        const altered = text.slice(0, at) + other + text.slice(at + 1);
        // A last digit may lie beyond what a number holds: then nothing was altered.
        fc.pre(contentOf(altered) !== contentOf(text));
        expect(reasonOf(altered)).toMatch(/^(?:altered|no JSON|version)/u);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['no JSON', text.slice(0, -2)],
    ['no JSON object', '[]'],
    ['no model', '{}'],
    ['more than', ' '.repeat(MAX_MODEL_CHARACTERS + 1)],
    ['version 2', sealed({ ...file, version: 2 })],
    ['altered', JSON.stringify({ ...file, sha256: undefined })],
  ])('is refused in words: %s', (reason, content) => {
    expect(reasonOf(content)).toContain(reason);
  });

  const [cotton, ...others] = file.atoms;
  const withCotton = (change: Partial<UnmixingFile['atoms'][number]>) => ({
    ...file,
    atoms: [{ ...cotton, ...change }, ...others],
  });
  const limits = (change: Partial<UnmixingFile['limits']>) => ({
    ...file,
    limits: { ...file.limits, ...change },
  });
  const ratio = ratioModel().file;
  it.each([
    ['atoms/cotton/shape: its length', withCotton({ shape: cotton?.shape.map((value) => 2 * value) ?? [] })],
    ['atoms/cotton/shape: 139 values', withCotton({ shape: cotton?.shape.slice(1) ?? [] })],
    ['/atoms/0/amplitude', withCotton({ amplitude: 0 })],
    ['atoms/cotton/fibre', withCotton({ fibre: null })],
    ['an id is there twice', withCotton({ id: 'wool' })],
    ['made of the others', withCotton({ shape: others[0]?.shape ?? [] })],
    ['none may be named', { ...file, atoms: file.atoms.filter(({ role }) => role !== 'fibre') }],
    ['limits/residual', limits({ residual: 1 })],
    ['limits/residual', limits({ residual: 0 })],
    ['/limits/background', limits({ background: 1.5 })],
    ['limits/purity/nylon: missing', limits({ purity: { cotton: 0.75, polyester: 0.86 } })],
    ['limits/purity/nylon: 0.3', limits({ purity: { ...file.limits.purity, nylon: 0.3 } })],
    ['limits/purity/silk', limits({ purity: { ...file.limits.purity, silk: 0.9 } })],
    ['limits/guard/cotton/silk', limits({ guard: { cotton: { silk: 5 } } })],
    ['limits/guard/cotton/cotton', limits({ guard: { cotton: { cotton: 5 } } })],
    ['limits/guard/cotton/wool', limits({ guard: { cotton: { wool: 80 } } })],
    ['probability/b', { ...file, probability: { ...file.probability, b: -1 } }],
    ['probability/clip', { ...file, probability: { ...file.probability, clip: [0.9, 0.1] } }],
    [
      'error/massPoints',
      {
        ...file,
        error: {
          massPoints: [
            [10, 5],
            [0, 2],
          ],
        },
      },
    ],
    [
      'is even',
      {
        ...file,
        pretreatment: { ...file.pretreatment, savitzkyGolay: { window: 12, polynomial: 2, derivative: 2 } },
      },
    ],
    ['beyond the grid', { ...file, pretreatment: { ...file.pretreatment, channels: [1100, 1660] } }],
    ['not on the grid', { ...file, pretreatment: { ...file.pretreatment, channels: [1101, 1656] } }],
    ['colour', { ...file, colour: 'blue' }],
    ['range', { ...ratio, range: [50, 30] }],
    ['rest: the same', { ...ratio, rest: 'cellulosic' }],
    ['coefficients: 5 values', { ...ratio, coefficients: [0, 0, 0, 0, 0] }],
    ['rmse', { ...ratio, rmse: 0 }],
  ])('that makes no sense is refused though its checksum is right: %s', (reason, content) => {
    expect(reasonOf(sealed(content))).toContain(reason);
  });
});

/** @returns what is told by it; a number that begins with 0 is no JSON, and told as it is written. */
function contentOf(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}
