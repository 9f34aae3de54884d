import { FIRST_PREV, type LedgerEvent } from '@trame/protocol/ledger-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerCursor } from './judge-event.ts';
import type { LedgerMessage } from './ledger-store.ts';
import { judgeMessages, readMessage } from './take-messages.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';

/** What the records do, in memory. */
function memoryStore(address: TestLedger) {
  const stored: LedgerEvent[] = [];
  let cursor: LedgerCursor | null = null;
  return {
    stored,
    take: (messages: readonly LedgerMessage[]) => {
      const judged = judgeMessages(messages.map(readMessage), {
        address,
        cursor,
        storedHash: (epoch, seq) => {
          const event = stored[seq - 1];
          return event?.epoch === epoch ? event.hash : null;
        },
        storedId: (id) => stored.find((event) => event.id === id) ?? null,
        nowMs: TEST_NOW_MS + 3_600_000,
      });
      stored.push(...judged.toStore);
      ({ cursor } = judged);
      return judged;
    },
  };
}

const LENGTH = 40;

function ledgerOf(length: number, name = 'first'): TestLedger {
  const ledger = new TestLedger({ name });
  ledger.open();
  ledger.fill(length - 1);
  return ledger;
}

/** A stretch of the ledger, and what becomes of it on the way. */
const delivery = fc.record({
  from: fc.nat(LENGTH - 1),
  length: fc.integer({ min: 1, max: 12 }),
  damage: fc.option(
    fc.record({ at: fc.nat(11), what: fc.constantFrom('hash', 'prev', 'seq', 'payload', 'type', 'date') }),
    { freq: 3 },
  ),
});
type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never;

function damaged(event: LedgerEvent, what: NonNullable<Delivery['damage']>['what']): unknown {
  switch (what) {
    case 'hash':
      return { ...event, hash: 'e'.repeat(64) };
    case 'prev':
      return { ...event, prev: 'e'.repeat(64) };
    case 'seq':
      return { ...event, seq: event.seq + 1 };
    case 'payload':
      return { ...event, payload: { ...event.payload, more: 1 } };
    case 'type':
      return { ...event, type: 'Not a type' };
    case 'date':
      return { ...event, occurredAt: 4 };
  }
}

function messageFor(events: readonly LedgerEvent[], { from, length, damage }: Delivery): LedgerMessage {
  const piece: unknown[] = events.slice(from, from + length);
  const victim = damage === null ? undefined : events.slice(from, from + length)[damage.at];
  if (damage !== null && victim !== undefined) piece[damage.at] = damaged(victim, damage.what);
  return { kind: 'bytes', bytes: messageOf(piece) };
}

describe('whatever is delivered, in whatever order, however often and damaged,', () => {
  const { events } = ledgerOf(LENGTH);
  const own = ledgerOf(LENGTH);

  it('what is stored is the ledger from its first event on, and all of it once it came through', () => {
    fc.assert(
      fc.property(fc.array(fc.array(delivery, { maxLength: 4 }), { maxLength: 25 }), (batches) => {
        const store = memoryStore(own);
        for (const batch of batches) {
          const before = store.stored.length;
          const judged = store.take(batch.map((one) => messageFor(events, one)));
          expect(store.stored).toStrictEqual(events.slice(0, store.stored.length));
          expect(judged.cursor?.upTo ?? 0).toBe(store.stored.length);
          expect(judged.cursor?.hash ?? FIRST_PREV).toBe(events[store.stored.length - 1]?.hash ?? FIRST_PREV);
          expect(store.stored.length).toBeGreaterThanOrEqual(before);
        }
        store.take([{ kind: 'bytes', bytes: messageOf(events) }]);
        expect(store.stored).toStrictEqual(events);
      }),
    );
  });

  it('another ledger under the same name never mixes with it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), delivery), { minLength: 1, maxLength: 40 }), (script) => {
        const other = ledgerOf(LENGTH, 'other').events;
        const store = memoryStore(own);
        for (const [isOther, one] of script) store.take([messageFor(isOther ? other : events, one)]);
        const [first] = store.stored;
        const whole = first?.epoch === other[0]?.epoch ? other : events;
        expect(store.stored).toStrictEqual(whole.slice(0, store.stored.length));
      }),
    );
  });
});

describe('what holds a line up', () => {
  it('is what stands where the next event is awaited, until the line goes on', () => {
    const { events } = ledgerOf(6);
    const store = memoryStore(ledgerOf(1));
    store.take([{ kind: 'bytes', bytes: messageOf(events.slice(0, 3)) }]);
    const wrong = (index: number): LedgerMessage => ({
      kind: 'bytes',
      bytes: messageOf([{ ...events[index], hash: 'd'.repeat(64) }]),
    });
    expect(store.take([wrong(3)]).lastRefused).toMatchObject({ code: 'wrong-hash', seq: 4, blocking: true });
    expect(store.take([wrong(5)]).lastRefused).toMatchObject({ seq: 6, blocking: false });
    const good: LedgerMessage = { kind: 'bytes', bytes: messageOf(events.slice(3)) };
    const judged = store.take([wrong(3), good]);
    expect(judged.refusals).toMatchObject([{ seq: 4, blocking: false }]);
    expect(judged.lastRefused).toBeNull();
  });
});
