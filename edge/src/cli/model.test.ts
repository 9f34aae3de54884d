import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommand } from './parse-command.ts';
import { csvOf, PURE, RATIO } from '../nir/test-swatches.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-model-'));
  mkdirSync(join(dir, 'swatches'));
  mkdirSync(join(dir, 'empty'));
  mkdirSync(join(dir, 'bad'));
  mkdirSync(join(dir, 'fabrics'));
  writeFileSync(join(dir, 'swatches', 'pure.csv'), csvOf(PURE));
  writeFileSync(join(dir, 'fabrics', 'fabrics.csv'), csvOf(RATIO));
  mkdirSync(join(dir, 'twice'));
  const [pure] = PURE;
  if (pure === undefined) throw new Error('there are no swatches');
  writeFileSync(join(dir, 'twice', 'a.csv'), csvOf([pure], { reads: 1 }));
  writeFileSync(join(dir, 'twice', 'b.csv'), csvOf([{ ...pure, label: { wool: 100 } }], { reads: 1 }));
  writeFileSync(join(dir, 'bad', 'bad.csv'), csvOf(PURE.slice(0, 1)).replace('acetate,', ''));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function model(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'model', ...args], { cwd: dir });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** Some tests start the program four times, on machines that do other things as well. */
const SEVERAL_STARTS_MS = 90_000;

