/** Judges labelled spectra with models, and says how well. */
import { evaluate, refit, type Evaluation } from '../nir/evaluate.ts';
import { SpectraError } from '../nir/parse-spectra.ts';
import { readSpectraFolder, type SpectraFile } from '../nir/read-spectra-folder.ts';
import { html } from '../nir/report-html.ts';
import { markdown } from '../nir/report-markdown.ts';
import { reportOf } from '../nir/report.ts';
import { readModels } from '../nir/shipped-models.ts';
import { systemClock } from '../system/clock.ts';
import { EDGE_VERSION } from '../system/version.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { EvaluateCommand } from './parse-model.ts';
import { writeWhole } from './write-whole.ts';

export function evaluateModel(command: EvaluateCommand, { out, err }: Output): ExitCode {
  const { quantity, seed, splits, reportFile, typed } = command;
  const models = readModels(command.models);
  if (models.kind === 'refused') {
    err(`${models.path}: refused: ${models.reason}\n`);
    return 2;
  }
  let files: SpectraFile[];
  try {
    files = readSpectraFolder(command.folder);
  } catch (error) {
    if (!(error instanceof SpectraError)) throw error;
    err(`${error.message}\n`);
    return 2;
  }
  const evaluation = evaluate(files, models, quantity);
  if (reportFile !== null) {
    const refitted = splits === 0 ? [] : refit(evaluation, { count: splits, seed, quantity });
    const report = reportOf(evaluation, refitted, {
      program: `trame-edge ${EDGE_VERSION}`,
      at: new Date(systemClock.nowMs()).toISOString(),
      command: typed,
    });
    writeWhole(reportFile, reportFile.endsWith('.html') ? html(report) : markdown(report));
  }
  out(command.json ? json(evaluation.tally) : asText(evaluation, reportFile));
  return 0;
}

function asText({ tally, files, models, learntFrom }: Evaluation, reportFile: string | null): string {
  const { known, unknown, blends } = tally;
  const accepted = known.n - known.refused;
  const { rmsePoints } = blends;
  return [
    `${files.reduce((sum, { rows }) => sum + rows.length, 0)} spectra of ${files.length} files, ` +
      `judged by ${models.map(({ ref }) => ref.id).join(', ')}`,
    `one known fibre  ${share(known.right, accepted)} right of those named, ${share(known.refused, known.n)} refused`,
    `unknown          ${share(unknown.refused, unknown.n)} refused`,
    `blends           ${share(blends.calledPure, blends.n)} called pure, ` +
      `shares off by ${rmsePoints === null ? 'an unknown amount' : `${rmsePoints.toFixed(1)} points`} (RMSE)`,
    ...(learntFrom.length > 0
      ? [`the models were fitted to ${learntFrom.join(', ')}: on new swatches expect less`]
      : []),
    ...(reportFile === null ? [] : [`report: ${reportFile}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function share(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${part}/${whole} (${((100 * part) / whole).toFixed(1)} %)`;
}
