import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { sealEvent } from './hash-chain.ts';
import { EVENT_TIME_MIN_MS, happenedAtMs, LedgerEnvelope, LedgerEvent, FIRST_PREV } from './ledger-event.ts';
import { anyEnvelope, anyPayload, ENVELOPE, someEvent } from './test-ledger.ts';

const event = Compile(LedgerEvent);
const envelope = Compile(LedgerEnvelope);

describe('the schema of an event', () => {
  it('takes what the ledger makes, with its payload or without', () => {
    fc.assert(
      fc.property(anyEnvelope, anyPayload, (made, payload) => {
        const sealed = sealEvent(FIRST_PREV, made, payload);
        expect(event.Check(sealed)).toBe(true);
        expect(event.Check({ ...sealed, payload: null })).toBe(true);
        expect(envelope.Check(made)).toBe(true);
      }),
    );
  });

  it.each([
    ['another version', { v: 2 }],
    ['a site that is no name', { site: 'caux/vallée' }],
    ['an empty line', { line: '' }],
    ['a short epoch', { epoch: 'ab' }],
    ['an epoch in capitals', { epoch: 'A'.repeat(32) }],
    ['number 0', { seq: 0 }],
    ['number −1', { seq: -1 }],
    ['half a number', { seq: 1.5 }],
    ['a number past 2^53', { seq: 2 ** 53 }],
    ['a number as text', { seq: '2' }],
    ['a type without a dot', { type: 'weighing' }],
    ['a type in capitals', { type: 'Weighing.Recorded' }],
    ['the year 1970', { occurredAt: 0 }],
    ['the last moment of 2019', { occurredAt: EVENT_TIME_MIN_MS - 1 }],
    ['a time past all times', { recordedAt: 8.7e15 }],
    ['half a millisecond', { occurredAt: EVENT_TIME_MIN_MS + 0.5 }],
    ['an unknown clock', { clock: { state: 'fine', offsetMs: null } }],
    ['a clock with more to say', { clock: { state: 'checked', offsetMs: null, by: 'ntp' } }],
    ['a name for an actor', { actorRef: 'Jeanne Martin' }],
    ['a payload that is a list', { payload: [] }],
    ['a payload that is text', { payload: 'x' }],
    ['a hash in capitals', { hash: 'A'.repeat(64) }],
    ['a short hash', { prev: '0'.repeat(63) }],
    ['a member that is not known', { note: 'hello' }],
  ])('refuses %s', (_what, change) => {
    expect(event.Check(someEvent())).toBe(true);
    expect(event.Check({ ...someEvent(), ...change })).toBe(false);
  });

  it('refuses an event that lacks any of its members', () => {
    const whole = someEvent();
    for (const name of Object.keys(whole)) {
      const rest = Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name));
      expect([name, event.Check(rest)]).toStrictEqual([name, false]);
    }
  });
});

/** ms later than the edge said. */
const at = (offsetMs: number | null) =>
  happenedAtMs({ occurredAt: ENVELOPE.occurredAt, clock: { state: 'checked', offsetMs } }) -
  ENVELOPE.occurredAt;

describe('when an event happened', () => {
  it('is what the edge said, unless its clock is known to be off', () => {
    expect([at(null), at(0), at(1999), at(-1999)]).toStrictEqual([0, 0, 0, 0]);
    expect([at(2000), at(-3_600_000)]).toStrictEqual([2000, -3_600_000]);
  });
});
