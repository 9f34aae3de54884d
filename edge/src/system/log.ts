import { pino } from 'pino';
import type { Log } from '../ports/log.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];
export const LOG_LEVELS: readonly string[] = LEVELS;

export function isLogLevel(text: string): text is LogLevel {
  return LOG_LEVELS.includes(text);
}

/**
 * One JSON object a line on the standard output, times in ISO 8601 UTC. Written at once, so that the last
 * line before a crash is there; 64-bit integers as text, since JSON has none.
 */
export function createLog(level: LogLevel): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: plain },
      serializers: { error: pino.stdSerializers.err },
    },
    pino.destination({ fd: 1, sync: true }),
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

function plain(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]),
  );
}
