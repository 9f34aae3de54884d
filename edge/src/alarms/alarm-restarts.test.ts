/** Cut off at any moment, with a disk that refuses now and then: no change of an alarm is lost, doubled or out of line. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlarmChanged } from '@trame/protocol/alarms/alarm-events';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alarmStateMark, readAlarmState } from '../domain/alarms/alarm-mark.ts';
import { AlarmLine, tagAlarm } from './test-alarm-line.ts';

const IDS = ['jam', 'door'] as const;
const ALARMS = [
  tagAlarm('jam', { latching: true, group: 'stop' }),
  tagAlarm('door', { group: 'stop', offDelayMs: 1_500 }),
];

type Step =
  | { readonly kind: 'say'; readonly id: (typeof IDS)[number]; readonly value: boolean }
  | {
      readonly kind: 'ask';
      readonly id: (typeof IDS)[number];
      /** `slow`: the line goes on meanwhile. `early`: what happened just before waits for a disk that takes again. */
      readonly when: 'now' | 'slow' | 'early';
      readonly what: 'acknowledge' | 'reset' | 'shelve';
    }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'cut-off' | 'stop' | 'disk-full' | 'disk-free' };

const id = fc.constantFrom(...IDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('say' as const), id, value: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      id,
      when: fc.constantFrom('now' as const, 'slow' as const, 'early' as const),
      what: fc.constantFrom('acknowledge' as const, 'reset' as const, 'shelve' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 4_000, 61_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('cut-off' as const, 'stop' as const, 'disk-full' as const, 'disk-free' as const),
    }),
  },
);

async function play(line: AlarmLine, one: Step, said: Map<string, boolean>): Promise<void> {
  switch (one.kind) {
    case 'say':
      said.set(one.id, one.value);
      await line.say(one.id, one.value);
      return;
    case 'ask': {
      const occurrence = line.changes(one.id).at(-1)?.occurrence ?? 1;
      const args =
        one.what === 'shelve'
          ? { alarm: one.id, forMs: 60_000, reason: 'à réparer' }
          : { alarm: one.id, occurrence };
      const value = said.get(one.id) !== true;
      if (one.when !== 'now') said.set(one.id, value);
      if (one.when === 'early') {
        line.line.freeBytes = 0;
        await line.say(one.id, value);
        line.line.freeBytes = 10 ** 12;
      }
      if (one.when !== 'slow') {
        await line.ask(`alarm.${one.what}`, args);
        return;
      }
      await line.ask(`alarm.${one.what}`, args, () => line.say(one.id, value));
      await line.say(one.id, value);
      return;
    }
    case 'pass':
      await line.pass(one.ms);
      return;
    case 'cut-off':
    case 'stop':
      await (one.kind === 'stop' ? line.stop() : line.cutOff());
      await line.start();
      for (const [name, value] of said) await line.say(name, value);
      return;
    case 'disk-full':
      line.line.freeBytes = 0;
      return;
    case 'disk-free':
      line.line.freeBytes = 10 ** 12;
  }
}

/** One state at a time, each from the one before, occurrences in order. */
function follows(changes: readonly AlarmChanged[]): void {
  for (const [index, { from, to, occurrence }] of changes.entries()) {
    const before = changes[index - 1];
    expect(from).toBe(before?.to ?? 'normal');
    expect(occurrence).toBe((before?.occurrence ?? 0) + (to === 'unacknowledged' && from !== to ? 1 : 0));
  }
}

it('holds for any story', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
      const dir = mkdtempSync(join(tmpdir(), 'trame-alarms-'));
      const line = new AlarmLine(dir, ALARMS);
      const said = new Map<string, boolean>();
      try {
        await line.start();
        for (const one of steps) await play(line, one, said);
        line.line.freeBytes = 10 ** 12;
        for (const name of IDS) {
          said.set(name, said.get(name) ?? false);
          await line.say(name, said.get(name) === true);
        }
        // What was shelved is so no more, what was calmed is calm.
        await line.pass(100_000);
        for (const name of IDS) {
          const changes = line.changes(name);
          follows(changes);
          const last = changes.at(-1)?.to ?? 'normal';
          expect(['unacknowledged', 'acknowledged'].includes(last)).toBe(said.get(name));
          const kept = readAlarmState(line.line.running.ledger.mark(alarmStateMark(name)));
          expect(kept?.name ?? 'normal').toBe(last);
        }
      } finally {
        await line.cutOff();
        rmSync(dir, { recursive: true, force: true });
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);
