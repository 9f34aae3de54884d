/** What the press of this kiosk gave out and nobody logged, as the server says now; without a server nothing. */
import { getProposals, type KioskProposal } from '../api/proposals.ts';
import type { UnclaimedWeighing } from '../api/material.ts';
import { Poll } from '../api/poll.svelte.ts';
import type { App } from '../app.svelte.ts';
import type { Claim } from './bale-acts.ts';
import { shownFigure } from './find-weighing.ts';
import type { KioskEffect, KioskState } from './kiosk-state.ts';
import { keptHere, namedClaim, proposalAtHand, waitingHere, type LoggedHere } from './proposal.ts';
import type { KioskScale } from './scale-reading.ts';

/** A bale comes out every few minutes, and somebody stands there when it does. */
const ASK_MS = 2_000;

export class PressProposals {
  readonly #app: App;
  readonly #scale: KioskScale | null;
  readonly #poll: Poll<readonly KioskProposal[]> | null;
  #logged = $state.raw<LoggedHere>(new Map());

  constructor(app: App, press: string | null, scale: KioskScale | null) {
    this.#app = app;
    this.#scale = scale;
    this.#poll =
      press === null
        ? null
        : new Poll({
            ask: (signal) => app.noticed(getProposals(press, signal)),
            intervalMs: ASK_MS,
            nowMs: () => app.feed.nowMs,
          });
  }

  /** Those that wait, the oldest first. */
  get waiting(): readonly KioskProposal[] {
    const { waiting, refused } = this.#app.outbox;
    const logged = new Map([...keptHere(waiting), ...this.#logged]);
    return waitingHere(this.#told, logged, new Set(refused.map(({ key }) => key)));
  }

  /** Asks until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#poll?.run(signal) ?? Promise.resolve();
  }

  /**
   * The one to log now; null: none.
   *
   * @param weighing of what stands on the scale, where it is known.
   */
  atHand(
    { scale, spent }: Pick<KioskState, 'scale' | 'spent'>,
    weighing: string | null,
  ): KioskProposal | null {
    const standing = scale.kind === 'stable' && spent === null ? { grams: scale.grams, weighing } : null;
    return proposalAtHand(this.waiting, standing, (named) => this.#shown(named));
  }

  /** The weighing that the bale which is logged names, when it stands on the scale; null: look for it. */
  claim(effect: KioskEffect): Claim | null {
    return namedClaim(this.waiting, effect, (named) => this.#shown(named));
  }

  /**
   * It is logged here: it waits no more, whatever the server still says.
   *
   * @param kept key of the act once it is safe; null: it could not be kept, and the bale waits again.
   */
  async log(proposal: string, kept: Promise<string | null>): Promise<void> {
    const told = new Set(this.#told.map(({ id }) => id));
    // What the server no longer tells, it knows to be logged.
    this.#logged = new Map([...this.#logged].filter(([id]) => told.has(id))).set(proposal, null);
    const key = await kept;
    const logged = new Map(this.#logged);
    if (key === null) logged.delete(proposal);
    else logged.set(proposal, key);
    this.#logged = logged;
  }

  /** What was logged under that key was annulled: it waits again. */
  reopen(key: string): void {
    this.#logged = new Map([...this.#logged].filter(([, logged]) => logged !== key));
  }

  #shown(named: UnclaimedWeighing): number | null {
    return this.#scale === null || named.scale !== this.#scale.id ? null : shownFigure(named, this.#scale);
  }

  get #told(): readonly KioskProposal[] {
    const answer = this.#poll?.answer;
    return answer?.kind === 'ok' && this.#app.feed.stream.kind === 'up' ? answer.body : [];
  }
}
