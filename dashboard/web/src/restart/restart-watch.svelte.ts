/** Watches whether a line of the site asks what only people know. */
import type { RestartQuestion } from '@trame/protocol/material/material-answers';
import type { App } from '../app.svelte.ts';
import { getRestartQuestion } from './restart-question.ts';

const ASK_MS = 15_000;

export class RestartWatch {
  readonly #app: App;
  #question = $state.raw<RestartQuestion | null>(null);

  constructor(app: App) {
    this.#app = app;
  }

  /** Null: nothing is asked, or what was asked has been answered from this screen. */
  get question(): RestartQuestion | null {
    const { outbox } = this.#app;
    const line = this.#question?.line;
    const answered = outbox.waiting.some(({ about }) => about.kind === 'restart' && about.line === line);
    return answered ? null : this.#question;
  }

  start(signal: AbortSignal): void {
    const timer = setInterval(() => void this.#ask(signal), ASK_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    void this.#ask(signal);
  }

  /** The first line that asks; while the server is away, what was asked last still stands. */
  async #ask(signal: AbortSignal): Promise<void> {
    for (const { line } of this.#app.feed.lines) {
      const answer = await this.#app.noticed(getRestartQuestion(line, signal));
      if (signal.aborted || answer.kind === 'away') return;
      if (answer.kind === 'ok' && answer.body.question !== null) {
        this.#question = answer.body.question;
        return;
      }
    }
    this.#question = null;
  }
}
