import type { AlarmRefusal, AlarmStateName } from '@trame/protocol/alarms/alarm-names';
import { describe, expect, it } from 'vitest';
import { nextAlarm, NORMAL, type AlarmContext, type AlarmEvent, type AlarmState } from './alarm-machine.ts';

const NOW_MS = 1_700_000_000_000;
const PLAIN: AlarmContext = { latching: false, isFirst: false, nowMs: NOW_MS };
const LATCHING: AlarmContext = { ...PLAIN, latching: true };
const seen = (stands: boolean | null, suppressed: boolean | null = false): AlarmEvent => ({
  kind: 'look',
  stands,
  suppressed,
});
const ack = (occurrence: number): AlarmEvent => ({ kind: 'acknowledge', occurrence, comment: null });
const UP = seen(true);
const DOWN = seen(false);
const SHELVE: AlarmEvent = { kind: 'shelve', untilMs: NOW_MS + 60_000, reason: 'capteur à changer' };
const RETIRE: AlarmEvent = { kind: 'outOfService', reason: 'démonté' };

/** @returns every state on the way; a refusal in its words. */
function way(events: readonly AlarmEvent[], context = PLAIN): readonly string[] {
  let state = NORMAL;
  return events.map((event) => {
    const step = nextAlarm(state, event, context);
    if (step.kind === 'refused') return step.detail;
    state = step.state;
    return state.name;
  });
}

function after(events: readonly AlarmEvent[], context = PLAIN): AlarmState {
  return events.reduce((state, event) => {
    const step = nextAlarm(state, event, context);
    return step.kind === 'refused' ? state : step.state;
  }, NORMAL);
}

/** The last state on the way, or the words of its refusal. */
function lastOf(events: readonly AlarmEvent[]): string | undefined {
  return way(events).at(-1);
}

