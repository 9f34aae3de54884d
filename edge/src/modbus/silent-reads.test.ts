import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planReads, tagsOf } from './plan-reads.ts';
import { beginRound, rejoin, REJOIN_AFTER_MS, startRounds, takeAnswer } from './poll-rounds.ts';
import { attemptPauseMs, nextAttempt, takeSilence, takeVoice } from './silent-reads.ts';
import { tag } from './testing/device-config.ts';

const LIMITS = { maxWords: 125, maxGap: 8 };
const ONE = beginRound(startRounds(planReads([tag('a', 0)], LIMITS), 100, 0), 0).rounds;

describe('a request that a device is silent on', () => {
  it('has a second chance, and a third after it was answered', () => {
    const request = ONE.whole[0];
    if (request === undefined) throw new Error('nothing planned');
    const once = takeSilence(ONE, request, 0);
    expect([once.verdict, once.rounds.left.length]).toStrictEqual(['doubted', 1]);
    expect(takeSilence(once.rounds, request, 0).verdict).toBe('refused');
    const answered = beginRound(takeAnswer(once.rounds, 50), 100).rounds;
    expect(takeSilence(answered, request, 100).verdict).toBe('doubted');
  });

  it('is left out of the rounds and asked apart, after 5 s and then less and less, down to 5 min', () => {
    const request = ONE.whole[0];
    if (request === undefined) throw new Error('nothing planned');
    let rounds = takeSilence(takeSilence(ONE, request, 0).rounds, request, 0).rounds;
    const pausesMs: number[] = [];
    let nowMs = 0;
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const next = nextAttempt([rounds]);
      if (next === null) throw new Error('it is never asked again');
      pausesMs.push(next.askMs - nowMs);
      nowMs = next.askMs;
      const begun = beginRound(rounds, nowMs);
      expect(begun.rounds.left).toStrictEqual([]);
      expect(begun.refused).toStrictEqual([request]);
      rounds = takeSilence(begun.rounds, request, nowMs).rounds;
    }
    expect(pausesMs.map((ms) => ms / 1000)).toStrictEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    const back = takeVoice(rounds, request);
    expect(nextAttempt([back])).toBeNull();
    expect(beginRound(back, nowMs + 1000).rounds.left).toHaveLength(1);
  });

  it('is not put together again with its neighbours before it is answered', () => {
    const whole = planReads([tag('a', 0), tag('b', 1)], LIMITS);
    const [request] = whole;
    if (request === undefined) throw new Error('nothing planned');
    const begun = beginRound(startRounds(whole, 100, 0), 0).rounds;
    const cut = takeSilence(takeSilence(begun, request, 0).rounds, request, 0);
    expect(cut.verdict).toBe('cut');
    // Neither half was asked by itself yet, so neither is refused.
    expect(beginRound(cut.rounds, 100).refused).toStrictEqual([]);
    expect(beginRound(cut.rounds, 2 * REJOIN_AFTER_MS).rounds.plan).toHaveLength(2);
    expect(rejoin(cut.rounds).plan).toHaveLength(1);
  });

  it('is narrowed down to its silent addresses, whichever they are, and only those are refused', () => {
    const addresses = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(addresses, addresses, (present, gone) => {
        const tags = present.map((address) => tag(String(address), address));
        let rounds = beginRound(startRounds(planReads(tags, LIMITS), 100, 0), 0).rounds;
        const refused: string[] = [];
        const isSilent = (request: { address: number; count: number }) =>
          gone.some((address) => request.address <= address && address < request.address + request.count);
        for (let asked = 0; asked < 500; asked += 1) {
          const first = rounds.left[0]?.request;
          const next = first ?? nextAttempt([rounds])?.request;
          const isDone = first === undefined && (nextAttempt([rounds])?.askMs ?? Infinity) > 0;
          if (next === undefined || isDone) break;
          if (!isSilent(next)) {
            rounds = first === undefined ? takeVoice(rounds, next) : takeAnswer(rounds, 0);
            continue;
          }
          const { rounds: after, verdict } = takeSilence(rounds, next, 0);
          rounds = after;
          if (verdict === 'refused') refused.push(...tagsOf(next).map(({ name }) => name));
        }
        const expected = present.filter((address) => gone.includes(address)).map(String);
        expect(new Set(refused)).toStrictEqual(new Set(expected));
        expect(refused).toHaveLength(expected.length);
      }),
    );
  });
});

describe('the pause of a device between two attempts', () => {
  it('grows to eight time-outs, and with the devices of the link up to 5 min', () => {
    const pauses = [1, 2, 3, 4, 5, 5000].map((silences) => attemptPauseMs(silences, 1000, 1));
    expect(pauses).toStrictEqual([1000, 2000, 4000, 8000, 8000, 8000]);
    expect(attemptPauseMs(4, 1000, 10)).toBe(80_000);
    expect(attemptPauseMs(4, 3000, 247)).toBe(300_000);
  });
});
