/** Builds the dashboard page when it is missing or older than what it is made of. */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';

const WEB = join(ROOT, 'dashboard/web');
const BUILT = join(WEB, 'dist/index.html');
const SOURCES = [
  join(WEB, 'src'),
  join(WEB, 'public'),
  join(WEB, 'index.html'),
  join(WEB, 'vite.config.ts'),
  join(WEB, 'package.json'),
  join(ROOT, 'protocol/src'),
  join(ROOT, 'pnpm-lock.yaml'),
];
const OUTPUT_KEPT_BYTES = 16 * 1024;

export type BuildOutcome =
  | { readonly kind: 'built' }
  | { readonly kind: 'fresh' }
  | { readonly kind: 'failed'; readonly output: string };

/** @param onBuild called before a build, which takes some seconds. */
export async function buildWebIfNeeded(onBuild: () => void, signal: AbortSignal): Promise<BuildOutcome> {
  const builtMs = changedMs(BUILT);
  if (builtMs > 0 && builtMs >= Math.max(...SOURCES.map(changedMs))) return { kind: 'fresh' };
  onBuild();
  return build(signal);
}

/** Time of the latest change of a file or of anything in a folder, ms since 1970; 0 when there is none. */
function changedMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(0, ...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

function build(signal: AbortSignal): Promise<BuildOutcome> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(process.execPath, [join(WEB, 'node_modules/vite/bin/vite.js'), 'build'], {
      cwd: WEB,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT_KEPT_BYTES);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ kind: 'failed', output: `${output}${error.message}` }));
    child.once('close', (code) => resolve(code === 0 ? { kind: 'built' } : { kind: 'failed', output }));
  });
}
