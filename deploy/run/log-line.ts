/** What of a program's output a person at the terminal should see. */

/** pino's levels, by number or by label. */
const SHOWN_LEVELS: ReadonlySet<unknown> = new Set([40, 50, 60, 'warn', 'error', 'fatal']);
const MAX_SHOWN_CHARS = 400;

/**
 * The text to show of one line of output: warnings and errors of structured logs, and plain text on stderr. Null for
 * everything else, which is in the log file alone.
 */
export function shownText(line: string, stream: 'stdout' | 'stderr'): string | null {
  const record = parseRecord(line);
  if (record === null) {
    return stream === 'stderr' && line.trim() !== '' ? line.slice(0, MAX_SHOWN_CHARS) : null;
  }
  if (!record.isShown) return null;
  const device = record.device === null ? '' : `${record.device}: `;
  return `${device}${record.message}`.slice(0, MAX_SHOWN_CHARS);
}

interface LogRecord {
  readonly isShown: boolean;
  readonly message: string;
  readonly device: string | null;
}

function parseRecord(line: string): LogRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const fields: Record<string, unknown> = { ...value };
    if (fields['level'] === undefined) return null;
    return {
      isShown: SHOWN_LEVELS.has(fields['level']),
      message: typeof fields['msg'] === 'string' ? fields['msg'] : line,
      device: typeof fields['device'] === 'string' ? fields['device'] : null,
    };
  } catch {
    // Not JSON after all: the caller treats the line as plain text.
    return null;
  }
}
