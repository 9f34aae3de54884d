/** Once before all system tests: servers that they start show the page as it is now. */
import { join } from 'node:path';
import { ROOT, runProcess } from './process.ts';

const BUILD_MS_MAX = 150_000;

export default async function buildPage(): Promise<void> {
  const outcome = await runProcess(process.execPath, [join(ROOT, 'deploy/run/bootstrap.mjs'), 'prepare'], {
    timeoutMs: BUILD_MS_MAX,
  });
  if (outcome.code !== 0) throw new Error(`the page could not be built: ${outcome.stderr}${outcome.stdout}`);
}
