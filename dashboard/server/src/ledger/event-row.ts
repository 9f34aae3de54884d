/** A stored event and the event as it was sent: the same, byte for byte. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import type { EventClock, LedgerEvent, LedgerPayload } from '@trame/protocol/ledger-event';
import type { LedgerEventTable } from './ledger-tables.ts';

/** @param place in the order in which events of the line were stored. */
export function rowOfEvent(event: LedgerEvent, place: number, receivedAtMs: number): LedgerEventTable {
  const { v: _version, clock, payload, ...rest } = event;
  return {
    ...rest,
    place,
    clockState: clock.state,
    clockOffsetMs: clock.offsetMs,
    payload: payload === null ? null : canonicalJson(payload),
    receivedAt: receivedAtMs,
  };
}

export function eventOfRow(row: LedgerEventTable): LedgerEvent {
  const { place: _place, receivedAt: _receivedAt, clockState, clockOffsetMs, payload, ...rest } = row;
  return {
    v: 1,
    ...rest,
    clock: { state: clockState as EventClock['state'], offsetMs: clockOffsetMs },
    payload: payload === null ? null : (JSON.parse(payload) as LedgerPayload),
  };
}
