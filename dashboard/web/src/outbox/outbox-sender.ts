/**
 * Acts of this browser on their way to the server: saved first, then sent one after the other until each is answered.
 * Nothing leaves the queue by itself but what the server has recorded.
 */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { Attachment } from '@trame/protocol/material/move';
import type { Answer } from '../api/request.ts';
import type { StoredDocument } from '../api/material.ts';
import { attachmentOf } from '../api/material.ts';
import type { Entropy } from '../system/entropy.ts';
import type { Entry, EntryDraft } from './entry.ts';
import { judgeAnswer, retryDelayMs, type Verdict } from './judge-answer.ts';
import { nextAct, withAttachments } from './next-act.ts';
import { onlyOneTab } from './only-one-tab.ts';
import { OutboxStore, type OutboxContent } from './outbox-store.ts';

const DATABASE = 'trame.outbox';
const LOCK = 'trame.outbox';
const CHANNEL = 'trame.outbox';

export interface OutboxOptions {
  readonly post: (path: string, body: object, key: string, signal: AbortSignal) => Promise<Answer<ActAnswer>>;
  readonly upload: (file: Blob, key: string, signal: AbortSignal) => Promise<Answer<StoredDocument>>;
  readonly newKey: () => string;
  readonly entropy: Entropy;
  /** The server no longer knows who asks. */
  readonly onSignedOut: () => void;
  /** Something that the page shows is otherwise now. */
  readonly onChange: () => void;
  readonly database?: string;
}

/** Why the first act still waits; null: it is being sent, or there is none. */
export type Holdup = (Verdict & { kind: 'again' })['why'] | 'signed-out' | null;

const EMPTY: OutboxContent = { entries: [], answered: [] };

export class OutboxSender {
  readonly #options: OutboxOptions;
  #content: OutboxContent = EMPTY;
  #holdup: Holdup = null;
  /** True: the browser keeps nothing, and nothing may be promised. */
  #broken = false;
  #ready = false;
  #store: OutboxStore | null = null;
  #channel: BroadcastChannel | null = null;
  #permitted = false;
  #wake = new AbortController();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get content(): OutboxContent {
    return this.#content;
  }

  get holdup(): Holdup {
    return this.#holdup;
  }

  get broken(): boolean {
    return this.#broken;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /**
   * Opens the browser's database and sends from it until the signal aborts.
   * @throws what is not foreseen; a browser that keeps nothing makes {@link broken} true.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      this.#store = await OutboxStore.open(this.#options.database ?? DATABASE);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#broken = true;
      this.#options.onChange();
      return;
    }
    const channel = new BroadcastChannel(CHANNEL);
    this.#channel = channel;
    channel.addEventListener('message', () => void this.#onOtherTab(), { signal });
    signal.addEventListener('abort', () => this.#wake.abort(), { once: true });
    try {
      await this.#reload();
      await onlyOneTab(LOCK, signal, () => this.#sendAll(signal));
    } finally {
      channel.close();
      this.#channel = null;
      this.#store.close();
      this.#store = null;
    }
  }

  /**
   * Saves an act; it is sent as soon as it can be.
   * @returns its key, once it is safe on the disk of this screen; null when it could not be saved.
   */
  async add(draft: EntryDraft): Promise<string | null> {
    if (this.#store === null) return null;
    const key = this.#options.newKey();
    try {
      await this.#store.add(key, draft);
    } catch (error) {
      // A full disk or a full outbox: nothing is saved, and whoever asked says so in large.
      if (error instanceof Error) return null;
      throw error;
    }
    await this.#changed();
    return key;
  }

  /** Asks a refused act once more. */
  async retry(entry: Entry): Promise<void> {
    await this.#store?.renew(entry.order, this.#options.newKey());
    await this.#changed();
  }

  /** Puts a refused act away for good: a person has said so. */
  async discard(entry: Entry): Promise<void> {
    await this.#store?.remove(entry.order);
    await this.#changed();
  }

  /** Whether somebody is signed in who may act. */
  permit(allowed: boolean): void {
    this.#permitted = allowed;
    if (!allowed) {
      this.#say('signed-out');
      return;
    }
    if (this.#holdup === 'signed-out') this.#say(null);
    this.wakeUp();
  }

  /** Does not wait any longer: the network is back, or there is something new. */
  wakeUp(): void {
    this.#wake.abort();
  }

  async #sendAll(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      // Made before the look at the queue, so that a wake-up in between is not missed.
      const wake = new AbortController();
      this.#wake = wake;
      await this.#reload();
      const next = this.#permitted ? nextAct(this.#content) : { kind: 'none' as const };
      if (next.kind === 'none') {
        attempt = 0;
        await pause(null, AbortSignal.any([signal, wake.signal]));
        continue;
      }
      if (next.kind === 'orphan') {
        await this.#store?.refused(next.entry.order, next.refusal);
        await this.#changed();
        continue;
      }
      const verdict = await this.#send(next.entry, next.path, signal);
      if (verdict.kind === 'dropped') continue;
      await this.#settle(next.entry, verdict);
      if (verdict.kind !== 'again') {
        attempt = 0;
        continue;
      }
      await pause(retryDelayMs(attempt, this.#options.entropy()), AbortSignal.any([signal, wake.signal]));
      attempt += 1;
    }
  }

  async #send(entry: Entry, path: string, signal: AbortSignal): Promise<Verdict> {
    const attachments: Attachment[] = [];
    for (const [index, file] of entry.files.entries()) {
      const stored = await this.#options.upload(file.blob, `${entry.key}.${index}`, signal);
      if (stored.kind !== 'ok') return judgeAnswer(stored);
      attachments.push(attachmentOf(stored.body, file.name, file.kind));
    }
    const body = withAttachments(entry.body, attachments);
    return judgeAnswer(await this.#options.post(path, body, entry.key, signal));
  }

  async #settle(entry: Entry, verdict: Exclude<Verdict, { kind: 'dropped' }>): Promise<void> {
    switch (verdict.kind) {
      case 'recorded':
        await this.#store?.answered(entry, verdict.answer);
        this.#say(null);
        await this.#changed();
        return;
      case 'refused':
        await this.#store?.refused(entry.order, verdict.refusal);
        this.#say(null);
        await this.#changed();
        return;
      case 'again':
        this.#say(verdict.why);
        return;
      case 'signed-out':
        this.permit(false);
        this.#options.onSignedOut();
        return;
    }
  }

  async #changed(): Promise<void> {
    await this.#reload();
    this.#channel?.postMessage('changed');
    this.wakeUp();
  }

  async #onOtherTab(): Promise<void> {
    await this.#reload();
    this.wakeUp();
  }

  async #reload(): Promise<void> {
    if (this.#store === null) return;
    this.#content = await this.#store.read();
    this.#ready = true;
    this.#options.onChange();
  }

  #say(holdup: Holdup): void {
    this.#holdup = holdup;
    this.#options.onChange();
  }
}

/** @param ms null: until the signal aborts. */
function pause(ms: number | null, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = ms === null ? undefined : setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
