/** Fits a model to swatches, or brings one to another instrument, and writes it. */
import { existsSync } from 'node:fs';
import type { ModelFile, Tally } from '../domain/nir/model-file.ts';
import { fitRatio } from '../nir/fit-ratio.ts';
import { fitTransfer } from '../nir/fit-transfer.ts';
import { fitUnmixing, type FittedUnmixing, type TrainingSource } from '../nir/fit-unmixing.ts';
import { oneLabelEach, SpectraError } from '../nir/parse-spectra.ts';
import { readSpectraFolder, type SpectraFile } from '../nir/read-spectra-folder.ts';
import { readModelFile } from '../nir/shipped-models.ts';
import { EDGE_VERSION } from '../system/version.ts';
import { systemClock } from '../system/clock.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { TrainCommand } from './parse-model.ts';
import { writeWhole } from './write-whole.ts';

interface Trained {
  readonly file: ModelFile;
  /** For a person. */
  readonly lines: readonly string[];
}

export function trainModel(command: TrainCommand, { out, err }: Output): ExitCode {
  let trained: Trained | string;
  try {
    const files = readSpectraFolder(command.folder);
    trained = command.transfer === null ? train(command, files) : transfer(command, files);
  } catch (error) {
    if (error instanceof SpectraError) {
      err(`${error.message}\n`);
      return 2;
    }
    // Swatches that give no model are no fault of the program.
    if (!(error instanceof RangeError)) throw error;
    err(`${error.message}\n`);
    return 1;
  }
  if (typeof trained === 'string') {
    err(`${trained}\n`);
    return 1;
  }
  const replaced = existsSync(command.outFile);
  writeWhole(command.outFile, `${JSON.stringify(trained.file)}\n`);
  const { id, sha256, figures } = trained.file;
  if (command.json) out(json({ file: command.outFile, id, sha256, figures }));
  else {
    const written = `${replaced ? 'replaced' : 'written'}: ${command.outFile}, ${id}, SHA-256 ${sha256}`;
    out([...trained.lines, written].map((line) => `${line}\n`).join(''));
  }
  return 0;
}

function sourceOf(command: TrainCommand, files: readonly SpectraFile[]): TrainingSource {
  const all = files.flatMap((file) => file.rows);
  const rows = all.filter(({ dataset }) => command.dataset === null || dataset === command.dataset);
  if (rows.length === 0) throw new SpectraError(`no row of the data set ${command.dataset ?? ''}`);
  oneLabelEach(rows);
  const stranger = command.excluded.find(({ sample }) => !rows.some((row) => row.sample === sample));
  if (stranger !== undefined) throw new SpectraError(`--exclude: there is no sample «${stranger.sample}»`);
  const used = new Set(rows);
  return {
    id: command.id,
    instrument: { ...command.instrument, dataset: [...new Set(rows.map(({ dataset }) => dataset))].sort() },
    quantity: command.quantity,
    rows,
    excluded: [...command.excluded],
    provenance: {
      ...provenanceOf(command),
      files: files
        .map(({ name, sha256, rows }) => ({ name, sha256, rows: rows.filter((row) => used.has(row)).length }))
        .filter((file) => file.rows > 0),
    },
    seed: command.seed,
  };
}

function provenanceOf({ typed }: TrainCommand) {
  return {
    trainedAt: new Date(systemClock.nowMs()).toISOString(),
    program: `trame-edge ${EDGE_VERSION}`,
    command: typed,
  };
}

function train(command: TrainCommand, files: readonly SpectraFile[]): Trained {
  const source = sourceOf(command, files);
  if (command.fit === 'ratio') {
    const { file, unread } = fitRatio(source);
    const { rmseByFabricPoints, fabrics, n, withinTwoRmsePercent, worstPoints, residualMax } = file.figures;
    return {
      file,
      lines: [
        `${fabrics} fabrics, ${n} spectra`,
        ...couldNotBeRead(unread),
        `each fabric judged without it: RMSE ${rmseByFabricPoints} points, ${withinTwoRmsePercent} % within two of ` +
          `them, worst ${worstPoints}, residual at most ${residualMax} (limit ${file.limits.residual})`,
      ],
    };
  }
  const fitted = fitUnmixing(source);
  return { file: fitted.file, lines: unmixingLines(fitted) };
}

function couldNotBeRead(unread: readonly string[]): string[] {
  return unread.map((cause) => `could not be read: ${cause}`);
}

function unmixingLines({ file, doubtful, mixes, unread }: FittedUnmixing): string[] {
  const { withoutExcluded, withExcluded, refusals } = file.figures;
  const named = file.atoms.filter(({ role }) => role === 'fibre').map(({ id }) => id);
  const others = file.atoms.filter(({ role }) => role === 'other').map(({ id }) => id);
  return [
    `may be named: ${named.join(', ')}; known and refused: ${others.join(', ') || 'none'}`,
    `each swatch judged without it: ${tallyLine(withoutExcluded)}`,
    `the same, excluded swatches counted: ${tallyLine(withExcluded)}`,
    `known spectra refused, by reason: ${list(refusals) || 'none'}`,
    ...couldNotBeRead(unread),
    ...mixes.map(
      ({ percent, passedPercent, passedSpread }) =>
        `cotton with ${percent} % polyester called pure: ${passedPercent.toFixed(0)} ± ${passedSpread.toFixed(0)} %`,
    ),
    ...doubtful.map(
      ({ sample, label, said }) =>
        `label to check: ${sample} is called ${label}, most of its spectra say ${said}; ` +
        `--exclude ${sample}=REASON keeps it out`,
    ),
  ];
}

function tallyLine({ known, unknown, blends }: Tally): string {
  const accepted = known.n - known.refused;
  return (
    `${known.right}/${accepted} right of those named, ${known.refused}/${known.n} refused; ` +
    `unknown refused ${unknown.refused}/${unknown.n}; blends called pure ${blends.calledPure}/${blends.n}`
  );
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

/** @returns why not, in words, where the model is not confirmed. */
function transfer(command: TrainCommand, files: readonly SpectraFile[]): Trained | string {
  const { transfer } = command;
  if (transfer === null) throw new Error('nothing to transfer');
  const opened = readModelFile(transfer.from);
  if (opened.kind === 'refused') throw new SpectraError(`${transfer.from}: refused: ${opened.reason}`);
  const rows = files.flatMap((file) => file.rows);
  oneLabelEach(rows);
  const fitted = fitTransfer({
    model: opened.model,
    id: command.id,
    instrument: { ...command.instrument, dataset: command.dataset === null ? [] : [command.dataset] },
    by: transfer.by,
    quantity: command.quantity,
    rows,
    verify: transfer.verify,
    provenance: {
      ...provenanceOf(command),
      files: files.map(({ name, sha256, rows }) => ({ name, sha256, rows: rows.length })),
    },
  });
  if (fitted.kind === 'not-verified') {
    return (
      `nothing was written: of ${fitted.n} spectra of ${fitted.sample}, which was left out, ` +
      `${fitted.right} are recognised on the new instrument`
    );
  }
  const { verified } = fitted.file.transfer ?? { verified: { sample: '', n: 0, right: 0 } };
  return {
    file: fitted.file,
    lines: [
      `from ${opened.model.ref.id} by ${fitted.swatches.join(', ')}`,
      `${verified.sample}, left out: ${verified.right}/${verified.n} recognised`,
    ],
  };
}
