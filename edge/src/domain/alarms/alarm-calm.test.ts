import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../tag-state.ts';
import { NORMAL, type AlarmChange } from './alarm-machine.ts';
import { CALM_MS, CHANGES_A_MINUTE, feelInputs, isSettled, settleAlarm, startAlarm } from './alarm-run.ts';

const RULES = { onDelayMs: 0, offDelayMs: 0, latching: false };
const MINUTE_MS = 60_000;

interface Told {
  readonly atMs: number;
  readonly change: AlarmChange;
  readonly comment: string | null;
}

class Line {
  run = startAlarm(NORMAL, 0);
  nowMs = 0;
  readonly told: Told[] = [];

  look(condition: boolean | null, afterMs: number, suppressed: boolean | null = false): void {
    this.nowMs += afterMs;
    const at: Instant = { wallMs: this.nowMs, monotonicMs: this.nowMs };
    const felt = feelInputs(this.run, { condition, suppressed }, RULES, this.nowMs);
    const { run, change } = settleAlarm(felt, RULES, at, false);
    this.run = run;
    if (change !== null) this.told.push({ atMs: this.nowMs, change, comment: run.state.comment });
  }
}

describe('an alarm that changes too often', () => {
  it('is told so often a minute and no more, says so, and says what it left out', () => {
    const line = new Line();
    // Ten times a second, for five minutes.
    for (let times = 0; times < 3_000; times += 1) line.look(times % 2 === 0, 100);
    // The last of them went; it comes up once more, and stands.
    expect(line.told.length).toBe(CHANGES_A_MINUTE + 1);
    const calmed = line.told.at(-1);
    expect(calmed?.comment).toContain('Change trop souvent');
    for (let times = 0; times <= CALM_MS / 100; times += 1) line.look(false, 100);
    expect(line.run.state.name).toBe('returned');
    expect(line.told.at(-1)?.comment).toMatch(
      /^Changeait trop souvent : 1\d{3} retours de l'alarme n'ont pas/u,
    );
    // Then it is one like any other.
    line.look(true, MINUTE_MS);
    line.look(false, 100);
    expect(line.told.slice(-2).map(({ change, comment }) => [change.to, comment])).toEqual([
      ['unacknowledged', null],
      ['returned', null],
    ]);
  });

  it('whatever it does, no minute holds many changes, and in the end it says what is', () => {
    const step = fc.record({
      afterMs: fc.constantFrom(10, 100, 1_000, 5_000, 31_000),
      condition: fc.option(fc.boolean(), { freq: 8 }),
      suppressed: fc.constantFrom(false, false, false, true, null),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), fc.boolean(), (steps, last) => {
        const line = new Line();
        for (const { condition, afterMs, suppressed } of steps) line.look(condition, afterMs, suppressed);
        for (const { atMs } of line.told) {
          const within = line.told.filter((other) => other.atMs > atMs - MINUTE_MS && other.atMs <= atMs);
          // Calmed, it goes and comes back, or is suppressed and no more, once in thirty seconds.
          expect(within.length).toBeLessThanOrEqual(CHANGES_A_MINUTE + 12);
        }
        line.look(last, 100, false);
        line.look(last, CALM_MS, false);
        line.look(last, 1, false);
        expect(['unacknowledged'].includes(line.run.state.name)).toBe(last);
        expect(isSettled(line.run, RULES)).toBe(true);
        for (const [index, { change }] of line.told.entries()) {
          expect(change.from).toBe(line.told[index - 1]?.change.to ?? 'normal');
        }
      }),
      { numRuns: 300 },
    );
  });
});
