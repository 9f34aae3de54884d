/** The bale kiosk: the pure machine, and what it needs of scale, scanner, outbox and server. */
import { readScan } from '@trame/protocol/scanned-code';
import type { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import { postAct } from '../api/material.ts';
import type { App } from '../app.svelte.ts';
import { actRefusalWords } from '../messages/refusal-words.ts';
import { t } from '../messages/translate.ts';
import { Chime } from '../system/chime.ts';
import { newUuidV7 } from '../system/uuid-v7.ts';
import { keypadKeyOf } from '../ui/keypad-entry.ts';
import { bindDraft, logDraft, voidDraft, type Claim } from './bale-acts.ts';
import { findWeighing } from './find-weighing.ts';
import {
  chosenOf,
  HINT_MS,
  nextKiosk,
  START,
  type Choice,
  type FlashKind,
  type KioskEffect,
  type KioskEvent,
  type KioskSite,
  type KioskState,
} from './kiosk-state.ts';
import { warningWords } from './kiosk-words.ts';
import { lastBale, type LastBale } from './last-bale.ts';
import { PressProposals } from './press-proposals.svelte.ts';
import { readScale, type KioskScale } from './scale-reading.ts';
import { isBroken, nextWedge, NOTHING_TYPED } from './wedge.ts';

/** How often hints, confirmations and the age of the weight are looked at. */
const TICK_MS = 200;
/** A page that is loaded again still knows for so long that what lies on the scale was logged. */
const LOGGED_MS = 10 * 60_000;
/** How often the server is asked for the weighing that lies on the scale, until it is known. */
const CLAIM_MS = 1_000;
/** What goes on by itself, and takes no word away that somebody is reading. */
const BY_ITSELF: ReadonlySet<KioskEvent['type']> = new Set(['scale', 'offer', 'tick']);
export type Press = ReferenceAnswer['presses'][number];

export class BaleKiosk {
  readonly #app: App;
  readonly #reference: ReferenceAnswer;
  readonly #chime = new Chime();
  readonly press: Press | null;
  readonly scale: KioskScale | null;
  /** Several presses weigh on the same scale. */
  readonly shared: boolean;
  readonly #proposals: PressProposals;
  #state = $state.raw<KioskState>(START);
  #claim: Claim | null = null;
  #wedge = NOTHING_TYPED;
  #remembered = false;
  #notice = $state.raw<{ readonly text: string; readonly sinceMs: number } | null>(null);

  constructor(app: App, reference: ReferenceAnswer, press: Press | null) {
    this.#app = app;
    this.#reference = reference;
    this.press = press;
    this.scale = reference.scales.find(({ id }) => id === press?.scale) ?? null;
    this.#proposals = new PressProposals(app, press?.id ?? null, this.scale);
    this.shared =
      press?.scale != null && reference.presses.filter(({ scale }) => scale === press.scale).length > 1;
  }

  get state(): KioskState {
    return this.#state;
  }

  /** What VALIDER would log. */
  get chosen(): Choice | null {
    return chosenOf(this.#state, this.#site());
  }

  /** How many bales the press gave out that nobody logged. */
  get given(): number {
    return this.#proposals.waiting.length;
  }

  /** What a scan, a print or an answer has to say. */
  get notice(): string | null {
    return this.#notice?.text ?? null;
  }

  get last(): LastBale | null {
    const { waiting, refused, answered } = this.#app.outbox;
    return lastBale([...waiting, ...refused], answered, this.press?.id ?? null);
  }

  get outlets(): ReferenceAnswer['outlets'] {
    const open = this.press?.outlets;
    return this.#reference.outlets.filter(({ id }) => open === undefined || open.includes(id));
  }

  dispatch(event: KioskEvent): void {
    const before = this.#state.hint;
    const step = nextKiosk(this.#state, event, this.#site());
    this.#state = step.state;
    if (!BY_ITSELF.has(event.type)) this.#notice = null;
    if (step.state.hint !== null && step.state.hint !== before) this.#chime.play('attention');
    for (const effect of step.effects) void this.#log(effect);
  }

  validate(): void {
    this.dispatch({ type: 'validate', nowMs: this.#nowMs() });
  }

  withoutWeight(): void {
    this.dispatch({ type: 'without-weight', nowMs: this.#nowMs() });
  }

  /** Takes what the live stream says of the scale, and what the press gave out. */
  look(): void {
    const { feed } = this.#app;
    const reading = readScale(this.scale, feed.lines, feed.stream, feed.nowMs);
    this.dispatch({ type: 'scale', reading, nowMs: this.#nowMs() });
    const { scale } = this.#state;
    if (scale.kind !== 'stable' || scale.grams !== this.#claim?.grams) this.#claim = null;
    this.dispatch({
      type: 'offer',
      offer: this.#proposals.atHand(this.#state, this.#claim?.weighing ?? null),
    });
  }

  /** Runs what goes on by itself until the signal aborts. */
  start(signal: AbortSignal): void {
    const tick = setInterval(() => this.#tick(), TICK_MS);
    const claim = setInterval(() => void this.#findWeighing(signal), CLAIM_MS);
    void this.#proposals.run(signal);
    window.addEventListener('keydown', (event) => this.#onKey(event), { signal });
    window.addEventListener('click', letGo, { signal });
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

  /** The load of the last bale may still lie there: a page that was loaded again must not log it twice. */
  #remember(): void {
    this.#remembered = true;
    const { last } = this;
    const recent = last !== null && this.#app.feed.nowMs - last.occurredAt < LOGGED_MS;
    if (recent && this.#state.spent === null) this.#state = { ...this.#state, spent: last.grossGrams };
  }

  /** Annuls the last bale. */
  async annul(last: LastBale): Promise<void> {
    const draft = voidDraft(last, t('kiosk.voidReason'), this.#app.feed.nowMs);
    this.#proposals.reopen(last.key);
    await this.#save(draft, 'voided', last.outlet, null);
  }

  /** Prints the label of the last bale again; nothing is lost when that cannot be. */
  async reprint(last: LastBale, signal: AbortSignal): Promise<void> {
    if (last.bale === null) {
      this.#say(t('kiosk.reprintWaits'));
      return;
    }
    const { nowMs } = this.#app.feed;
    const path = `/api/v1/bales/${encodeURIComponent(last.bale.id)}/label`;
    const body = { occurredAt: nowMs };
    const answer = await this.#app.noticed(postAct(path, body, newUuidV7(nowMs), signal));
    if (answer.kind === 'dropped') return;
    const printed = answer.kind === 'ok' && !answer.body.warnings.includes('not-printed');
    if (printed) this.#flash('printing', last.outlet, null, last.key);
    else this.#say(t('kiosk.reprintFailed'));
  }

  #site(): KioskSite {
    return { outlets: this.outlets, intervalGrams: this.scale?.intervalGrams ?? null };
  }

  #nowMs(): number {
    return this.#app.clock.read().monotonicMs;
  }

  #tick(): void {
    if (!this.#remembered && this.#app.outbox.ready) this.#remember();
    this.look();
    this.dispatch({ type: 'tick', nowMs: this.#nowMs() });
    if (this.#notice !== null && this.#nowMs() - this.#notice.sinceMs > HINT_MS) this.#notice = null;
  }

  /** Asks which weighing lies on the scale, before VALIDER is touched: then nobody waits for it. */
  async #findWeighing(signal: AbortSignal): Promise<void> {
    const { scale, spent } = this.#state;
    if (this.scale === null || scale.kind !== 'stable' || spent !== null || this.#claim !== null) return;
    const { nowMs } = this.#app.feed;
    const weighing = await findWeighing(this.scale, scale.grams, nowMs, signal);
    const now = this.#state.scale;
    if (weighing === null || now.kind !== 'stable' || now.grams !== scale.grams) return;
    this.#claim = { weighing, grams: scale.grams };
  }

  async #log(effect: KioskEffect): Promise<void> {
    const place = {
      press: this.press?.id ?? null,
      line: this.press?.line,
      scale: this.scale?.id ?? null,
      shared: this.shared,
    };
    const claim = this.#claim ?? this.#proposals.claim(effect);
    const draft = logDraft(effect, place, claim, this.#app.feed.nowMs);
    this.#claim = null;
    const kind = effect.weight !== null ? 'saved' : this.shared ? 'pressed' : 'to-weigh';
    const { choice } = effect;
    const kept = this.#save(draft, kind, choice.outlet, effect.weight?.grams ?? null);
    if (choice.kind === 'outlet' && choice.proposal !== undefined)
      void this.#proposals.log(choice.proposal, kept);
    await kept;
  }

  async #save(
    draft: Parameters<App['outbox']['add']>[0],
    kind: FlashKind,
    outlet: string,
    grams: number | null,
  ): Promise<string | null> {
    const key = await this.#app.outbox.add(draft);
    if (key === null) this.dispatch({ type: 'failed', nowMs: this.#nowMs() });
    else this.#flash(kind, outlet, grams, key);
    return key;
  }

  #flash(kind: FlashKind, outlet: string, grams: number | null, key: string): void {
    this.#chime.play('saved');
    this.dispatch({ type: 'done', flash: { kind, outlet, grams, key, sinceMs: this.#nowMs() } });
  }

  #say(text: string): void {
    this.#notice = { text, sinceMs: this.#nowMs() };
    this.#chime.play('attention');
  }

  #onKey(event: KeyboardEvent): void {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const broken = isBroken(this.#wedge, this.#nowMs());
    const { wedge, outcome } = nextWedge(this.#wedge, event.key, this.#nowMs());
    this.#wedge = wedge;
    if (outcome.kind === 'scan') {
      event.preventDefault();
      if (this.#state.keypad !== null) this.dispatch({ type: 'key', key: 'clear' });
      void this.#bind(outcome.text);
      return;
    }
    // A button that was reached by keyboard keeps its Enter; one that was touched has let the focus go.
    if (outcome.kind === 'enter' && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      // What the press gave out stands chosen: the end of a scan in pieces must not log it.
      if (broken && this.#state.keypad === null) this.#say(t('kiosk.scanBroken'));
      else this.validate();
      return;
    }
    const key = keypadKeyOf(event.key);
    if (key !== null && this.#state.keypad !== null) this.dispatch({ type: 'key', key });
  }

  /** A pre-printed label is scanned to the last bale. Whether an address is ours, the server knows. */
  async #bind(text: string): Promise<void> {
    const scan = readScan(text, [window.location.origin]);
    if (scan.kind === 'foreign' && scan.what !== 'other-web-address') {
      this.#say(scan.words);
      return;
    }
    const { last } = this;
    if (last === null) this.#say(t('kiosk.scanNoBale'));
    else await this.#save(bindDraft(last, text, this.#app.feed.nowMs), 'bound', last.outlet, null);
  }

  /** What the server had to say of the last act that it recorded or refused. */
  get remark(): string | null {
    const refused = this.#app.outbox.refused.at(-1);
    if (refused?.refusal != null) return actRefusalWords(refused.refusal);
    const warnings = warningWords(this.#app.outbox.answered.at(-1)?.answer.warnings ?? []);
    return warnings.length === 0 ? null : warnings.join(' · ');
  }
}

/** A button that was touched gives the focus back: the wired VALIDER is an Enter, and must not press it again. */
function letGo(event: MouseEvent): void {
  const held = document.activeElement;
  if (event.detail > 0 && held instanceof HTMLButtonElement && held.closest('dialog') === null) held.blur();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof Element && target.closest('dialog') !== null)
  );
}
