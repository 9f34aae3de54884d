/**
 * Makes sure that the packages of the lockfile are installed, on any Node from 18 on and with nothing but npm.
 * Plain JavaScript: it runs before Node 24 is there.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The pinned Node that runs everything else. */
export const NODE = join(ROOT, 'node_modules/node/bin/node');

const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.trame-install');
/** What is installed follows from these files and from nothing else. */
const INPUTS = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'];
/** A small package that every registry and mirror has: one look at it tells whether the registry answers. */
const PROBE = 'long';
/** Two tries of this length stay under a minute when packets simply vanish. */
const PROBE_TIMEOUT_MS = 20_000;
const OUTPUT_KEPT_BYTES = 64 * 1024;
const OUTPUT_SHOWN_LINES = 15;

/**
 * @returns {Promise<{kind: 'ready'} | {kind: 'failed', lines: string[]}>} `lines`: what to tell, one line when the
 * cause is known.
 */
export async function ensureInstalled() {
  const wanted = digestOfInputs();
  if (existsSync(NODE) && readStamp() === wanted) return { kind: 'ready' };
  const readOnly = whyNotWritable();
  if (readOnly !== null) {
    return failed(
      `Packages cannot be installed into ${MODULES}: ${readOnly}. Use a checkout that may be written.`,
    );
  }
  process.stderr.write('Installing packages (the first time takes a minute)…\n');
  const unreachable = await whyUnreachable();
  const offline = unreachable === null ? [] : ['--offline'];
  const outcome = await run('npx', [
    ...offline,
    '--yes',
    packageManager(),
    'install',
    '--frozen-lockfile',
    // This very pnpm was just fetched at the pinned version: it need not look for itself in the lockfile.
    '--pm-on-fail=ignore',
    ...offline,
  ]);
  if (outcome.code === 0 && existsSync(NODE)) {
    writeFileSync(STAMP, `${wanted}\n`);
    return { kind: 'ready' };
  }
  if (outcome.signal !== null) return failed('Installing was interrupted.');
  const cause = unreachable ?? networkCause(outcome.output);
  if (cause !== null) return failed(registryMessage(cause));
  return {
    kind: 'failed',
    lines: ['Packages could not be installed:', ...lastLines(outcome.output)],
  };
}

function registryMessage(cause) {
  return `The npm registry cannot be reached (${cause}): connect this machine to the internet or set its proxy, then try again.`;
}

function failed(line) {
  return { kind: 'failed', lines: [line] };
}

function digestOfInputs() {
  const hash = createHash('sha256');
  for (const name of INPUTS) hash.update(readFileSync(join(ROOT, name)));
  return hash.digest('hex');
}

function readStamp() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8').trim() : null;
}

/** Tries a real write: root is not stopped by modes, only by a read-only mount. */
function whyNotWritable() {
  const probe = join(MODULES, '.trame-write-probe');
  try {
    // Not recursive: Node then tells ENOENT instead of what is the matter.
    if (!existsSync(MODULES)) mkdirSync(MODULES);
    writeFileSync(probe, '');
    rmSync(probe);
    return null;
  } catch (error) {
    return error.code === 'EROFS' ? 'the file system is read-only' : `${error.code ?? error.message}`;
  }
}

/** `pnpm@<version>` as package.json pins it. */
function packageManager() {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager;
}

/** Null when the registry answers, through whatever proxy npm is set to; else the cause in a word. */
async function whyUnreachable() {
  const outcome = await run('npm', [
    'view',
    PROBE,
    'name',
    '--prefer-online',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=500',
    '--fetch-retry-maxtimeout=1000',
    `--fetch-timeout=${PROBE_TIMEOUT_MS}`,
  ]);
  return outcome.code === 0 ? null : networkCause(outcome.output);
}

/** The network error named in a tool's output, null when there is none. */
export function networkCause(output) {
  const named =
    /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ESOCKETTIMEDOUT|EPROTO|FETCH_ERROR|ENOTCACHED|[A-Z_]*CERT_[A-Z_]+|UNABLE_TO_[A-Z_]+)\b/u.exec(
      output,
    );
  if (named !== null) return named[0];
  if (/network|timed? ?out|dns error|error sending request/iu.test(output)) return 'no answer';
  return null;
}

function lastLines(output) {
  const lines = output.trimEnd().split('\n');
  return lines.filter((line) => !/^npm warn /iu.test(line)).slice(-OUTPUT_SHOWN_LINES);
}

/** Runs a tool in the root, in this process group, and keeps the end of what it says. */
function run(command, args) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: '1' },
    });
    const keep = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_KEPT_BYTES);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => {
      const hint = error.code === 'ENOENT' ? `${command} was not found: install npm` : error.message;
      resolve({ code: 1, signal: null, output: hint });
    });
    child.on('close', (code, signal) => resolve({ code: code ?? 1, signal, output }));
  });
}
