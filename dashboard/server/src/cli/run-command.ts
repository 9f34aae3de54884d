/** `trame-dashboard run`: starts the server and stops it when told to. */
import type { ServerConfig } from '../config/server-config.ts';
import type { Log } from '../ports/log.ts';
import { startServer, type RunningServer } from '../server.ts';
import type { CliContext, ExitCode } from './cli-context.ts';

/** @param stopped aborts when the process is told to stop. */
export async function runServer(
  config: ServerConfig,
  context: CliContext,
  log: Log,
  stopped: AbortSignal,
): Promise<ExitCode> {
  const server = await startServer({ config, clock: context.clock, entropy: context.entropy, log });
  sayFirstAccounts(server, context);
  context.out(`Dashboard: http://${hostForUrl(config.host)}:${server.httpPort}`);
  await new Promise<void>((resolve) => {
    if (stopped.aborted) resolve();
    else stopped.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.stop();
  return 0;
}

function sayFirstAccounts({ firstAccounts }: RunningServer, context: CliContext): void {
  switch (firstAccounts.kind) {
    case 'already-there':
      return;
    case 'demo':
      context.out(`Demo accounts: ${firstAccounts.file}`);
      return;
    case 'administrator':
      context.out(`First account, shown this once: ${firstAccounts.login} / ${firstAccounts.secret}`);
      context.out('Change the secret with «trame-dashboard user password».');
      return;
  }
}

function hostForUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
