import type { ServerResponse } from 'node:http';

/** @returns a signal that is aborted when whoever asks is gone before the answer is written. */
export function whileAsked({ raw }: { readonly raw: ServerResponse }): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableEnded) gone.abort();
  });
  return gone.signal;
}
