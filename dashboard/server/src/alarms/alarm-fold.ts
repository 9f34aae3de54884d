/** What an event does to an alarm as it stands, and what the journal keeps of it. Pure. */
import type { AlarmChanged, AlarmDeclared } from '@trame/protocol/alarms/alarm-events';
import type { AlarmStateName } from '@trame/protocol/alarms/alarm-names';
import type { AlarmJournalTable, AlarmTable } from './alarm-tables.ts';

/** Which event, of which line, and when by the best clock known. */
export interface AlarmMoment {
  readonly site: string;
  readonly line: string;
  readonly id: string;
  readonly seq: number;
  readonly at: number;
}

export type AlarmSaid =
  | { readonly type: 'alarm.declared'; readonly payload: AlarmDeclared }
  | { readonly type: 'alarm.withdrawn'; readonly payload: { readonly alarm: string } }
  | { readonly type: 'alarm.changed'; readonly payload: AlarmChanged };

export interface FoldedAlarm {
  readonly present: AlarmTable;
  readonly journal: AlarmJournalTable | null;
}

/** @param before how it stood; null: nothing was said of it. */
export function foldAlarm(before: AlarmTable | null, moment: AlarmMoment, said: AlarmSaid): FoldedAlarm {
  const known = before ?? unheard(moment, said.payload.alarm);
  switch (said.type) {
    case 'alarm.declared':
      return { present: declared(known, said.payload), journal: null };
    case 'alarm.withdrawn':
      return gone(known, moment, 'withdrawn');
    case 'alarm.changed':
      return changed(known, moment, said.payload);
  }
}

/** Its edge may know nothing of it any more, with others of the same moment. */
export function forgotten(alarm: AlarmTable, moment: AlarmMoment): FoldedAlarm {
  return gone(alarm, { ...moment, id: `${moment.id}.${alarm.alarm}` }, 'forgotten');
}

/** Nothing of it stands; nobody tells a change of it. */
function gone(known: AlarmTable, moment: AlarmMoment, because: 'withdrawn' | 'forgotten'): FoldedAlarm {
  const present: AlarmTable = {
    ...known,
    declared: 0,
    state: 'normal',
    condition: null,
    value: null,
    changedAt: moment.at,
    first: 0,
    comment: null,
    until: null,
  };
  if (known.state === 'normal') return { present, journal: null };
  const { site, line, id, seq, at } = moment;
  const journal: AlarmJournalTable = {
    site,
    line,
    id,
    turn: turnOf(seq, id),
    alarm: known.alarm,
    label: known.label,
    priority: known.priority,
    at,
    occurrence: known.occurrence,
    fromState: known.state,
    toState: 'normal',
    because,
    condition: null,
    value: null,
    first: 0,
    comment: null,
    raised: 0,
  };
  return { present, journal };
}

/** It came up by itself: what people put aside and take back is announced anew, and counts once. */
export function isRaised(
  from: AlarmStateName,
  to: AlarmStateName,
  because: AlarmJournalTable['because'],
): boolean {
  return isAnnounced(from, to) && because !== 'person';
}

/** It came up for whoever watches; what is put aside or suppressed comes up unseen. */
export function isAnnounced(from: AlarmStateName, to: AlarmStateName): boolean {
  return to === 'unacknowledged' && from !== 'unacknowledged' && from !== 'acknowledged';
}

function declared(known: AlarmTable, said: AlarmDeclared): AlarmTable {
  const { priority, source, label, cause, consequence, response, latching, group, station, device } = said;
  const definition = { priority, source, label, cause, consequence, response, station, device };
  return { ...known, ...definition, latching: Number(latching), family: group, declared: 1 };
}

function changed(
  known: AlarmTable,
  { site, line, id, seq, at }: AlarmMoment,
  said: AlarmChanged,
): FoldedAlarm {
  const { alarm, occurrence, from, to, because, condition, first, comment } = said;
  // Where the state stays, so does what a person said of it.
  const stays = from === to && from === known.state;
  const value = said.value === null ? null : JSON.stringify(said.value);
  const raised = isRaised(from, to, because);
  const cameUp = raised || occurrence > known.occurrence;
  // What the condition does meanwhile is written down, and moves nothing that people see of the alarm.
  const unseen = stays && because === 'condition' && isPutAside(to);
  const present: AlarmTable = {
    ...known,
    // Somebody speaks of it, so it is there, though its declaration may be withheld.
    declared: 1,
    state: to,
    occurrence,
    condition: condition === null ? null : Number(condition),
    value,
    raisedAt: cameUp ? at : known.raisedAt,
    changedAt: unseen ? known.changedAt : at,
    first: Number(first),
    comment: unseen ? known.comment : (comment ?? (stays ? known.comment : null)),
    until: said.until ?? (stays ? known.until : null),
  };
  const journal: AlarmJournalTable = {
    site,
    line,
    id,
    turn: turnOf(seq, id),
    alarm,
    label: known.label,
    priority: known.priority,
    at,
    occurrence,
    fromState: from,
    toState: to,
    because,
    condition: present.condition,
    value,
    first: Number(first),
    comment,
    raised: Number(raised),
  };
  return { present, journal };
}

/** A person wants to hear nothing of it. */
function isPutAside(state: AlarmStateName): boolean {
  return state === 'shelved' || state === 'out-of-service';
}

const SEQ_DIGITS = 16;

function turnOf(seq: number, id: string): string {
  return `${String(seq).padStart(SEQ_DIGITS, '0')}.${id}`;
}

/** What it is has not been told, or is withheld. */
function unheard({ site, line, at }: AlarmMoment, alarm: string): AlarmTable {
  return {
    site,
    line,
    alarm,
    priority: 3,
    source: 'tag',
    label: alarm,
    cause: '',
    consequence: '',
    response: '',
    latching: 0,
    family: null,
    station: null,
    device: null,
    declared: 0,
    state: 'normal',
    occurrence: 0,
    condition: null,
    value: null,
    raisedAt: null,
    changedAt: at,
    first: 0,
    comment: null,
    until: null,
  };
}
