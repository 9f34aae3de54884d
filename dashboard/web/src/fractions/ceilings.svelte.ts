/** What outlets of a line may hold at most: of the programme that the line follows, else what the law says. */
import { CSR_CEILINGS } from '@trame/protocol/sort-programmes/examples/csr-ceilings';
import type { Ceiling } from '@trame/protocol/sort-programmes/sort-programme';
import { untrack } from 'svelte';
import { getFollowed, getProgrammeCeilings } from '../api/fractions.ts';
import type { Site } from '../material/site.svelte.ts';

class Ceilings {
  #rows = $state.raw<readonly Ceiling[]>([]);

  /** Empty until they are known. */
  get rows(): readonly Ceiling[] {
    return this.#rows;
  }

  async ask(site: Site, line: string, signal: AbortSignal): Promise<void> {
    const rows = await ceilingsOf(site, line, signal);
    if (rows !== null && !signal.aborted) this.#rows = rows;
  }
}

/** @returns null when the server did not say: nothing is claimed then. */
async function ceilingsOf(site: Site, line: string, signal: AbortSignal): Promise<readonly Ceiling[] | null> {
  const lines = await site.app.noticed(getFollowed(signal));
  if (lines.kind !== 'ok') return null;
  const follows = lines.body.rows.find((one) => one.line === line)?.follows ?? null;
  if (follows === null || follows.programme === null || follows.version === null) return CSR_CEILINGS;
  const found = await site.app.noticed(getProgrammeCeilings(follows.programme, follows.version, signal));
  if (found.kind === 'ok') return found.body.programme.ceilings;
  // A programme that came with the line and was never saved here: what the law says holds all the same.
  return found.kind === 'refused' && found.status === 404 ? CSR_CEILINGS : null;
}

/** Asked once for each line. To be called while the component is made. @param line null: not known yet. */
export function watchCeilings(site: Site, line: () => string | null): Ceilings {
  const ceilings = new Ceilings();
  $effect(() => {
    const asked = line();
    if (asked === null) return;
    const owner = new AbortController();
    untrack(() => void ceilings.ask(site, asked, owner.signal));
    return () => owner.abort();
  });
  return ceilings;
}
