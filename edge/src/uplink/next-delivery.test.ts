import { MESSAGE_BYTES_MAX, MESSAGE_EVENTS_MAX } from '@trame/protocol/ledger-message';
import { describe, expect, it } from 'vitest';
import {
  PROBE_EVENTS_MAX,
  REREQUEST_EVERY_MS,
  RESEND_FIRST_MS,
  RESEND_MAX_MS,
  SHARED_WINDOWS,
  SILENT_AFTER_MS,
  STUCK_AFTER_MS,
  UNMOVED_AFTER_MS,
  WINDOW_BYTES_MAX,
  WINDOW_EVENTS_MAX,
  WINDOW_MESSAGES_MAX,
} from './delivery-bounds.ts';
import { DeliveryPlay, numbers, range } from './test-delivery.ts';
import { opaqueId, TestLedger } from './test-ledger.ts';

function ledgerOf(count: number): TestLedger {
  const ledger = new TestLedger();
  ledger.grow(count);
  return ledger;
}

describe('what is sent', () => {
  it('is everything after the kept cursor, once there is a connection', () => {
    const ledger = ledgerOf(100);
    ledger.saveCursor('trame', { epoch: ledger.epoch, upTo: 90, hash: ledger.hashOf(90) });
    const play = new DeliveryPlay(ledger);
    expect(play.sent()).toEqual([]);
    expect(numbers(play.up().sent())).toEqual(range(91, 100));
  });

  it('is a new event at once, and nothing twice while it is waited for', () => {
    const play = new DeliveryPlay(ledgerOf(1)).up();
    play.sent();
    expect(numbers(play.grow(1).sent())).toEqual([2]);
    expect(play.wait(RESEND_FIRST_MS - 100).sent()).toEqual([]);
  });

  it('stays within a window of events until some are acknowledged', () => {
    const play = new DeliveryPlay(ledgerOf(WINDOW_EVENTS_MAX + 500));
    play.bytesPerEvent = 300;
    const first = play.up().sent();
    expect(numbers(first)).toEqual(range(1, WINDOW_EVENTS_MAX));
    expect(Math.max(...first.map(({ from, to }) => to - from + 1))).toBe(MESSAGE_EVENTS_MAX);
    expect(numbers(play.ack(300).sent())).toEqual(range(WINDOW_EVENTS_MAX + 1, WINDOW_EVENTS_MAX + 300));
  });

  it('stays within a window of bytes', () => {
    const play = new DeliveryPlay(ledgerOf(2000));
    play.bytesPerEvent = MESSAGE_BYTES_MAX / MESSAGE_EVENTS_MAX;
    expect(play.up().sent()).toHaveLength(WINDOW_BYTES_MAX / MESSAGE_BYTES_MAX);
  });

  it('stays within a window of messages: what comes one by one is sent together later', () => {
    const play = new DeliveryPlay(new TestLedger()).up();
    for (let event = 0; event < WINDOW_MESSAGES_MAX + 20; event += 1) play.grow(1);
    expect(play.sent()).toHaveLength(WINDOW_MESSAGES_MAX);
    const [rest] = play.ack(WINDOW_MESSAGES_MAX).sent();
    expect(rest).toMatchObject({ from: WINDOW_MESSAGES_MAX + 1, to: WINDOW_MESSAGES_MAX + 20 });
  });

  it('waits for the next tick when the connection does not drain', () => {
    const play = new DeliveryPlay(ledgerOf(10));
    play.congested = true;
    play.up().grow(5);
    expect(play.sent()).toEqual([]);
    play.congested = false;
    expect(numbers(play.wait(100).sent())).toEqual(range(1, 15));
  });

  it('is everything unacknowledged again on a new connection', () => {
    const play = new DeliveryPlay(ledgerOf(20)).up().ack(5);
    play.sent();
    expect(play.down().grow(1).wait(5000).sent()).toEqual([]);
    expect(numbers(play.up().sent())).toEqual(range(6, 21));
  });
});

