/** Shifts to choose from, asked again while somebody looks at them. */
import type { ShiftRow } from '@trame/protocol/material/material-answers';
import { untrack } from 'svelte';
import { Poll } from '../api/poll.svelte.ts';
import { listShifts } from '../material/material-reads.ts';
import type { Site } from '../material/site.svelte.ts';
import { shiftsOfLine, type ShiftsAsked } from './shifts-of-line.ts';

const SHIFTS_MS = 15_000;

export interface WatchedShifts {
  readonly rows: readonly ShiftRow[];
  /** Whether the shift that is named has been looked for. */
  readonly isKnown: boolean;
}

/** Asks as long as the component lives, and anew when something else is asked. To be called while it is made. */
export function watchShifts(site: Site, asked: () => ShiftsAsked): WatchedShifts {
  let poll = $state.raw<Poll<readonly ShiftRow[]> | null>(null);
  /** Of the question before, while nothing has come. */
  let before = $state.raw<readonly ShiftRow[]>([]);
  const rows = $derived((poll?.body ?? before).filter(({ line }) => line === asked().line));
  const key = $derived(JSON.stringify(asked()));

  $effect(() => {
    const question = JSON.parse(key) as ShiftsAsked;
    const owner = new AbortController();
    untrack(() => {
      before = poll?.body ?? before;
      poll = new Poll({
        ask: (signal) => site.app.noticed(shiftsOfLine(listShifts, question, signal)),
        intervalMs: SHIFTS_MS,
        nowMs: () => site.nowMs,
      });
      void poll.run(owner.signal);
    });
    return () => owner.abort();
  });

  return {
    get rows() {
      return rows;
    },
    get isKnown() {
      return poll?.body !== null && poll !== null;
    },
  };
}
