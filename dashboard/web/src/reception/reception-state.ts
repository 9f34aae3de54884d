/**
 * A delivery as it is received: who brought it, what was weighed, how it is. What most deliveries are stands there
 * already, so that a known collector with one container is received in a few touches; a weight never does.
 */
import type {
  CONDITIONS,
  LEGAL_STATUSES,
  PRODUCT_FAMILIES,
  SKIMMINGS,
} from '@trame/protocol/material/material-names';
import type { LotRefuseBody } from '@trame/protocol/material/lot-acts';
import { nextPhase, restless, type ScalePhase } from '../kiosk/scale-phase.ts';
import type { ScaleReading } from '../kiosk/scale-reading.ts';
import type { TypedReason } from '../kiosk/kiosk-state.ts';
import type { EntryFile } from '../outbox/entry.ts';
import { typedGrams, typeKey, type KeypadKey } from '../ui/keypad-entry.ts';

/** What one act takes (`LotBody.loads`). */
export const LOADS_MAX = 60;
/** What one act takes as attachments; a delivery needs one or two. */
export const PHOTOS_MAX = 6;

export const STEPS = ['who', 'loads', 'details'] as const;
export type Step = (typeof STEPS)[number];

/** Loose, or in a container whose tare is known. */
export interface Vessel {
  /** Null: without container. */
  readonly container: string | null;
  readonly tareGrams: number;
}

export interface Load extends Vessel {
  readonly grossGrams: number;
  readonly how: 'live' | 'typed';
  /** Event of the scale's weighing; null: not known. */
  readonly weighing: string | null;
}

export type RefuseReason = LotRefuseBody['reason'];
export type Refusing =
  | { readonly how: 'nothing' }
  | { readonly how: 'all'; readonly reason: RefuseReason | null }
  | { readonly how: 'part'; readonly reason: RefuseReason | null; readonly text: string };

export interface Details {
  readonly condition: (typeof CONDITIONS)[number];
  readonly skimming: (typeof SKIMMINGS)[number];
  readonly legalStatus: (typeof LEGAL_STATUSES)[number];
  readonly family: (typeof PRODUCT_FAMILIES)[number];
  readonly vehicle: string;
  /** Fill level by collection point, percent; null: emptied, level not noted. Points that are not there were not visited. */
  readonly points: Readonly<Record<string, number | null>>;
  readonly files: readonly EntryFile[];
  readonly refusing: Refusing;
}

export type ReceptionHint =
  | 'choose-collector'
  | 'choose-container'
  | 'empty'
  | 'moving'
  | 'spent'
  | 'type-weight'
  | 'tare-above'
  | 'container-twice'
  | 'need-load'
  | 'need-reason'
  | 'need-refused-weight'
  | 'not-saved';

export interface ReceptionState {
  readonly step: Step;
  /** Undefined: not chosen; null: unknown origin. */
  readonly collector: string | null | undefined;
  readonly vessel: Vessel | null;
  readonly loads: readonly Load[];
  /** The weight comes from the weighbridge, later. */
  readonly later: boolean;
  readonly details: Details;
  readonly scale: ScalePhase;
  readonly spent: number | null;
  readonly keypad: { readonly reason: TypedReason; readonly text: string } | null;
  readonly hint: ReceptionHint | null;
}

export const USUAL: Details = {
  condition: 'dry',
  skimming: 'original',
  legalStatus: 'waste',
  family: 'mixed-tlc',
  vehicle: '',
  points: {},
  files: [],
  refusing: { how: 'nothing' },
};

export const NEW_DELIVERY: ReceptionState = {
  step: 'who',
  collector: undefined,
  vessel: null,
  loads: [],
  later: false,
  details: USUAL,
  scale: { kind: 'none' },
  spent: null,
  keypad: null,
  hint: null,
};

export type ReceptionEvent =
  | { readonly type: 'scale'; readonly reading: ScaleReading; readonly nowMs: number }
  | { readonly type: 'step'; readonly step: Step }
  | { readonly type: 'collector'; readonly collector: string | null }
  | { readonly type: 'vessel'; readonly vessel: Vessel }
  | { readonly type: 'keypad'; readonly reason: TypedReason }
  | { readonly type: 'close' }
  | { readonly type: 'key'; readonly key: KeypadKey }
  /** `weighing`: event of the scale's weighing that shows the same weight, when it is known. */
  | { readonly type: 'weigh'; readonly nowMs: number; readonly weighing: string | null }
  | { readonly type: 'remove'; readonly index: number }
  | { readonly type: 'later' }
  | { readonly type: 'details'; readonly details: Partial<Details> }
  | { readonly type: 'receive' }
  | { readonly type: 'failed' }
  /** It is saved: the next delivery. */
  | { readonly type: 'next' };

export interface ReceptionStep {
  readonly state: ReceptionState;
  /** True: all is there, and it is to be saved. */
  readonly receive: boolean;
}

