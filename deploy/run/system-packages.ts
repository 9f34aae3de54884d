/** The services and tools that the tests run for real, as Debian packages. */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Need {
  readonly debianPackage: string;
  /** Files of which one must be there; a bare name is looked for on the path. */
  readonly anyOf: readonly string[];
}

const PYTHON_MODULES = '/usr/lib/python3/dist-packages';

const POSTGRES_VERSIONS = '/usr/lib/postgresql';

/** Looked at anew each time: installing one of them is meant to change it. */
const needs = (): readonly Need[] => [
  { debianPackage: 'mosquitto', anyOf: ['mosquitto'] },
  { debianPackage: 'mosquitto-clients', anyOf: ['mosquitto_sub'] },
  { debianPackage: 'influxdb', anyOf: ['influxd'] },
  { debianPackage: 'influxdb-client', anyOf: ['influx'] },
  { debianPackage: 'postgresql', anyOf: postgresServers(POSTGRES_VERSIONS) },
  { debianPackage: 'faketime', anyOf: ['faketime'] },
  { debianPackage: 'chromium', anyOf: ['chromium'] },
  { debianPackage: 'mbpoll', anyOf: ['mbpoll'] },
  { debianPackage: 'socat', anyOf: ['socat'] },
  { debianPackage: 'strace', anyOf: ['strace'] },
  { debianPackage: 'openssl', anyOf: ['openssl'] },
  { debianPackage: 'python3-pymodbus', anyOf: [`${PYTHON_MODULES}/pymodbus`] },
  { debianPackage: 'python3-serial', anyOf: [`${PYTHON_MODULES}/serial`] },
  { debianPackage: 'curl', anyOf: ['curl'] },
  { debianPackage: 'docker-compose', anyOf: ['docker-compose'] },
  { debianPackage: 'systemd', anyOf: ['systemd-analyze'] },
  { debianPackage: 'zbar-tools', anyOf: ['zbarimg'] },
  { debianPackage: 'poppler-utils', anyOf: ['pdftoppm'] },
];

/** @returns servers that are there: Debian keeps each version in a folder of its own, off the path. */
export function postgresServers(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((version) => /^\d+$/u.test(version))
    .map((version) => join(folder, version, 'bin/postgres'));
}

/** Where Debian puts daemons, which is not on everybody's path. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const OUTPUT_KEPT_BYTES = 16 * 1024;

export type SystemPackages =
  | { readonly kind: 'present' }
  | { readonly kind: 'missing'; readonly line: string };

/** Installs what is missing when root or a password-less sudo allows; else tells in one line what to install. */
export async function ensureSystemPackages(): Promise<SystemPackages> {
  const missing = missingPackages();
  if (missing.length === 0) return { kind: 'present' };
  const advice = `The tests need Debian packages that are missing: apt-get install ${missing.join(' ')}`;
  const asRoot = await rootPrefix();
  if (asRoot === null || !isOnMachine('apt-get')) return { kind: 'missing', line: advice };
  process.stdout.write(`Installing Debian packages: ${missing.join(' ')}…\n`);
  const update = await run([...asRoot, 'apt-get', 'update', '-q']);
  const install = await run([
    ...asRoot,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    'install',
    '-qy',
    '--no-install-recommends',
    ...missing,
  ]);
  const still = missingPackages();
  if (still.length === 0) return { kind: 'present' };
  const cause = [...install.output.split('\n'), ...update.output.split('\n')].find((line) =>
    line.startsWith('E:'),
  );
  return {
    kind: 'missing',
    line: `The tests need Debian packages that could not be installed: ${still.join(' ')} (${cause ?? 'apt-get gave no reason'})`,
  };
}

function missingPackages(): string[] {
  return needs()
    .filter(({ anyOf }) => !anyOf.some(isOnMachine))
    .map(({ debianPackage }) => debianPackage);
}

function isOnMachine(file: string): boolean {
  if (file.startsWith('/')) return isThere(file, constants.R_OK);
  return FOLDERS.some((folder) => isThere(join(folder, file), constants.X_OK));
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    // Absence is the answer that is looked for.
    return false;
  }
}

/** What to put before a command to run it as root; null when that is not allowed without a password. */
async function rootPrefix(): Promise<readonly string[] | null> {
  if (process.getuid?.() === 0) return [];
  if (!isOnMachine('sudo')) return null;
  return (await run(['sudo', '-n', 'true'])).code === 0 ? ['sudo', '-n'] : null;
}

function run(argv: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const [command = '', ...args] = argv;
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT_KEPT_BYTES);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
