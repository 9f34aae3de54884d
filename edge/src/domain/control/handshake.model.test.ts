import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  nextHandshake,
  startHandshake,
  type Handshake,
  type HandshakeEvent,
  type HandshakeSays,
} from './handshake.ts';
import type { HandshakeBits } from './read-inputs.ts';

const PULSE_MS = 2_000;
const TICK_MS = 100;
const WRITE_OUTCOMES = ['confirmed', 'refused', 'unconfirmed'] as const;

/** How a PLC may behave: how late each bit rises and falls, ms; never: Infinity. */
interface Habits {
  readonly acknowledgeMs: number;
  readonly doneMs: number;
  readonly fallMs: number;
  readonly refuses: boolean;
  /** An answer of before that still stands, and until when. */
  readonly staleUntilMs: number;
  readonly codeOutcome: (typeof WRITE_OUTCOMES)[number];
  readonly requestOutcome: (typeof WRITE_OUTCOMES)[number];
  readonly insists: boolean;
}

interface Run {
  readonly says: readonly HandshakeSays[];
  readonly requestBit: boolean;
  readonly wasRequested: boolean;
  readonly endedMs: number;
}

/** The PLC of the other side, in virtual time. */
function run(habits: Habits, reachedAfterMs: number): Run {
  const rule = { pulseMs: PULSE_MS, hasRefused: true, insists: habits.insists };
  const says: HandshakeSays[] = [];
  let requestBit = false;
  let roseMs: number | null = null;
  let fellMs: number | null = null;
  let takenMs: number | null = null;
  let wasRequested = false;
  let nowMs = 0;
  let handshake: Handshake = { phase: 'over' };

  const bits = (): HandshakeBits => {
    const isStale = nowMs < habits.staleUntilMs;
    const sinceMs = roseMs === null ? -1 : nowMs - roseMs;
    const stands = fellMs !== null && nowMs - fellMs < habits.fallMs;
    const answers = requestBit || stands;
    const acknowledge = answers && sinceMs >= habits.acknowledgeMs;
    const isOver = acknowledge && sinceMs >= habits.acknowledgeMs + habits.doneMs;
    return {
      request: requestBit,
      acknowledge: isStale || acknowledge,
      done: isOver && !habits.refuses,
      refused: isOver && habits.refuses,
    };
  };
  const write = (what: 'code' | 'request' | 'take-back'): HandshakeEvent | null => {
    if (what === 'take-back') {
      if (requestBit) fellMs = nowMs;
      requestBit = false;
      return null;
    }
    const kind = what === 'code' ? habits.codeOutcome : habits.requestOutcome;
    if (what === 'request') wasRequested = true;
    if (what === 'request' && kind !== 'refused') {
      requestBit = true;
      roseMs = nowMs;
    }
    const reason = 'dit l’appareil';
    return {
      kind: 'outcome',
      outcome: kind === 'refused' ? { kind, reason } : { kind, readBack: null, reason },
    };
  };
  const feed = (event: HandshakeEvent | null): void => {
    const step =
      event === null ? startHandshake(false, nowMs) : nextHandshake(handshake, event, bits(), rule, nowMs);
    handshake = step.state;
    if (step.says !== null) says.push(step.says);
    if (step.says?.kind === 'taken') takenMs = nowMs;
    for (const what of step.writes) {
      const outcome = write(what);
      if (outcome !== null) feed(outcome);
    }
  };

  feed(null);
  while (handshake.phase !== 'over' && nowMs < 120_000) {
    const isThere = takenMs !== null && nowMs - takenMs >= reachedAfterMs;
    feed({ kind: isThere ? 'reached' : 'look' });
    nowMs += TICK_MS;
  }
  return { says, requestBit, wasRequested, endedMs: nowMs };
}

/** What has to come of it, reckoned from the habits alone. */
function expected(
  { staleUntilMs, codeOutcome, requestOutcome, acknowledgeMs, doneMs, fallMs, refuses, insists }: Habits,
  reachedAfterMs: number,
): string {
  const isBlind = staleUntilMs > PULSE_MS;
  if (isBlind && !insists) return 'failed';
  if (codeOutcome !== 'confirmed') return codeOutcome === 'refused' ? 'refused' : 'failed';
  if (requestOutcome === 'refused') return 'refused';
  if (isBlind) return 'finished';
  if (acknowledgeMs > PULSE_MS) return 'failed';
  if (refuses && doneMs <= reachedAfterMs) return 'refused';
  if (doneMs > reachedAfterMs + PULSE_MS) return 'failed';
  if (refuses) return 'refused';
  return fallMs > PULSE_MS ? 'failed' : 'finished';
}

/** Away from the edges of a tick, where one look more or less decides. */
const lateness = fc.constantFrom(0, 150, 750, 1_650, 2_550, 5_050, 1e9);
const habits: fc.Arbitrary<Habits> = fc.record({
  acknowledgeMs: lateness,
  doneMs: lateness,
  fallMs: lateness,
  refuses: fc.boolean(),
  staleUntilMs: fc.constantFrom(0, 0, 0, 850, 1_650, 1e9),
  codeOutcome: fc.constantFrom('confirmed', 'confirmed', 'confirmed', ...WRITE_OUTCOMES),
  requestOutcome: fc.constantFrom('confirmed', 'confirmed', 'confirmed', ...WRITE_OUTCOMES),
  insists: fc.boolean(),
});

describe('a handshake', () => {
  it('ends as the habits of the PLC say, once, within its bounds, with the request bit taken back', () => {
    fc.assert(
      fc.property(habits, fc.constantFrom(300, 1_200, 3_900), (plc, reachedAfterMs) => {
        const { says, requestBit, wasRequested, endedMs } = run(plc, reachedAfterMs);
        const ends = says.filter(({ kind }) => kind !== 'taken');
        expect(ends.map(({ kind }) => kind)).toEqual([expected(plc, reachedAfterMs)]);
        expect(requestBit).toBe(false);
        expect(endedMs).toBeLessThan(4 * PULSE_MS + reachedAfterMs + 1_000);
        expect(wasRequested && plc.codeOutcome !== 'confirmed').toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a PLC that says done without acknowledging', () => {
    const bits = { request: true, acknowledge: false, done: true, refused: false };
    const rule = { pulseMs: PULSE_MS, hasRefused: true, insists: false };
    const waiting: Handshake = { phase: 'acknowledge', sinceMs: 0, isBlind: false, doubt: null };
    expect(nextHandshake(waiting, { kind: 'look' }, bits, rule, 100).says).toEqual({ kind: 'taken' });
  });
});
