/** What a person says of a piece: sent under one key until it is known whether it was noted. */
import { postOverride, type OverrideBody } from '../api/pieces.ts';
import type { Answer } from '../api/request.ts';
import { newRequestKey } from '../system/request-key.ts';
import { pieceRefusalText, type Failure } from './piece-refusal.ts';

export type OverrideState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'noted'; readonly to: string }
  /** `isOpen`: nobody knows; sent again, it is the same word. */
  | { readonly kind: 'failed'; readonly words: string; readonly isOpen: boolean };

export class OverrideSending {
  readonly #piece: { readonly line: string; readonly id: string };
  readonly #noticed: <T>(asked: Promise<Answer<T>>) => Promise<Answer<T>>;
  readonly #owner: AbortSignal;
  /** Of what nobody knows the outcome of, by what was said. */
  #open: { readonly said: string; readonly key: string } | null = null;
  #state = $state.raw<OverrideState>({ kind: 'idle' });

  constructor(
    piece: { readonly line: string; readonly id: string },
    noticed: <T>(asked: Promise<Answer<T>>) => Promise<Answer<T>>,
    owner: AbortSignal,
  ) {
    this.#piece = piece;
    this.#noticed = noticed;
    this.#owner = owner;
  }

  get state(): OverrideState {
    return this.#state;
  }

  /** Forgets what came of the last one; not what nobody knows. */
  clear(): void {
    if (this.#state.kind !== 'sending') this.#state = { kind: 'idle' };
  }

  async send(body: OverrideBody): Promise<void> {
    if (this.#state.kind === 'sending') return;
    const said = JSON.stringify(body);
    const key = this.#open?.said === said ? this.#open.key : newRequestKey();
    this.#open = { said, key };
    this.#state = { kind: 'sending' };
    const answer = await this.#noticed(postOverride(this.#piece, body, key, this.#owner));
    if (answer.kind === 'dropped') return;
    if (answer.kind === 'ok') {
      this.#open = null;
      this.#state = { kind: 'noted', to: body.to };
      return;
    }
    const isOpen = mayHaveArrived(answer);
    if (!isOpen) this.#open = null;
    this.#state = { kind: 'failed', words: pieceRefusalText(answer), isOpen };
  }
}

function mayHaveArrived(failure: Failure): boolean {
  return failure.kind === 'away' || failure.status >= 500;
}
