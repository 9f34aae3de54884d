/** The outbox as the page's components see it: what waits, what was refused, what was recorded lately. */
import type { Answered, Entry, EntryDraft } from './entry.ts';
import { OutboxSender, type Holdup, type OutboxOptions } from './outbox-sender.ts';
import type { OutboxContent } from './outbox-store.ts';

export class Outbox {
  readonly #sender: OutboxSender;
  #content = $state.raw<OutboxContent>({ entries: [], answered: [] });
  #holdup = $state.raw<Holdup>(null);
  #broken = $state.raw(false);
  #ready = $state.raw(false);

  constructor(options: Omit<OutboxOptions, 'onChange'>) {
    this.#sender = new OutboxSender({ ...options, onChange: () => this.#look() });
  }

  /** Acts that nobody has answered yet, in the order in which they go. */
  get waiting(): readonly Entry[] {
    return this.#content.entries.filter(({ refusal }) => refusal === null);
  }

  /** Acts that the server has refused: a person decides. */
  get refused(): readonly Entry[] {
    return this.#content.entries.filter(({ refusal }) => refusal !== null);
  }

  /** What was recorded lately, oldest first. */
  get answered(): readonly Answered[] {
    return this.#content.answered;
  }

  /** Why the first act still waits; null: it is being sent, or there is none. */
  get holdup(): Holdup {
    return this.#holdup;
  }

  /** True: the browser keeps nothing, and nothing may be promised. */
  get broken(): boolean {
    return this.#broken;
  }

  /** True once it is known what the browser has kept. */
  get ready(): boolean {
    return this.#ready;
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#sender.run(signal);
  }

  /** @returns the act's key once it is safe on this screen's disk; null when it could not be saved. */
  add(draft: EntryDraft): Promise<string | null> {
    return this.#sender.add(draft);
  }

  /** Asks a refused act once more. */
  retry(entry: Entry): Promise<void> {
    return this.#sender.retry(entry);
  }

  /** Puts a refused act away: a person has said so. */
  discard(entry: Entry): Promise<void> {
    return this.#sender.discard(entry);
  }

  /** Whether somebody is signed in who may act. */
  permit(allowed: boolean): void {
    this.#sender.permit(allowed);
  }

  /** Does not wait any longer: the server is back. */
  wakeUp(): void {
    this.#sender.wakeUp();
  }

  #look(): void {
    this.#content = this.#sender.content;
    this.#holdup = this.#sender.holdup;
    this.#broken = this.#sender.broken;
    this.#ready = this.#sender.ready;
  }
}
