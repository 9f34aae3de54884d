/** The edge trusts the certificates of the simulated PLC and NIR station: all three were made on this machine. */
import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';
import type { StartOptions } from './start-options.ts';

const CERTIFICATES = 'simulators/**/own/certs/*.pem';

/** Null when the edge trusts them, else one line that says why not. */
export async function trustSimulators(options: StartOptions, signal: AbortSignal): Promise<string | null> {
  const files = globSync(CERTIFICATES, { cwd: options.dataDir });
  for (const file of files) {
    const refusal = await trust(join(options.dataDir, file), join(options.dataDir, 'edge'), signal);
    if (refusal !== null) return refusal;
  }
  if (files.length === 0 && existsSync(join(options.dataDir, 'simulators'))) {
    return `The simulated OPC UA servers left no certificate at ${join(options.dataDir, CERTIFICATES)}.`;
  }
  return null;
}

function trust(file: string, edgeDataDir: string, signal: AbortSignal): Promise<string | null> {
  const argv = [join(ROOT, 'edge/src/main.ts'), 'trust', 'add', file, '--data', edgeDataDir];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd: ROOT, signal }, (error, _stdout, stderr) => {
      resolve(error === null ? null : `${file} could not be trusted: ${stderr.trim() || error.message}`);
    });
  });
}
