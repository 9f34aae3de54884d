/**
 * From the words on the command line to an exit code; every failure is one clear line. What a command needs is loaded
 * with it: the whole server takes a second that a word about wrong usage should not.
 */
import type { Log } from '../ports/log.ts';
import { StartError } from '../start-error.ts';
import type { CliContext, ExitCode } from './cli-context.ts';
import { parseCommand } from './parse-command.ts';
import { USAGE } from './usage.ts';

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
  const { loadConfig } = await import('../config/load-config.ts');
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
      case 'run': {
        const { runServer } = await import('./run-command.ts');
        return await runServer(loaded.config, context, log, stopped);
      }
      case 'backup':
      case 'restore': {
        const { runBackupCommand } = await import('../backup/backup-commands.ts');
        return await runBackupCommand(command, loaded.config, context, log);
      }
      case 'line-list':
      case 'line-forget': {
        const { runLineCommand } = await import('./line-commands.ts');
        return await runLineCommand(command, loaded.config, context);
      }
      case 'line-accept-epoch':
      case 'rebuild': {
        const { runLedgerCommand } = await import('./ledger-commands.ts');
        return await runLedgerCommand(command, loaded.config, context, log);
      }
      default: {
        const { runUserCommand } = await import('./user-commands.ts');
        return await runUserCommand(command, loaded.config, context);
      }
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
