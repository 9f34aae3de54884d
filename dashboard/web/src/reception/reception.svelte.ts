/** The reception kiosk: the pure machine, and what it needs of scale, camera and outbox. */
import type { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import type { App } from '../app.svelte.ts';
import { findWeighing } from '../kiosk/find-weighing.ts';
import { readScale, type KioskScale } from '../kiosk/scale-reading.ts';
import { Chime } from '../system/chime.ts';
import { lotDraft, refuseDraft } from './reception-acts.ts';
import {
  NEW_DELIVERY,
  netGrams,
  nextReception,
  type ReceptionEvent,
  type ReceptionState,
} from './reception-state.ts';

const TICK_MS = 200;
const CLAIM_MS = 1_000;
/** The confirmation stands longer than a bale's: a delivery is done once. Touches go through it. */
const FLASH_MS = 2_500;

export interface Received {
  /** Key of the lot's act: its number comes with the answer. */
  readonly key: string;
  readonly grams: number;
  readonly sinceMs: number;
}

export class Reception {
  readonly #app: App;
  readonly #chime = new Chime();
  readonly scale: KioskScale | null;
  #state = $state.raw<ReceptionState>(NEW_DELIVERY);
  #received = $state.raw<Received | null>(null);
  #claim: { readonly weighing: string; readonly grams: number } | null = null;

  constructor(app: App, reference: ReferenceAnswer) {
    this.#app = app;
    this.scale = receptionScale(reference);
  }

  get state(): ReceptionState {
    return this.#state;
  }

  get received(): Received | null {
    return this.#received;
  }

  /** Monotonic ms. */
  get nowMs(): number {
    return this.#app.clock.read().monotonicMs;
  }

  dispatch(event: ReceptionEvent): void {
    const before = this.#state.hint;
    const step = nextReception(this.#state, event);
    this.#state = step.state;
    if (event.type !== 'scale') this.#received = null;
    if (step.state.hint !== null && step.state.hint !== before) this.#chime.play('attention');
    if (step.receive) void this.#save(step.state);
  }

  weigh(): void {
    const { scale } = this.#state;
    const known = scale.kind === 'stable' && this.#claim?.grams === scale.grams ? this.#claim.weighing : null;
    this.dispatch({ type: 'weigh', nowMs: this.nowMs, weighing: known });
  }

  /** Takes what the live stream says of the scale. */
  look(): void {
    const { feed } = this.#app;
    const reading = readScale(this.scale, feed.lines, feed.stream, feed.nowMs);
    this.dispatch({ type: 'scale', reading, nowMs: this.nowMs });
    const { scale } = this.#state;
    if (scale.kind !== 'stable' || scale.grams !== this.#claim?.grams) this.#claim = null;
  }

  start(signal: AbortSignal): void {
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const claim = setInterval(() => void this.#findWeighing(signal), CLAIM_MS);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(tick);
        clearInterval(claim);
        void this.#chime.close();
      },
      { once: true },
    );
  }

  #tick(): void {
    this.look();
    if (this.#received !== null && this.nowMs - this.#received.sinceMs > FLASH_MS) this.#received = null;
  }

  async #findWeighing(signal: AbortSignal): Promise<void> {
    const { scale, spent } = this.#state;
    if (this.scale === null || scale.kind !== 'stable' || spent !== null || this.#claim !== null) return;
    const weighing = await findWeighing(this.scale, scale.grams, this.#app.feed.nowMs, signal);
    const now = this.#state.scale;
    if (weighing === null || now.kind !== 'stable' || now.grams !== scale.grams) return;
    this.#claim = { weighing, grams: scale.grams };
  }

  /** The lot, then what of it is refused: two acts, in this order. */
  async #save(state: ReceptionState): Promise<void> {
    const { outbox, feed } = this.#app;
    const occurredAt = feed.nowMs;
    const lot = await outbox.add(lotDraft(state, this.scale?.id ?? null, occurredAt));
    const refusal = lot === null ? null : refuseDraft(state, lot, occurredAt);
    const refused = refusal === null ? '' : await outbox.add(refusal);
    if (lot === null || refused === null) {
      this.dispatch({ type: 'failed' });
      return;
    }
    this.dispatch({ type: 'next' });
    this.#received = { key: lot, grams: netGrams(state.loads), sinceMs: this.nowMs };
    this.#chime.play('saved');
  }
}

/** The scale for what comes in: its own, else one that serves for all. */
function receptionScale({ scales }: ReferenceAnswer): KioskScale | null {
  return scales.find(({ use }) => use === 'reception') ?? scales.find(({ use }) => use === 'any') ?? null;
}
