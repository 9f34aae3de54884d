/** What is known of a request, whatever comes in which order: against the few rules that hold. */
import { REPLY_CODES, type ReplyCode } from '@trame/protocol/command';
import { COMMAND_OUTCOMES } from '@trame/protocol/control/control-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isControlCommand, isEnd, mayAskAgain, replaces } from './command-replies.ts';
import { BEGUN_MAX_MS, CHECKING_MAX_MS, isOpen, outcomeOf } from './command-state.ts';

const code = fc.constantFrom<ReplyCode>(...REPLY_CODES);
const codes = fc.array(code, { maxLength: 8 });

/** @returns what is noted after these answers came, one after the other. */
function noted(command: string, answers: readonly ReplyCode[]): ReplyCode | null {
  let before: ReplyCode | null = null;
  for (const now of answers) before = replaces(command, before, now) ? now : before;
  return before;
}

describe('answers of an edge to a request to a line', () => {
  it('the first end stays, whatever is said before or after it', () => {
    fc.assert(
      fc.property(
        codes,
        codes,
        fc.constantFrom<ReplyCode>('done', 'refused', 'failed', 'unconfirmed'),
        (before, after, end) => {
          const none = before.filter((one) => !isEnd(one));
          expect(noted('line.start', [...none, end, ...after])).toBe(end);
        },
      ),
    );
  });

  it('that it was taken is never taken back by an edge that forgot it', () => {
    fc.assert(
      fc.property(codes, codes, (before, after) => {
        const [open, later] = [before, after].map((some) => some.filter((one) => !isEnd(one))) as [
          ReplyCode[],
          ReplyCode[],
        ];
        const kept = noted('line.stop', [...open, 'accepted', ...later]);
        expect(['accepted', 'already-done']).toContain(kept);
      }),
    );
  });

  it('of one that records something: what is done stays done', () => {
    fc.assert(
      fc.property(codes, codes, (before, after) => {
        const open = before.filter((one) => one !== 'done' && one !== 'already-done');
        expect(noted('scale.verify', [...open, 'done', ...after])).toBe('done');
      }),
    );
  });

  it('a request that was taken or has ended is never sent again', () => {
    for (const one of REPLY_CODES) {
      const isOver = isEnd(one) || one === 'accepted' || one === 'already-done' || one === 'expired';
      expect([one, mayAskAgain(one)]).toEqual([one, !isOver]);
    }
    expect(mayAskAgain(null)).toBe(true);
  });

  it.each(['line.start', 'setpoint.write', 'control.take'])('%s is answered twice', (command) => {
    expect(isControlCommand(command)).toBe(true);
  });
  it.each(['scale.verify', 'material.record', 'alarm.shelve', 'line.explode'])('%s is not', (command) => {
    expect(isControlCommand(command)).toBe(false);
  });
});

describe('the outcome of a request', () => {
  const now = 1_000_000;
  const row = (outcome: string | null, ageMs = 0, command = 'line.start') => ({
    command,
    outcome,
    at: now - ageMs,
  });

  it('is what the ledger tells, whatever the edge answered', () => {
    fc.assert(
      fc.property(
        fc.option(code),
        fc.constantFrom(...COMMAND_OUTCOMES),
        fc.nat(10 ** 7),
        (said, told, age) => {
          const outcome = outcomeOf(row(said, age), { outcome: told }, now);
          expect(outcome).toBe(told);
          expect(isOpen({ outcome, code: said, tookMs: 5 })).toBe(false);
        },
      ),
    );
  });

  it.each([
    [null, 0, 'checking'],
    [null, CHECKING_MAX_MS, 'unknown'],
    ['accepted', 0, 'checking'],
    // The edge ends what it began, at its next start at the latest.
    ['accepted', BEGUN_MAX_MS - 1, 'checking'],
    ['already-done', BEGUN_MAX_MS - 1, 'checking'],
    // Or never, when its ledger was replaced before.
    ['accepted', BEGUN_MAX_MS, 'unknown'],
    ['already-done', BEGUN_MAX_MS, 'unknown'],
    ['done', 0, 'done'],
    ['refused', 0, 'refused'],
    ['unconfirmed', 0, 'unconfirmed'],
    ['expired', 0, 'refused'],
    ['unknown-key', 0, 'refused'],
    ['not-stored', 0, 'refused'],
  ])('answered %s, %i ms ago, without a word of the ledger, is %s', (said, age, outcome) => {
    expect(outcomeOf(row(said, age), null, now)).toBe(outcome);
  });

  it('that the ledger began is being looked into, though nobody answered for long', () => {
    expect(outcomeOf(row(null, 10 * CHECKING_MAX_MS), { outcome: null }, now)).toBe('checking');
    expect(outcomeOf(row('failed'), { outcome: null }, now)).toBe('failed');
    expect(outcomeOf(row(null, BEGUN_MAX_MS), { outcome: null }, now)).toBe('unknown');
  });

  it('of who asked for the line and was never told is unknown: the live picture shows who has it', () => {
    expect(outcomeOf(row('accepted', 1_000, 'control.take'), null, now)).toBe('checking');
    expect(outcomeOf(row('accepted', CHECKING_MAX_MS, 'control.take'), null, now)).toBe('unknown');
    expect(outcomeOf(row('refused', 0, 'control.take'), null, now)).toBe('refused');
    expect(outcomeOf(row('already-done', 3_600_000, 'control.release'), null, now)).toBe('done');
  });

  it('of what records something is done or refused', () => {
    expect(outcomeOf(row('already-done', 0, 'scale.verify'), null, now)).toBe('done');
    expect(outcomeOf(row('failed', 0, 'scale.verify'), null, now)).toBe('refused');
  });
});
