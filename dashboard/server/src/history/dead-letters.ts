import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { RefusedSample } from './history-engine.ts';

/**
 * Keeps refused rows in a file, one JSON object a line. At the bound the file becomes `.1` and a new one
 * begins, so at most twice the bound is ever on disk.
 */
export function createDeadLetters(
  path: string,
  bytesMax: number,
): (refused: readonly RefusedSample[]) => void {
  return (refused) => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size >= bytesMax) renameSync(path, `${path}.1`);
    const room = Math.max(0, bytesMax - (size >= bytesMax ? 0 : size));
    let text = '';
    for (const { sample, reason } of refused) {
      const line = `${JSON.stringify({ reason, ...sample })}\n`;
      if (text.length + line.length > room) break;
      text += line;
    }
    if (text !== '') appendFileSync(path, text, { mode: 0o640 });
  };
}
