/**
 * The bale kiosk as a pure machine: an outlet is touched, then VALIDER with the stable weight. Whatever is in the way
 * of the second touch is told by a hint; nothing is logged by itself, and no weight is ever proposed that the scale
 * does not show now. The outlet of a bale that the press gave out stands chosen until somebody touches another.
 */
import type { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import { typedGrams, typeKey, type KeypadKey } from '../ui/keypad-entry.ts';
import type { Offer } from './offer.ts';
import { nextPhase, restless, type ScalePhase } from './scale-phase.ts';
import type { ScaleReading } from './scale-reading.ts';

export type KioskOutlet = ReferenceAnswer['outlets'][number];

/** A big confirmation stands so long; touches go through it. */
export const FLASH_MS = 1_200;
/** A hint stands so long, or until the next touch. */
export const HINT_MS = 6_000;

export type Choice =
  /** `proposal`: the bale that the press gave out is meant. */
  | { readonly kind: 'outlet'; readonly outlet: string; readonly proposal?: string }
  /** A bale that is pressed and waits for its weight. */
  | { readonly kind: 'bale'; readonly id: string; readonly number: number; readonly outlet: string };

export type Hint =
  | 'choose-outlet'
  | 'put-bale'
  | 'wait-stable'
  | 'remove-bale'
  | 'weigh-again'
  | 'type-weight'
  | 'not-saved';

/** Why a figure is typed. */
export type TypedReason = 'no-wire' | 'no-link' | 'overload' | 'unstable' | 'by-hand';

export interface KioskState {
  readonly scale: ScalePhase;
  /** What somebody touched: {@link chosenOf} says what stands chosen. */
  readonly choice: Choice | null;
  /** What the press gave out and nobody logged; null: nothing, or nobody knows. */
  readonly offer: Offer | null;
  readonly keypad: { readonly reason: TypedReason; readonly text: string } | null;
  /** A weight outside the usual range that was asked about: VALIDER once more says yes to it. */
  readonly asked: number | null;
  /** Weight of a load that was logged and still lies on the scale. */
  readonly spent: number | null;
  readonly hint: { readonly what: Hint; readonly sinceMs: number } | null;
  readonly flash: Flash | null;
}

export type FlashKind = 'saved' | 'to-weigh' | 'pressed' | 'voided' | 'printing' | 'bound';

export interface Flash {
  readonly kind: FlashKind;
  readonly outlet: string | null;
  readonly grams: number | null;
  /** Key of the act: its number comes with the answer. */
  readonly key: string | null;
  readonly sinceMs: number;
}

export type KioskEvent =
  | { readonly type: 'scale'; readonly reading: ScaleReading; readonly nowMs: number }
  | { readonly type: 'tick'; readonly nowMs: number }
  | { readonly type: 'offer'; readonly offer: Offer | null }
  | { readonly type: 'choose'; readonly choice: Choice }
  | { readonly type: 'keypad'; readonly reason: TypedReason }
  | { readonly type: 'close' }
  | { readonly type: 'key'; readonly key: KeypadKey }
  | { readonly type: 'validate'; readonly nowMs: number }
  /** The bale is there, and no weight can be had: it is counted, and weighed later. */
  | { readonly type: 'without-weight'; readonly nowMs: number }
  | { readonly type: 'done'; readonly flash: Flash }
  | { readonly type: 'failed'; readonly nowMs: number };

export interface KioskEffect {
  readonly type: 'log';
  readonly choice: Choice;
  /** Gross, as the indicator shows it; null: to be weighed. */
  readonly weight: { readonly how: 'live' | 'typed'; readonly grams: number } | null;
  /** Somebody said yes to a weight outside the usual range. */
  readonly unusual: boolean;
}

export interface KioskStep {
  readonly state: KioskState;
  readonly effects: readonly KioskEffect[];
}

/** What of the site the machine decides by. */
export interface KioskSite {
  readonly outlets: readonly Pick<KioskOutlet, 'id' | 'packagingGrams' | 'usualGrams'>[];
  readonly intervalGrams: number | null;
}

export const START: KioskState = {
  scale: { kind: 'none' },
  choice: null,
  offer: null,
  keypad: null,
  asked: null,
  spent: null,
  hint: null,
  flash: null,
};

export function nextKiosk(state: KioskState, event: KioskEvent, site: KioskSite): KioskStep {
  switch (event.type) {
    case 'scale':
      return stay(onScale(state, event.reading, event.nowMs, site));
    case 'tick':
      return stay(onTick(state, event.nowMs));
    case 'offer':
      return stay(onOffer(state, event.offer));
    case 'choose':
      return stay(onChoice(state, event.choice));
    case 'keypad':
      return stay({ ...typing(state, event.reason, chosenOf(state, site)), asked: null, hint: null });
    case 'close':
      return stay({ ...state, keypad: null, choice: null, asked: null, hint: null });
    case 'key':
      return stay(onKey(state, event.key));
    case 'validate':
      return onValidate(state, event.nowMs, site);
    case 'without-weight': {
      const choice = chosenOf(state, site);
      if (choice === null) return hint(state, 'choose-outlet', event.nowMs);
      if (choice.kind === 'bale') return hint(state, 'type-weight', event.nowMs);
      return log(state, choice, null, false);
    }
    case 'done':
      return stay({ ...state, flash: event.flash });
    case 'failed':
      return hint(state, 'not-saved', event.nowMs);
  }
}

/**
 * What VALIDER would log: what was touched, else what the press gave out, where that outlet is open here. The bale of
 * the press is meant by its own outlet, and by any where the press does not say which; another outlet is another bale.
 */
export function chosenOf(
  { choice, offer }: Pick<KioskState, 'choice' | 'offer'>,
  { outlets }: Pick<KioskSite, 'outlets'>,
): Choice | null {
  if (choice === null) {
    const outlet = outlets.find(({ id }) => id === offer?.outlet)?.id;
    return offer === null || outlet === undefined ? null : { kind: 'outlet', outlet, proposal: offer.id };
  }
  if (choice.kind === 'bale' || choice.proposal !== undefined || offer === null) return choice;
  return (offer.outlet ?? choice.outlet) === choice.outlet ? { ...choice, proposal: offer.id } : choice;
}

/** Another bale is offered: what was asked about the one before is off the table, unless somebody chose for himself. */
function onOffer(state: KioskState, offer: Offer | null): KioskState {
  if (offer?.id === state.offer?.id && offer?.outlet === state.offer?.outlet) return state;
  if (state.choice !== null || state.asked === null) return { ...state, offer };
  const hint = state.hint?.what === 'weigh-again' ? null : state.hint;
  return { ...state, offer, asked: null, hint };
}

/** A figure is typed for what stands chosen, whatever the press gives out meanwhile. */
function typing(state: KioskState, reason: TypedReason, choice: Choice | null): KioskState {
  return { ...state, choice, keypad: { reason, text: '' } };
}

function onScale(state: KioskState, reading: ScaleReading, nowMs: number, site: KioskSite): KioskState {
  const scale = nextPhase(state.scale, reading, nowMs);
  const spent = state.spent !== null && stillThere(scale, state.spent, site) ? state.spent : null;
  if (state.asked === null || state.keypad !== null || stillThere(scale, state.asked, site)) {
    return { ...state, scale, spent };
  }
  // What was asked about is no longer on the scale: the question is off the table.
  const hint = state.hint?.what === 'weigh-again' ? null : state.hint;
  return { ...state, scale, spent, asked: null, hint };
}

/** A load is gone when the scale shows something that is clearly not it. */
function stillThere(scale: ScalePhase, loadGrams: number, site: KioskSite): boolean {
  if (scale.kind === 'empty') return false;
  if (scale.kind !== 'stable' && scale.kind !== 'moving') return true;
  return near(scale.grams, loadGrams, site);
}

function near(a: number, b: number, { intervalGrams }: KioskSite): boolean {
  return Math.abs(a - b) <= Math.max(2 * (intervalGrams ?? 0), Math.abs(b) / 100);
}

function onTick(state: KioskState, nowMs: number): KioskState {
  const flash = state.flash !== null && nowMs - state.flash.sinceMs >= FLASH_MS ? null : state.flash;
  const told = state.hint !== null && nowMs - state.hint.sinceMs >= HINT_MS ? null : state.hint;
  return flash === state.flash && told === state.hint ? state : { ...state, flash, hint: told };
}

/** A scale without a link asks for the figure at once: that is the second touch then. */
function onChoice(state: KioskState, choice: Choice): KioskState {
  const { scale } = state;
  const keypad = scale.kind === 'unlinked' ? { reason: scale.why, text: '' } : null;
  return { ...state, choice, keypad, asked: null, hint: null, flash: null };
}

function onKey(state: KioskState, key: KeypadKey): KioskState {
  if (state.keypad === null) return state;
  const text = typeKey(state.keypad.text, key);
  return { ...state, keypad: { ...state.keypad, text }, asked: null, hint: null };
}

function onValidate(state: KioskState, nowMs: number, site: KioskSite): KioskStep {
  const { keypad, scale } = state;
  const choice = chosenOf(state, site);
  if (choice === null) return hint(state, 'choose-outlet', nowMs);
  if (keypad !== null) {
    const grams = typedGrams(keypad.text);
    if (grams === null) return hint(state, 'type-weight', nowMs);
    return weighed(state, choice, { how: 'typed', grams }, nowMs, site);
  }
  switch (scale.kind) {
    case 'none':
      // A bale that waits for its weight is not helped by another mark that it has none.
      if (choice.kind === 'bale') return stay(typing(state, 'by-hand', choice));
      return log(state, choice, null, false);
    case 'unlinked':
      return stay(typing(state, scale.why, choice));
    case 'empty':
      return hint(state, 'put-bale', nowMs);
    case 'moving':
      if (restless(scale, nowMs)) return stay(typing(state, 'unstable', choice));
      return hint(state, 'wait-stable', nowMs);
    case 'stable':
      if (state.spent !== null) return hint(state, 'remove-bale', nowMs);
      return weighed(state, choice, { how: 'live', grams: scale.grams }, nowMs, site);
  }
}

/** A weight outside the usual range is asked about once; the same weight again is taken. */
function weighed(
  state: KioskState,
  choice: Choice,
  weight: NonNullable<KioskEffect['weight']>,
  nowMs: number,
  site: KioskSite,
): KioskStep {
  const unusual = isUnusual(choice.outlet, weight.grams, site);
  if (unusual && (state.asked === null || !near(weight.grams, state.asked, site))) {
    return hint({ ...state, asked: weight.grams }, 'weigh-again', nowMs);
  }
  return log(state, choice, weight, unusual);
}

export function isUnusual(outlet: string, grossGrams: number, site: KioskSite): boolean {
  const found = site.outlets.find(({ id }) => id === outlet);
  if (found?.usualGrams == null) return false;
  const net = grossGrams - found.packagingGrams;
  return net < found.usualGrams.min || net > found.usualGrams.max;
}

function log(state: KioskState, choice: Choice, weight: KioskEffect['weight'], unusual: boolean): KioskStep {
  const spent = weight?.how === 'live' ? weight.grams : state.spent;
  return {
    state: { ...state, choice: null, keypad: null, asked: null, hint: null, spent },
    effects: [{ type: 'log', choice, weight, unusual }],
  };
}

function hint(state: KioskState, what: Hint, nowMs: number): KioskStep {
  return stay({ ...state, hint: { what, sinceMs: nowMs }, flash: null });
}

function stay(state: KioskState): KioskStep {
  return { state, effects: [] };
}
