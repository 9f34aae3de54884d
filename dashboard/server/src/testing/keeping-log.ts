import type { Log } from '../ports/log.ts';

/** A log that keeps its sentences for the test to look at. */
export function keepingLog(): Log & { readonly sentences: string[] } {
  const sentences: string[] = [];
  const keep = (_fields: object, message: string) => {
    sentences.push(message);
  };
  return { sentences, debug: keep, info: keep, warn: keep, error: keep };
}
