import { describe, expect, it, type TestContext } from 'vitest';
import type { RatioFile, UnmixingFile } from '../domain/nir/model-file.ts';
import { evaluate, refit, type Evaluation, type Refitted } from './evaluate.ts';
import { fitRatio } from './fit-ratio.ts';
import { fitUnmixing, type TrainingSource } from './fit-unmixing.ts';
import { rowKind } from './labelled-row.ts';
import { readSpectraFolder } from './read-spectra-folder.ts';
import { readModels } from './shipped-models.ts';
import { mean } from './statistics.ts';
import { realSpectraFolder, WHERE_IT_IS_SOUGHT } from './test-real-spectra.ts';

const folder = realSpectraFolder();
const shipped = readModels([]);
if (shipped.kind === 'refused') throw new Error(`${shipped.path}: ${shipped.reason}`);
const [unmixing, ratio] = (['unmixing', 'ratio'] as const).map(
  (kind) => shipped.models.find(({ file }) => file.kind === kind)?.file,
) as [UnmixingFile, RatioFile];

describe('the shipped models', () => {
  it('open, say where they come from, and hold no spectrum', () => {
    expect(shipped.fallback.ref.id).toBe('nirscan-nano-2026-11');
    for (const { file } of shipped.models) {
      expect(file.provenance.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/u);
      expect(file.provenance.command).toContain(`--id ${file.id}`);
      expect(JSON.stringify(file).length).toBeLessThan(20_000);
    }
    expect(unmixing.provenance.excluded.map(({ sample }) => sample)).toEqual(['A_Nylon_N01', 'A_Cotton_Std']);
  });

  it('quote the figures of swatches that were left out, with and without the doubtful ones', () => {
    expect(unmixing.figures.withoutExcluded.known).toEqual({ n: 92, refused: 3, right: 89 });
    expect(unmixing.figures.withExcluded.known).toEqual({ n: 107, refused: 18, right: 89 });
    expect(ratio.figures).toMatchObject({ n: 590, fabrics: 7 });
    expect(ratio.figures.rmseByFabricPoints).toBeLessThan(3.5);
  });
});

describe(`real spectra (${folder ?? `not here: sought in ${WHERE_IT_IS_SOUGHT}; nothing below was judged`})`, () => {
  /** What the tests below look at; null where the spectra are not. */
  const files = folder === null ? null : readSpectraFolder(folder);
  const evaluation: Evaluation | null = files === null ? null : evaluate(files, shipped, 'absorbance');
  const refitted: readonly Refitted[] =
    evaluation === null ? [] : refit(evaluation, { count: 40, seed: 17, quantity: 'absorbance' });
  const here = ({ skip }: TestContext): Evaluation => {
    skip(evaluation === null, `no real spectra: ${WHERE_IT_IS_SOUGHT}`);
    if (evaluation === null) throw new Error('a test went on after it was left out');
    return evaluation;
  };

  it('of the shipped models are what they were made from: fitted again, they are the same', (context) => {
    const { files } = here(context);
    for (const file of [unmixing, ratio]) {
      const rows = files
        .flatMap((one) => one.rows)
        .filter(({ dataset }) => file.instrument.dataset.includes(dataset));
      const source: TrainingSource = {
        id: file.id,
        instrument: file.instrument,
        quantity: 'absorbance',
        rows,
        excluded: file.provenance.excluded,
        provenance: file.provenance,
        seed: file.provenance.seed ?? 0,
      };
      const again = file.kind === 'ratio' ? fitRatio(source).file : fitUnmixing(source).file;
      const { provenance: _1, sha256: _2, ...content } = again;
      const { provenance: _3, sha256: _4, ...written } = file;
      expect(content).toEqual(written);
    }
  });

  it('of one known fibre are right when they are named', (context) => {
    const { tally } = here(context);
    expect(tally.known.right).toBe(tally.known.n - tally.known.refused);
    expect(tally.known.refused / tally.known.n).toBeLessThan(0.2);
  });

  it('of cotton with polyester, and of every other blend, are never called pure', (context) => {
    const { tally, judged } = here(context);
    expect(tally.blends.calledPure).toBe(0);
    expect(tally.blends.rmsePoints).toBeLessThan(5);
    const cottonRich = judged.filter(({ row }) => rowKind(row) === 'blend' && (row.label.cotton ?? 0) > 50);
    expect(cottonRich.length).toBeGreaterThan(0);
    expect(cottonRich.every(({ verdict }) => verdict.refusal === 'blend')).toBe(true);
  });

  it('of what is not sorted are refused, each unknown material left out of the model', (context) => {
    here(context);
    const one = refitted.find(({ kind }) => kind === 'unmixing');
    expect(one?.kind === 'unmixing' ? one.withoutExcluded.unknown : null).toEqual({ n: 20, refused: 20 });
  });

  it('of forty random splits keep the aims: 98.5 % right, 5 % refused on average', (context) => {
    here(context);
    const one = refitted.find(({ kind }) => kind === 'unmixing');
    const splits = one?.kind === 'unmixing' ? one.splits : [];
    expect(splits).toHaveLength(40);
    expect(mean(splits.map(({ rightShare }) => rightShare ?? 0))).toBeGreaterThan(0.985);
    expect(mean(splits.map(({ refusedShare }) => refusedShare))).toBeLessThan(0.05);
  });

  it('of fabrics that were left out give the ratio within four points', (context) => {
    here(context);
    const one = refitted.find(({ kind }) => kind === 'ratio');
    expect(one?.kind === 'ratio' ? one.figures.rmseByFabricPoints : 100).toBeLessThan(4);
    expect(one?.kind === 'ratio' ? mean(one.splitRmse) : 100).toBeLessThan(4);
  });
});
