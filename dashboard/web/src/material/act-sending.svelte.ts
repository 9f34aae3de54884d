/** One act on its way: kept in the outbox first, so that a cut of the network loses nothing, and followed to its end. */
import { untrack } from 'svelte';
import type { EntryDraft } from '../outbox/entry.ts';
import { outcomeOf, type ActOutcome } from './act-outcome.ts';
import type { Site } from './site.svelte.ts';

export type Sending =
  | { readonly kind: 'idle' }
  /** This browser could not keep it: nothing was done. */
  | { readonly kind: 'not-kept' }
  | ActOutcome;

export class ActSending {
  readonly #site: Site;
  #key = $state.raw<string | null>(null);
  #isNotKept = $state.raw(false);
  readonly #state = $derived.by((): Sending => {
    if (this.#isNotKept) return { kind: 'not-kept' };
    return this.#key === null ? { kind: 'idle' } : outcomeOf(this.#key, this.#site.app.outbox);
  });

  /** To be made while a component is: what it has not seen to the end is told by the list of this screen. */
  constructor(site: Site) {
    this.#site = site;
    $effect(() => () => this.#follow(null));
  }

  get state(): Sending {
    return this.#state;
  }

  async send(draft: EntryDraft): Promise<void> {
    await this.dismiss();
    const key = await this.#site.app.outbox.add(draft);
    this.#isNotKept = key === null;
    this.#follow(key);
  }

  /** A refusal that somebody has read here need not wait in the list of this screen. */
  async dismiss(): Promise<void> {
    const now = untrack(() => this.#state);
    this.#isNotKept = false;
    if (now.kind === 'refused') await this.#site.app.outbox.discard(now.entry);
    this.#follow(null);
  }

  #follow(key: string | null): void {
    const before = untrack(() => this.#key);
    if (before !== null) this.#site.followed.delete(before);
    if (key !== null) this.#site.followed.add(key);
    this.#key = key;
  }
}
