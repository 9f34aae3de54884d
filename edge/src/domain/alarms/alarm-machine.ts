/**
 * One alarm, by ISA-18.2-2016 figure 2 (IEC 62682 the same): pure. What it is told of its condition has passed its delays
 * already (`held-input.ts`), so an acknowledgement before the off delay is over finds the condition standing.
 *
 * | state                      | condition comes | condition goes        | acknowledge | reset  | shelve | out of service |
 * |----------------------------|-----------------|-----------------------|-------------|--------|--------|----------------|
 * | A normal                   | B               | –                     | no          | no     | G      | I              |
 * | B unacknowledged           | –               | D, E when latching    | C           | no     | G      | I              |
 * | C acknowledged             | –               | A, F when latching    | no          | no     | G      | I              |
 * | D returned                 | B               | –                     | A           | no     | G      | I              |
 * | E latched, unacknowledged  | B               | –                     | F           | no (1) | G      | I              |
 * | F latched, acknowledged    | B               | –                     | no          | A      | G      | I              |
 * | G shelved                  | G               | G                     | no          | no     | G (2)  | I              |
 * | H suppressed by design     | H               | H                     | no          | no     | G      | I              |
 * | I out of service           | I               | I                     | no          | no     | no     | no             |
 *
 * (1) First it is acknowledged: a reset does not say that somebody saw it. (2) With another end.
 *
 * What ends G (its time, a person), H (the design) and I (a person) leads, in this order, to H while the design
 * suppresses it, to B when the condition stands (as a new occurrence: it is announced anew, whoever had seen it), to E
 * when it had latched before and was never reset (putting aside is no reset), else to A. What came and went meanwhile is
 * not announced.
 *
 * When several apply in one look: the end of shelving first, then the design, then the condition; there is one event. A
 * person's shelving and taking out stand above the design: G and I stay when it comes, and lead to H when they end.
 * A condition or a design that is not known changes no state; while the alarm stands with its condition (B, C) it is
 * told as `condition: null`, in an event whose `from` is its `to`. So is, of what a person put aside (G, I), whatever its
 * condition does: the journal is complete, and nobody is called. An alarm that stops being latching leaves E for D and
 * F for A.
 *
 * Every entry into B is a new occurrence. An acknowledgement and a reset name one, and are of no other.
 */
import {
  SHELVE_MAX_MS,
  type ALARM_CAUSES,
  type AlarmRefusal,
  type AlarmStateName,
} from '@trame/protocol/alarms/alarm-names';

export interface AlarmState {
  readonly name: AlarmStateName;
  /** Of the last time that it came up; 0: never. */
  readonly occurrence: number;
  /** The condition after its delays, as last known; and whether it is known. */
  readonly stands: boolean;
  readonly known: boolean;
  /** The design suppresses it, as last known. */
  readonly suppressed: boolean;
  /** It came up and was not reset since; of a latching alarm. */
  readonly latched: boolean;
  /** It came up first of its group, in this occurrence. */
  readonly first: boolean;
  /** Shelved until, UTC ms. */
  readonly untilMs: number | null;
  /** What a person said with the change to this state. */
  readonly comment: string | null;
}

export const NORMAL: AlarmState = {
  name: 'normal',
  occurrence: 0,
  stands: false,
  known: false,
  suppressed: false,
  latched: false,
  first: false,
  untilMs: null,
  comment: null,
};

export type AlarmEvent =
  /** What is seen now; null: not known. */
  | { readonly kind: 'look'; readonly stands: boolean | null; readonly suppressed: boolean | null }
  | { readonly kind: 'acknowledge'; readonly occurrence: number; readonly comment: string | null }
  | { readonly kind: 'reset'; readonly occurrence: number }
  | { readonly kind: 'shelve'; readonly untilMs: number; readonly reason: string }
  | { readonly kind: 'unshelve' }
  | { readonly kind: 'outOfService'; readonly reason: string }
  | { readonly kind: 'inService' }
  /** Of an alarm of source `reported`: always told, though nothing changes. */
  | { readonly kind: 'report'; readonly condition: boolean };

export interface AlarmContext {
  readonly latching: boolean;
  /** Should it come up now, it is the first of its group. */
  readonly isFirst: boolean;
  /** UTC ms. */
  readonly nowMs: number;
}

