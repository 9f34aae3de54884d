/**
 * Whatever comes in whatever order, an alarm does what an independent model does: a literal table of the standard, a
 * condition that is looked up in the history of what was seen, and restarts at any point.
 */
import { SHELVE_MAX_MS, type AlarmStateName } from '@trame/protocol/alarms/alarm-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../tag-state.ts';
import { nextAlarm, NORMAL, type AlarmChange, type AlarmEvent } from './alarm-machine.ts';
import { alarmStateText, readAlarmState } from './alarm-mark.ts';
import { feelInputs, settleAlarm, startAlarm, type AlarmRun } from './alarm-run.ts';

type Letter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I';
const NAMES: Readonly<Record<Letter, AlarmStateName>> = {
  A: 'normal',
  B: 'unacknowledged',
  C: 'acknowledged',
  D: 'returned',
  E: 'latched-unacknowledged',
  F: 'latched-acknowledged',
  G: 'shelved',
  H: 'suppressed',
  I: 'out-of-service',
};
/** come, go, go (latching), acknowledge, reset; `.` nothing, `!` refused. */
const TABLE: Readonly<Record<Letter, string>> = {
  A: 'B . . ! !',
  B: '. D E C !',
  C: '. A F ! !',
  D: 'B . . A !',
  E: 'B . . F !',
  F: 'B . . ! A',
  G: '. . . ! !',
  H: '. . . ! !',
  I: '. . . ! !',
};

interface Rules {
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  readonly latching: boolean;
}

interface Seen {
  readonly atMs: number;
  readonly raw: boolean | null;
  readonly design: boolean | null;
}

/** What an alarm ought to be. */
class Reference {
  letter: Letter = 'A';
  occurrence = 0;
  nowMs = 0;
  untilMs = 0;
  stands = false;
  suppressed = false;
  unreset = false;
  history: Seen[] = [];
  /** What the last event said of these: what a restart knows. */
  kept = { stands: false, suppressed: false };

  /** How long what is seen now was seen without a break, ms. */
  #standingFor(of: (seen: Seen) => boolean | null): number {
    const now = this.history.at(-1);
    if (now === undefined) return 0;
    const broken = this.history.findLastIndex((seen) => of(seen) !== of(now));
    return now.atMs - (this.history[broken + 1]?.atMs ?? now.atMs);
  }

  look(seen: Omit<Seen, 'atMs'>, rules: Rules): void {
    this.history.push({ ...seen, atMs: this.nowMs });
    const heldMs = this.#standingFor(({ raw }) => raw);
    if (seen.raw === true && heldMs >= rules.onDelayMs) this.stands = true;
    if (seen.raw === false && heldMs >= rules.offDelayMs) this.stands = false;
    this.suppressed = seen.design ?? this.suppressed;
    if (this.letter === 'I') return;
    if (this.letter === 'G') {
      if (this.nowMs >= this.untilMs) this.letGo();
      return;
    }
    if (this.suppressed) this.go('H');
    else if (this.letter === 'H') this.letGo();
    else this.column(this.stands ? 0 : rules.latching ? 2 : 1, rules);
  }

  /** @returns whether it is refused. */
  column(index: number, rules: Rules): boolean {
    const to = TABLE[this.letter].split(' ')[index] ?? '!';
    if (to === '!') return true;
    if (to !== '.') this.go(to as Letter, rules);
    return false;
  }

  go(to: Letter, rules?: Rules): void {
    if (to === this.letter && to !== 'G') return;
    this.letter = to;
    if (to === 'B') {
      this.occurrence += 1;
      this.unreset = rules?.latching ?? this.unreset;
    }
    this.keep();
  }

  letGo(rules?: Rules): void {
    this.go(this.suppressed ? 'H' : this.stands ? 'B' : this.unreset ? 'E' : 'A', rules);
  }

  keep(): void {
    this.kept = { stands: this.stands, suppressed: this.suppressed };
  }

  restart(): void {
    this.history = [];
    Object.assign(this, this.kept);
  }
}