describe('a cursor that does not move', () => {
  it('has the same events sent again, in a small window, ever more slowly, and never faster than stated', () => {
    const play = new DeliveryPlay(ledgerOf(500)).up();
    play.sent();
    const again = play.wait(200_000).sent();
    expect(new Set(again.map(({ from, to }) => `${from}-${to}`))).toEqual(new Set([`1-${PROBE_EVENTS_MAX}`]));
    const waits = again.map(({ atMs }, index) => atMs - (again[index - 1]?.atMs ?? 0));
    expect(waits.slice(0, 6)).toEqual([3000, 6000, 12_000, 24_000, RESEND_MAX_MS, RESEND_MAX_MS]);
    expect(Math.max(...waits)).toBe(RESEND_MAX_MS);
  });

  it('has the whole window again as soon as it moves', () => {
    const play = new DeliveryPlay(ledgerOf(500)).up().wait(10_000);
    play.sent();
    expect(numbers(play.ack(PROBE_EVENTS_MAX).sent())).toEqual(range(PROBE_EVENTS_MAX + 1, 500));
  });

  it('is asked about soon when its acknowledgement shows that something was lost', () => {
    const play = new DeliveryPlay(ledgerOf(500)).up().ack(0);
    play.sent();
    expect(
      play
        .wait(UNMOVED_AFTER_MS - 100)
        .ack(0)
        .sent(),
    ).toEqual([]);
    expect(numbers(play.wait(100).ack(0).sent())).toEqual(range(1, PROBE_EVENTS_MAX));
    // Once: from here on it is the slower and slower rhythm.
    expect(play.wait(UNMOVED_AFTER_MS).ack(0).sent()).toEqual([]);
  });

  it('of a consumer that comes back after a silence has its events sent at once', () => {
    const play = new DeliveryPlay(ledgerOf(500)).up().ack(100).wait(60_000);
    play.sent();
    expect(numbers(play.wait(5000).ack(100).sent())).toEqual(range(101, 500));
  });

  it('is stuck when it is heard, and silent when it is not; both end when it moves', () => {
    const play = new DeliveryPlay(ledgerOf(10)).up();
    expect(play.standing()).toMatchObject({ state: 'silent', reason: expect.stringMatching(/never heard/u) });
    play.ack(0);
    expect(play.standing()).toEqual({ state: 'following', reason: null });
    for (let waited = 0; waited <= STUCK_AFTER_MS; waited += 5000) play.wait(5000).ack(0);
    expect(play.standing()).toMatchObject({ state: 'stuck', reason: expect.stringMatching(/stays at 0/u) });
    play.ack(4);
    expect(play.standing().state).toBe('following');
    play.wait(SILENT_AFTER_MS + 100);
    expect(play.standing()).toMatchObject({ state: 'silent', reason: expect.stringMatching(/last heard/u) });
    play.ack(10).wait(15_000).ack(10).wait(15_000);
    expect(play.standing().state).toBe('following');
  });
});

describe('a lower number than before', () => {
  it('is a request for what follows it; the kept cursor does not go back', () => {
    const play = new DeliveryPlay(ledgerOf(300)).up().ack(300);
    play.sent();
    expect(numbers(play.ack(100).sent())).toEqual(range(101, 300));
    expect(play.state.positions[0]).toMatchObject({ cursor: 300, upTo: 100 });
    play.ack(300);
    expect(play.saved).toEqual([{ consumer: 'trame', upTo: 300 }]);
  });

  it('is not forgotten when the next number is a little higher', () => {
    const play = new DeliveryPlay(ledgerOf(300)).up().ack(300);
    play.ack(200).ack(300);
    play.sent();
    // Too soon after the first request: it is put off, and then the consumer has some of it from elsewhere.
    play.ack(100).ack(150);
    expect(numbers(play.wait(REREQUEST_EVERY_MS).sent())).toEqual(range(151, 300));
  });

  it('is heard only every now and then, so that two consumers of one name cost little', () => {
    const play = new DeliveryPlay(ledgerOf(300)).up().ack(300).wait(REREQUEST_EVERY_MS);
    play.sent();
    for (let round = 0; round < 100; round += 1) play.wait(100).ack(0).ack(300);
    const sendings = play.sent();
    expect(numbers(sendings).length / 300).toBeLessThanOrEqual(1 + 10_000 / REREQUEST_EVERY_MS);
    expect(sendings.length).toBeGreaterThan(0);
  });
});

describe('what is not believed', () => {
  it('is a cursor ahead of the ledger: nothing is sent to it until it says something that can be', () => {
    const ledger = ledgerOf(50);
    const play = new DeliveryPlay(ledger).up().ack(20);
    play.sent();
    play.ack(60, { hash: 'f'.repeat(64) });
    expect(play.standing()).toMatchObject({
      state: 'cursor-ahead',
      reason: expect.stringMatching(/60.*50/u),
    });
    expect(play.grow(5).wait(60_000).sent()).toEqual([]);
    expect(play.saved).toEqual([{ consumer: 'trame', upTo: 20 }]);
    expect(numbers(play.ack(20).sent())).toEqual(range(21, 55));
    expect(play.standing().state).toBe('following');
  });

  it('is another event under a number of this ledger', () => {
    const play = new DeliveryPlay(ledgerOf(50)).up().ack(20);
    play.sent();
    play.ack(30, { hash: 'f'.repeat(64) });
    expect(play.standing()).toMatchObject({ state: 'fork', reason: expect.stringMatching(/number 30/u) });
    expect(play.grow(5).wait(60_000).sent()).toEqual([]);
    expect(numbers(play.ack(30).sent())).toEqual(range(31, 55));
  });

  it('is not a disk that cannot tell a hash: that is no fork', () => {
    const play = new DeliveryPlay(ledgerOf(50)).up().ack(20);
    const ack = {
      consumer: 'trame',
      epoch: play.ledger.epoch,
      upTo: 30,
      hash: play.ledger.hashOf(30),
      at: 0,
    };
    play.step({ kind: 'ack', ack, ownHash: null, atMs: play.atMs });
    expect(play.standing().state).toBe('following');
    expect(play.state.positions[0]).toMatchObject({ cursor: 20, upTo: 20 });
    play.ack(30);
    expect(play.state.positions[0]).toMatchObject({ cursor: 30, upTo: 30 });
  });

  it('holds up nobody else', () => {
    const play = new DeliveryPlay(ledgerOf(50), ['trame', 'region']).up().ack(60, { hash: 'f'.repeat(64) });
    play.ack(50, { consumer: 'region' });
    play.sent();
    expect(numbers(play.grow(2).sent())).toEqual([51, 52]);
  });

  it('is whoever is not configured', () => {
    const play = new DeliveryPlay(ledgerOf(50)).up();
    const before = play.state;
    expect(play.ack(50, { consumer: 'stranger' }).state).toEqual(before);
  });
});

