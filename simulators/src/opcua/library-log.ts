import { setErrorLogger, setWarningLogger } from 'node-opcua';
import type { Logger } from 'pino';

function line(words: readonly unknown[]): string {
  return words.map(String).join(' ').trim();
}

/**
 * Sends what node-opcua would print on the console to the log: standard output is for the program's own
 * words. A client that is refused is no error of the server, hence the low level.
 */
export function logLibrary(log: Logger): void {
  setWarningLogger((...words: unknown[]) => log.debug({ library: 'node-opcua' }, line(words)));
  setErrorLogger((...words: unknown[]) => log.debug({ library: 'node-opcua' }, line(words)));
}