export interface AlarmChange {
  readonly from: AlarmStateName;
  readonly to: AlarmStateName;
  readonly because: (typeof ALARM_CAUSES)[number];
}

export type AlarmStep =
  /** Nothing to tell. */
  | { readonly kind: 'quiet'; readonly state: AlarmState }
  | { readonly kind: 'changed'; readonly state: AlarmState; readonly change: AlarmChange }
  /** In words for a person; nothing changed. */
  | { readonly kind: 'refused'; readonly refusal: AlarmRefusal; readonly detail: string };

type Because = AlarmChange['because'];

/** For a person: pages show a refusal's words as they are. */
const STATE_WORDS: Readonly<Record<AlarmStateName, string>> = {
  normal: 'au repos',
  unacknowledged: 'présente, à acquitter',
  acknowledged: 'présente et acquittée',
  returned: 'terminée, à acquitter',
  'latched-unacknowledged': 'terminée, à acquitter puis à réarmer',
  'latched-acknowledged': 'terminée, à réarmer',
  shelved: 'reportée',
  suppressed: 'sans objet en ce moment',
  'out-of-service': 'hors service',
};

export function nextAlarm(state: AlarmState, event: AlarmEvent, context: AlarmContext): AlarmStep {
  switch (event.kind) {
    case 'look':
      return look(state, event, context);
    case 'report':
      return report(state, event.condition, context);
    case 'acknowledge':
      return acknowledge(state, event, context);
    case 'reset':
      return reset(state, event, context);
    case 'shelve':
      if (state.name === 'out-of-service')
        return refused('out-of-service', 'elle est hors service : la remettre en service d’abord');
      return moved(state, 'shelved', 'person', context, { untilMs: event.untilMs, comment: event.reason });
    case 'unshelve':
      return state.name === 'shelved'
        ? released(state, 'person', context)
        : refused('not-shelved', 'elle n’est pas reportée');
    case 'outOfService':
      if (state.name === 'out-of-service') return refused('out-of-service', 'elle est déjà hors service');
      return moved(state, 'out-of-service', 'person', context, { comment: event.reason });
    case 'inService':
      if (state.name !== 'out-of-service')
        return refused('not-out-of-service', 'elle n’est pas hors service');
      return released(state, 'person', context);
  }
}

function look(
  before: AlarmState,
  { stands, suppressed }: Extract<AlarmEvent, { kind: 'look' }>,
  context: AlarmContext,
): AlarmStep {
  const state: AlarmState = {
    ...before,
    stands: stands ?? before.stands,
    known: stands !== null,
    suppressed: suppressed ?? before.suppressed,
    latched: before.latched && context.latching,
  };
  switch (state.name) {
    case 'out-of-service':
      return unseen(before, state);
    case 'shelved':
      if (isPutAside(state.untilMs, context.nowMs)) return unseen(before, state);
      return released(state, 'time', context);
    case 'suppressed':
      return state.suppressed ? { kind: 'quiet', state } : released(state, 'design', context);
    default:
      if (state.suppressed) return moved(state, 'suppressed', 'design', context);
      return lookAtCondition(before, state, context);
  }
}

/** What its condition does while a person wants to hear nothing of it. */
function unseen(before: AlarmState, state: AlarmState): AlarmStep {
  const { name, stands, known } = state;
  if (known === before.known && stands === before.stands) return { kind: 'quiet', state };
  return { kind: 'changed', state, change: { from: name, to: name, because: 'condition' } };
}

function lookAtCondition(before: AlarmState, state: AlarmState, context: AlarmContext): AlarmStep {
  const { name, stands } = state;
  switch (name) {
    case 'unacknowledged':
    case 'acknowledged': {
      if (!stands) {
        const seen = name === 'acknowledged';
        const latched = seen ? 'latched-acknowledged' : 'latched-unacknowledged';
        return moved(state, state.latched ? latched : seen ? 'normal' : 'returned', 'condition', context);
      }
      if (state.known === before.known) return { kind: 'quiet', state };
      return { kind: 'changed', state, change: { from: name, to: name, because: 'condition' } };
    }
    case 'latched-unacknowledged':
    case 'latched-acknowledged':
      if (stands) return moved(state, 'unacknowledged', 'condition', context);
      if (state.latched) return { kind: 'quiet', state };
      return moved(state, name === 'latched-acknowledged' ? 'normal' : 'returned', 'design', context);
    default:
      return stands ? moved(state, 'unacknowledged', 'condition', context) : { kind: 'quiet', state };
  }
}

