import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { RefusedSample } from './history-engine.ts';

/**
 * Keeps refused rows in a file, one JSON object a line. A file that is full becomes `.1` and a new one begins,
 * so at most twice the bound is ever on disk, and the newest rows are always there.
 */
export function createDeadLetters(
  path: string,
  bytesMax: number,
): (refused: readonly RefusedSample[]) => void {
  return (refused) => {
    let text = '';
    let bytes = 0;
    for (const { sample, reason } of refused) {
      const line = `${JSON.stringify({ reason, ...sample })}\n`;
      bytes += Buffer.byteLength(line);
      if (bytes > bytesMax) break;
      text += line;
    }
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && size + Buffer.byteLength(text) > bytesMax) renameSync(path, `${path}.1`);
    appendFileSync(path, text, { mode: 0o640 });
  };
}
