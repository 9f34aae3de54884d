/** From the words on the command line to an exit code; every failure is one clear line. */
import { runBackupCommand } from '../backup/backup-commands.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Log } from '../ports/log.ts';
import { StartError } from '../start-error.ts';
import type { CliContext, ExitCode } from './cli-context.ts';
import { runLedgerCommand } from './ledger-commands.ts';
import { runLineCommand } from './line-commands.ts';
import { parseCommand } from './parse-command.ts';
import { runServer } from './run-command.ts';
import { USAGE } from './usage.ts';
import { runUserCommand } from './user-commands.ts';

export async function runCli(
  args: readonly string[],
  context: CliContext,
  log: Log,
  stopped: AbortSignal,
): Promise<ExitCode> {
  const command = parseCommand(args);
  if (command.kind === 'help') {
    context.out(USAGE);
    return 0;
  }
  if (command.kind === 'wrong') {
    context.err(`trame-dashboard: ${command.message}`);
    context.err('Try «trame-dashboard --help».');
    return 2;
  }
  const loaded = loadConfig({
    configFile: command.config,
    dataDir: command.data,
    env: context.env,
    cwd: context.cwd,
    defaultWebDir: context.defaultWebDir,
  });
  if (loaded.kind === 'invalid') {
    for (const line of loaded.lines) context.err(line);
    return 2;
  }
  try {
    switch (command.kind) {
      case 'run':
        return await runServer(loaded.config, context, log, stopped);
      case 'backup':
      case 'restore':
        return await runBackupCommand(command, loaded.config, context, log);
      case 'line-list':
      case 'line-forget':
        return await runLineCommand(command, loaded.config, context);
      case 'line-accept-epoch':
      case 'rebuild':
        return await runLedgerCommand(command, loaded.config, context, log);
      default:
        return await runUserCommand(command, loaded.config, context);
    }
  } catch (error) {
    if (error instanceof StartError) {
      context.err(error.message);
    } else {
      log.error({ err: error }, 'the command failed');
      context.err(`Failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return 1;
  }
}
