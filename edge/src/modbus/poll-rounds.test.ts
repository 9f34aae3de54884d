import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planReads, tagsOf, type ReadRequest } from './plan-reads.ts';
import {
  beginRound,
  REFUSED_RETRY_MS,
  rejoin,
  REJOIN_AFTER_MS,
  served,
  startRounds,
  takeAnswer,
  takeRefusal,
  waitingSinceMs,
  type PollRounds,
} from './poll-rounds.ts';
import { tag } from './testing/device-config.ts';

const EVERY_MS = 100;
const requests = planReads([tag('a', 0), tag('b', 1), tag('c', 500)], { maxWords: 125, maxGap: 8 });
const start = (from: readonly ReadRequest[] = requests) => startRounds(from, EVERY_MS, 1000);

/** Asks all that is left; addresses in `illegal` are refused. */
function finish(rounds: PollRounds, nowMs: number, illegal: readonly number[] = []) {
  const read: string[] = [];
  const refused: string[] = [];
  let present = rounds;
  while (present.left[0] !== undefined) {
    const { request } = present.left[0];
    if (illegal.some((address) => request.address <= address && address < request.address + request.count)) {
      const after = takeRefusal(present, nowMs);
      present = after.rounds;
      if (after.refused !== null) refused.push(...tagsOf(after.refused).map(({ name }) => name));
    } else {
      read.push(...tagsOf(request).map(({ name }) => name));
      present = takeAnswer(present, nowMs);
    }
  }
  return { rounds: present, read, refused };
}

describe('rounds of a group', () => {
  it('keep to their times however long one took, and leave out what they missed', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 30 }), (durations) => {
        let rounds = start();
        let nowMs = 1000;
        for (const durationMs of durations) {
          const begun = beginRound(rounds, nowMs).rounds;
          expect(begun.left).toHaveLength(2);
          nowMs += durationMs;
          rounds = finish(begun, nowMs).rounds;
          expect((rounds.dueMs - 1000) % EVERY_MS).toBe(0);
          // Late by less than a period: one round at most is due.
          nowMs = Math.max(nowMs, rounds.dueMs);
          expect(beginRound(rounds, nowMs).rounds.dueMs).toBeGreaterThan(nowMs - EVERY_MS);
        }
      }),
    );
  });

  it('cut a refused request until only the illegal address is left out', () => {
    const begun = beginRound(start(), 1000).rounds;
    const first = finish(begun, 1000, [1]);
    expect([first.read, first.refused]).toStrictEqual([['a', 'c'], ['b']]);
    const second = beginRound(first.rounds, 1100);
    expect(second.refused.flatMap(tagsOf).map(({ name }) => name)).toStrictEqual(['b']);
    expect(finish(second.rounds, 1100, [1]).refused).toStrictEqual([]);
  });

  it('ask a refused address again after its time, and take it back when it answers', () => {
    const first = finish(beginRound(start(), 1000).rounds, 1000, [1]).rounds;
    const again = beginRound(first, 1000 + REFUSED_RETRY_MS);
    expect(again.refused).toStrictEqual([]);
    const answered = finish(again.rounds, 1000 + REFUSED_RETRY_MS);
    expect(answered.read).toStrictEqual(['a', 'b', 'c']);
    expect(answered.rounds.plan.map((read) => read.refusedUntilMs)).toStrictEqual([0, 0, 0]);
  });

  it('put cut requests together again after a while, or when another device may answer', () => {
    const cut = finish(beginRound(start(), 1000).rounds, 1000, [1]).rounds;
    expect(cut.plan).toHaveLength(3);
    expect(beginRound(cut, 1000 + REJOIN_AFTER_MS - 1).rounds.plan).toHaveLength(3);
    expect(beginRound(cut, 1000 + REJOIN_AFTER_MS).rounds.plan).toHaveLength(2);
    expect(rejoin(cut).plan).toHaveLength(2);
  });

  it('go on when everything is refused', () => {
    const all = finish(beginRound(start(), 1000).rounds, 1000, [0, 1, 500]);
    expect(all.refused).toStrictEqual(['a', 'b', 'c']);
    const next = beginRound(all.rounds, 1100);
    expect(next.rounds.left).toStrictEqual([]);
    expect(next.rounds.dueMs).toBe(1200);
  });

  it('always end, whichever addresses are illegal', () => {
    const addresses = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(addresses, addresses, (present, illegal) => {
        const tags = present.map((address) => tag(String(address), address));
        const begun = beginRound(start(planReads(tags, { maxWords: 40, maxGap: 8 })), 1000).rounds;
        const { read, refused } = finish(begun, 1000, illegal);
        const legal = present.filter((address) => !illegal.includes(address)).map(String);
        expect(new Set(read)).toStrictEqual(new Set(legal));
        expect(read.length + refused.length).toBe(present.length);
      }),
    );
  });
});

interface Demand {
  readonly everyMs: number;
  readonly requests: number;
}

/** Serves groups on one link for a while. @returns when each of their rounds ended. */
function serveAll(demands: readonly Demand[], answerMs: number, endMs: number): number[][] {
  const ends = demands.map((): number[] => []);
  let groups = demands.map(({ everyMs, requests: count }) => {
    const tags = Array.from({ length: count }, (_, index) => tag(String(index), index * 100));
    return startRounds(planReads(tags, { maxWords: 125, maxGap: 8 }), everyMs, 0);
  });
  for (let nowMs = 0; nowMs < endMs;) {
    const due = groups.filter(({ dueMs }) => dueMs <= nowMs);
    const [first] = due.toSorted((a, b) => waitingSinceMs(a, nowMs) - waitingSinceMs(b, nowMs));
    if (first === undefined) {
      nowMs = Math.min(...groups.map(({ dueMs }) => dueMs));
      continue;
    }
    const index = groups.indexOf(first);
    const asked = served(first.left.length === 0 ? beginRound(first, nowMs).rounds : first, nowMs);
    nowMs += answerMs;
    const after = takeAnswer(asked, nowMs);
    if (after.left.length === 0) ends[index]?.push(nowMs);
    groups = groups.with(index, after);
  }
  return ends;
}

describe('groups that share a link', () => {
  it('are each read within twice their period or twice a whole turn, however much is asked for', () => {
    const demand = fc.record({
      everyMs: fc.integer({ min: 10, max: 5000 }),
      requests: fc.integer({ min: 1, max: 20 }),
    });
    const demands = fc.array(demand, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(demands, fc.integer({ min: 1, max: 100 }), (asked, answerMs) => {
        const turnMs = asked.reduce((sum, { requests: count }) => sum + count * answerMs, 0);
        const longestMs = Math.max(turnMs, ...asked.map(({ everyMs }) => everyMs));
        const ends = serveAll(asked, answerMs, 20 * longestMs);
        ends.forEach((times, index) => {
          const everyMs = asked[index]?.everyMs ?? 0;
          expect(times[0]).toBeLessThanOrEqual(everyMs + turnMs + answerMs);
          const periodMs = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
          expect(periodMs).toBeLessThanOrEqual(2 * Math.max(everyMs, turnMs) + answerMs);
        });
      }),
      { numRuns: 200 },
    );
  });
});