export function nextReception(state: ReceptionState, event: ReceptionEvent): ReceptionStep {
  if (event.type === 'receive') return onReceive(state);
  return { state: { ...onEvent(state, event) }, receive: false };
}

function onEvent(state: ReceptionState, event: Exclude<ReceptionEvent, { type: 'receive' }>): ReceptionState {
  switch (event.type) {
    case 'scale':
      return onScale(state, event.reading, event.nowMs);
    case 'step':
      return { ...state, step: event.step, keypad: null, hint: null };
    case 'collector':
      return { ...state, collector: event.collector, step: 'loads', hint: null };
    case 'vessel':
      return onVessel(state, event.vessel);
    case 'keypad':
      return { ...state, keypad: { reason: event.reason, text: '' }, hint: null };
    case 'close':
      return { ...state, keypad: null, vessel: null, hint: null };
    case 'key':
      if (state.keypad === null) return state;
      return {
        ...state,
        keypad: { ...state.keypad, text: typeKey(state.keypad.text, event.key) },
        hint: null,
      };
    case 'weigh':
      return onWeigh(state, event.nowMs, event.weighing);
    case 'remove':
      return { ...state, loads: state.loads.filter((_load, index) => index !== event.index), hint: null };
    case 'later':
      return { ...state, later: !state.later, keypad: null, hint: null };
    case 'details':
      return { ...state, details: { ...state.details, ...event.details }, hint: null };
    case 'failed':
      return { ...state, hint: 'not-saved' };
    case 'next':
      return { ...NEW_DELIVERY, scale: state.scale, spent: state.spent };
  }
}

function onScale(state: ReceptionState, reading: ScaleReading, nowMs: number): ReceptionState {
  const scale = nextPhase(state.scale, reading, nowMs);
  const grams = scale.kind === 'stable' || scale.kind === 'moving' ? scale.grams : null;
  const gone =
    scale.kind === 'empty' ||
    (state.spent !== null && grams !== null && Math.abs(grams - state.spent) > Math.abs(state.spent) / 100);
  return { ...state, scale, spent: gone ? null : state.spent };
}

function onVessel(state: ReceptionState, vessel: Vessel): ReceptionState {
  const twice =
    vessel.container !== null && state.loads.some(({ container }) => container === vessel.container);
  if (twice) return { ...state, hint: 'container-twice' };
  const { scale } = state;
  const typed = scale.kind === 'unlinked' ? scale.why : scale.kind === 'none' ? 'by-hand' : null;
  return {
    ...state,
    vessel,
    later: false,
    keypad: typed === null ? null : { reason: typed, text: '' },
    hint: null,
  };
}

function onWeigh(state: ReceptionState, nowMs: number, weighing: string | null): ReceptionState {
  const { vessel, keypad, scale } = state;
  if (vessel === null) return { ...state, hint: 'choose-container' };
  if (keypad !== null) {
    const grams = typedGrams(keypad.text);
    if (grams === null) return { ...state, hint: 'type-weight' };
    return withLoad(state, { ...vessel, grossGrams: grams, how: 'typed', weighing: null });
  }
  switch (scale.kind) {
    case 'none':
      return { ...state, keypad: { reason: 'by-hand', text: '' }, hint: null };
    case 'unlinked':
      return { ...state, keypad: { reason: scale.why, text: '' }, hint: null };
    case 'empty':
      return { ...state, hint: 'empty' };
    case 'moving':
      if (restless(scale, nowMs)) return { ...state, keypad: { reason: 'unstable', text: '' }, hint: null };
      return { ...state, hint: 'moving' };
    case 'stable':
      if (state.spent !== null) return { ...state, hint: 'spent' };
      return withLoad(state, { ...vessel, grossGrams: scale.grams, how: 'live', weighing });
  }
}

function withLoad(state: ReceptionState, load: Load): ReceptionState {
  if (load.grossGrams <= load.tareGrams) return { ...state, hint: 'tare-above' };
  return {
    ...state,
    loads: [...state.loads, load].slice(0, LOADS_MAX),
    vessel: null,
    keypad: null,
    spent: load.how === 'live' ? load.grossGrams : state.spent,
    later: false,
    hint: null,
  };
}

function onReceive(state: ReceptionState): ReceptionStep {
  const stop = (hint: ReceptionHint, step: Step): ReceptionStep => ({
    state: { ...state, hint, step },
    receive: false,
  });
  if (state.collector === undefined) return stop('choose-collector', 'who');
  if (state.loads.length === 0 && !state.later) return stop('need-load', 'loads');
  const { refusing } = state.details;
  if (refusing.how !== 'nothing' && refusing.reason === null) return stop('need-reason', 'details');
  if (refusing.how === 'part' && typedGrams(refusing.text) === null) {
    return stop('need-refused-weight', 'details');
  }
  return { state: { ...state, hint: null }, receive: true };
}

/** Sum of what was weighed, less the tares, grams. */
export function netGrams(loads: readonly Load[]): number {
  return loads.reduce((sum, { grossGrams, tareGrams }) => sum + grossGrams - tareGrams, 0);
}
