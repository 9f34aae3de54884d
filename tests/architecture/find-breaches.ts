/** Finds what breaks the floors below a folder that is laid out like this repository. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textBreaches } from './text-rules.ts';

export interface Breach {
  readonly rule: string;
  /** From the folder. */
  readonly file: string;
  /** The file, and the line or the import that breaks the rule. */
  readonly place: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const PACKAGES = ['protocol', 'edge', 'dashboard', 'simulators', 'tests', 'deploy'];
const SOURCES = /\.(?:ts|mjs|cjs|svelte)$/u;
/** The rules themselves name what they forbid. */
const NOT_READ = /(?:^|\/)(?:node_modules|dist|artefacts|canary)\/|^tests\/architecture\/text-rules\.ts$/u;
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** Import breaches first, then text breaches, each in the order of the files. */
export async function findBreaches(folder: string): Promise<Breach[]> {
  return [...(await importBreaches(folder)), ...readTexts(folder)];
}

interface CruiseReport {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

function importBreaches(folder: string): Promise<Breach[]> {
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const argv = [CRUISER, '--config', config, '--output-type', 'json', ...PACKAGES];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      argv,
      { cwd: folder, maxBuffer: MAX_REPORT_BYTES },
      (error, stdout, stderr) => {
        if (stdout === '') {
          reject(
            new Error(`dependency-cruiser gave no report: ${stderr || (error?.message ?? 'and no reason')}`),
          );
          return;
        }
        const report: CruiseReport = JSON.parse(stdout);
        if (report.summary.totalCruised === 0) {
          reject(new Error('dependency-cruiser saw no file'));
          return;
        }
        resolve(
          report.summary.violations.map(({ from, to, rule }) => ({
            rule: rule.name,
            file: from,
            place: `${from} → ${to}`,
          })),
        );
      },
    );
  });
}

function readTexts(folder: string): Breach[] {
  return PACKAGES.flatMap((name) => filesBelow(folder, join(folder, name))).flatMap((file) =>
    textBreaches(file, readFileSync(join(folder, file), 'utf8')).map(({ rule, line }) => ({
      rule,
      file,
      place: `${file}:${line}`,
    })),
  );
}

/** Paths from `folder` with forward slashes; does not descend where nothing is read. */
function filesBelow(folder: string, below: string): string[] {
  return readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
    const path = relative(folder, join(below, entry.name)).replaceAll(sep, '/');
    if (NOT_READ.test(entry.isDirectory() ? `${path}/` : path)) return [];
    if (entry.isDirectory()) return filesBelow(folder, join(below, entry.name));
    return entry.isFile() && SOURCES.test(path) ? [path] : [];
  });
}
