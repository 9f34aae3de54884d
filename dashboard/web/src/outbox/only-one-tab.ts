/** One tab of the browser sends; the others wait until it is closed. */

/**
 * Runs `work` once no other tab holds the lock. Without TLS the browser has no locks (they belong to secure contexts):
 * then each tab sends, and the server does what has the same key once.
 */
export async function onlyOneTab(
  name: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const locks: LockManager | undefined = 'locks' in navigator ? navigator.locks : undefined;
  if (locks === undefined) {
    await work();
    return;
  }
  try {
    await locks.request(name, { signal }, work);
  } catch (error) {
    // Given up while it waited for the lock: what the signal is for.
    if (!signal.aborted) throw error;
  }
}
