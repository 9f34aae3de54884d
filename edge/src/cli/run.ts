import { formatIssue } from '../config/issue.ts';
import { loadLineConfig } from '../config/load-line-config.ts';
import { EdgeStartError, startEdge, type Edge } from '../edge.ts';
import type { Log } from '../ports/log.ts';
import { systemClock } from '../system/clock.ts';
import { systemEntropy } from '../system/entropy.ts';
import { createLog, isLogLevel, LOG_LEVELS } from '../system/log.ts';
import { endSignal } from '../system/signals.ts';
import { asData, asText } from './check.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { Command } from './parse-command.ts';

/** How long a clean end may take before the process ends without it, ms. */
const STOP_DEADLINE_MS = 4800;

/** Runs the line until a signal asks for its end. */
export async function run(
  command: Extract<Command, { kind: 'run' }>,
  { out, err }: Output,
): Promise<ExitCode> {
  const { configFile, dataDir, httpPort, logLevel } = command;
  if (!isLogLevel(logLevel)) {
    err(`TRAME_LOG_LEVEL is «${logLevel}»: expected one of ${LOG_LEVELS.join(', ')}\n`);
    return 2;
  }
  const parse = await loadLineConfig(configFile, { dataDir });
  if (parse.kind === 'invalid') {
    if (command.json) out(json(asData(configFile, parse)));
    else err(asText(configFile, parse));
    return 2;
  }
  const log = createLog(logLevel);
  for (const warning of parse.warnings) log.warn({ at: formatIssue(warning) }, 'doubtful configuration');
  dieLoudly(log);
  const end = endSignal();
  let edge: Edge;
  try {
    const { config } = parse;
    edge = await startEdge({ config, dataDir, httpPort, log, clock: systemClock, entropy: systemEntropy });
  } catch (error) {
    if (!(error instanceof EdgeStartError)) throw error;
    err(`${error.message}\n`);
    return 1;
  }
  const broke = edge.running.then(
    () => null,
    () => 'broken' as const,
  );
  const why = await Promise.race([end, broke]);
  log.info({ why }, 'stopping');
  const stopped = await stopInTime(edge, log);
  return why === 'broken' || !stopped ? 1 : 0;
}

async function stopInTime(edge: Edge, log: Log): Promise<boolean> {
  const deadline = new AbortController();
  const late = systemClock.sleep(STOP_DEADLINE_MS, deadline.signal).then(
    () => false,
    () => true,
  );
  const stopped = await Promise.race([edge.stop().then(() => true), late]);
  deadline.abort();
  if (!stopped) log.error({}, 'the edge did not stop in time and is cut off');
  return stopped;
}

/** A promise that nobody awaited, or an error that nobody caught, is a bug: told, and the process ends. */
function dieLoudly(log: Log): void {
  const die = (error: unknown): void => {
    log.error({ error }, 'an error that nobody handles; the edge ends');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
}
