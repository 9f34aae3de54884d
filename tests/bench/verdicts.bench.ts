/**
 * How many spectra a second the edge judges, and how long the slowest wait; beside mljs doing the same steps (second
 * derivative, centring, length one, non-negative least squares) on the same spectra in the same run.
 * Usage: npm run bench -- verdicts [folder of .csv files as `trame-edge model evaluate` takes them] [rounds]
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fcnnlsVector } from 'ml-fcnnls';
import { Matrix } from 'ml-matrix';
import { sgg } from 'ml-savitzky-golay-generalized';
import { judgeSpectrum } from '@trame/edge/domain/nir/judge-spectrum';
import { openModel } from '@trame/edge/domain/nir/open-model';
import { quantiles } from './quantiles.ts';

const [folder, roundsText = '20'] = process.argv.slice(2);
const rounds = Number(roundsText);

const MODEL = fileURLToPath(new URL('../../edge/models/nirscan-nano-2026-11.json', import.meta.url));
const opened = openModel(readFileSync(MODEL, 'utf8'), (text) =>
  createHash('sha256').update(text).digest('hex'),
);
if (opened.kind === 'refused' || opened.model.kind !== 'unmixing')
  throw new Error('the shipped model does not open');
const { model } = opened;
const { grid, first, last } = model.pretreatment;
const { window } = model.file.pretreatment.savitzkyGolay;

const spectra = folder === undefined ? synthetic(500) : readSpectra(folder);
const finer = spectra.map((values) => halved(values));
say(
  `${spectra.length} ${folder === undefined ? 'synthetic' : 'real'} spectra, ${rounds} rounds, after one to warm up`,
);

const shapes = new Matrix(
  Array.from({ length: last - first + 1 }, (_, channel) => model.shapes.map((shape) => shape[channel] ?? 0)),
);
measure('edge, on the grid of the model', spectra, (values) =>
  judgeSpectrum(model, { quantity: 'absorbance', wavelengthsNm: grid, values, instrument: null }),
);
const fineGrid = { from: grid.from, step: grid.step / 2, count: 2 * grid.count - 1 };
measure('edge, every 2 nm, resampled', finer, (values) =>
  judgeSpectrum(model, { quantity: 'absorbance', wavelengthsNm: fineGrid, values, instrument: null }),
);
measure('mljs, the same steps', spectra, unmixedByMljs);

function unmixedByMljs(values: Float64Array): number[] {
  const derived = sgg(values, 1, { windowSize: window, derivative: 2, polynomial: 2 }).subarray(
    first,
    last + 1,
  );
  const mean = derived.reduce((sum, value) => sum + value, 0) / derived.length;
  const centred = Array.from(derived, (value) => value - mean);
  const length = Math.hypot(...centred);
  return fcnnlsVector(
    shapes,
    centred.map((value) => value / length),
  ).K.to1DArray();
}

function measure(
  what: string,
  inputs: readonly Float64Array[],
  judge: (values: Float64Array) => unknown,
): void {
  for (const values of inputs) judge(values);
  const micros: number[] = [];
  const started = process.hrtime.bigint();
  for (let round = 0; round < rounds; round += 1) {
    for (const values of inputs) {
      const before = process.hrtime.bigint();
      judge(values);
      micros.push(Number(process.hrtime.bigint() - before) / 1000);
    }
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const perSecond = Math.round(micros.length / seconds).toLocaleString('en');
  // `quantiles` writes ms; these are thousandths of them.
  say(`${what.padEnd(31)} ${perSecond.padStart(8)}/s  ${quantiles(micros).replaceAll(' ms', ' µs')}`);
}

/** Some bands, some tilt, some noise, from one seed. */
function synthetic(count: number): Float64Array[] {
  let state = 12_345;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  return Array.from({ length: count }, () => {
    const bands = Array.from({ length: 6 }, () => ({
      at: 1100 + 560 * next(),
      width: 15 + 40 * next(),
      height: 0.3 * next(),
    }));
    const tilt = 0.2 * next();
    return Float64Array.from({ length: grid.count }, (_, i) => {
      const nm = grid.from + i * grid.step;
      const cloth = bands.reduce(
        (sum, { at, width, height }) => sum + height * Math.exp(-0.5 * ((nm - at) / width) ** 2),
        0.2,
      );
      return cloth + (tilt * i) / grid.count + 0.001 * (next() - 0.5);
    });
  });
}

/** Rows of the files whose spectra lie on the grid of the model. */
function readSpectra(from: string): Float64Array[] {
  return readdirSync(from)
    .filter((name) => name.endsWith('.csv'))
    .flatMap((name) => {
      const [head = '', ...lines] = readFileSync(join(from, name), 'utf8').trim().split('\n');
      const columns = head.split(',').flatMap((title, i) => (Number(title) > 0 ? [i] : []));
      if (columns.length !== grid.count) return [];
      return lines.map((line) => {
        const cells = line.split(',');
        return Float64Array.from(columns, (column) => Number(cells[column]));
      });
    });
}

/** A point in the middle of each two. */
function halved(values: Float64Array): Float64Array {
  return Float64Array.from({ length: 2 * values.length - 1 }, (_, i) => {
    const low = values[i >> 1] ?? 0;
    return i % 2 === 0 ? low : (low + (values[(i >> 1) + 1] ?? low)) / 2;
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