/** The alarm under test, with the disk that it leaves. */
class Real {
  run: AlarmRun = startAlarm(NORMAL, 0);
  disk: string | null = null;
  readonly changes: AlarmChange[] = [];

  tell(change: AlarmChange | null): void {
    if (change === null) return;
    this.changes.push(change);
    this.disk = alarmStateText(this.run.state);
  }
}

class Look implements fc.Command<Reference, Real> {
  readonly #afterMs: number;
  readonly #seen: Omit<Seen, 'atMs'>;
  readonly #rules: Rules;
  constructor(afterMs: number, seen: Omit<Seen, 'atMs'>, rules: Rules) {
    this.#afterMs = afterMs;
    this.#seen = seen;
    this.#rules = rules;
  }
  check = (): boolean => true;
  run(model: Reference, real: Real): void {
    model.nowMs += this.#afterMs;
    model.unreset &&= this.#rules.latching;
    const at: Instant = { wallMs: model.nowMs, monotonicMs: model.nowMs };
    const before = { letter: model.letter, occurrence: model.occurrence };
    const count = real.changes.length;
    const { raw, design } = this.#seen;
    const { known } = real.run.state;
    const stood = model.stands;
    const felt = feelInputs(real.run, { condition: raw, suppressed: design }, this.#rules, model.nowMs);
    const { run, change } = settleAlarm(felt, this.#rules, at, false);
    real.run = run;
    real.tell(change);
    model.look(this.#seen, this.#rules);
    if (model.letter === 'B' && before.letter !== 'B') model.unreset = this.#rules.latching;
    same(model, real);
    const moved = before.letter !== model.letter || before.occurrence !== model.occurrence;
    const knew = known !== run.state.known && (model.letter === 'B' || model.letter === 'C');
    const aside = model.letter === 'G' || model.letter === 'I';
    const unseen = aside && (stood !== model.stands || known !== run.state.known);
    agree(real.changes.length - count, moved || knew || unseen ? 1 : 0);
    if (!moved && (knew || unseen)) model.keep();
  }
  toString = (): string => `look(+${this.#afterMs}, ${JSON.stringify(this.#seen)})`;
}

type Ask = 'acknowledge' | 'acknowledge-old' | 'reset' | 'shelve' | 'unshelve' | 'retire' | 'return';

class Asked implements fc.Command<Reference, Real> {
  readonly #ask: Ask;
  readonly #rules: Rules;
  constructor(ask: Ask, rules: Rules) {
    this.#ask = ask;
    this.#rules = rules;
  }
  check = (): boolean => true;
  run(model: Reference, real: Real): void {
    const untilMs = model.nowMs + 90_000;
    const event = EVENTS[this.#ask](model, untilMs);
    const { latching } = this.#rules;
    const step = nextAlarm(real.run.state, event, { latching, isFirst: false, nowMs: model.nowMs });
    if (step.kind !== 'refused') real.run = { ...real.run, state: step.state };
    if (step.kind === 'changed') real.tell(step.change);
    agree(step.kind, this.#expected(model, untilMs) ? 'refused' : 'changed');
    same(model, real);
  }

  /** @returns whether it is to be refused. */
  #expected(model: Reference, untilMs: number): boolean {
    const { letter } = model;
    switch (this.#ask) {
      case 'acknowledge':
        return model.column(3, this.#rules);
      case 'acknowledge-old':
        return true;
      case 'reset': {
        const refused = model.column(4, this.#rules);
        if (!refused) model.unreset = false;
        return refused;
      }
      case 'shelve':
        if (letter === 'I') return true;
        model.untilMs = untilMs;
        model.go('G');
        return false;
      case 'unshelve':
        if (letter !== 'G') return true;
        model.letGo(this.#rules);
        return false;
      case 'retire':
        if (letter === 'I') return true;
        model.go('I');
        return false;
      case 'return':
        if (letter !== 'I') return true;
        model.letGo(this.#rules);
        return false;
    }
  }
  toString = (): string => this.#ask;
}

const EVENTS: Readonly<Record<Ask, (model: Reference, untilMs: number) => AlarmEvent>> = {
  acknowledge: ({ occurrence }) => ({ kind: 'acknowledge', occurrence, comment: null }),
  'acknowledge-old': ({ occurrence }) => ({ kind: 'acknowledge', occurrence: occurrence - 1, comment: null }),
  reset: ({ occurrence }) => ({ kind: 'reset', occurrence }),
  shelve: (_model, untilMs) => ({ kind: 'shelve', untilMs, reason: 'à réparer' }),
  unshelve: () => ({ kind: 'unshelve' }),
  retire: () => ({ kind: 'outOfService', reason: 'démonté' }),
  return: () => ({ kind: 'inService' }),
};

/** Killed and started again: what the marks say is all that is left. */
class Restart implements fc.Command<Reference, Real> {
  check = (): boolean => true;
  run(model: Reference, real: Real): void {
    real.run = startAlarm(readAlarmState(real.disk) ?? NORMAL, model.nowMs);
    model.restart();
    same(model, real);
  }
  toString = (): string => 'restart';
}

function agree(actual: unknown, expected: unknown): void {
  expect(actual).toBe(expected);
}

function same(model: Reference, real: Real): void {
  const { state } = real.run;
  expect([state.name, state.occurrence]).toEqual([NAMES[model.letter], model.occurrence]);
  const last = real.changes.at(-1);
  expect(state.name).toBe(last?.to ?? 'normal');
}

const rules = fc.record({
  onDelayMs: fc.constantFrom(0, 9_000, 20_000),
  offDelayMs: fc.constantFrom(0, 9_000, 20_000),
  latching: fc.boolean(),
});

describe('an alarm with its delays', () => {
  it('does what the standard says, over any sequence and any restart', () => {
    const plan = rules.chain((chosen) => {
      // Far enough apart that nothing is calmed: that has a test of its own.
      const afterMs = fc.integer({ min: 6_000, max: 40_000 });
      const maybe = fc.option(fc.boolean());
      const rarely = fc.constantFrom(false, false, false, true, null);
      const look = fc
        .tuple(afterMs, maybe, rarely)
        .map(([ms, raw, design]) => new Look(ms, { raw, design }, chosen));
      const ask = fc
        .constantFrom<Ask>(
          'acknowledge',
          'acknowledge-old',
          'reset',
          'shelve',
          'unshelve',
          'retire',
          'return',
        )
        .map((what) => new Asked(what, chosen));
      return fc.commands([look, look, ask, fc.constant(new Restart())], { maxCommands: 60, size: 'max' });
    });
    fc.assert(
      fc.property(plan, (commands) => {
        const real = new Real();
        fc.modelRun(() => ({ model: new Reference(), real }), commands);
        // Every change takes up where the one before ended.
        for (const [index, { from }] of real.changes.entries()) {
          expect(from).toBe(real.changes[index - 1]?.to ?? 'normal');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never put aside for longer than may be asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60_000, max: SHELVE_MAX_MS }),
        fc.integer({ min: 0, max: SHELVE_MAX_MS }),
        (forMs, laterMs) => {
          const step = nextAlarm(
            NORMAL,
            { kind: 'shelve', untilMs: forMs, reason: 'à voir' },
            { latching: false, isFirst: false, nowMs: 0 },
          );
          if (step.kind !== 'changed') throw new Error('shelved');
          const { run } = settleAlarm(
            startAlarm(step.state, 0),
            { onDelayMs: 0, offDelayMs: 0, latching: false },
            { wallMs: laterMs, monotonicMs: laterMs },
            false,
          );
          expect(run.state.name).toBe(laterMs >= forMs ? 'normal' : 'shelved');
        },
      ),
    );
  });
});