/** It is told whatever it changes: a request is recorded once, or refused. */
function report(before: AlarmState, condition: boolean, context: AlarmContext): AlarmStep {
  const step = look(before, { kind: 'look', stands: condition, suppressed: null }, context);
  if (step.kind !== 'quiet') return step;
  const { name } = step.state;
  return { ...step, kind: 'changed', change: { from: name, to: name, because: 'condition' } };
}

function acknowledge(
  state: AlarmState,
  { occurrence, comment }: { readonly occurrence: number; readonly comment: string | null },
  context: AlarmContext,
): AlarmStep {
  const another = otherOccurrence(state, occurrence);
  if (another !== null) return another;
  switch (state.name) {
    case 'unacknowledged':
      return moved(state, 'acknowledged', 'person', context, { comment });
    case 'returned':
      return moved(state, 'normal', 'person', context, { comment });
    case 'latched-unacknowledged':
      return moved(state, 'latched-acknowledged', 'person', context, { comment });
    case 'acknowledged':
    case 'latched-acknowledged':
      return refused('already-acknowledged', 'elle est déjà acquittée');
    default:
      return refused(
        'nothing-to-acknowledge',
        `il n’y a rien à acquitter : elle est ${STATE_WORDS[state.name]}`,
      );
  }
}

function reset(
  state: AlarmState,
  { occurrence }: { readonly occurrence: number },
  context: AlarmContext,
): AlarmStep {
  const another = otherOccurrence(state, occurrence);
  if (another !== null) return another;
  switch (state.name) {
    case 'latched-acknowledged':
      return moved({ ...state, latched: false }, 'normal', 'person', context);
    case 'latched-unacknowledged':
      return refused('not-acknowledged', 'elle n’est pas acquittée : l’acquitter, puis la réarmer');
    case 'unacknowledged':
    case 'acknowledged':
      return refused('still-standing', 'sa cause est toujours présente');
    default:
      return refused('nothing-to-reset', `il n’y a rien à réarmer : elle est ${STATE_WORDS[state.name]}`);
  }
}

function otherOccurrence(state: AlarmState, occurrence: number): AlarmStep | null {
  if (occurrence === state.occurrence) return null;
  if (state.occurrence === 0) return refused('never-raised', 'elle n’est jamais apparue');
  return refused(
    'raised-again',
    `elle est réapparue depuis : c’est maintenant son apparition n° ${state.occurrence}`,
  );
}

/** Put aside no longer: where it stands now. */
function released(state: AlarmState, because: Because, context: AlarmContext): AlarmStep {
  const { suppressed, stands, latched } = state;
  const rest = latched ? 'latched-unacknowledged' : 'normal';
  const to = suppressed ? 'suppressed' : stands ? 'unacknowledged' : rest;
  return moved(state, to, because, context);
}

function moved(
  state: AlarmState,
  to: AlarmStateName,
  because: Because,
  { latching, isFirst }: AlarmContext,
  said: Partial<Pick<AlarmState, 'untilMs' | 'comment'>> = {},
): AlarmStep {
  const next: AlarmState = { ...state, name: to, untilMs: null, comment: null, ...said };
  const change = { from: state.name, to, because };
  if (to !== 'unacknowledged') return { kind: 'changed', state: next, change };
  const raised = { ...next, occurrence: state.occurrence + 1, latched: latching, first: isFirst };
  return { kind: 'changed', state: raised, change };
}

/** How much later than asked it may end, ms: clocks are set back by less than this while nobody looks. */
const CLOCK_SLACK_MS = 60_000;

/** A clock that was set back far does not shelve for longer than anybody may ask for. */
function isPutAside(untilMs: number | null, nowMs: number): boolean {
  return untilMs !== null && nowMs < untilMs && untilMs - nowMs <= SHELVE_MAX_MS + CLOCK_SLACK_MS;
}

function refused(refusal: AlarmRefusal, detail: string): AlarmStep {
  return { kind: 'refused', refusal, detail };
}
