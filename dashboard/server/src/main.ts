import { fileURLToPath } from 'node:url';
import { runCli } from './cli/run-cli.ts';
import { createJsonLog } from './system/json-log.ts';
import { stopOnSignals } from './system/stop-signals.ts';
import { systemClock } from './system/system-clock.ts';
import { systemEntropy } from './system/system-entropy.ts';

const log = createJsonLog(process.env['TRAME_LOG_LEVEL'] ?? 'info');

process.on('unhandledRejection', (error) => {
  log.error({ err: error }, 'a failure that nobody handled: the server ends');
  process.exit(1);
});

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    env: process.env,
    cwd: process.cwd(),
    defaultWebDir: fileURLToPath(new URL('../../web/dist', import.meta.url)),
    clock: systemClock,
    entropy: systemEntropy,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
  },
  log,
  stopOnSignals(),
);
