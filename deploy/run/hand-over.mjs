/** Hands this process's work to a program under the pinned Node: same terminal, same process group, same exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { NODE } from './install.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Longer than the program takes to stop its own children. */
const ORPHAN_DEADLINE_MS = 20_000;

/**
 * Runs `program` and resolves with its exit code. Signals sent to this process alone are passed on. The program may
 * tell the pids of its children (`process.send({ children })`): should it be killed outright, they are stopped here,
 * so that nothing is left behind.
 *
 * @param {string[]} argv program and its arguments
 * @param {{ interactive: boolean }} options interactive: a Ctrl-C reaches the whole group by itself and is not sent twice
 * @returns {Promise<number>}
 */
export function handOver(argv, { interactive }) {
  return new Promise((resolve) => {
    let children = [];
    const program = spawn(NODE, argv, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    program.on('message', (message) => {
      if (Array.isArray(message?.children)) children = message.children.filter(Number.isInteger);
    });
    program.channel?.unref();
    for (const signal of FORWARDED) {
      process.on(signal, () => {
        if (signal === 'SIGINT' && interactive) return;
        program.kill(signal);
      });
    }
    program.on('error', (error) => {
      process.stderr.write(`${NODE} could not be started: ${error.message}\n`);
      resolve(1);
    });
    program.on('exit', (code, signal) => {
      const exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
      void stopOrphans(children).then(() => resolve(exitCode));
    });
  });
}

async function stopOrphans(pids) {
  for (const pid of pids) signalQuietly(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < ORPHAN_DEADLINE_MS && pids.some(isAlive); waitedMs += 100) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const pid of pids) signalQuietly(pid, 'SIGKILL');
}

function isAlive(pid) {
  return signalQuietly(pid, 0);
}

/** False when there is no such process any more, which is what is wanted. */
function signalQuietly(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}
