/** The npm scripts, under the pinned Node: `main.ts start|test|check|bench|proof|prepare [arguments]`. */
import { bench } from './bench.ts';
import { check } from './check.ts';
import { prepare } from './prepare.ts';
import { proof } from './proof.ts';
import { start } from './start.ts';
import { test } from './test.ts';

const COMMANDS = new Map([
  ['start', start],
  ['test', test],
  ['check', check],
  ['bench', bench],
  ['proof', proof],
  ['prepare', prepare],
]);

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS.get(name);
if (command === undefined) {
  process.stderr.write(`Unknown command «${name}»: expected ${[...COMMANDS.keys()].join(', ')}.\n`);
  process.exit(2);
}
process.exit(await command(args));
