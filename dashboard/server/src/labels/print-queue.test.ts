import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  admissionOf,
  emptyQueue,
  MAX_ATTEMPTS,
  MAX_WAITING,
  next,
  pauseAfter,
  type PrintEffect,
  type PrintEvent,
  type PrintQueue,
} from './print-queue.ts';
import type { SendOutcome } from './send-raw.ts';

const away: SendOutcome = { kind: 'unreachable', reason: 'ECONNREFUSED', mayHavePrinted: false };
const unconfirmed: SendOutcome = { kind: 'timed-out', during: 'close', mayHavePrinted: true };

function play(events: readonly PrintEvent[], from: PrintQueue = emptyQueue) {
  let queue = from;
  const effects: PrintEffect[] = [];
  for (const event of events) {
    const step = next(queue, event);
    queue = step.queue;
    effects.push(...step.effects);
  }
  return { queue, effects };
}

const submit = (id: string, reprint = false): PrintEvent => ({ type: 'submitted', id, reprint });
const ended = (outcome: SendOutcome): PrintEvent => ({ type: 'attempt-ended', outcome, atMs: 7 });
const printed: PrintEvent = ended({ kind: 'printed' });
const pauseOver: PrintEvent = { type: 'pause-over' };

test('labels are sent one after the other, in the order in which they were submitted', () => {
  const { queue, effects } = play([submit('a'), submit('b'), printed, printed]);
  expect(effects).toEqual([
    { type: 'send', id: 'a', reprint: false },
    { type: 'settle', id: 'a', outcome: { kind: 'printed', reprint: false, attempts: 1 } },
    { type: 'send', id: 'b', reprint: false },
    { type: 'settle', id: 'b', outcome: { kind: 'printed', reprint: false, attempts: 1 } },
  ]);
  expect(queue).toMatchObject({ phase: 'idle', waiting: [], printed: 2, lastPrintedAtMs: 7 });
});

test('a printer that is away is tried again after growing pauses, and its failure is shown until it prints', () => {
  const tries = play([submit('a'), ended(away), pauseOver, ended(away), pauseOver]);
  expect(tries.effects.filter(({ type }) => type === 'pause')).toEqual([
    { type: 'pause', ms: 1_000 },
    { type: 'pause', ms: 2_000 },
  ]);
  expect(tries.queue.lastFailure).toEqual({ failure: away, atMs: 7 });
  expect(play([printed], tries.queue).queue.lastFailure).toBeNull();
  expect(pauseAfter(40)).toBe(60_000);
});

test('once a copy may have come out, the next is a reprint', () => {
  expect(play([submit('a'), ended(unconfirmed), pauseOver]).effects.at(-1)).toEqual({
    type: 'send',
    id: 'a',
    reprint: true,
  });
  expect(play([submit('a'), ended(away), pauseOver]).effects.at(-1)).toMatchObject({ reprint: false });
});

test('the same job submitted later is a reprint, and while it waits it is one label', () => {
  const once = play([submit('a')]);
  expect(admissionOf(once.queue, 'a')).toBe('already-queued');
  expect(play([printed, submit('a')], once.queue).effects.at(-1)).toMatchObject({ reprint: true });
});

test('a label is given up after many attempts, and those behind it have their turn', () => {
  const tries = Array.from({ length: MAX_ATTEMPTS - 1 }, () => [ended(away), pauseOver]).flat();
  const { queue, effects } = play([submit('a'), submit('b'), ...tries, ended(away)]);
  expect(effects.slice(-2)).toEqual([
    { type: 'settle', id: 'a', outcome: { kind: 'given-up', attempts: MAX_ATTEMPTS, last: away } },
    { type: 'send', id: 'b', reprint: false },
  ]);
  expect(queue).toMatchObject({ givenUp: 1, phase: 'sending' });
});

test('a full queue takes no more', () => {
  const full = play(Array.from({ length: MAX_WAITING }, (_, index) => submit(String(index))));
  expect(admissionOf(full.queue, 'one more')).toBe('full');
  expect(() => next(full.queue, submit('one more'))).toThrow('full');
});

test('a stop tells every label that waits, and which of them may have come out', () => {
  const { queue, effects } = play([submit('a'), submit('b'), { type: 'stopped' }]);
  expect(effects.slice(1)).toEqual([
    { type: 'settle', id: 'a', outcome: { kind: 'stopped', mayHavePrinted: true } },
    { type: 'settle', id: 'b', outcome: { kind: 'stopped', mayHavePrinted: false } },
  ]);
  expect(admissionOf(queue, 'c')).toBe('stopped');
  expect(play([printed, pauseOver], queue).effects).toEqual([]);
});

test('whatever happens, every submitted job is settled once, and at most one thing runs at a time', () => {
  const outcomes = fc.constantFrom<SendOutcome>({ kind: 'printed' }, away, unconfirmed);
  const events = fc.oneof(
    fc.record({
      type: fc.constant('submitted' as const),
      id: fc.constantFrom('a', 'b', 'c'),
      reprint: fc.boolean(),
    }),
    outcomes.map(ended),
    fc.constant(pauseOver),
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 120 }), (happened) => {
      let queue = emptyQueue;
      let submitted = 0;
      let settled = 0;
      let running = 0;
      for (const event of [...happened, { type: 'stopped' } as const]) {
        if (event.type === 'submitted' && admissionOf(queue, event.id) !== 'free') continue;
        // The shell tells only of what runs.
        if (event.type === 'attempt-ended' && queue.phase !== 'sending') continue;
        if (event.type === 'pause-over' && queue.phase !== 'pausing') continue;
        if (event.type === 'submitted') submitted += 1;
        if (event.type === 'attempt-ended' || event.type === 'pause-over') running -= 1;
        const step = next(queue, event);
        queue = step.queue;
        settled += step.effects.filter(({ type }) => type === 'settle').length;
        running += step.effects.filter(({ type }) => type !== 'settle').length;
        expect(running).toBeLessThanOrEqual(1);
        expect(queue.waiting.length === 0 || queue.phase !== 'idle').toBe(true);
      }
      expect(settled).toBe(submitted);
    }),
  );
});
