/**
 * @returns a signal that aborts when the process is told to stop. Told again, it goes on stopping: Ctrl-C
 * reaches every process of a terminal, and whoever started this one then tells it too.
 */
export function stopOnSignals(): AbortSignal {
  const told = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => told.abort());
  return told.signal;
}
