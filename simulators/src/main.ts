#!/usr/bin/env node
import { join } from 'node:path';
import type { Logger } from 'pino';
import { help, parseCommandLine, type CrewSettings, type RunSettings } from './settings.ts';

/** A stop that takes longer is cut off: everything that counts was saved before. */
const stopTimeoutMs = 4_000;

interface Running {
  readonly ports: Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

type Started =
  | { readonly kind: 'started'; readonly simulation: Running }
  | { readonly kind: 'refused'; readonly reason: string };

async function startLine(settings: RunSettings, log: Logger): Promise<Started> {
  const common = {
    directory: join(settings.dataDirectory, 'simulators'),
    log,
    ...(settings.seed === null ? {} : { seed: settings.seed }),
    speed: settings.speed,
  };
  if (settings.profile === 'manual') {
    const { startHandSimulation } = await import('./hand-simulation.ts');
    const { 'infeed-scale': platform, control } = settings.ports;
    const ports = { ...settings.ports, 'platform-scale': platform, control };
    const crewWithinMs = settings.crewWithinS * 1_000;
    return startHandSimulation({ ...common, scales: settings.scales, ports, crewWithinMs });
  }
  const { startSimulation } = await import('./simulation.ts');
  return startSimulation({
    ...common,
    ports: settings.ports,
    only: settings.only,
    anonymous: settings.anonymous,
    strictTrust: settings.strictTrust,
    bench: settings.bench,
    incidents: settings.incidents,
    crewAtLatestMs: settings.crewWithinS * 1_000,
  });
}

async function logger(): Promise<Logger> {
  const { destination, pino } = await import('pino');
  return pino({ name: 'trame-sim', level: process.env['TRAME_LOG_LEVEL'] ?? 'info' }, destination(2));
}

/** The signal with which somebody asks this program to stop. */
function stopAsked(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
  });
}

// Libraries are loaded only to run: help and refusals of wrong usage come at once.
async function run(settings: RunSettings): Promise<number> {
  const log = await logger();
  const started = await startLine(settings, log);
  if (started.kind === 'refused') {
    process.stderr.write(`trame-sim: ${started.reason}\n`);
    return 1;
  }
  const { simulation } = started;
  const asked = stopAsked();
  process.stdout.write(`${JSON.stringify({ ready: true, ports: simulation.ports })}\n`);
  const signal = await asked;
  log.info({ signal }, 'stopping');
  const cutOff = setTimeout(() => process.exit(0), stopTimeoutMs);
  await simulation.stop();
  clearTimeout(cutOff);
  return 0;
}

async function crew(settings: CrewSettings): Promise<number> {
  const log = await logger();
  const { startCrew } = await import('./crew/start-crew.ts');
  const stopping = new AbortController();
  void stopAsked().then(() => stopping.abort());
  try {
    await startCrew(settings, log, stopping.signal);
    return 0;
  } catch (error) {
    process.stderr.write(`trame-sim: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function swatches(seed: number): Promise<number> {
  const { swatchTable } = await import('./swatches.ts');
  const table = swatchTable(seed);
  // Told whole before the program may end: a pipe takes it in pieces, and may be closed before the last.
  return new Promise((resolve) => {
    process.stdout.once('error', (error) => {
      process.stderr.write(`trame-sim: ${error.message}\n`);
      resolve(1);
    });
    process.stdout.write(table, (error) => {
      if (!error) resolve(0);
    });
  });
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
    break;
  case 'swatches':
    process.exitCode = await swatches(parsed.seed);
    break;
  case 'crew':
    process.exit(await crew(parsed.settings));
}
