import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Past this size the file becomes `<name>.1.log` and a new one begins: a program keeps at most twice as much. */
const MAX_BYTES = 10 * 1024 * 1024;

export interface LogFile {
  readonly path: string;
  readonly append: (text: string) => void;
  readonly close: () => void;
}

/** Opens `<dir>/<name>.log` anew; what a start before this one wrote stays as `<name>.1.log`. */
export function openLogFile(dir: string, name: string): LogFile {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, `${name}.log`);
  const older = join(dir, `${name}.1.log`);
  if (existsSync(path)) renameSync(path, older);
  let descriptor = openSync(path, 'a', 0o600);
  let bytes = 0;
  return {
    path,
    append: (text) => {
      if (bytes > MAX_BYTES) {
        closeSync(descriptor);
        renameSync(path, older);
        descriptor = openSync(path, 'a', 0o600);
        bytes = 0;
      }
      bytes += writeSync(descriptor, text);
    },
    close: () => closeSync(descriptor),
  };
}
