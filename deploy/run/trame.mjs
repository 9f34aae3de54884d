#!/usr/bin/env node
/**
 * `npx trame <program> …`: reaches the three programs from the root of a checkout, with their exit code and terminal.
 */
import { join } from 'node:path';
import { handOver } from './hand-over.mjs';
import { ensureInstalled, ROOT } from './install.mjs';

const PROGRAMS = new Map([
  ['edge', 'edge/src/main.ts'],
  ['dashboard', 'dashboard/server/src/main.ts'],
  ['sim', 'simulators/src/main.ts'],
]);

const USAGE = `Usage: npx trame <program> [arguments]

  edge       the edge daemon of a line     (also trame-edge)
  dashboard  the dashboard server          (also trame-dashboard)
  sim        the simulated line            (also trame-sim)

npx trame <program> --help tells the commands of each.
`;

const [name = '--help', ...rest] = process.argv.slice(2);
const program = PROGRAMS.get(name.replace(/^trame-/u, ''));
if (name === '--help' || name === '-h') {
  process.stdout.write(USAGE);
} else if (program === undefined) {
  process.stderr.write(`Unknown program «${name}»: expected edge, dashboard or sim.\n`);
  process.exitCode = 2;
} else {
  const installed = await ensureInstalled();
  if (installed.kind === 'failed') {
    for (const line of installed.lines) process.stderr.write(`${line}\n`);
    process.exitCode = 1;
  } else {
    process.exit(await handOver([join(ROOT, program), ...rest], { interactive: process.stdin.isTTY }));
  }
}
