/** What somebody changed of programmes and has not saved: it outlives every change of screen, and is asked for when the page is left. */
import { SvelteMap } from 'svelte/reactivity';
import type { Draft } from './draft.ts';

/** Kept while somebody is signed in: the next one does not find what another began. */
const bySession = new WeakMap<AbortSignal, KeptDrafts>();

/**
 * @param sessionOver aborts when the session is over that they belong to.
 * @param page is told to ask before it is left while something is not saved: the window.
 * @returns the same ones for the same session.
 */
export function keptDrafts(sessionOver: AbortSignal, page: EventTarget): KeptDrafts {
  const known = bySession.get(sessionOver);
  if (known !== undefined) return known;
  const drafts = new KeptDrafts(page);
  bySession.set(sessionOver, drafts);
  sessionOver.addEventListener('abort', () => drafts.clear(), { once: true });
  return drafts;
}

export class KeptDrafts {
  readonly #drafts = new SvelteMap<string, Draft>();
  readonly #page: EventTarget;
  readonly #ask = (event: Event): void => event.preventDefault();

  constructor(page: EventTarget) {
    this.#page = page;
  }

  has(key: string): boolean {
    return this.#drafts.has(key);
  }

  get(key: string): Draft | null {
    return this.#drafts.get(key) ?? null;
  }

  set(key: string, draft: Draft): void {
    this.#drafts.set(key, draft);
    this.#page.addEventListener('beforeunload', this.#ask);
  }

  delete(key: string): void {
    this.#drafts.delete(key);
    // A page that asks for nothing can be kept by the browser for the way back.
    if (this.#drafts.size === 0) this.#page.removeEventListener('beforeunload', this.#ask);
  }

  clear(): void {
    for (const key of this.#drafts.keys()) this.delete(key);
  }
}
