import { formatIssue, type Issue } from '../config/issue.ts';
import { loadLineConfig } from '../config/load-line-config.ts';
import type { LineConfigParse } from '../config/parse-line-config.ts';
import type { LineConfig } from '../domain/line-config.ts';
import { controlLine } from './control-line.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { Command } from './parse-command.ts';
import { ringLine, sortingLine, spectrumRings, verdictLine, verdictTargets } from './sorting-parts.ts';
import { callableMethods, targetLine, writableTargets } from './writable-targets.ts';

/** Says everything that is wrong or doubtful in a configuration; the answer goes to the standard output. */
export async function check(
  { configFile, dataDir, json: asJson }: Extract<Command, { kind: 'check' }>,
  { out }: Output,
): Promise<ExitCode> {
  const parse = await loadLineConfig(configFile, { dataDir });
  out(asJson ? json(asData(configFile, parse)) : asText(configFile, parse));
  return parse.kind === 'ok' ? 0 : 2;
}

export function asText(file: string, parse: LineConfigParse): string {
  if (parse.kind === 'invalid') return lines(parse.issues.map(formatIssue));
  const { site, line, devices, control, sorting } = parse.config;
  const warnings = parse.warnings.map((issue) =>
    formatIssue({ ...issue, message: `warning: ${issue.message}` }),
  );
  const targets = writableTargets(parse.config).map((target) => `writes ${targetLine(target)}`);
  const methods = callableMethods(parse.config).map(({ device, name }) => `calls ${device}/${name}`);
  const spectra = spectrumRings(parse.config).map((ring) => `reads ${ringLine(ring)}`);
  const sorters = verdictTargets(parse.config).map((target) => `gives ${verdictLine(target)}`);
  const counts = `${devices.length} devices, ${tagCount(parse.config)} tags`;
  const controls = control === null ? [] : [controlLine(control)];
  return lines([
    ...warnings,
    ...targets,
    ...methods,
    ...spectra,
    ...sorters,
    ...controls,
    ...(sorting === null ? [] : [sortingLine(sorting)]),
    `${file}: ok — site ${site}, line ${line}, ${counts}`,
  ]);
}

export function asData(file: string, parse: LineConfigParse): object {
  if (parse.kind === 'invalid') return { ok: false, file, issues: parse.issues.map(place), warnings: [] };
  const { site, line, devices } = parse.config;
  return {
    ok: true,
    file,
    site,
    line,
    devices: devices.length,
    tags: tagCount(parse.config),
    writable: writableTargets(parse.config),
    methods: callableMethods(parse.config),
    spectra: spectrumRings(parse.config),
    verdicts: verdictTargets(parse.config),
    sorting: parse.config.sorting,
    issues: [],
    warnings: parse.warnings.map(place),
  };
}

function place({ file, line, column, path, message }: Issue): Issue {
  return { file, line, column, path, message };
}

function tagCount({ devices }: LineConfig): number {
  return devices.reduce((sum, device) => {
    const tags = device.driver === 'opcua' ? device.tags : device.groups.flatMap((group) => group.tags);
    return sum + tags.length;
  }, 0);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
