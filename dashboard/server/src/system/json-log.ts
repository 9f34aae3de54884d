import { pino } from 'pino';
import type { Log } from '../ports/log.ts';

/** One JSON object a line on standard error, from `level` up. */
export function createJsonLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