describe('an alarm', () => {
  it('comes up, is acknowledged and goes; or goes first and is acknowledged then', () => {
    expect(way([UP, ack(1), DOWN])).toEqual(['unacknowledged', 'acknowledged', 'normal']);
    expect(way([UP, DOWN, ack(1)])).toEqual(['unacknowledged', 'returned', 'normal']);
  });

  it('that comes up again is another occurrence, which the old acknowledgement is not of', () => {
    expect(way([UP, DOWN, UP, ack(1), ack(2)])).toEqual([
      'unacknowledged',
      'returned',
      'unacknowledged',
      'elle est réapparue depuis : c’est maintenant son apparition n° 2',
      'acknowledged',
    ]);
  });

  it('that latches stays until it is seen and reset, and only then', () => {
    expect(
      way([UP, DOWN, { kind: 'reset', occurrence: 1 }, ack(1), { kind: 'reset', occurrence: 1 }], LATCHING),
    ).toEqual([
      'unacknowledged',
      'latched-unacknowledged',
      'elle n’est pas acquittée : l’acquitter, puis la réarmer',
      'latched-acknowledged',
      'normal',
    ]);
    expect(way([UP, ack(1), { kind: 'reset', occurrence: 1 }, DOWN, UP], LATCHING)).toEqual([
      'unacknowledged',
      'acknowledged',
      'sa cause est toujours présente',
      'latched-acknowledged',
      'unacknowledged',
    ]);
  });

  it('that is put aside says nothing, and stands as it is when that ends', () => {
    expect(way([UP, SHELVE, DOWN, { kind: 'unshelve' }])).toEqual([
      'unacknowledged',
      'shelved',
      'shelved',
      'normal',
    ]);
    expect(after([UP, ack(1), SHELVE, { kind: 'unshelve' }])).toMatchObject({
      name: 'unacknowledged',
      occurrence: 2,
    });
    const late: AlarmContext = { ...PLAIN, nowMs: NOW_MS + 60_000 };
    const step = nextAlarm(after([SHELVE]), UP, late);
    expect(step).toMatchObject({ change: { from: 'shelved', to: 'unacknowledged', because: 'time' } });
  });

  it('is not put aside for longer than anybody may ask, though the clock is set back', () => {
    const back: AlarmContext = { ...PLAIN, nowMs: NOW_MS - 13 * 3_600_000 };
    expect(nextAlarm(after([SHELVE]), DOWN, back)).toMatchObject({ state: { name: 'normal' } });
    const little: AlarmContext = { ...PLAIN, nowMs: NOW_MS - 30_000 };
    expect(nextAlarm(after([SHELVE]), DOWN, little)).toMatchObject({ state: { name: 'shelved' } });
  });

  it('that is put aside is not reset by it', () => {
    expect(way([UP, DOWN, SHELVE, { kind: 'unshelve' }], LATCHING).at(-1)).toBe('latched-unacknowledged');
    expect(way([UP, DOWN, RETIRE, { kind: 'inService' }], LATCHING).at(-1)).toBe('latched-unacknowledged');
  });

  it('that its design suppresses says nothing until the design lets it', () => {
    const quiet = seen(true, true);
    expect(way([quiet, seen(null, null), UP])).toEqual(['suppressed', 'suppressed', 'unacknowledged']);
    expect(way([UP, quiet, seen(false, true), DOWN])).toEqual([
      'unacknowledged',
      'suppressed',
      'suppressed',
      'normal',
    ]);
  });

  it('stays put aside when the design comes, and is suppressed when that ends', () => {
    expect(way([UP, SHELVE, seen(true, true), { kind: 'unshelve' }])).toEqual([
      'unacknowledged',
      'shelved',
      'shelved',
      'suppressed',
    ]);
    expect(way([RETIRE, seen(true, true), SHELVE, { kind: 'inService' }])).toEqual([
      'out-of-service',
      'out-of-service',
      'elle est hors service : la remettre en service d’abord',
      'suppressed',
    ]);
  });

  it('whose condition nobody knows keeps its state and says so, once', () => {
    const up = after([UP, ack(1)]);
    const unknown = nextAlarm(up, seen(null), PLAIN);
    expect(unknown).toMatchObject({
      kind: 'changed',
      change: { from: 'acknowledged', to: 'acknowledged' },
      state: { known: false, stands: true },
    });
    if (unknown.kind !== 'changed') throw new Error('told');
    expect(nextAlarm(unknown.state, seen(null), PLAIN).kind).toBe('quiet');
    expect(nextAlarm(unknown.state, UP, PLAIN)).toMatchObject({ kind: 'changed', state: { known: true } });
    // Nobody has to look at one that did not come up: the device's own alarm says it.
    expect(nextAlarm(NORMAL, seen(null), PLAIN).kind).toBe('quiet');
  });

  it('that is reported is told each time', () => {
    const up = nextAlarm(NORMAL, { kind: 'report', condition: true }, PLAIN);
    expect(up).toMatchObject({ kind: 'changed', change: { from: 'normal', to: 'unacknowledged' } });
    const again =
      up.kind === 'changed' ? nextAlarm(up.state, { kind: 'report', condition: true }, PLAIN) : up;
    expect(again).toMatchObject({
      change: { from: 'unacknowledged', to: 'unacknowledged' },
      state: { occurrence: 1 },
    });
  });

  it('that no longer latches lets go', () => {
    const latched = after([UP, DOWN], LATCHING);
    expect(nextAlarm(latched, DOWN, PLAIN)).toMatchObject({ state: { name: 'returned', latched: false } });
    const acknowledged = after([UP, DOWN, ack(1)], LATCHING);
    expect(nextAlarm(acknowledged, DOWN, PLAIN)).toMatchObject({ state: { name: 'normal' } });
  });

  it('says why what is asked cannot be', () => {
    expect(lastOf([ack(1)])).toBe('elle n’est jamais apparue');
    expect(lastOf([ack(0)])).toBe('il n’y a rien à acquitter : elle est au repos');
    expect(lastOf([UP, ack(1), ack(1)])).toBe('elle est déjà acquittée');
    expect(lastOf([UP, SHELVE, ack(1)])).toBe('il n’y a rien à acquitter : elle est reportée');
    expect(lastOf([{ kind: 'unshelve' }])).toBe('elle n’est pas reportée');
    expect(lastOf([{ kind: 'inService' }])).toBe('elle n’est pas hors service');
    expect(lastOf([RETIRE, RETIRE])).toBe('elle est déjà hors service');
    expect(lastOf([{ kind: 'reset', occurrence: 0 }])).toBe('il n’y a rien à réarmer : elle est au repos');
  });

  it('and by a code that programs can hang on', () => {
    const reset: AlarmEvent = { kind: 'reset', occurrence: 1 };
    const cases: readonly (readonly [AlarmRefusal, readonly AlarmEvent[]])[] = [
      ['never-raised', [ack(1)]],
      ['raised-again', [UP, DOWN, UP, ack(1)]],
      ['already-acknowledged', [UP, ack(1), ack(1)]],
      ['nothing-to-acknowledge', [UP, DOWN, SHELVE, ack(1)]],
      ['not-acknowledged', [UP, DOWN, reset]],
      ['still-standing', [UP, ack(1), reset]],
      ['nothing-to-reset', [UP, SHELVE, reset]],
      ['not-shelved', [UP, { kind: 'unshelve' }]],
      ['out-of-service', [RETIRE, SHELVE]],
      ['out-of-service', [RETIRE, RETIRE]],
      ['not-out-of-service', [SHELVE, { kind: 'inService' }]],
    ];
    for (const [refusal, events] of cases) {
      const step = nextAlarm(after(events.slice(0, -1), LATCHING), events.at(-1) ?? UP, LATCHING);
      expect([refusal, step]).toMatchObject([refusal, { kind: 'refused', refusal }]);
    }
  });

  it('keeps whether it was the first, and what a person said, with the occurrence', () => {
    const first: AlarmContext = { ...PLAIN, isFirst: true };
    const said: AlarmEvent = { kind: 'acknowledge', occurrence: 1, comment: 'vu, je dégage' };
    expect(after([UP, said], first)).toMatchObject({ first: true, comment: 'vu, je dégage' });
    const names: readonly AlarmStateName[] = ['acknowledged', 'normal'];
    expect(way([UP, said, DOWN], first).slice(1)).toEqual(names);
    expect(after([UP, said, DOWN], first).comment).toBeNull();
  });
});
