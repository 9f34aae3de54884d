const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Two interrupts closer than this are one: the terminal's, and that of a launcher which passes it on, ms. */
const IMPATIENT_AFTER_MS = 500;

/**
 * Resolves with the first signal that asks for the end. Later ones change nothing, since the launcher ends its
 * programs after the terminal already told them; but an interrupt that comes again after a moment ends the process
 * at once, for the person who presses Ctrl-C again.
 */
export async function endSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let askedAtMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    askedAtMs ??= nowMs;
    if (signal === 'SIGINT' && nowMs - askedAtMs > IMPATIENT_AFTER_MS) process.exit(1);
    resolve(signal);
  };
  for (const signal of END_SIGNALS) process.on(signal, onSignal);
  return promise;
}
