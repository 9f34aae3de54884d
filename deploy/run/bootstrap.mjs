/**
 * Entry of every npm script: installs what is missing, then runs `main.ts` under the pinned Node.
 * Usage: node deploy/run/bootstrap.mjs start|test|check|bench|proof|prepare [arguments]
 */
import { fileURLToPath } from 'node:url';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';

const installed = await ensureInstalled();
if (installed.kind === 'failed') {
  for (const line of installed.lines) process.stderr.write(`${line}\n`);
  process.exitCode = 1;
} else {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  process.exit(await handOver([main, ...process.argv.slice(2)], { interactive: false }));
}
