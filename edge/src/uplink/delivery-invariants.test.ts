import { MESSAGE_BYTES_MAX, MESSAGE_EVENTS_MAX } from '@trame/protocol/ledger-message';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SHARED_WINDOWS,
  WINDOW_BYTES_MAX,
  WINDOW_EVENTS_MAX,
  WINDOW_MESSAGES_MAX,
} from './delivery-bounds.ts';
import type { DeliveryState } from './next-delivery.ts';
import { DeliveryPlay } from './test-delivery.ts';
import { opaqueId, TestLedger } from './test-ledger.ts';

type Step = (play: DeliveryPlay) => void;

const NAMES = ['trame', 'region'];
const BYTES_PER_EVENT_MAX = Math.floor(MESSAGE_BYTES_MAX / MESSAGE_EVENTS_MAX);

const rarely = fc.nat(9).map((drawn) => drawn === 9);

/** How far the consumer says it is, as a share of the ledger: often all, rarely more than there is. */
const share = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 5, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 1, max: 1.5, noNaN: true }) },
);

const acknowledge = fc
  .tuple(fc.constantFrom(...NAMES), share, rarely, rarely)
  .map(([consumer, part, isFalse, isOther]): Step => {
    return (play) => {
      const upTo = Math.floor(play.ledger.head.seq * part);
      const isWrong = upTo > 0 && (isFalse || upTo > play.ledger.head.seq);
      const hash = isWrong ? { hash: 'f'.repeat(64) } : {};
      play.ack(upTo, { consumer, ...hash, ...(isOther ? { epoch: opaqueId('other') } : {}) });
    };
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: acknowledge },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 2500 }).map((count): Step => {
      return (play) => play.grow(count);
    }),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 100, max: 20_000 }).map((ms): Step => {
      return (play) => play.wait(ms);
    }),
  },
  { weight: 2, arbitrary: fc.constant<Step>((play) => play.up()) },
  { weight: 1, arbitrary: fc.constant<Step>((play) => play.down()) },
  {
    weight: 1,
    arbitrary: fc.boolean().map((on): Step => {
      return (play) => {
        play.congested = on;
      };
    }),
  },
);

const course = fc.array(step, { maxLength: 40, size: 'max' });

function begin(bytesPerEvent: number): DeliveryPlay {
  const ledger = new TestLedger();
  ledger.grow(10);
  const play = new DeliveryPlay(ledger, NAMES);
  play.bytesPerEvent = bytesPerEvent;
  return play.up();
}

/** @returns what no state may show. */
function faultsOf({ positions, head }: DeliveryState): readonly string[] {
  return positions.flatMap(({ cursor, upTo, sent, flight, rewindDue }) => {
    const bytes = flight.reduce((sum, message) => sum + message.bytes, 0);
    const isBeyond = sent - upTo > SHARED_WINDOWS * WINDOW_EVENTS_MAX;
    return [
      cursor > head.seq ? 'the kept cursor is past the ledger' : '',
      upTo > head.seq ? 'a number past the ledger was believed' : '',
      sent < upTo ? 'what the consumer has is sent again' : '',
      // A consumer that asked for earlier events is sent nothing until these are.
      isBeyond && !rewindDue ? 'more events than the window' : '',
      sent > upTo && flight.length === 0 && !rewindDue ? 'something was sent and is not waited for' : '',
      bytes > SHARED_WINDOWS * WINDOW_BYTES_MAX ? 'more bytes than the window' : '',
      flight.length > SHARED_WINDOWS * WINDOW_MESSAGES_MAX ? 'more messages than the window' : '',
    ].filter((fault) => fault !== '');
  });
}

describe('whatever consumers and connection do', () => {
  it('nothing is sent beyond a window, or below what a consumer has, or that was not recorded', () => {
    fc.assert(
      fc.property(course, fc.integer({ min: 50, max: BYTES_PER_EVENT_MAX }), (steps, bytesPerEvent) => {
        const play = begin(bytesPerEvent);
        const faults = new Set<string>();
        play.watch = (state) => {
          for (const fault of faultsOf(state)) faults.add(fault);
        };
        for (const act of steps) act(play);
        const highest = Math.max(0, ...play.sendings.map(({ to }) => to));
        if (highest > play.ledger.head.seq) faults.add('an event that was not recorded');
        expect([...faults]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('the cursors that are kept only move forward', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const play = begin(100);
        for (const act of steps) act(play);
        for (const name of NAMES) {
          const kept = play.saved.filter(({ consumer }) => consumer === name).map(({ upTo }) => upTo);
          expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('nothing is sent that all consumers have', () => {
    fc.assert(
      fc.property(course, (steps) => {
        const play = begin(100);
        for (const act of steps) {
          act(play);
          const lowest = Math.min(...play.state.positions.map(({ upTo }) => upTo));
          const below = play.sent().filter(({ from }) => from <= lowest);
          expect(below).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