describe('a consumer that refuses', () => {
  const other = opaqueId('another ledger');

  it('the epoch is asked again now and then, and gets everything once a person has accepted it', () => {
    const play = new DeliveryPlay(ledgerOf(120)).up();
    play.sent();
    const refused = { code: 'unknown-epoch', epoch: play.ledger.epoch, seq: 1 } as const;
    const refuses = () => play.ack(700, { epoch: other, hash: 'a'.repeat(64), refused });
    refuses();
    expect(play.standing()).toMatchObject({
      state: 'refusing',
      reason: expect.stringMatching(/^unknown-epoch.*person/u),
    });
    for (let second = 0; second < 300; second += 5) {
      play.wait(5000);
      refuses();
    }
    const asked = play.sent();
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.length).toBeLessThan(20);
    expect(play.ack(0).standing()).toEqual({ state: 'following', reason: null });
    play.ack(PROBE_EVENTS_MAX);
    expect(new Set(numbers(play.sent()))).toEqual(new Set(range(1, 120)));
  });

  it('an event is told at once, with its number', () => {
    const play = new DeliveryPlay(ledgerOf(20)).up();
    play.ack(7, { refused: { code: 'impossible-date', epoch: play.ledger.epoch, seq: 8 } });
    expect(play.standing()).toEqual({
      state: 'refusing',
      reason: 'impossible-date: trame does not take event 8',
    });
    play.ack(20);
    expect(play.standing().state).toBe('following');
  });

  it('what somebody else put on the topic goes on following', () => {
    const play = new DeliveryPlay(ledgerOf(20)).up().ack(5);
    for (const refused of [
      { code: 'not-json', epoch: null, seq: null },
      { code: 'fork', epoch: play.ledger.epoch, seq: 3 },
      { code: 'unknown-epoch', epoch: other, seq: 1 },
    ] as const) {
      play.ack(6, { refused });
      expect(play.standing().state).toBe('following');
    }
    // If its cursor then stands, this is the likely reason.
    for (let waited = 0; waited <= STUCK_AFTER_MS; waited += 5000) {
      play.wait(5000).ack(6, { refused: { code: 'too-large', epoch: null, seq: null } });
    }
    expect(play.standing()).toMatchObject({
      state: 'refusing',
      reason: expect.stringMatching(/^too-large/u),
    });
  });

  it('nothing yet, having another ledger, is stuck in words that say so', () => {
    const play = new DeliveryPlay(ledgerOf(20)).up();
    for (let waited = 0; waited <= 25_000; waited += 5000) {
      play.wait(5000).ack(9, { epoch: other, hash: 'a'.repeat(64) });
    }
    expect(play.standing()).toMatchObject({ state: 'stuck', reason: expect.stringContaining(other) });
  });
});

describe('several consumers', () => {
  it('that are near share one sending; one that is far behind has its own', () => {
    const ledger = ledgerOf(1000);
    for (const [consumer, upTo] of [
      ['trame', 900],
      ['region', 880],
      ['slow', 0],
    ] as const) {
      ledger.saveCursor(consumer, { epoch: ledger.epoch, upTo, hash: ledger.hashOf(upTo) });
    }
    const play = new DeliveryPlay(ledger, ['trame', 'region', 'slow']).up();
    const sent = numbers(play.sent());
    expect(sent).toEqual(range(1, 1000));
    for (const consumer of ['trame', 'region', 'slow']) play.ack(1000, { consumer });
    expect(numbers(play.grow(3).sent())).toEqual([1001, 1002, 1003]);
  });

  it('do not wait for one that is silent, which shares no more than two windows', () => {
    const play = new DeliveryPlay(ledgerOf(10_000), ['trame', 'silent']);
    play.bytesPerEvent = 100;
    let shared = 0;
    play.watch = ({ positions }) => {
      shared = Math.max(shared, positions[1]?.sent ?? 0);
    };
    play.up();
    for (let upTo = 500; upTo <= 10_000; upTo += 500) play.wait(100).ack(upTo);
    expect(play.state.positions[0]).toMatchObject({ upTo: 10_000 });
    expect(shared).toBe(SHARED_WINDOWS * WINDOW_EVENTS_MAX);
    expect(play.standing('silent').state).toBe('silent');
  });
});
