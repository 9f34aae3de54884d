const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Resolves with the first signal that asks for the end. A second one is not waited for: it ends the process
 * at once, for the person who presses Ctrl-C again.
 */
export async function endSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1);
    asked = true;
    resolve(signal);
  };
  for (const signal of END_SIGNALS) process.on(signal, onSignal);
  return promise;
}
