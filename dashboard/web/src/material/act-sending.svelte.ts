/** One act on its way: kept in the outbox first, so that a cut of the network loses nothing, and followed to its end. */
import { untrack } from 'svelte';
import type { App } from '../app.svelte.ts';
import type { EntryDraft } from '../outbox/entry.ts';
import { outcomeOf, type ActOutcome } from './act-outcome.ts';

export type Sending =
  | { readonly kind: 'idle' }
  /** This browser could not keep it: nothing was done. */
  | { readonly kind: 'not-kept' }
  | ActOutcome;

export class ActSending {
  readonly #app: App;
  #key = $state.raw<string | null>(null);
  #isNotKept = $state.raw(false);
  readonly #state = $derived.by((): Sending => {
    if (this.#isNotKept) return { kind: 'not-kept' };
    return this.#key === null ? { kind: 'idle' } : outcomeOf(this.#key, this.#app.outbox);
  });

  constructor(app: App) {
    this.#app = app;
  }

  get state(): Sending {
    return this.#state;
  }

  async send(draft: EntryDraft): Promise<void> {
    await this.dismiss();
    const key = await this.#app.outbox.add(draft);
    this.#isNotKept = key === null;
    this.#key = key;
  }

  /** A refusal that somebody has read here need not wait in the list of this screen. */
  async dismiss(): Promise<void> {
    const now = untrack(() => this.#state);
    this.#key = null;
    this.#isNotKept = false;
    if (now.kind === 'refused') await this.#app.outbox.discard(now.entry);
  }
}
