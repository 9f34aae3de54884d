/** `trame-edge`: the program. */
import { check } from './cli/check.ts';
import { exportEvents } from './cli/ledger-export.ts';
import { reopen } from './cli/ledger-reopen.ts';
import { verify } from './cli/ledger-verify.ts';
import type { ExitCode, Output } from './cli/output.ts';
import { parseCommand, type Command } from './cli/parse-command.ts';
import { trust } from './cli/trust.ts';
import { keepHeapSmall } from './system/memory.ts';
import { EDGE_VERSION } from './system/version.ts';

const output: Output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

async function perform(command: Command): Promise<ExitCode> {
  switch (command.kind) {
    case 'run': {
      keepHeapSmall();
      // The drivers' libraries are loaded only to run: the other commands answer at once.
      const { run } = await import('./cli/run.ts');
      return run(command, output);
    }
    case 'check':
      return check(command, output);
    case 'trust-list':
    case 'trust-add':
    case 'trust-remove':
      return trust(command, output);
    case 'ledger-verify':
      return verify(command, output);
    case 'ledger-export':
      return exportEvents(command, output);
    case 'ledger-reopen':
      return reopen(command, output);
    case 'model-train': {
      // What fits models is loaded only to fit them.
      const { trainModel } = await import('./cli/model-train.ts');
      return trainModel(command, output);
    }
    case 'model-evaluate': {
      const { evaluateModel } = await import('./cli/model-evaluate.ts');
      return evaluateModel(command, output);
    }
    case 'help':
      output.out(command.text);
      return 0;
    case 'version':
      output.out(`${EDGE_VERSION}\n`);
      return 0;
    case 'wrong-usage':
      output.err(`trame-edge: ${command.message} (see trame-edge --help)\n`);
      return 2;
  }
}

/** What the machine refuses (a folder, a file) is one line; anything else is a bug and shows where. */
function failure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}

// Whoever reads the output may have enough before its end («… | head»).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

try {
  const command = parseCommand(process.argv.slice(2), { env: process.env, cwd: process.cwd() });
  const code = await perform(command);
  // A library's forgotten timer must not keep a stopped edge alive.
  process.exit(code);
} catch (error) {
  output.err(`trame-edge: ${failure(error)}\n`);
  process.exit(1);
}
