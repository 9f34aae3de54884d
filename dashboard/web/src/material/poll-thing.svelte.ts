/** One thing that a screen shows, asked again while somebody looks at it. */
import { untrack } from 'svelte';
import { Poll } from '../api/poll.svelte.ts';
import type { Answer } from '../api/request.ts';
import { Paged } from './paged.svelte.ts';
import type { Page } from './material-reads.ts';
import type { Site } from './site.svelte.ts';

/** Others change it too: what stands there is at most so old. */
const THING_MS = 10_000;

/** Asks as long as the component lives. To be called while it is made. */
export function watchThing<T>(site: Site, ask: (signal: AbortSignal) => Promise<Answer<T>>): Poll<T> {
  const poll = new Poll({
    ask: (signal) => site.app.noticed(ask(signal)),
    intervalMs: THING_MS,
    nowMs: () => site.nowMs,
  });
  runWhileShown((signal) => poll.run(signal));
  return poll;
}

export function watchList<T>(
  site: Site,
  ask: (cursor: string | null, signal: AbortSignal) => Promise<Answer<Page<T>>>,
): Paged<T> {
  const list = new Paged<T>((cursor, signal) => site.app.noticed(ask(cursor, signal)));
  runWhileShown((signal) => list.run(signal));
  return list;
}

function runWhileShown(run: (signal: AbortSignal) => Promise<void>): void {
  $effect(() => {
    const owner = new AbortController();
    untrack(() => void run(owner.signal));
    return () => owner.abort();
  });
}