describe('trame-edge model', { timeout: SEVERAL_STARTS_MS }, () => {
  it.each([
    [[], 'model: expected train or evaluate, got nothing'],
    [['judge', 'swatches'], 'model: expected train or evaluate, got «judge»'],
    [['evaluate'], 'model evaluate: the folder of spectra is missing'],
    [['evaluate', 'swatches', 'more'], '«more» is one word too many'],
    [['evaluate', 'swatches', '--out', 'x'], 'model evaluate takes no --out'],
    [['evaluate', 'swatches', '--yes'], 'model takes no --yes'],
    [['evaluate', 'swatches', '--id', 'x'], 'model evaluate takes no --id'],
    [['evaluate', 'swatches', '--config', 'x'], 'model evaluate takes no --config'],
    [['evaluate', 'swatches', '--splits', '40'], '--splits goes with --report'],
    [['evaluate', 'swatches', '--report', 'x.pdf'], 'expected a name that ends with .md or .html'],
    [['evaluate', 'swatches', '--quantity', 'counts'], '--quantity is «counts»'],
    [['train', 'swatches', '--out', 'x.json'], '--id is missing'],
    [['train', 'swatches', '--id', 'x'], '--out FILE is missing'],
    [['train', 'swatches', '--id', 'X Y', '--out', 'x'], '--id is «X Y»'],
    [
      ['train', 'swatches', '--id', 'x', '--out', 'x', '--seed', '-1'],
      "Option '--seed' argument is ambiguous",
    ],
    [['train', 'swatches', '--id', 'x', '--out', 'x', '--exclude', 'Cotton-1'], 'expects SAMPLE=REASON'],
    [['train', 'swatches', '--id', 'x', '--out', 'x', '--by', 'pds'], '--by and --verify go with --transfer'],
    [['train', 'swatches', '--id', 'x', '--out', 'x', '--model', 'y'], 'model train takes no --model'],
    [['train', 'swatches', '--id', 'x', '--out', 'x', '--transfer', 'y'], '--transfer needs --dataset'],
  ])('takes no %j', (args, message) => {
    const command = parseCommand(['model', ...args], { env: {}, cwd: dir });
    expect(command).toMatchObject({
      kind: 'wrong-usage',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    [['judge', 'swatches'], 'model: expected train or evaluate, got «judge»'],
    [['evaluate', 'none'], 'there is no such folder'],
    [['evaluate', 'empty'], 'no .csv file in it'],
    [['evaluate', 'bad'], 'missing column acetate'],
    [['train', 'bad', '--id', 'x', '--out', 'x'], 'missing column acetate'],
    [['train', 'twice', '--id', 'x', '--out', 'x'], 'twice/b.csv:2 says wool 100 %'],
    [['train', 'swatches', '--id', 'x', '--out', 'x', '--dataset', 'Z'], 'no row of the data set Z'],
    [['train', 'swatches', '--id', 'x', '--out', 'x', '--exclude', 'Silk=why'], 'there is no sample «Silk»'],
    [['evaluate', 'swatches', '--model', 'none.json'], 'none.json: refused'],
  ])('says what is wrong with %j, and ends with 2', async (args, message) => {
    const { code, out, err } = await model(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('helps', async () => {
    const { code, out } = await model('--help');
    expect(code).toBe(0);
    expect(out).toContain('trame-edge model evaluate DIR');
    expect(out).toContain('trame-edge model train DIR');
  });

  it('fits a model that then judges, and says the same in a report', async () => {
    const trained = await model(
      'train',
      'swatches',
      '--id',
      'site-1',
      '--instrument',
      'A b',
      '--out',
      'site.json',
      '--seed',
      '4',
    );
    expect([trained.code, trained.err]).toEqual([0, '']);
    expect(trained.out).toContain('each swatch judged without it: 52/52 right of those named, 0/52 refused');
    const file = JSON.parse(readFileSync(join(dir, 'site.json'), 'utf8')) as {
      provenance: { command: string };
    };
    expect(file.provenance.command).toBe(
      "trame-edge model train swatches --id site-1 --instrument 'A b' --out site.json --seed 4",
    );

    const { code, out } = await model('evaluate', 'swatches', '--model', 'site.json', '--json');
    expect(code).toBe(0);
    const said = JSON.parse(out) as Record<string, Record<string, unknown>>;
    expect(said).toEqual({
      known: { n: 52, refused: 0, right: 52 },
      unknown: { n: 8, refused: 8 },
      blends: { n: 8, calledPure: 0, rmsePoints: expect.any(Number) as number },
    });

    for (const name of ['report.md', 'report.html']) {
      const reported = await model(
        'evaluate',
        'swatches',
        '--model',
        'site.json',
        '--report',
        name,
        '--splits',
        '3',
      );
      expect([reported.code, reported.err]).toEqual([0, '']);
      expect(reported.out).toContain('the models were fitted to pure.csv');
      const text = readFileSync(join(dir, name), 'utf8');
      for (const words of [
        '52/52 = 100 %',
        'Matrice de confusion',
        '3 partages au hasard',
        'de ces fichiers (pure.csv)',
      ]) {
        expect(text).toContain(words);
      }
    }
  });

  it('fits a ratio, and brings a model to another instrument', async () => {
    const ratio = await model(
      'train',
      'fabrics',
      '--kind',
      'ratio',
      '--id',
      'r',
      '--out',
      'r.json',
      '--json',
    );
    expect(ratio.code).toBe(0);
    expect(JSON.parse(ratio.out)).toMatchObject({ id: 'r', figures: { fabrics: 6, n: 48 } });
    const both = join(dir, 'both');
    mkdirSync(both);
    const shared = PURE.filter(({ sample }) => /-[12]$/u.test(sample));
    writeFileSync(join(both, 'own.csv'), csvOf(shared));
    writeFileSync(join(both, 'other.csv'), csvOf(shared.map((spec) => ({ ...spec, dataset: 'B' }))));
    const trained = await model('train', 'swatches', '--id', 'm', '--out', 'm.json');
    expect(trained.code).toBe(0);
    const moved = await model(
      'train',
      'both',
      '--transfer',
      'm.json',
      '--dataset',
      'B',
      '--id',
      'b',
      '--out',
      'b.json',
      '--verify',
      'Nylon-1',
    );
    expect([moved.code, moved.err]).toEqual([0, '']);
    expect(moved.out).toContain('Nylon-1, left out: 4/4 recognised');
    expect((await model('evaluate', 'both', '--model', 'b.json', '--json')).code).toBe(0);
  });

  it('refuses a model that somebody changed, and writes nothing when swatches give none', async () => {
    const trained = await model('train', 'swatches', '--id', 'honest', '--out', 'honest.json');
    expect(trained.code).toBe(0);
    const text = readFileSync(join(dir, 'honest.json'), 'utf8');
    writeFileSync(join(dir, 'altered.json'), text.replace('"residual":0.4', '"residual":0.9'));
    const { code, err } = await model('evaluate', 'swatches', '--model', 'altered.json');
    expect([code, err]).toEqual([2, expect.stringContaining('altered.json: refused: altered')]);
    const none = await model('train', 'fabrics', '--id', 'none', '--out', 'none.json');
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringMatching(/give no model.*\n48 spectra: a blend/u),
    ]);
    expect(existsSync(join(dir, 'none.json'))).toBe(false);
  });
});
