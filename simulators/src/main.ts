#!/usr/bin/env node
import { join } from 'node:path';
import { help, parseCommandLine, type RunSettings } from './settings.ts';

/** A stop that takes longer is cut off: everything that counts was saved before. */
const stopTimeoutMs = 4_000;

async function run(settings: RunSettings): Promise<number> {
  // Loaded only to run: help and refusals of wrong usage come at once.
  const [{ destination, pino }, { startSimulation }] = await Promise.all([
    import('pino'),
    import('./simulation.ts'),
  ]);
  const log = pino({ name: 'trame-sim', level: process.env['TRAME_LOG_LEVEL'] ?? 'info' }, destination(2));
  const started = await startSimulation({
    directory: join(settings.dataDirectory, 'simulators'),
    log,
    ...(settings.seed === null ? {} : { seed: settings.seed }),
    speed: settings.speed,
    ports: settings.ports,
    only: settings.only,
    anonymous: settings.anonymous,
    strictTrust: settings.strictTrust,
    bench: settings.bench,
    incidents: settings.incidents,
    crewAtLatestMs: settings.crewWithinS * 1_000,
  });
  if (started.kind === 'refused') {
    process.stderr.write(`trame-sim: ${started.reason}\n`);
    return 1;
  }
  const { simulation } = started;
  const asked = new Promise<string>((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
  });
  process.stdout.write(`${JSON.stringify({ ready: true, ports: simulation.ports })}\n`);
  const signal = await asked;
  log.info({ signal }, 'stopping');
  const cutOff = setTimeout(() => process.exit(0), stopTimeoutMs);
  await simulation.stop();
  clearTimeout(cutOff);
  return 0;
}

const parsed = parseCommandLine(process.argv.slice(2), process.env);
switch (parsed.kind) {
  case 'help':
    process.stdout.write(help);
    break;
  case 'usage':
    process.stderr.write(`trame-sim: ${parsed.error}\nTry: trame-sim run --help\n`);
    process.exitCode = 2;
    break;
  case 'run':
    process.exit(await run(parsed.settings));
}
